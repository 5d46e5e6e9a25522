"""Option names as strings: prefix and rest, normalized spelling, and how several names are shown together.

Parser and help pages both need these, so they stand below both. It must not know options or contexts.
"""

from __future__ import annotations

from ._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["join_options", "normalize_opt", "split_opt"]


def split_opt(opt: str) -> tuple[str, str]:
    """Split an option name into its prefix and its word.

    :param opt: the name as it is written, ``--output`` or ``/o``.
    :return: prefix and word; the prefix is empty when the name begins with a letter or digit.
    """
    if opt[:1].isalnum():
        return "", opt
    length = 2 if opt[:1] == opt[1:2] else 1
    return opt[:length], opt[length:]


def normalize_opt(opt: str, normalize: Callable[[str], str] | None) -> str:
    """Apply a function for token normalization to the word of an option name, not to its prefix.

    :param opt: the name as it is written.
    :param normalize: the function, or None to leave the name alone.
    :return: the name to look up.
    """
    if normalize is None:
        return opt
    prefix, word = split_opt(opt)
    return prefix + normalize(word)


def join_options(options: Iterable[str]) -> tuple[str, bool]:
    """Join option names for a help page, the one with the shortest prefix first.

    :param options: the names.
    :return: the joined names, and whether one of them begins with a slash.
    """
    ranked = sorted(options, key=lambda name: len(split_opt(name)[0]))
    return ", ".join(ranked), any(split_opt(name)[0] == "/" for name in ranked)
