"""What a name may look like in a template: Python's own identifiers (Unicode annex 31, as ``str.isidentifier`` has
it)."""

from __future__ import annotations

#: Matches the candidates for a name; what it finds is checked with ``str.isidentifier``.
pattern = r"\w+"


def marks_in(text: str) -> frozenset[str]:
    """Return the characters of a text that can stand in a name though :data:`pattern` doesn't match them: the signs of
    many scripts that are no letters, such as combining accents and vowels.

    :param text: any text
    """
    return frozenset(
        char for char in set(text) if not char.isascii() and not char.isalnum() and ("a" + char).isidentifier()
    )
