"""The errors that templates raise, and how they print.

A syntax error knows the template's name, file, line and column and prints the line with a caret below the place. This
module knows no engine object: an undefined value handed in as a template name is recognised by a marker on its class.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _refuse_undefined(name: Any) -> None:
    """Raise the undefined value's own error when it was handed in where a template name was wanted."""
    if getattr(type(name), "_dray_undefined", False):
        name._fail_with_undefined_error()


def lines_of(source: str) -> list[str]:
    """Return the lines of a template's text, as the lexer counts them.

    :param source: the text
    """
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def caret(line: str, column: int, end_column: int) -> str:
    """Return the marker that stands below *line*: blanks (tabs kept), then carets for the columns given."""
    lead = "".join("\t" if char == "\t" else " " for char in line[:column])
    return lead + "^" * max(1, min(end_column, len(line)) - column)


def printable(text: str) -> str:
    """Return a text that every Unicode encoding can write: lone surrogates become escapes.

    :param text: any text
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def marked_line(line: str, column: int, end_column: int) -> str:
    """Return a line of a template and the marker below it, indented, to be printed.

    :param line: the line
    :param column: 0-based column where the marked place begins
    :param end_column: 0-based column behind it
    """
    start = len(printable(line[:column]))
    end = start + len(printable(line[column:end_column]))
    shown = printable(line)
    return f"    {shown}\n    {caret(shown, start, end)}"


class TemplateError(Exception):
    """Base of all template errors.

    :param message: what went wrong, or ``None``
    """

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message)

    @property
    def message(self) -> str | None:
        """The message the error was raised with."""
        return self.args[0] if self.args else None


class TemplateNotFound(IOError, LookupError, TemplateError):
    """A loader has no template of this name.

    :param name: the name asked for
    :param message: text to show in place of the name
    """

    #: What is shown: the name, or more about where was looked.
    message: str | None = None

    def __init__(self, name: Any, message: str | None = None) -> None:
        super().__init__(name)
        self.templates = [name]
        self.name = name
        if message is None:
            _refuse_undefined(name)
        self.message = name if message is None else message

    def __str__(self) -> str:
        return str(self.message)


class TemplatesNotFound(TemplateNotFound):
    """None of several templates exists.

    :param names: the names tried, in order
    :param message: text to show in place of the generated one
    """

    def __init__(self, names: Sequence[Any] = (), message: str | None = None) -> None:
        if message is None:
            tried = []
            for name in names:
                is_undefined = getattr(type(name), "_dray_undefined", False)
                tried.append(name._undefined_message if is_undefined else str(name))
            message = f"none of the templates given were found: {', '.join(tried)}"
        super().__init__(names[-1] if names else None, message)
        self.templates = list(names)


class TemplateSyntaxError(TemplateError):
    """The text of a template can't be understood.

    :param message: what was expected and what stands there
    :param lineno: 1-based line of the template
    :param name: the template's name
    :param filename: the file it came from
    """

    #: 1-based column of the place in its line, counted in characters; ``None`` where only the line is known.
    column: int | None = None
    #: 1-based column just behind the place.
    end_column: int | None = None

    def __init__(self, message: str, lineno: int, name: str | None = None, filename: str | None = None) -> None:
        super().__init__(message)
        self.lineno = lineno
        self.name = name
        self.filename = filename
        self.source: str | None = None
        #: Whether the traceback begins at the place in the template.
        self.translated = False

    def at(self, column: int, end_column: int | None = None) -> TemplateSyntaxError:
        """Remember the place inside the line.

        :param column: 0-based character offset in the line
        :param end_column: 0-based offset behind the last character
        :return: the error itself
        """
        self.column = column + 1
        self.end_column = (column if end_column is None else end_column) + 1
        return self

    def location(self) -> str:
        """Return ``file "…", line n, column m`` as far as it is known."""
        place = self.filename or self.name
        parts = [f'File "{place}"'] if place else []
        parts.append(f"line {self.lineno}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        lines = [printable(str(self.message)), f"  {printable(self.location())}"]
        if self.source is not None:
            source = lines_of(self.source)
            if 0 < self.lineno <= len(source):
                text = source[self.lineno - 1]
                if self.column is None:
                    lines.append("    " + printable(text))
                else:
                    lines.append(marked_line(text, self.column - 1, (self.end_column or self.column) - 1))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        state = {key: self.__dict__[key] for key in ("column", "end_column", "source") if key in self.__dict__}
        return self.__class__, (self.message, self.lineno, self.name, self.filename), state


class TemplateAssertionError(TemplateSyntaxError):
    """The text parses, but says something that can't be: an unknown filter, a block defined twice."""


class TemplateRuntimeError(TemplateError):
    """Something went wrong while a template was rendered."""


class UndefinedError(TemplateRuntimeError):
    """An undefined value was used in a way that its class doesn't allow."""


class SecurityError(TemplateRuntimeError):
    """A template tried something that the sandbox forbids, or used up a budget."""


class FilterArgumentError(TemplateRuntimeError):
    """A filter got arguments that don't fit."""
