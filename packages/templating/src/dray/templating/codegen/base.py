"""What the parts of the code generator share: places, visiting, awaiting, and which helpers a function needs."""

from __future__ import annotations

import _ast as py

from ..exceptions import TemplateAssertionError
from ..visitor import NodeVisitor
from . import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn

    from .. import nodes
    from .._settings import Traits
    from .build import Span
    from .frame import Frame, MacroRef


class GeneratorBase(NodeVisitor):
    """State and small tools of :class:`~dray.templating.compiler.CodeGenerator`."""

    environment: Any
    name: str | None
    filename: str | None
    traits: Traits
    #: Whether nobody can observe when an undefined value is made.
    plain_undefined: bool
    #: Whether nobody has a say in how attributes and items are looked up.
    looks_up_in_statements: bool
    #: Whether output is yielded, not appended to a list.
    stream: bool
    is_async: bool
    blocks: dict[str, nodes.Block]
    extends_so_far: int
    has_known_extends: bool
    import_aliases: dict[str, str]
    #: The text that the module keeps.
    source: str | None
    #: Whether the tree comes right from the parser, so that what it noted holds.
    fresh: bool
    #: Whether all places are right as they stand: the parser's own, in a text of ASCII.
    keeps_spans: bool
    #: The template's lines, if columns have to be converted to bytes.
    _lines: list[str] | None
    _last_identifier: int
    #: For each macro whose defaults are being computed: the parameters that have no value yet.
    _unset_parameters: list[set[str]]

    if TYPE_CHECKING:

        def macro_body(self, node: nodes.Macro | nodes.CallBlock, frame: Frame) -> tuple[Frame, MacroRef]:
            """See :meth:`.MacroCode.macro_body`."""

        def _write_value(self, value: py.expr, frame: Frame, span: Span) -> py.stmt:
            """See :meth:`.OutputCode._write_value`."""

        def _write_output_call(
            self, node: nodes.Call, frame: Frame, forward_caller: str | None = None
        ) -> list[py.stmt] | None:
            """See :meth:`.OutputCode._write_output_call`."""

        def _looked_up(self, node: Any, frame: Frame) -> tuple[py.expr, list[py.stmt]]:
            """See :meth:`.OutputCode._looked_up`."""

        def enter_frame(self, frame: Frame) -> list[py.stmt]:
            """See :meth:`.NameCode.enter_frame`."""

    def fail(self, msg: str, lineno: int) -> NoReturn:
        """Raise an error for something that parses but can't be.

        :param msg: what is wrong
        :param lineno: the 1-based line
        """
        raise TemplateAssertionError(msg, lineno, self.name, self.filename)

    def fail_at(self, msg: str, node: nodes.Node) -> NoReturn:
        """Raise an error for something that parses but can't be, at the place of a node."""
        error = TemplateAssertionError(msg, node.lineno, self.name, self.filename)
        span = node.span
        if span is not None:
            error.at(span[1], span[3] if span[2] == span[0] else None)
        raise error

    def span(self, node: nodes.Node) -> Span:
        """Return the place of a node as Python counts it."""
        span = node.span
        if span is None:
            line = node.lineno or 1
            return (line, 0, line, 0)
        if self.keeps_spans:
            return span
        if self._lines is not None:
            span = (span[0], self._byte(span[0], span[1]), span[2], self._byte(span[2], span[3]))
        line, column, end_line, end = span
        return span if end_line > line or (end_line == line and end >= column) else (line, column, line, column)

    def _byte(self, line: int, column: int) -> int:
        """Return a column in UTF-8 bytes."""
        lines: Any = self._lines
        if line > len(lines):
            return column
        text = lines[line - 1]
        return column if text.isascii() else len(text[:column].encode("utf-8", "surrogatepass"))

    def temporary_identifier(self) -> str:
        """Return a variable that nothing else uses."""
        self._last_identifier += 1
        return f".t{self._last_identifier}"

    def context(self, frame: Frame, span: Span) -> py.expr:
        """Return the active context, and note that the function needs it."""
        frame.outermost.uses_context = True
        return build.name(self._context_names[-1], span)

    _context_names: list[str]

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> Any:
        """Return the statements for some nodes, one after the other.

        :param nodes: the nodes
        :param frame: the frame
        """
        body: list[py.stmt] = []
        visit = self.visit
        for node in nodes:
            result = visit(node, frame)
            if result:
                body += result
        return body

    def visit_all(self, nodes: Iterable[nodes.Node], frame: Frame) -> list[py.expr]:
        """Return the expressions for some nodes."""
        return [self.visit(node, frame) for node in nodes]

    def awaited(self, value: py.expr, span: Span) -> py.expr:
        """Return *value*, awaited where it may be awaitable; results of plain types are not looked at further."""
        if not self.is_async:
            return value
        kept = self.temporary_identifier()
        named = build.named(kept, value, span)
        own_type = build.helper(".type", [named], span)
        plain = build.compare(own_type, build.IN, build.name(".plain_types", span), span)
        awaited = build.wait(build.helper(".auto_await", [build.name(kept, span)], span), span)
        return build.either(plain, build.name(kept, span), awaited, span)

    def arguments(
        self, args: Sequence[nodes.Expr], kwargs: Sequence[nodes.Keyword], star: nodes.Expr | None,
        double_star: nodes.Expr | None, frame: Frame, span: Span,
    ) -> tuple[list[py.expr], list[py.keyword]]:  # fmt: skip
        """Return the arguments of a call, filter or test."""
        positional = self.visit_all(args, frame)
        if star is not None:
            starred = {"value": self.visit(star, frame), "ctx": build.LOAD}
            positional.append(build.make(py.Starred, span, starred))
        keywords = [build.keyword(pair.key, self.visit(pair.value, frame), self.span(pair)) for pair in kwargs]
        if double_star is not None:
            keywords.append(build.keyword(None, self.visit(double_star, frame), span))
        return positional, keywords
