"""Running a command as a program: words of the process, exit codes, errors, closed pipes, completion.

It must not know how commands parse or what they do.
"""

from __future__ import annotations

import os
import sys

from .._io.wrappers import PacifyFlushWrapper
from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from ..exceptions import Abort, ClickException, Exit
from ..utils import _detect_program_name, _expand_args, echo

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from typing import Any

    from .command import Command

__all__ = ["complete_if_asked", "run_main"]

# The number is the same on every platform that Python runs on, and the errno module needn't be loaded for it.
_EPIPE = 32


def complete_if_asked(
    command: Command, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None
) -> None:
    """Answer the shell and end the process, if the environment says that the shell calls.

    :param command: the command.
    :param ctx_args: arguments for its context.
    :param prog_name: the program's name.
    :param complete_var: the variable; by default made of the program's name.
    """
    if complete_var is None:
        name = prog_name.replace("-", "_").replace(".", "_")
        complete_var = f"_{name}_COMPLETE".upper()
    instruction = os.environ.get(complete_var)
    if not instruction:
        return
    # The named exception of the package: completion knows commands, and commands are what is completed.
    from ..shell_completion import shell_complete  # noqa: PLC0415 - start-up: only the shell asks for it

    sys.exit(shell_complete(command, ctx_args, prog_name, complete_var, instruction))


def run_main(
    command: Command,
    args: Sequence[str] | None,
    prog_name: str | None,
    complete_var: str | None,
    standalone: bool,
    expand: bool,
    extra: MutableMapping[str, Any],
) -> Any:
    """Run a command as a program; the arguments are those of :meth:`Command.main`.

    :return: what the callback returns, unless the process ends.
    """
    if args is None:
        words = sys.argv[1:]
        if os.name == "nt" and expand:
            words = _expand_args(words)
    else:
        words = list(args)
    if prog_name is None:
        prog_name = _detect_program_name()
    command._main_shell_completion(extra, prog_name, complete_var)
    try:
        return _run(command, words, prog_name, standalone, extra)
    except Abort:
        if not standalone:
            raise
        echo(_("Aborted!"), file=sys.stderr)
        sys.exit(1)


def _run(command: Command, words: list[str], prog_name: str, standalone: bool, extra: MutableMapping[str, Any]) -> Any:
    try:
        with command.make_context(prog_name, words, **extra) as ctx:
            result = command.invoke(ctx)
            if not standalone:
                return result
            # The result is no exit code: programs that return something would look as if they had failed.
            ctx.exit()
    except (EOFError, KeyboardInterrupt) as error:
        # The shell's prompt must begin on a line of its own after ^C.
        echo(file=sys.stderr)
        raise Abort() from error
    except ClickException as error:
        if not standalone:
            raise
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != _EPIPE:
            raise
        _silence_flush()
        sys.exit(1)
    except Exit as error:
        if standalone:
            sys.exit(error.exit_code)
        return error.exit_code


def _silence_flush() -> None:
    """Keep the interpreter from complaining, at its end, that nobody reads the output."""
    stdout: Any = PacifyFlushWrapper(sys.stdout)
    stderr: Any = PacifyFlushWrapper(sys.stderr)
    sys.stdout, sys.stderr = stdout, stderr
