"""Run commands in tests and look at what they did.

Several threads can run commands at once; what each writes and reads is its own. It must not know how streams are
replaced.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import tempfile

from ._testing_stage import Run
from ._testing_streams import BytesIOCopy, DescriptorMixer, EchoingStdin, StreamMixer, make_input_stream
from ._testing_streams import NamedTextIOWrapper as _NamedTextIOWrapper
from ._utils import TYPE_CHECKING, lazy_module

if TYPE_CHECKING:
    import io
    import warnings
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import IO, Any, Literal, TextIO

    from .core import Command

    CaptureMode = Literal["sys", "fd"]
    ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType]
    #: What a callback returned, the exit code, and the exception without and with its traceback.
    _Outcome = tuple[Any, int, BaseException | None, ExceptionInfo | None]
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
        self.runner, self.return_value = runner, return_value
        self.stdout_bytes, self.stderr_bytes, self.output_bytes = stdout_bytes, stderr_bytes, output_bytes
        self.exit_code, self.exception, self.exc_info = exit_code, exception, exc_info

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

    Runners work in several threads at once: each command reads and writes streams of its own. Environment variables and
    file descriptors belong to the process, so runs with ``env`` that overlap see the last one's variables, and one run
    at a time can use ``capture="fd"``.
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

    def isolation(
        self,
        input: str | bytes | IO[Any] | None = None,
        env: Mapping[str, str | None] | None = None,
        color: bool = False,
    ) -> AbstractContextManager[tuple[io.BytesIO, io.BytesIO, io.BytesIO]]:
        """Replace streams, environment, prompts and the width of help pages within a ``with`` block.

        :param input: what standard input holds.
        :param env: environment variables; None removes one.
        :param color: keep escape sequences.
        :return: standard output, standard error, and both.
        """
        mixer = StreamMixer() if self.capture == "sys" else DescriptorMixer()
        binary: Any = make_input_stream(input, self.charset)
        echoing = EchoingStdin(binary, mixer.stdout) if self.echo_stdin else None
        streams = self._text_streams(mixer, binary if echoing is None else echoing)
        return _Isolation(Run(streams, echoing, color, self.make_env(env)), mixer)

    def _text_streams(self, mixer: StreamMixer, binary: Any) -> tuple[TextIO, TextIO, TextIO]:
        charset, has_descriptors = self.charset, self.capture == "fd"
        stdin = _NamedTextIOWrapper(binary, "<stdin>", "r", encoding=charset)
        if self.echo_stdin:
            # Read in small pieces, or a prompt's answer would be echoed before the prompt.
            stdin._CHUNK_SIZE = 1  # type: ignore[attr-defined]
        stdout = _NamedTextIOWrapper(
            mixer.stdout, "<stdout>", "w", 1 if has_descriptors else None, encoding=charset, write_through=True
        )
        stderr = _NamedTextIOWrapper(
            mixer.stderr,
            "<stderr>",
            "w",
            2 if has_descriptors else None,
            encoding=charset,
            errors="backslashreplace",
            write_through=True,
        )
        return stdin, stdout, stderr

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
            outcome = [_run(cli, words, prog_name, extra, catch_exceptions)]
        # The traceback knows this frame: what stays here would lead back to it, and last until it is collected.
        return self._make_result(streams, outcome.pop())

    def _make_result(self, streams: tuple[io.BytesIO, io.BytesIO, io.BytesIO], outcome: _Outcome) -> Result:
        stdout, stderr, output = streams
        return Result(self, stdout.getvalue(), stderr.getvalue(), output.getvalue(), *outcome)

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


class _Isolation:
    """The ``with`` block of a run."""

    __slots__ = ("mixer", "run")

    def __init__(self, run: Run, mixer: StreamMixer) -> None:
        self.run = run
        self.mixer = mixer

    def __enter__(self) -> tuple[io.BytesIO, io.BytesIO, io.BytesIO]:
        mixer = self.mixer
        if isinstance(mixer, DescriptorMixer):
            mixer.start()
        self.run.begin()
        return mixer.stdout, mixer.stderr, mixer.output

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        for stream in (sys.stdout, sys.stderr):
            # Those of the run keep nothing back; the command may have put others there.
            if stream not in self.run.streams:
                with contextlib.suppress(Exception):
                    stream.flush()
        self.run.end()
        if isinstance(self.mixer, DescriptorMixer):
            self.mixer.stop()


def _run(cli: Command, words: list[str], prog_name: str, extra: dict[str, Any], catch: bool) -> _Outcome:
    """Run a command; return its value, exit code and exception, as a result has them."""
    try:
        return cli.main(args=words, prog_name=prog_name, **extra), 0, None, None
    except SystemExit as error:
        code: Any = error.code
        if code is None or code == 0:
            return None, 0, None, sys.exc_info()  # type: ignore[return-value]
        if not isinstance(code, int):
            # As the interpreter does.
            sys.stdout.write(f"{code}\n")
            code = 1
        return None, code, error, sys.exc_info()  # type: ignore[return-value]
    except Exception as error:
        if not catch:
            raise
        return None, 1, error, sys.exc_info()  # type: ignore[return-value]
