"""Talking with the person at the terminal: prompts, colours, progress, pager, editor, keys.

Arguments come in here; the work on the terminal is done in ``_terminal``, imported when it is first needed. The
names that tests replace (``visible_prompt_func``, ``hidden_prompt_func``, ``_getchar``, ``isatty``) are looked up here
when they are called. It must not know commands or parameters.
"""

from __future__ import annotations

import sys

from . import _compat
from ._ansi import ANSI_RESET as _ansi_reset_all
from ._ansi import COLORS as _ansi_colors
from ._ansi import interpret_color, split_ansi, strip_ansi, style_text
from ._compat import isatty
from ._deprecation import deprecated_names
from ._io.files import LazyFile as _LazyFile
from ._utils import TYPE_CHECKING, lazy_module
from ._utils import gettext as _
from .exceptions import Abort, UsageError
from .globals import resolve_color_default
from .types import Choice, ParamType, convert_type
from .types.choice import is_enum_member
from .utils import echo

if TYPE_CHECKING:
    import getpass
    import os
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from typing import IO, Any, AnyStr, TextIO, TypeAlias, TypeVar

    from ._terminal.progress import ProgressBar

    V = TypeVar("V")
    #: A name, an index of the 256-colour palette, or red, green and blue.
    Color: TypeAlias = int | str | tuple[int, int, int]
    #: On, off, or left alone.
    Switch: TypeAlias = bool | None
else:
    getpass = lazy_module("getpass")

__all__ = [
    "_ansi_colors",
    "_ansi_reset_all",
    "V",
    "clear",
    "confirm",
    "echo_via_pager",
    "edit",
    "get_pager_file",
    "getchar",
    "hidden_prompt_func",
    "launch",
    "pause",
    "progressbar",
    "prompt",
    "raw_terminal",
    "secho",
    "style",
    "unstyle",
    "visible_prompt_func",
]

_HIDDEN_INPUT_MASK = "'***'"

_interpret_color = interpret_color


def hidden_prompt_func(prompt: str) -> str:
    """Ask for a line that isn't shown while it is typed.

    :param prompt: the question.
    """
    return getpass.getpass(prompt)


#: Asks for a line.
visible_prompt_func: Callable[[str], str] = input


def _build_prompt(
    text: str,
    suffix: str,
    show_default: bool | str = False,
    default: Any = None,
    show_choices: bool = True,
    type: Any = None,
) -> str:
    question = text
    if show_choices and isinstance(type, Choice):
        question += f" ({', '.join(_plain(choice) for choice in type.choices)})"
    if isinstance(show_default, str):
        question += f" [({show_default})]"
    elif default is not None and show_default:
        question += f" [{_format_default(default)}]"
    return f"{question}{suffix}"


def _plain(choice: object) -> str:
    # What is shown must be what can be typed: a member of an enumeration is chosen by its name.
    return str(choice.name) if is_enum_member(choice) else str(choice)  # type: ignore[attr-defined]


def _format_default(default: Any) -> Any:
    if isinstance(default, _LazyFile) or (hasattr(default, "read") and hasattr(default, "name")):
        return default.name
    return _plain(default) if is_enum_member(default) else default


def _readline_prompt(func: Callable[[str], str], text: str, err: bool) -> str:
    """Ask with the function, which gets the whole question: only then do its line editing keys leave it alone."""
    stream = sys.stderr if err else sys.stdout
    if "\x1b" in text:
        text = _prepare_colors(text, stream)
    if not err:
        return func(text)
    before, sys.stdout = sys.stdout, sys.stderr
    try:
        return func(text)
    finally:
        sys.stdout = before


def _prepare_colors(text: str, stream: TextIO) -> str:
    if _compat.should_strip_ansi(stream, resolve_color_default()):
        return strip_ansi(text)
    readline = sys.modules.get("readline")
    if readline is None or "libedit" in (readline.__doc__ or ""):
        return text
    # GNU readline counts columns: what it finds between these marks takes none (RL_PROMPT_START_IGNORE).
    return "".join(f"\001{piece}\002" if is_sequence else piece for piece, is_sequence in split_ansi(text))


def _mask_hidden_input(message: str, value: str) -> str:
    """Take what was typed in secret out of an error message."""
    for form in (repr(value), f"'{value}'"):
        message = message.replace(form, _HIDDEN_INPUT_MASK)
    if value.strip() and value in message.replace(_HIDDEN_INPUT_MASK, ""):
        # It stands there in another form, or by chance: say nothing rather than too much.
        return _("The value you entered was invalid.")
    return message


def prompt(
    text: str,
    default: Any = None,
    hide_input: bool = False,
    confirmation_prompt: bool | str = False,
    type: ParamType[Any, Any] | Any = None,
    value_proc: Callable[[str], Any] | None = None,
    prompt_suffix: str = ": ",
    show_default: bool | str = True,
    err: bool = False,
    show_choices: bool = True,
) -> Any:
    """Ask for a value until a valid one comes.

    :param text: the question.
    :param default: taken when the line is empty.
    :param hide_input: don't show what is typed.
    :param confirmation_prompt: ask twice; a text is the second question.
    :param type: as for options; by default that of the default.
    :param value_proc: converts the line instead of the type.
    :param prompt_suffix: after the question.
    :param show_default: show the default, or this text in its place.
    :param err: ask on standard error.
    :param show_choices: show the choices of a :class:`~dray.cli_kit.Choice`.
    :return: the converted value.
    :raises Abort: the person pressed Ctrl-C, or there is no more input.
    """
    process: Callable[[str], Any] = convert_type(type, default) if value_proc is None else value_proc
    question = _build_prompt(text, prompt_suffix, show_default, default, show_choices, type)
    again = None
    if confirmation_prompt:
        again = _("Repeat for confirmation") if confirmation_prompt is True else confirmation_prompt
        again = _build_prompt(again, prompt_suffix)
    while True:
        line = _ask_for_line(question, default, hide_input, err)
        try:
            result = process(line)
        except UsageError as error:
            message = _mask_hidden_input(error.message, line) if hide_input else error.message
            echo(_("Error: {message}").format(message=message), err=err)
            continue
        if again is None or _ask_again(again, line, hide_input, err, default):
            return result
        echo(_("Error: The two entered values do not match."), err=err)


def _ask_once(question: str, hide_input: bool, err: bool) -> str:
    ask = hidden_prompt_func if hide_input else visible_prompt_func
    try:
        return _readline_prompt(ask, question, err)
    except (KeyboardInterrupt, EOFError):
        # getpass doesn't end the line when it is interrupted.
        if hide_input:
            echo(None, err=err)
        raise Abort() from None


def _ask_for_line(question: str, default: Any, hide_input: bool, err: bool) -> Any:
    while True:
        line = _ask_once(question, hide_input, err)
        if line:
            return line
        if default is not None:
            return default


def _ask_again(question: str, first: Any, hide_input: bool, err: bool, default: Any) -> bool:
    while True:
        second = _ask_once(question, hide_input, err)
        if second:
            return second == str(first)
        if not first or default is not None and first is default:
            # The default was taken by an empty line, so an empty line confirms it.
            return True


def confirm(
    text: str,
    default: Switch = False,
    abort: bool = False,
    prompt_suffix: str = ": ",
    show_default: bool = True,
    err: bool = False,
) -> bool:
    """Ask a question that is answered with yes or no.

    :param text: the question.
    :param default: what an empty line means; None asks again.
    :param abort: end the program when the answer is no.
    :param prompt_suffix: after the question.
    :param show_default: show ``y/n`` with the default in capitals.
    :param err: ask on standard error.
    :return: the answer.
    :raises Abort: the answer was no and ``abort`` is set, the person pressed Ctrl-C, or there is no more input.
    """
    hint = {None: "y/n", True: "Y/n", False: "y/N"}[default]
    question = _build_prompt(text, prompt_suffix, show_default, hint)
    answers = {"y": True, "yes": True, "n": False, "no": False}
    while True:
        try:
            line = _readline_prompt(visible_prompt_func, question, err).lower().strip()
        except (KeyboardInterrupt, EOFError):
            raise Abort() from None
        answer = answers.get(line) if line else default
        if answer is not None:
            break
        echo(_("Error: invalid input"), err=err)
    if abort and not answer:
        raise Abort()
    return answer


def get_pager_file(color: bool | None = None) -> AbstractContextManager[TextIO]:
    """Open the pager and return a context manager for the file that it shows.

    :param color: keep or remove escape sequences; by default they are kept where the pager can show them.
    """
    from . import _termui_impl  # noqa: PLC0415 - start-up: few commands use a pager

    return _termui_impl.get_pager_file(color=resolve_color_default(color))


def echo_via_pager(
    text_or_generator: Iterable[str] | Callable[[], Iterable[str]] | str, color: bool | None = None
) -> None:
    """Show a text in the pager that ``PAGER`` names, or one that is found.

    :param text_or_generator: the text, pieces of it, or a function that makes the pieces.
    :param color: keep or remove escape sequences; by default they are kept where the pager can show them.
    """
    source = text_or_generator() if callable(text_or_generator) else text_or_generator
    pieces: Iterable[Any] = [source] if isinstance(source, str) else source
    with get_pager_file(color=color) as pager:
        for piece in pieces:
            # Written and flushed piece by piece: a slow source is shown as far as it is.
            pager.write(piece if isinstance(piece, str) else str(piece))
            pager.flush()
        pager.write("\n")


def progressbar(
    iterable: Iterable[V] | None = None,
    length: int | None = None,
    label: str | None = None,
    hidden: bool = False,
    show_eta: bool = True,
    show_percent: Switch = None,
    show_pos: bool = False,
    item_show_func: Callable[[V | None], str | None] | None = None,
    fill_char: str = "#",
    empty_char: str = "-",
    bar_template: str = "%(label)s  [%(bar)s]  %(info)s",
    info_sep: str = "  ",
    width: int = 36,
    file: TextIO | None = None,
    color: bool | None = None,
    update_min_steps: int = 1,
) -> ProgressBar[V]:
    """Show the progress of a loop.

    Use the result as a context manager, and iterate over it or call its ``update``. Where the file is no terminal only
    the label is written.

    :param iterable: what the loop goes over; without it ``length`` is needed and steps are reported by ``update``.
    :param length: number of steps.
    :param label: stands before the bar.
    :param hidden: show nothing.
    :param show_eta: show the time that is left, in hours, minutes and seconds.
    :param show_percent: show the percentage; by default where the position isn't shown.
    :param show_pos: show the position.
    :param item_show_func: text for the current item.
    :param fill_char: the part that is done.
    :param empty_char: the part that is to do.
    :param bar_template: with the fields ``label``, ``bar`` and ``info``.
    :param info_sep: between the parts of ``info``.
    :param width: of the bar in columns; 0 for all that there are.
    :param file: where to, standard output by default.
    :param color: keep or remove escape sequences of the label.
    :param update_min_steps: draw only after so many steps.
    """
    from ._termui_impl import ProgressBar  # noqa: PLC0415 - start-up: few commands show progress

    return ProgressBar(
        iterable,
        length=length,
        label=label,
        width=width,
        bar_template=bar_template,
        fill_char=fill_char,
        empty_char=empty_char,
        info_sep=info_sep,
        item_show_func=item_show_func,
        show_pos=show_pos,
        show_percent=show_percent,
        show_eta=show_eta,
        hidden=hidden,
        update_min_steps=update_min_steps,
        color=resolve_color_default(color),
        file=file,
    )


def clear() -> None:
    """Clear the screen and put the cursor at its upper left, if standard output is a terminal."""
    if isatty(sys.stdout):
        # ED 2 and CUP 1;1 of ECMA-48.
        echo("\033[2J\033[1;1H", nl=False)


def style(
    text: Any,
    fg: Color | None = None,
    bg: Color | None = None,
    bold: Switch = None,
    dim: Switch = None,
    underline: Switch = None,
    overline: Switch = None,
    italic: Switch = None,
    blink: Switch = None,
    reverse: Switch = None,
    strikethrough: Switch = None,
    reset: bool = True,
) -> str:
    """Give a text colours and attributes for terminals.

    An attribute that is True is switched on, False switched off, None left alone.

    :param text: the text, or anything with a text form.
    :param fg: colour of the letters: a name, an index of the 256-colour palette, or red, green and blue (0-255).
    :param bg: colour behind them, likewise.
    :param reset: end all of it after the text.
    :return: the text with escape sequences.
    :raises ValueError: there is no such colour.
    """
    attributes = {
        "bold": bold,
        "dim": dim,
        "underline": underline,
        "overline": overline,
        "italic": italic,
        "blink": blink,
        "reverse": reverse,
        "strikethrough": strikethrough,
    }
    return style_text(text if isinstance(text, str) else str(text), fg, bg, attributes, reset)


def unstyle(text: str) -> str:
    """Remove escape sequences from a text.

    :param text: the text.
    """
    return strip_ansi(text)


def secho(
    message: Any | None = None,
    file: IO[AnyStr] | None = None,
    nl: bool = True,
    err: bool = False,
    color: bool | None = None,
    **styles: Any,
) -> None:
    """Style a message and write it: :func:`style` and :func:`~dray.cli_kit.echo` in one.

    :param message: the message; bytes are written without style.
    :param file: where to, standard output by default.
    :param nl: end with a line break.
    :param err: write to standard error.
    :param color: keep or remove escape sequences.
    :param styles: for :func:`style`.
    """
    if message is not None and not isinstance(message, (bytes, bytearray)):
        message = style(message, **styles)
    echo(message, file=file, nl=nl, err=err, color=color)


def edit(
    text: str | bytes | bytearray | None = None,
    editor: str | None = None,
    env: Mapping[str, str] | None = None,
    require_save: bool = True,
    extension: str = ".txt",
    filename: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
) -> str | bytes | bytearray | None:
    """Edit a text or files in the person's editor (``VISUAL``, ``EDITOR``, or one that is found).

    :param text: the text; bytes come back as bytes.
    :param editor: the editor's command line; it is split into words, no shell reads it.
    :param env: variables to add to its environment.
    :param require_save: return None if the file wasn't saved.
    :param extension: of the temporary file.
    :param filename: edit this file, or these, instead of a text.
    :return: the edited text; None for files, or where nothing was saved.
    :raises UsageError: the editor can't be started or fails.
    """
    from ._termui_impl import Editor  # noqa: PLC0415 - start-up: few commands use an editor

    worker = Editor(editor=editor, env=env, require_save=require_save, extension=extension)
    if filename is None:
        return worker.edit(text)
    names: Any = filename
    one = isinstance(names, str) or hasattr(names, "__fspath__")
    worker.edit_files(filenames=[names] if one else names)
    return None


def launch(url: str, wait: bool = False, locate: bool = False) -> int:
    """Open an address or a file in the program that the desktop has for it.

    :param url: the address or path.
    :param wait: wait until that program ends, where it can be waited for.
    :param locate: show the file in its folder instead of opening it.
    :return: the exit code of the program that was started, usually 0.
    """
    from . import _termui_impl  # noqa: PLC0415 - start-up: few commands open a browser

    return _termui_impl.open_url(url, wait, locate)


# Tests put a function here.
_getchar: Callable[[bool], str] | None = None


def getchar(echo: bool = False) -> str:
    """Read one key from the terminal, whatever standard input is.

    A key can be several characters: arrows are escape sequences.

    :param echo: show the key.
    :return: the characters.
    :raises KeyboardInterrupt: the key was Ctrl-C.
    :raises EOFError: the key was Ctrl-D (Ctrl-Z on Windows).
    """
    if _getchar is not None:
        return _getchar(echo)
    from ._termui_impl import getchar as read_key  # noqa: PLC0415 - start-up: few commands read keys

    return read_key(echo)


def raw_terminal() -> AbstractContextManager[int]:
    """Return a context manager in which the terminal hands over every key at once, unseen.

    :return: it gives the terminal's file descriptor.
    """
    from ._termui_impl import raw_terminal as switch  # noqa: PLC0415 - start-up: few commands read keys

    return switch()


def pause(info: str | None = None, err: bool = False) -> None:
    """Wait for a key, if a person sits at the terminal.

    :param info: what is shown, ``Press any key to continue...`` by default; nothing if it is empty.
    :param err: show it on standard error.
    """
    text = _("Press any key to continue...") if info is None else info
    if isatty(sys.stdin) and isatty(sys.stdout):
        echo(text, nl=False, err=err)
        try:
            getchar()
        except (EOFError, KeyboardInterrupt):
            pass
        finally:
            echo("\n" if text else "", nl=False, err=err)


__getattr__ = deprecated_names(__name__, {}, type_variables=("V",))
