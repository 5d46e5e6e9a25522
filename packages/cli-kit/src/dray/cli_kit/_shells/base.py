"""What completion in all shells has in common: a script for the shell, the words it sends, the suggestions it gets.

It must not know any one shell.
"""

from __future__ import annotations

import os

from .._completion_item import CompletionItem
from .._utils import TYPE_CHECKING
from .resolve import resolve_context, resolve_incomplete
from .static import make_table
from .words import split_arg_string

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any, ClassVar

    from ..core import Command

__all__ = ["ShellComplete"]


class ShellComplete:
    """Completion in a shell.

    A class for another shell sets ``name`` and ``source_template`` and overrides :meth:`get_completion_args` and
    :meth:`format_completion`.

    :param cli: the program's command.
    :param ctx_args: arguments for its context.
    :param prog_name: the program's name.
    :param complete_var: the environment variable that asks for completion.
    """

    #: The name by which the shell is asked for.
    name: ClassVar[str]
    #: The script, with the fields ``%(complete_func)s``, ``%(complete_var)s`` and ``%(prog_name)s``.
    source_template: ClassVar[str]
    #: A script that answers by itself, with the same fields and ``%(table)s``; it stands behind the other one.
    static_template: ClassVar[str | None] = None
    #: Whether the shell replaces the whole word, so that ``--name=`` must stand before a value.
    replaces_word: ClassVar[bool] = True

    def __init__(self, cli: Command, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str) -> None:
        self.cli = cli
        self.ctx_args = ctx_args
        self.prog_name = prog_name
        self.complete_var = complete_var

    @property
    def func_name(self) -> str:
        """The name of the shell function: ASCII letters, digits and underscores only; a dash becomes one of those."""
        name = self.prog_name.replace("-", "_")
        safe = "".join(char for char in name if char.isascii() and (char.isalnum() or char == "_"))
        return f"_{safe}_completion"

    def source_vars(self) -> dict[str, Any]:
        """Return the fields of the script."""
        return {"complete_func": self.func_name, "complete_var": self.complete_var, "prog_name": self.prog_name}

    def source(self) -> str:
        """Return the script that the shell runs once to know the completion."""
        return self.source_template % self.source_vars()

    def static_source(self) -> str:
        """Return a script that answers without running the program where that is possible.

        :raises NotImplementedError: there is none for this shell.
        """
        if self.static_template is None:
            raise NotImplementedError(f"There is no completion for {self.name} that works without the program.")
        settings = {**self.cli.context_settings, **self.ctx_args, "resilient_parsing": True}
        ctx = self.cli.context_class(self.cli, info_name=self.prog_name, **settings)
        fields = {**self.source_vars(), "table": self.format_table(make_table(ctx))}
        return f"{self.source()}\n{self.static_template % fields}"

    def format_table(self, table: dict[str, str]) -> str:
        """Return the table of a static script in the shell's language.

        :param table: key -> text.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how a table is written.")

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the program's name, and the beginning of the current one."""
        raise NotImplementedError(f"{type(self).__name__} must say which words the shell sent.")

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the suggestions.

        :param args: the complete words after the program's name.
        :param incomplete: the beginning of the current one.
        """
        ctx = resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        completed, incomplete = resolve_incomplete(ctx, args, incomplete)
        return completed.shell_complete(ctx, incomplete)

    def format_completion(self, item: CompletionItem) -> str:
        """Return a suggestion as the script expects it.

        :param item: the suggestion.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how a suggestion is written.")

    def complete(self) -> str:
        """Return all suggestions as the script expects them."""
        args, incomplete = self.get_completion_args()
        items = self.get_completions(args, incomplete)
        if self.replaces_word:
            items = with_option_name(items, incomplete)
        return "\n".join(self.format_completion(item) for item in items)


def with_option_name(items: list[CompletionItem], incomplete: str) -> list[CompletionItem]:
    """Put ``--name=`` before the suggestions for its value, where a shell replaces the whole word.

    :param items: the suggestions.
    :param incomplete: the beginning of the word, as the shell sent it.
    :return: the suggestions.
    """
    name, equals, _value = incomplete.partition("=")
    if not equals or name[:1].isalnum() or not name:
        return items
    prefix = name + equals
    completed = []
    for item in items:
        if item.type == "plain" and not str(item.value).startswith(prefix):
            item = CompletionItem(f"{prefix}{item.value}", type=item.type, help=item.help, **item._info)
        completed.append(item)
    return completed


def words_and_cursor() -> tuple[list[str], str]:
    """Return the words of ``COMP_WORDS`` before the one that ``COMP_CWORD`` counts to, and that one.

    :return: the words after the program's name, and the current one, empty when it hasn't begun.
    :raises ValueError: the shell sent no number.
    """
    words = split_arg_string(os.environ["COMP_WORDS"])
    cursor = int(os.environ["COMP_CWORD"])
    return words[1:cursor], words[cursor] if cursor < len(words) else ""


def quote(text: str) -> str:
    """Quote a text for a POSIX shell: nothing in it is expanded.

    :param text: the text.
    """
    return "'" + text.replace("'", "'\\''") + "'"
