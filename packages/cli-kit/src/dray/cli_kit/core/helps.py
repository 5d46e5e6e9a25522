"""What a help page is made of: docstrings, labels of what is deprecated, the texts of the help option.

Strings in, strings out. It must not know commands or parameters.
"""

from __future__ import annotations

from .._utils import gettext as _

__all__ = ["HELP_OPTION_NAME", "clean_help", "deprecation_label", "deprecation_warning"]

#: The parameter name of the help option that every command gets; unusual, so that ``help`` stays free.
HELP_OPTION_NAME = "_click_default_help"


def clean_help(text: str) -> str:
    """Remove the indentation that a docstring has from the code around it, as :pep:`257` describes.

    :param text: the docstring.
    :return: the text, without what follows a form feed.
    """
    if text.isprintable():
        return text.lstrip()  # one line, as most are
    text = text.partition("\f")[0]
    if "\n" not in text and "\t" not in text:
        return text.lstrip()
    first, *others = text.expandtabs().split("\n")
    indents = [len(line) - len(line.lstrip()) for line in others if line.strip()]
    margin = min(indents, default=0)
    lines = [first.lstrip(), *(line[margin:] for line in others)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def deprecation_label(deprecated: bool | str) -> str:
    """Return what marks something deprecated on a help page.

    :param deprecated: True, or why and what to use instead.
    """
    if isinstance(deprecated, str):
        return _("(DEPRECATED: {target})").format(target=deprecated)
    return _("(DEPRECATED)")


def with_deprecation_label(text: str, deprecated: bool | str) -> str:
    """Put the mark behind a text, if it is deserved.

    :param text: the text, possibly empty.
    :param deprecated: False, True, or why and what to use instead.
    """
    if not deprecated:
        return text
    label = deprecation_label(deprecated)
    return f"{text} {label}" if text else label


def deprecation_warning(kind: str, name: str | None, deprecated: bool | str) -> str:
    """Return the warning about something deprecated that was used.

    :param kind: ``command``, ``option`` or ``argument``.
    :param name: its name.
    :param deprecated: True, or why and what to use instead.
    """
    messages = {
        "command": _("DeprecationWarning: The command {name!r} is deprecated.{extra_message}"),
        "option": _("DeprecationWarning: The option {name!r} is deprecated.{extra_message}"),
        "argument": _("DeprecationWarning: The argument {name!r} is deprecated.{extra_message}"),
    }
    extra = f" {deprecated}" if isinstance(deprecated, str) else ""
    return messages[kind].format(name=name, extra_message=extra)
