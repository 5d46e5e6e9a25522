"""What the parts of the code generator share: its state, places, visiting, awaiting, and what a call is made of."""

from __future__ import annotations

import _ast as py
from itertools import accumulate

from .._settings import traits_of
from ..exceptions import TemplateAssertionError
from ..visitor import NodeVisitor
from . import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, ClassVar, NoReturn

    from .. import nodes
    from .build import Span
    from .frame import Frame, MacroRef


class GeneratorBase(NodeVisitor):
    """State and small tools of :class:`~dray.templating.compiler.CodeGenerator`, which takes the same arguments."""

    #: Kinds of nodes to the functions that visit them, where those are this package's. Each class has its own.
    _own_methods: ClassVar[dict[type, Callable[..., Any]]] = {}
    blocks: dict[str, nodes.Block]
    extends_so_far: int
    import_aliases: dict[str, str]
    #: For each line that isn't ASCII, by its number: where each character begins in bytes.
    _offsets: dict[int, list[int]] | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._own_methods = {}

    def __init__(
        self,
        environment: Any,
        name: str | None,
        filename: str | None,
        stream: Any = None,
        defer_init: bool = False,
        optimized: bool = True,
    ) -> None:
        self.environment = environment
        self.name = str.__str__(name) if isinstance(name, str) else name  # without the class that markup has
        self.filename = filename
        self.text_stream = stream
        self.defer_init = defer_init
        self._optimized = optimized
        self.created_block_context = False
        self.traits = traits_of(environment)
        #: Whether output is yielded, not appended to a list.
        self.stream = False
        self.is_async = bool(environment.is_async)
        self.import_aliases = {}
        self.blocks = {}
        self.extends_so_far = 0
        self.has_known_extends = False
        self._last_identifier = 0
        self._last_extends: list[py.stmt] = []
        #: The template's lines, if columns have to be converted to bytes.
        self._lines: list[str] | None = None
        #: The text that the module keeps.
        self.source: str | None = None
        #: Whether the tree comes right from the parser, so that what it noted holds.
        self.fresh = False
        #: Whether all places are right as they stand: the parser's own, in a text of ASCII.
        self.keeps_spans = False
        self._context_names = [".context"]
        self._resolve_name = ".resolve"
        #: For each macro whose defaults are being computed: the parameters that have no value yet.
        self._unset_parameters: list[set[str]] = []
        #: What the module's macros are made of: variables and the arguments of :class:`.MacroSpec` behind the
        #: environment.
        self._definitions: list[tuple[Any, ...]] = []
        #: The undefined values of the module: variables to hint and name.
        self._undefined: dict[str, tuple[str, str]] = {}
        #: What code generators that write text have made.
        self._parts: dict[str, Any] = {}
        #: Whether nobody can observe when an undefined value is made.
        self.plain_undefined = bool(self.traits.plain_undefined)
        #: Whether nobody has a say in how attributes and items are looked up.
        self.looks_up_in_statements = bool(self.traits.plain_lookup and not environment.sandboxed)
        self.resolve_method = "resolve" if self.plain_undefined else "resolve_or_missing"

    @property
    def optimized(self) -> bool:
        """Whether constants are folded."""
        return self._optimized

    def set_source(self, source: str | None) -> None:
        """Take the template's text, so that columns can be counted in bytes where it isn't ASCII.

        :param source: the text
        """
        if source is not None and not source.isascii():
            self._lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def visit(self, node: nodes.Node, frame: Any = None) -> Any:
        """Visit one node: all methods here take it and the frame."""
        function = self._own_methods.get(node.__class__)
        return function(self, node, frame) if function is not None else self._own_method(node)(node, frame)

    def _own_method(self, node: nodes.Node) -> Callable[..., Any]:
        """Return the method for a kind of node, and keep it for the next."""
        method: Any = self.get_visitor(node) or self.generic_visit
        if hasattr(method, "__func__"):  # kept without the generator, which would keep itself alive
            self._own_methods[node.__class__] = method.__func__
        return method  # type: ignore[no-any-return]

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
        if node.span is None:
            self.fail(msg, node.lineno)
        line, column, end_line, end_column = node.span
        raise TemplateAssertionError(msg, node.lineno, self.name, self.filename).at(
            column, end_column if end_line == line else None
        )

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
        if text.isascii():
            return column
        if self._offsets is None:
            self._offsets = {}
        offsets = self._offsets.get(line)
        if offsets is None:
            widths = (len(char.encode("utf-8", "surrogatepass")) for char in text)
            offsets = self._offsets[line] = list(accumulate(widths, initial=0))
        return offsets[min(column, len(text))]

    def temporary_identifier(self) -> str:
        """Return a variable that nothing else uses."""
        self._last_identifier += 1
        return f".t{self._last_identifier}"

    def context(self, frame: Frame, span: Span) -> py.expr:
        """Return the active context, and note that the function needs it."""
        frame.outermost.uses_context = True
        return build.name(self._context_names[-1], span)

    def undeclared(self, body: Iterable[nodes.Node], names: Iterable[str]) -> set[str]:
        """Return which of some names are read in a body before they are assigned.

        :param body: the nodes
        :param names: the names to look for
        """
        from .analysis import find_undeclared  # noqa: PLC0415 - only asked where the marks say that it matters

        return find_undeclared(body, names)

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
