"""The errors that a command line shows to its user, and those that end it.

Each error knows its exit code and how it is shown. It must not know how a context or a parameter works inside: it asks
them for a usage line, a hint, a colour setting.
"""

from __future__ import annotations

from ._compat import get_text_stderr
from ._io.files import LazyFile
from ._utils import TYPE_CHECKING, lazy_module, ngettext
from ._utils import gettext as _
from .globals import resolve_color_default
from .utils import echo, format_filename

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterable, Sequence
    from typing import IO, Any

    from .core import Command, Context, Parameter
else:
    difflib = lazy_module("difflib")

__all__ = [
    "Abort",
    "BadArgumentUsage",
    "BadOptionUsage",
    "BadParameter",
    "ClickException",
    "Exit",
    "FileError",
    "MissingParameter",
    "NoArgsIsHelpError",
    "NoSuchCommand",
    "NoSuchOption",
    "UsageError",
]


def _join_param_hints(param_hint: Sequence[str] | str | None) -> str | None:
    """Quote and join several names; a single text is taken as it is."""
    if param_hint is None or isinstance(param_hint, str):
        return param_hint
    return " / ".join(f"'{hint}'" for hint in param_hint)


def _format_possibilities(possibilities: Iterable[str]) -> str:
    """Ask whether one of several spellings was meant."""
    names = sorted(possibilities)
    quoted = ", ".join(f"'{name}'" for name in names)
    question = ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", len(names))
    return question.format(possibility=quoted, possibilities=quoted)


class ClickException(Exception):
    """An error that is shown to the user without a traceback.

    :param message: what went wrong.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        # The context is gone when the error is shown, so its colour setting is kept here.
        self.show_color: bool | None = resolve_color_default()
        self.message = message

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the error.

        :param file: where to; standard error by default.
        """
        line = _("Error: {message}").format(message=self.format_message())
        echo(line, file=get_text_stderr() if file is None else file, color=self.show_color)

    def format_message(self) -> str:
        """Return the text that follows ``Error:``."""
        return self.message

    def __str__(self) -> str:
        return self.message


class UsageError(ClickException):
    """The command line was written wrongly.

    :param message: what is wrong.
    :param ctx: the context of the command; found on the way out when it isn't given.
    """

    exit_code = 2

    def __init__(self, message: str, ctx: Context | None = None) -> None:
        super().__init__(message)
        self.ctx = ctx
        self.cmd: Command | None = ctx.command if ctx is not None else None

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the usage line, a hint at the help page, and the error.

        :param file: where to; standard error by default.
        """
        if file is None:
            file = get_text_stderr()
        color = self.show_color
        if self.ctx is not None:
            color = self.ctx.color
            echo(f"{self.ctx.get_usage()}\n{self._help_hint()}", file=file, color=color)
        echo(_("Error: {message}").format(message=self.format_message()), file=file, color=color)

    def _help_hint(self) -> str:
        ctx = self.ctx
        if ctx is None or ctx.command.get_help_option(ctx) is None:
            return ""
        names = ctx.command.get_help_option_names(ctx)
        if not names:
            return ""
        # The longest spelling explains itself.
        hint = _("Try '{command} {option}' for help.").format(command=ctx.command_path, option=max(names, key=len))
        return f"{hint}\n"


class FileError(ClickException):
    """A file can't be opened.

    :param filename: the path.
    :param hint: why.
    """

    def __init__(self, filename: str, hint: str | None = None) -> None:
        self.filename, self.ui_filename = filename, format_filename(filename)
        super().__init__(hint or _("unknown error"))

    def format_message(self) -> str:
        """Return the path and the reason."""
        return _("Could not open file {filename!r}: {message}").format(filename=self.ui_filename, message=self.message)


class BadOptionUsage(UsageError):
    """An option was used wrongly: without its value, or with one that it doesn't take.

    :param option_name: the option as it was written.
    :param message: what is wrong.
    :param ctx: the context of the command.
    """

    def __init__(self, option_name: str, message: str, ctx: Context | None = None) -> None:
        self.option_name = option_name
        super().__init__(message, ctx)


class BadParameter(UsageError):
    """A parameter was given a value that it can't take.

    :param message: what is wrong with the value.
    :param ctx: the context of the command.
    :param param: the parameter.
    :param param_hint: what to call the parameter instead of its own names.
    """

    #: Where the value is written, if it came from a configuration file.
    origin: str | None = None

    def __init__(
        self,
        message: str,
        ctx: Context | None = None,
        param: Parameter | None = None,
        param_hint: Sequence[str] | str | None = None,
    ) -> None:
        super().__init__(message, ctx)
        self.param = param
        self.param_hint = param_hint

    def _hint(self) -> str | None:
        hint: Sequence[str] | str | None = self.param_hint
        if hint is None and self.param is not None:
            hint = self.param.get_error_hint(self.ctx)
        return _join_param_hints(hint)

    def format_message(self) -> str:
        """Return the message after the name of the parameter, and where the value is written."""
        hint = self._hint()
        if hint:
            text = _("Invalid value for {param_hint}: {message}").format(param_hint=hint, message=self.message)
        else:
            text = _("Invalid value: {message}").format(message=self.message)
        return f"{text} {_('Set by {origin}.').format(origin=self.origin)}" if self.origin else text


class MissingParameter(BadParameter):
    """A required parameter was left out.

    :param message: what more there is to say.
    :param ctx: the context of the command.
    :param param: the parameter.
    :param param_hint: what to call the parameter instead of its own names.
    :param param_type: ``option``, ``argument`` or ``parameter``, where there is no parameter to ask.
    """

    def __init__(
        self,
        message: str | None = None,
        ctx: Context | None = None,
        param: Parameter | None = None,
        param_hint: Sequence[str] | str | None = None,
        param_type: str | None = None,
    ) -> None:
        self.param_type = param_type
        super().__init__("" if message is None else message, ctx, param, param_hint)

    def format_message(self) -> str:
        """Return which parameter is missing, and what its type has to say about it."""
        hint = self._hint()
        kind = self.param_type
        if kind is None and self.param is not None:
            kind = self.param.param_type_name
        details = [self.message] if self.message else []
        if self.param is not None:
            about = self.param.type.get_missing_message(param=self.param, ctx=self.ctx)
            if about:
                details.append(about)
        labels = {
            "argument": _("Missing argument"),
            "option": _("Missing option"),
            "parameter": _("Missing parameter"),
        }
        missing = labels.get(str(kind)) or _("Missing {param_type}").format(param_type=kind)
        sentence = f"{missing} {hint}." if hint else f"{missing}."
        return " ".join([sentence, ". ".join(details)]) if details else sentence

    def __str__(self) -> str:
        if self.message:
            return self.message
        name = self.param.name if self.param is not None else None
        return _("Missing parameter: {param_name}").format(param_name=name)


class BadArgumentUsage(UsageError):
    """An argument was used wrongly: with too few values, for example."""


class NoSuchOption(UsageError):
    """An option was given that the command doesn't have.

    :param option_name: how it was written.
    :param message: what to say instead of the usual sentence.
    :param possibilities: spellings that may have been meant.
    :param ctx: the context of the command.
    """

    def __init__(
        self,
        option_name: str,
        message: str | None = None,
        possibilities: Iterable[str] | None = None,
        ctx: Context | None = None,
    ) -> None:
        super().__init__(message or _("No such option {name!r}.").format(name=option_name), ctx)
        self.option_name = option_name
        self.possibilities = list(possibilities or ()) or None

    def format_message(self) -> str:
        """Return the message, followed by the spellings that may have been meant."""
        if not self.possibilities:
            return self.message
        return f"{self.message} {_format_possibilities(self.possibilities)}"


class NoSuchCommand(UsageError):
    """A command was given that the group doesn't have.

    :param command_name: how it was written.
    :param message: what to say instead of the usual sentence.
    :param possibilities: the names there are; close ones are suggested.
    :param ctx: the context of the group.
    """

    def __init__(
        self,
        command_name: str,
        message: str | None = None,
        possibilities: Iterable[str] | None = None,
        ctx: Context | None = None,
    ) -> None:
        super().__init__(message or _("No such command {name!r}.").format(name=command_name), ctx)
        self.command_name = command_name
        self.possibilities = None if possibilities is None else close_matches(command_name, possibilities)

    def format_message(self) -> str:
        """Return the message, followed by the names that may have been meant."""
        if not self.possibilities:
            return self.message
        return f"{self.message} {_format_possibilities(self.possibilities)}"


class NoArgsIsHelpError(UsageError):
    """Nothing was given to a command that shows its help page then.

    :param ctx: the context of the command.
    """

    ctx: Context

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx.get_help(), ctx=ctx)
        code = getattr(ctx.command, "no_args_exit_code", None)
        if code is not None:
            self.exit_code = code

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the help page.

        :param file: where to; standard error by default, standard output if the exit code says that all is well.
        """
        page = self.format_message()
        echo(page, file, err=self.exit_code != 0, color=self.ctx.color)


class Exit(RuntimeError):
    """The program has to end now.

    :param code: the exit code.
    """

    __slots__ = ("exit_code",)

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.exit_code = code


def close_matches(word: str, possibilities: Iterable[str]) -> list[str]:
    """Find the names that a misspelled one may have meant.

    :param word: the misspelled name.
    :param possibilities: the names there are.
    :return: the close ones, best first.
    """
    return difflib.get_close_matches(word, list(possibilities))


class Abort(RuntimeError):
    """The program has to stop and say so."""


LazyFile.open_error = FileError
