"""Standard input, output and error, as bytes and as text, in an encoding that works.

A stream that fell back to ASCII is replaced by one in UTF-8 on the same bytes; one that is fine is used as it is. It
must not know files or commands.
"""

from __future__ import annotations

import sys
from _weakref import ref

from .._utils import TYPE_CHECKING
from .encoding import (
    find_binary_reader,
    find_binary_writer,
    get_best_encoding,
    is_binary_reader,
    is_binary_writer,
    stream_is_misconfigured,
)
from .windows import get_windows_console_stream
from .wrappers import NonClosingTextIOWrapper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO, Any, BinaryIO, TextIO

__all__ = [
    "binary_streams",
    "cached_text_stream",
    "get_binary_stderr",
    "get_binary_stdin",
    "get_binary_stdout",
    "get_text_stderr",
    "get_text_stdin",
    "get_text_stdout",
    "isatty",
    "should_strip_ansi",
    "text_streams",
]


def isatty(stream: IO[Any]) -> bool:
    """Say whether a stream is a terminal; a stream that can't tell is none.

    :param stream: the stream.
    """
    try:
        return stream.isatty()
    except Exception:
        return False


def is_jupyter_kernel_output(stream: Any) -> bool:
    """Say whether a stream is a notebook's, which shows colours although it is no terminal.

    :param stream: the stream, wrapped or not.
    """
    while hasattr(stream, "_stream"):
        stream = stream._stream
    return type(stream).__module__.startswith("ipykernel.")


def should_strip_ansi(stream: IO[Any] | None = None, color: bool | None = None) -> bool:
    """Say whether escape sequences must be removed from what is written to a stream.

    :param stream: the stream, standard input by default.
    :param color: a decision that was already made.
    """
    if color is not None:
        return not color
    asked: Any = sys.stdin if stream is None else stream
    return not isatty(asked) and not is_jupyter_kernel_output(asked)


def _compatible(stream: Any, wanted: str | None, attribute: str) -> bool:
    present = getattr(stream, attribute, None)
    return present == wanted or (wanted is None and present is not None)


def force_correct_text_stream(
    stream: IO[Any],
    encoding: str | None,
    errors: str | None,
    is_binary: Callable[[IO[Any], bool], bool],
    find_binary: Callable[[IO[Any]], BinaryIO | None],
    force_readable: bool = False,
    force_writable: bool = False,
) -> TextIO:
    """Turn a stream into a text stream whose encoding is the wanted one, or a sane one.

    :param stream: a text or binary stream.
    :param encoding: the wanted encoding, or None for whatever the stream has, if it is sane.
    :param errors: the wanted error handler.
    :param is_binary: tells binary streams from others.
    :param find_binary: finds the binary stream behind a text stream.
    :return: the stream itself where it is right, or a wrapper on its bytes.
    """
    if is_binary(stream, False):
        binary: Any = stream
    else:
        text: Any = stream
        sane = encoding is not None or not stream_is_misconfigured(text)
        if sane and _compatible(text, encoding, "encoding") and _compatible(text, errors, "errors"):
            return text  # type: ignore[no-any-return]
        binary = find_binary(text)
        if binary is None:
            return text  # type: ignore[no-any-return]
        # The lost encoding must not lose characters too.
        errors = errors or "replace"
    return NonClosingTextIOWrapper(
        binary,
        encoding or get_best_encoding(stream),
        errors or "replace",
        force_readable,
        force_writable,
        line_buffering=True,
    )


def _get_stdin(encoding: str | None, errors: str | None) -> TextIO:
    return force_correct_text_stream(
        sys.stdin, encoding, errors, is_binary_reader, find_binary_reader, force_readable=True
    )


def _get_writer(stream: TextIO, encoding: str | None, errors: str | None) -> TextIO:
    return force_correct_text_stream(
        stream, encoding, errors, is_binary_writer, find_binary_writer, force_writable=True
    )


def get_text_stdin(encoding: str | None = None, errors: str | None = None) -> TextIO:
    """Return standard input as text.

    :param encoding: another encoding than the stream's.
    :param errors: another error handler than the stream's.
    """
    return get_windows_console_stream(sys.stdin, encoding, errors) or _get_stdin(encoding, errors)


def get_text_stdout(encoding: str | None = None, errors: str | None = None) -> TextIO:
    """Return standard output as text.

    :param encoding: another encoding than the stream's.
    :param errors: another error handler than the stream's.
    """
    console = get_windows_console_stream(sys.stdout, encoding, errors)
    return console or _get_writer(sys.stdout, encoding, errors)


def get_text_stderr(encoding: str | None = None, errors: str | None = None) -> TextIO:
    """Return standard error as text.

    :param encoding: another encoding than the stream's.
    :param errors: another error handler than the stream's.
    """
    console = get_windows_console_stream(sys.stderr, encoding, errors)
    return console or _get_writer(sys.stderr, encoding, errors)


def _binary(name: str, find: Callable[[IO[Any]], BinaryIO | None]) -> BinaryIO:
    found = find(getattr(sys, name))
    if found is None:
        raise RuntimeError(f"There is no binary stream behind sys.{name}.")
    return found


def get_binary_stdin() -> BinaryIO:
    """Return standard input as bytes.

    :raises RuntimeError: ``sys.stdin`` was replaced by a stream without bytes.
    """
    return _binary("stdin", find_binary_reader)


def get_binary_stdout() -> BinaryIO:
    """Return standard output as bytes.

    :raises RuntimeError: ``sys.stdout`` was replaced by a stream without bytes.
    """
    return _binary("stdout", find_binary_writer)


def get_binary_stderr() -> BinaryIO:
    """Return standard error as bytes.

    :raises RuntimeError: ``sys.stderr`` was replaced by a stream without bytes.
    """
    return _binary("stderr", find_binary_writer)


def cached_text_stream(name: str, make: Callable[[], TextIO]) -> Callable[[], TextIO | None]:
    """Make a function that returns the text stream for one of the standard streams.

    The wrapper is remembered for as long as the same object stands in :mod:`sys`, so that its buffer is one.

    :param name: ``stdin``, ``stdout`` or ``stderr``.
    :param make: makes the text stream.
    :return: the function; it returns None where the process has no such stream.
    """
    last: list[Any] = [None, None]

    def get() -> TextIO | None:
        stream = getattr(sys, name)
        if stream is None:
            return None
        known, wrapper = last
        if known is not None and known() is stream:
            # A weak reference for the same reason: a stream that is its own wrapper must not be kept alive.
            return stream if wrapper is None else wrapper  # type: ignore[no-any-return]
        made = make()
        try:
            last[:] = ref(stream), None if made is stream else made
        except TypeError:
            pass  # an object without weak references is asked again each time
        return made

    return get


_default_text_stdin = cached_text_stream("stdin", get_text_stdin)
_default_text_stdout = cached_text_stream("stdout", get_text_stdout)
_default_text_stderr = cached_text_stream("stderr", get_text_stderr)

binary_streams: Mapping[str, Callable[[], BinaryIO]] = {
    "stdin": get_binary_stdin,
    "stdout": get_binary_stdout,
    "stderr": get_binary_stderr,
}
text_streams: Mapping[str, Callable[[str | None, str | None], TextIO]] = {
    "stdin": get_text_stdin,
    "stdout": get_text_stdout,
    "stderr": get_text_stderr,
}
