"""A Sphinx directive that documents a command from the command itself.

::

    .. dray-cli:: package.module:command
       :prog: tool
       :nested: full

``nested`` is ``full`` (sub-commands follow), ``short`` (they are listed) or ``none``. This module needs Sphinx, which
is no dependency of the package; nothing else imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from .core import Argument, Command, Context, Group
from .core.helps import clean_help, with_deprecation_label
from .core.lazy import LazyCommand
from .exceptions import ClickException

__all__ = ["CommandDirective", "setup"]


def _nested(value: str) -> str:
    return str(directives.choice(value, ("full", "short", "none")))


class CommandDirective(SphinxDirective):
    """Documents a command: usage, help text, arguments, options, sub-commands."""

    has_content = False
    required_arguments = 1
    option_spec = {"prog": directives.unchanged_required, "nested": _nested}

    def run(self) -> list[nodes.Node]:
        """Return the document nodes."""
        target = self.arguments[0]
        try:
            command = LazyCommand(target, target).load()
        except (ClickException, ValueError) as error:
            raise self.error(str(error)) from error
        name = self.options.get("prog") or command.name
        ctx = command.context_class(command, info_name=name, **command.context_settings)
        return [self._section(ctx)]

    def _section(self, ctx: Context) -> nodes.section:
        path = ctx.command_path
        section = nodes.section(ids=[nodes.make_id(path)], names=[nodes.fully_normalize_name(path)])
        section += nodes.title(text=path)
        usage = " ".join([path, *ctx.command.collect_usage_pieces(ctx)])
        section += nodes.literal_block(usage, usage, language="console")
        section += self._prose(with_deprecation_label(clean_help(ctx.command.help or ""), ctx.command.deprecated))
        section += list(self._tables(ctx))
        section += self._prose(clean_help(ctx.command.epilog or ""))
        if isinstance(ctx.command, Group):
            section += list(self._sub_commands(ctx, ctx.command))
        return section

    def _prose(self, text: str) -> list[nodes.Node]:
        """Parse a help text as reStructuredText; paragraphs that are taken as they are become literal blocks."""
        lines: list[str] = []
        for paragraph in text.split("\n\n"):
            first, _newline, rest = paragraph.partition("\n")
            if first.strip() == "\b":
                lines += ["::", "", *(f"    {line}" for line in rest.split("\n")), ""]
            else:
                lines += [*paragraph.split("\n"), ""]
        container = nodes.container()
        self.state.nested_parse(StringList(lines, self.env.docname), self.content_offset, container)
        return list(container.children)

    def _tables(self, ctx: Context) -> Iterator[nodes.Node]:
        params = ctx.command.get_params(ctx)
        arguments = [param.get_help_record(ctx) for param in params if isinstance(param, Argument)]
        if arguments:
            yield nodes.rubric(text="Arguments")
            yield _definitions(arguments)
        for group, records in ctx.command._option_records(ctx):
            yield nodes.rubric(text="Options" if group is None else group.heading)
            if group is not None and group.help:
                yield from self._prose(clean_help(group.help))
            yield _definitions(records)

    def _sub_commands(self, ctx: Context, group: Group) -> Iterator[nodes.Node]:
        nested = self.options.get("nested", "full")
        if nested == "none":
            return
        found: list[tuple[str, Command]] = list(group.visible_commands(ctx))
        if nested == "short":
            if found:
                yield nodes.rubric(text="Commands")
                rows = [
                    (", ".join([name, *command.aliases]), command.get_short_help_str(200)) for name, command in found
                ]
                yield _definitions(rows)
            return
        for name, _stand_in in found:
            command = group.get_command(ctx, name)
            if command is not None:
                settings = command.context_settings
                yield self._section(command.context_class(command, info_name=name, parent=ctx, **settings))


def _definitions(rows: list[tuple[str, str]]) -> nodes.definition_list:
    items = []
    for term, text in rows:
        definition = nodes.definition("", nodes.paragraph(text=" ".join(text.split())))
        items.append(nodes.definition_list_item("", nodes.term("", "", nodes.literal(text=term)), definition))
    return nodes.definition_list("", *items)


def setup(app: Any) -> dict[str, Any]:
    """Register the directive.

    :param app: the Sphinx application.
    :return: that reading and writing in parallel is safe.
    """
    app.add_directive("dray-cli", CommandDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
