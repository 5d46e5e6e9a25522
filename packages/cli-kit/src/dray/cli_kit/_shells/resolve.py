"""From the words before the cursor to what is to be completed: a command or one of its parameters.

Everything is parsed resiliently: no errors, no prompts, no callbacks. It must not know shells.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING
from ..core import Argument, Group, Option
from ..core.source import COMMANDLINE

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from ..core import Command, Context, Parameter

__all__ = ["resolve_context", "resolve_incomplete"]


def resolve_context(cli: Command, ctx_args: MutableMapping[str, Any], prog_name: str, args: list[str]) -> Context:
    """Return the context of the innermost command that the words reach.

    :param cli: the program's command.
    :param ctx_args: arguments for its context.
    :param prog_name: the program's name.
    :param args: the complete words.
    """
    ctx_args["resilient_parsing"] = True
    with cli.make_context(prog_name, args.copy(), **ctx_args) as ctx:
        words = [*ctx._protected_args, *ctx.args]
        while words and isinstance(ctx.command, Group):
            found = _enter_chain(ctx, words) if ctx.command.chain else _enter(ctx, words)
            if found is None:
                break
            ctx, words = found
    return ctx


def _enter(ctx: Context, words: list[str]) -> tuple[Context, list[str]] | None:
    group: Any = ctx.command
    name, command, words = group.resolve_command(ctx, words)
    if command is None:
        return None
    with command.make_context(name, words, parent=ctx, resilient_parsing=True) as sub_ctx:
        return sub_ctx, [*sub_ctx._protected_args, *sub_ctx.args]


def _enter_chain(ctx: Context, words: list[str]) -> tuple[Context, list[str]] | None:
    group: Any = ctx.command
    last = ctx
    while words:
        name, command, words = group.resolve_command(ctx, words)
        if command is None:
            return None
        settings = {"allow_extra_args": True, "allow_interspersed_args": False, "resilient_parsing": True}
        with command.make_context(name, words, parent=ctx, **settings) as sub_ctx:
            last, words = sub_ctx, sub_ctx.args
    return last, [*last._protected_args, *last.args]


def resolve_incomplete(ctx: Context, args: list[str], incomplete: str) -> tuple[Command | Parameter, str]:
    """Return what completes a word, and the part of the word that it completes.

    :param ctx: the context.
    :param args: the complete words; the name of an option is added when its value is in the same word.
    :param incomplete: the beginning of the word.
    """
    if incomplete == "=":
        # Some shells make the sign of "--name=" a word of its own.
        incomplete = ""
    elif "=" in incomplete and _starts_option(ctx, incomplete):
        name, _equals, incomplete = incomplete.partition("=")
        args.append(name)
    if "--" not in args and _starts_option(ctx, incomplete):
        return ctx.command, incomplete
    params = ctx.command.get_params(ctx)
    for param in params:
        if _awaits_value(ctx, args, param):
            return param, incomplete
    for param in params:
        if _takes_more(ctx, param):
            return param, incomplete
    return ctx.command, incomplete


def _starts_option(ctx: Context, word: str) -> bool:
    return bool(word) and word[0] in ctx._opt_prefixes


def _awaits_value(ctx: Context, args: list[str], param: Parameter) -> bool:
    """Say whether the last option on the line is this one, and still lacks values."""
    if not isinstance(param, Option) or param.is_flag or param.count:
        return False
    for word in reversed(args[-param.nargs :]):
        if _starts_option(ctx, word):
            return word in param.opts
    return False


def _takes_more(ctx: Context, param: Parameter) -> bool:
    """Say whether the next word belongs to this argument."""
    if not isinstance(param, Argument) or param.name is None:
        return False
    if param.nargs == -1 or ctx._parameter_source.get(param.name) != COMMANDLINE:
        return True
    value = ctx.params.get(param.name)
    return param.nargs > 1 and isinstance(value, (tuple, list)) and len(value) < param.nargs
