"""Run commands in tests and look at what they did.

Standard streams, environment and prompts of the process are replaced while a command runs, so one works at a time.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import tempfile

from . import _compat, formatting, termui, utils
from ._testing_streams import (
    BytesIOCopy,
    EchoingStdin,
    StreamMixer,
    make_input_stream,
)
from ._testing_streams import (
    FDCapture as _FDCapture,
)
from ._testing_streams import (
    NamedTextIOWrapper as _NamedTextIOWrapper,
)
from ._testing_streams import (
    pause_echo as _pause_echo,
)
from ._utils import TYPE_CHECKING, lazy_module

if TYPE_CHECKING:
    import io
    import warnings
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import IO, Any, Literal

    from .core import Command

    CaptureMode = Literal["sys", "fd"]
    ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType]
else:
    warnings = lazy_module("warnings")

__all__ = ["BytesIOCopy", "CliRunner", "EchoingStdin", "Result", "StreamMixer", "make_input_stream"]


class Result:
    """What a command did.

    :param runner: the runner.
    :param stdout_bytes: what it wrote to standard output.
    :param stderr_bytes: what it wrote to standard error.
    :param output_bytes: both, in the order of writing: what a person would have seen.
    :param return_value: what the callback returned, with ``standalone_mode=False``.
    :param exit_code: the exit code of the process.
    :param exception: what was raised, or None.
    :param exc_info: with its traceback.
    """

    def __init__(
        self,
        runner: CliRunner,
        stdout_bytes: bytes,
        stderr_bytes: bytes,
        output_bytes: bytes,
        return_value: Any,
        exit_code: int,
        exception: BaseException | None,
        exc_info: ExceptionInfo | None = None,
    ) -> None:
        self.runner = runner
        self.stdout_bytes = stdout_bytes
        self.stderr_bytes = stderr_bytes
        self.output_bytes = output_bytes
        self.return_value = return_value
        self.exit_code = exit_code
        self.exception = exception
        self.exc_info = exc_info

    def _text(self, data: bytes) -> str:
        return data.decode(self.runner.charset, "replace").replace("\r\n", "\n")

    @property
    def output(self) -> str:
        """Standard output and error in the order of writing, as text."""
        return self._text(self.output_bytes)

    @property
    def stdout(self) -> str:
        """Standard output as text."""
        return self._text(self.stdout_bytes)

    @property
    def stderr(self) -> str:
        """Standard error as text."""
        return self._text(self.stderr_bytes)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {repr(self.exception) if self.exception else 'okay'}>"


class CliRunner:
    """Runs commands.

    :param charset: encoding of the streams.
    :param env: environment variables; None removes one.
    :param echo_stdin: write to standard output what is read, as a terminal would.
    :param catch_exceptions: put exceptions into the result instead of letting them pass.
    :param capture: ``sys`` replaces the streams of :mod:`sys`; ``fd`` catches what is written to file descriptors 1
        and 2 too, by child processes for example.
    """

    def __init__(
        self,
        charset: str = "utf-8",
        env: Mapping[str, str | None] | None = None,
        echo_stdin: bool = False,
        catch_exceptions: bool = True,
        capture: CaptureMode = "sys",
    ) -> None:
        if capture not in ("sys", "fd"):
            raise ValueError(f"capture={capture!r} is not valid. Choose from 'sys' or 'fd'.")
        self.charset = charset
        self.env: Mapping[str, str | None] = env or {}
        self.echo_stdin = echo_stdin
        self.catch_exceptions = catch_exceptions
        self.capture: CaptureMode = capture

    def get_default_prog_name(self, cli: Command) -> str:
        """Return the program's name for usage lines.

        :param cli: the command.
        """
        return cli.name or "root"

    def make_env(self, overrides: Mapping[str, str | None] | None = None) -> Mapping[str, str | None]:
        """Return the environment variables of a run.

        :param overrides: they come before the runner's own.
        """
        return {**self.env, **(overrides or {})}

    @contextlib.contextmanager
    def isolation(
        self,
        input: str | bytes | IO[Any] | None = None,
        env: Mapping[str, str | None] | None = None,
        color: bool = False,
    ) -> Iterator[tuple[io.BytesIO, io.BytesIO, io.BytesIO]]:
        """Replace streams, environment, prompts and the width of help pages within a ``with`` block.

        :param input: what standard input holds.
        :param env: environment variables; None removes one.
        :param color: keep escape sequences.
        :return: standard output, standard error, and both.
        """
        mixer = StreamMixer()
        patches = _Patches()
        captures: list[tuple[_FDCapture, io.BytesIO]] = []
        if self.capture == "fd":
            captures = [(_FDCapture(1), mixer.stdout), (_FDCapture(2), mixer.stderr)]
        try:
            sys_stdin = self._replace_streams(patches, mixer, input, bool(captures))
            self._replace_prompts(patches, sys_stdin, color)
            patches.environment(self.make_env(env))
            for capture, _stream in captures:
                capture.start()
            yield mixer.stdout, mixer.stderr, mixer.output
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):
                    stream.flush()
            for capture, memory in captures:
                memory.write(capture.stop())
            patches.undo()

    def _replace_streams(self, patches: _Patches, mixer: StreamMixer, input: Any, has_fd: bool) -> EchoingStdin | None:
        binary: Any = make_input_stream(input, self.charset)
        echoing = None
        if self.echo_stdin:
            binary = echoing = EchoingStdin(binary, mixer.stdout)
        stdin = _NamedTextIOWrapper(binary, "<stdin>", "r", encoding=self.charset)
        if echoing is not None:
            # Read in small pieces, or a prompt's answer would be echoed before the prompt.
            stdin._CHUNK_SIZE = 1  # type: ignore[attr-defined]
        patches.set(sys, "stdin", stdin)
        for name, memory, errors, descriptor in (
            ("stdout", mixer.stdout, "strict", 1),
            ("stderr", mixer.stderr, "backslashreplace", 2),
        ):
            wrapper = _NamedTextIOWrapper(
                memory,
                f"<{name}>",
                "w",
                descriptor=descriptor if has_fd else None,
                encoding=self.charset,
                errors=errors,
                write_through=True,
            )
            # A wrapper that is collected closes its bytes, so they keep it.
            memory.wrapper = wrapper  # type: ignore[attr-defined]
            patches.set(sys, name, wrapper)
        return echoing

    def _replace_prompts(self, patches: _Patches, echoing: EchoingStdin | None, color: bool) -> None:
        def visible_input(prompt: str | None = None) -> str:
            _show(prompt or "")
            with _pause_echo(echoing):
                line = _next_line()
            _show(f"{line}\n")
            return line

        def hidden_input(prompt: str | None = None) -> str:
            _show(f"{prompt or ''}\n")
            with _pause_echo(echoing):
                return _next_line()

        def getchar(echo: bool) -> str:
            with _pause_echo(echoing):
                char = sys.stdin.read(1)
            if echo:
                _show(char)
            return char

        def should_strip_ansi(stream: IO[Any] | None = None, color_wanted: bool | None = None) -> bool:
            return not (color if color_wanted is None else color_wanted)

        patches.set(termui, "visible_prompt_func", visible_input)
        patches.set(termui, "hidden_prompt_func", hidden_input)
        patches.set(termui, "_getchar", getchar)
        patches.set(utils, "should_strip_ansi", should_strip_ansi)
        patches.set(_compat, "should_strip_ansi", should_strip_ansi)
        patches.set(formatting, "FORCED_WIDTH", 80)

    def invoke(
        self,
        cli: Command,
        args: str | Sequence[str] | None = None,
        input: str | bytes | IO[Any] | None = None,
        env: Mapping[str, str | None] | None = None,
        catch_exceptions: bool | None = None,
        color: bool = False,
        **extra: Any,
    ) -> Result:
        """Run a command.

        :param cli: the command.
        :param args: its words; a text is split as a shell would.
        :param input: what standard input holds.
        :param env: environment variables; None removes one.
        :param catch_exceptions: as for the runner.
        :param color: keep escape sequences.
        :param extra: arguments for :meth:`Command.main`.
        :return: what it did.
        """
        if catch_exceptions is None:
            catch_exceptions = self.catch_exceptions
        words = shlex.split(args) if isinstance(args, str) else list(args or ())
        prog_name = extra.pop("prog_name", None)
        if prog_name is None:
            prog_name = self.get_default_prog_name(cli)
        with self.isolation(input=input, env=env, color=color) as streams:
            outcome = _Outcome()
            try:
                outcome.return_value = cli.main(args=words, prog_name=prog_name, **extra)
            except SystemExit as error:
                outcome.exited(error)
            except Exception as error:
                if not catch_exceptions:
                    raise
                outcome.failed(error)
        stdout, stderr, output = (stream.getvalue() for stream in streams)
        return Result(
            runner=self,
            stdout_bytes=stdout,
            stderr_bytes=stderr,
            output_bytes=output,
            return_value=outcome.return_value,
            exit_code=outcome.exit_code,
            exception=outcome.exception,
            exc_info=outcome.exc_info,
        )

    @contextlib.contextmanager
    def isolated_filesystem(self, temp_dir: str | os.PathLike[str] | None = None) -> Iterator[str]:
        """Work in a new empty folder within a ``with`` block; deprecated.

        :param temp_dir: where to make the folder; it is kept then.
        :return: its path.
        """
        warnings.warn(
            "'isolated_filesystem' is deprecated, because the working folder belongs to the whole process."
            " Use a temporary folder and absolute paths instead.",
            DeprecationWarning,
            stacklevel=3,
        )
        before = os.getcwd()
        folder = tempfile.mkdtemp(dir=temp_dir)
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)
            if temp_dir is None:
                shutil.rmtree(folder, ignore_errors=True)


class _Outcome:
    """How a run ended."""

    def __init__(self) -> None:
        self.return_value: Any = None
        self.exit_code: Any = 0
        self.exception: BaseException | None = None
        self.exc_info: Any = None

    def exited(self, error: SystemExit) -> None:
        """Note an exit: what is no number is written, as the interpreter does."""
        self.exc_info = sys.exc_info()
        code = error.code
        if code is None:
            code = 0
        if code != 0:
            self.exception = error
        if not isinstance(code, int):
            sys.stdout.write(f"{code}\n")
            code = 1
        self.exit_code = code

    def failed(self, error: Exception) -> None:
        """Note an exception."""
        self.exc_info = sys.exc_info()
        self.exception = error
        self.exit_code = 1


class _Patches:
    """Attributes and environment variables that are replaced, and put back."""

    def __init__(self) -> None:
        self._attributes: list[tuple[Any, str, Any]] = []
        self._variables: list[tuple[str, str | None]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute."""
        self._attributes.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def environment(self, variables: Mapping[str, str | None]) -> None:
        """Set environment variables, or remove those that are None."""
        for name, value in variables.items():
            self._variables.append((name, os.environ.get(name)))
            _set_variable(name, value)

    def undo(self) -> None:
        """Put everything back, the last first."""
        for owner, name, value in reversed(self._attributes):
            setattr(owner, name, value)
        for variable, before in reversed(self._variables):
            _set_variable(variable, before)


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _show(text: str) -> None:
    """Write what a terminal would show."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _next_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")
