"""Output: runs of text and values become one write each.

What is known is escaped when the template is compiled. In a list the pieces are appended, in a stream they are yielded.
"""

from __future__ import annotations

import _ast as py

from dray.safe_strings import escape

from .. import nodes
from ..utils import PASS_CONTEXT, PASS_ENVIRONMENT, PASS_EVAL_CONTEXT, passed_argument
from . import build
from .expressions import DICT_ATTRIBUTES, ExpressionCode
from .frame import LoweredLoop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .build import Span
    from .frame import Frame, Unit

#: The attributes of a place in Python's tree.
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_STR_CONVERSION = 115  # what "!s" is in a FormattedValue


_UNKNOWN: Any = object()

#: The variable for the ``append`` of the list that a function writes to.
WRITER = ".out.w"
#: With fewer writes than this, looking ``append`` up for each is less code.
_FEW_WRITES = 4


class _FinalizeInfo:
    """How ``finalize`` is used: at compile time for constants, and which argument it gets first at run time."""

    __slots__ = ("const", "mark")

    def __init__(self, const: Callable[..., Any] | None, mark: str | None) -> None:
        self.const = const
        self.mark = mark


class OutputCode(ExpressionCode):
    """Generates output; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    _finalize: _FinalizeInfo | None = None

    def block_identifier(self, name: str) -> str:
        """Return the name that a block's function has, in its module and in a traceback."""
        return f'block "{name}"' + (" (stream)" if self.stream else "")

    # -- writing

    def open_buffer(self, frame: Frame, span: Span) -> list[py.stmt]:
        """Give the frame a list of its own for its output, and return the code that makes it."""
        frame.buffer = self.temporary_identifier()
        return self.make_list(frame.buffer, span)

    def make_list(self, buffer: str, span: Span) -> list[py.stmt]:
        """Return the code that makes a list for output."""
        empty = build.make(py.List, span, {"elts": [], "ctx": build.LOAD})
        return [build.put(buffer, empty, span)]

    def bind_writer(self, unit: Unit, span: Span) -> list[py.stmt]:
        """Return the code that takes the ``append`` of a function's list, if the code uses it often enough."""
        if len(unit.writes) < _FEW_WRITES:
            for call in unit.writes:
                call.func = build.attribute(build.name(".out", span), "append", span)
            return []
        return [build.put(WRITER, build.attribute(build.name(".out", span), "append", span), span)]

    def buffer_contents(self, frame: Frame, span: Span, force_unescaped: bool = False) -> py.expr:
        """Return the joined output of the frame's list, safe where output is escaped."""
        joined = build.helper(".concat", [build.name(frame.buffer, span)], span)  # type: ignore[arg-type]
        if force_unescaped:
            return joined
        if frame.eval_ctx.volatile:
            marker = self._if_escaped(build.name(".Markup", span), build.name(".identity", span), frame, span)
            return build.call(marker, [joined], span)
        return build.helper(".Markup", [joined], span) if frame.eval_ctx.autoescape else joined

    def _write_value(self, value: py.expr, frame: Frame, span: Span) -> py.stmt:
        """Return the code that writes one value, which is output already.

        Python is quickest with an ``append`` on the list itself, once it has seen it a few times; where code runs only
        once, with one that was looked up before.
        """
        buffer = frame.buffer
        if buffer is None:
            return build.statement(build.make(py.Yield, span, {"value": value}), span)
        if buffer == ".out" and not frame.unit.is_hot():
            call = build.call(build.name(WRITER, span), [value], span)
            frame.unit.writes.append(call)
            return build.statement(call, span)
        return build.append(buffer, value, span)

    def write_rendered(
        self, function: py.expr, args: list[py.expr], frame: Frame, span: Span, more: Sequence[py.expr] = ()
    ) -> py.stmt:
        """Return the code that writes what another render function makes.

        :param args: what it gets, before the list to append to if there is one
        :param more: what it gets behind that
        """
        if not self.stream:
            call: py.expr = build.call(function, [*args, build.name(str(frame.buffer), span), *more], span)
            return build.statement(build.wait(call, span) if self.is_async else call, span)
        pieces = build.call(function, [*args, *more], span)
        if self.is_async:
            if len(args) == 1:  # a block or a parent, whose code may be in the other form
                pieces = build.helper(".pieces", [function, *args], span)
            chunk = self.temporary_identifier()
            body = [self._write_value(build.name(chunk, span), frame, span)]
            return build.loop(build.store(chunk, span), pieces, body, span, is_async=True)
        if frame.buffer is None:
            return build.statement(build.make(py.YieldFrom, span, {"value": pieces}), span)
        extend = build.attribute(build.name(frame.buffer, span), "extend", span)
        return build.statement(build.call(extend, [pieces], span), span)

    def checked(self, body: list[py.stmt], frame: Frame, span: Span) -> list[py.stmt]:
        """Return *body*, run only if the template turned out to extend no other."""
        if not frame.require_output_check or not body:
            return body
        return [build.when(self.parent_is(build.IS, span), body, [], span)]

    #: Whether the code asks whether the template turned out to extend another one.
    _asks_for_parent = False

    def parent_is(self, operator: py.cmpop, span: Span) -> py.expr:
        """Return the question whether there is no parent template, or whether there is one."""
        self._asks_for_parent = True
        return build.compare(build.name(".parent", span), operator, build.const(None, span), span)

    # -- what is written

    def _default_finalize(self, value: Any) -> Any:
        """Return a constant as output."""
        return str(value)

    def _make_finalize(self) -> _FinalizeInfo:
        """Return how the environment's ``finalize`` is used."""
        if self._finalize is not None:
            return self._finalize
        finalize = self.environment.finalize
        mark = None if finalize is None else passed_argument(finalize)
        default = self._default_finalize

        def const(value: Any) -> Any:
            if finalize is None:
                return default(value)
            return default(finalize(self.environment, value) if mark == PASS_ENVIRONMENT else finalize(value))

        usable = None if mark in {PASS_CONTEXT, PASS_EVAL_CONTEXT} else const
        self._finalize = _FinalizeInfo(usable, mark)
        return self._finalize

    def _output_const_repr(self, group: list[Any]) -> str:
        """Return the source text of a run of constants as one constant."""
        return repr("".join(str(part) for part in group))

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: _FinalizeInfo) -> Any:
        """Return what is written for a constant, escaped.

        :raises Impossible: if it is only known when the template runs
        """
        value = node.as_const(frame.eval_ctx)
        if frame.eval_ctx.autoescape:
            value = escape(value)
        if isinstance(node, nodes.TemplateData):
            return str(value)
        return finalize.const(value)  # type: ignore[misc]

    #: Whether no subclass has its own way to turn constants into output, and output into source text.
    stock_constants = stock_texts = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.stock_constants = cls._output_child_to_const is OutputCode._output_child_to_const
        cls.stock_texts = cls._output_const_repr is OutputCode._output_const_repr

    def constant_output(self, node: nodes.Expr, frame: Frame) -> Any:
        """Return what is written for a node, if that is known, otherwise :data:`_UNKNOWN`."""
        is_text = node.__class__ is nodes.TemplateData
        if frame.eval_ctx.volatile:
            return node.data if is_text else _UNKNOWN  # type: ignore[attr-defined]
        if self.stock_constants:
            if is_text:
                return node.data  # type: ignore[attr-defined]
            if not isinstance(node, nodes.Literal):  # constant folding left it: its value isn't known
                return _UNKNOWN
        finalize = self._make_finalize()
        if finalize.const is None and not is_text:
            return _UNKNOWN
        try:
            return self._output_child_to_const(node, frame, finalize)
        except Exception:
            # Not known, or left to the run, so that the error comes when the place is reached.
            return _UNKNOWN

    def value_output(self, value: py.expr, frame: Frame, span: Span) -> py.expr:
        """Return what is written for a value: its text, escaped where output is."""
        if self.environment.finalize is not None:
            value = self._finalized(value, frame, span)
        if frame.eval_ctx.volatile:
            function = self._if_escaped(build.name(".escape", span), build.name(".str", span), frame, span)
            return build.call(function, [value], span)
        if self.environment.sandboxed:
            return self._guarded_text(value, ".escape" if frame.eval_ctx.autoescape else ".str", span)
        if frame.eval_ctx.autoescape:
            return build.helper(".escape", [value], span)
        return build.formatted(value, span, _STR_CONVERSION)

    def _guarded_text(self, value: py.expr, function: str, span: Span) -> py.expr:
        """Return the text of a value in a sandbox, which looks at what could become a very long one.

        :param function: makes the text; a second one does it for classes that can't become long
        """
        if isinstance(value, py.Name):
            kept = build.name(value.id, span)
        else:
            kept = build.name(self.temporary_identifier(), span)
            value = build.named(kept.id, value, span)
        short = build.compare(
            build.attribute(value, "__class__", span), build.IN, build.name(".short_types", span), span
        )
        makes_text = build.either(short, build.name(f"{function}_short", span), build.name(function, span), span)
        return build.call(makes_text, [kept], span)

    def _finalized(self, value: py.expr, frame: Frame, span: Span) -> py.expr:
        """Return a value handed through the environment's ``finalize``."""
        args = [value]
        mark = self._make_finalize().mark
        if mark == PASS_CONTEXT:
            args.insert(0, self.context(frame, span))
        elif mark == PASS_EVAL_CONTEXT:
            args.insert(0, build.attribute(self.context(frame, span), "eval_ctx", span))
        elif mark == PASS_ENVIRONMENT:
            args.insert(0, build.name(".environment", span))
        return build.call(build.attribute(build.name(".environment", span), "finalize", span), args, span)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> list[py.stmt]:
        """Write a run of text and values."""
        if frame.require_output_check and self.has_known_extends:
            return []
        span = self.span(node)
        plain = self.stock_constants and not frame.eval_ctx.volatile
        first = node.nodes[0] if len(node.nodes) == 1 else None
        if plain and self.stock_texts and first.__class__ is nodes.TemplateData and first.data:
            if first.data[0] == "\n":
                span = _behind_blanks(first.data, span)
            text = [self._write_value(build.const(first.data, span), frame, span)]
            return self.checked(text, frame, span) if frame.require_output_check else text
        body = self._written(node, frame, span, plain)
        return self.checked(body, frame, span) if frame.require_output_check else body

    def _written(self, node: nodes.Output, frame: Frame, span: Span, plain: bool) -> list[py.stmt]:
        """Return the code for a run of text and values.

        :param plain: whether text and what is no constant is known by its class
        """
        body: list[py.stmt] = []
        #: Values as expressions, what is known as a tuple of one.
        run: list[Any] = []
        computed = 0
        for child in node.nodes:
            cls = child.__class__
            if plain and cls is nodes.TemplateData:
                run.append((child.data,))  # type: ignore[attr-defined]
                continue
            if not (plain and cls in _VALUES):
                constant = self.constant_output(child, frame)
                if constant is not _UNKNOWN:
                    run.append((constant,))
                    continue
                special = self._special_output(child, frame)
                if special is not None:
                    self._flush(run, body, frame, span)
                    computed = 0
                    body += special
                    continue
            value, before = self._looked_up(child, frame)
            if before:
                computed = self._compute(run, body, computed)
                body += before
            if cls is nodes.Getattr and self._is_number(child, frame):  # type: ignore[arg-type]
                run.append(build.formatted(value, self.span(child)))
            else:
                run.append(self.value_output(value, frame, self.span(child)))
        self._flush(run, body, frame, span)
        return body

    def _is_number(self, node: nodes.Getattr, frame: Frame) -> bool:
        """Say whether an attribute is a whole number for sure, which is output as it is: one of a loop's."""
        if node.attr not in LoweredLoop.NUMBERS or not self.traits.plain_output:
            return False
        return not frame.eval_ctx.volatile and self._lowered_attribute(node, frame, self.span(node)) is not None

    def _compute(self, run: list[Any], body: list[py.stmt], start: int) -> int:
        """Put the values that have come together into variables: they are computed first, as the template has it.

        :param run: the values
        :param body: gets the code
        :param start: how many of them are computed already
        :return: how many there are
        """
        for index in range(start, len(run)):
            part = run[index]
            if part.__class__ is not tuple and not _needs_no_code(part):
                span = (part.lineno, part.col_offset, part.end_lineno, part.end_col_offset)
                kept = self.temporary_identifier()
                body.append(build.put(kept, alone(part, span), span))
                run[index] = build.name(kept, span)
        return len(run)

    # -- look-ups as statements, for what is written in loops

    def _looked_up(self, node: Any, frame: Frame) -> tuple[py.expr, list[py.stmt]]:
        """Return the expression for a value to write, and the statements that do its look-ups before.

        In loops, look-ups are statements of their own, which take Python's quickest way and leave the rest
        to an exception's handler. (20 ns for an attribute, 65 in an expression.)
        """
        before: list[py.stmt] = []
        if not self.looks_up_in_statements or not frame.unit.is_hot():
            return self.visit(node, frame), before
        cls = node.__class__
        if cls is nodes.Getattr or cls is nodes.Getitem:
            return self._look_up(node, frame, before), before
        if cls is nodes.Filter and isinstance(node.node, (nodes.Getattr, nodes.Getitem)):
            subject = self._look_up(node.node, frame, before)
            if before and type(self).visit_Filter is ExpressionCode.visit_Filter:
                return self._filter_or_test("filters", node, frame, subject), before
            if before:
                bare = nodes.Filter(None, *(getattr(node, field) for field in node.fields[1:]), lineno=node.lineno)
                bare.span = node.span
                outer, frame.filter_input = frame.filter_input, subject
                value = self.visit(bare, frame)
                frame.filter_input = outer
                return value, before
        return self.visit(node, frame), before

    def _look_up(self, node: Any, frame: Frame, before: list[py.stmt]) -> py.expr:
        """Return the expression for a chain of look-ups on a variable, whose statements are added to *before*."""
        owner = node.node
        is_item = node.__class__ is nodes.Getitem
        key = _constant_key(node) if is_item else node.attr
        if key is None or owner.__class__ not in _LOOKED_INTO or (not is_item and key in DICT_ATTRIBUTES):
            return self.visit(node, frame)  # type: ignore[no-any-return]
        if owner.__class__ is nodes.Name:
            if owner.name == "loop" and not is_item and self._lowered_attribute(node, frame, (1, 0, 1, 0)) is not None:
                return self.visit(node, frame)  # type: ignore[no-any-return]
            base: py.expr = self.visit(owner, frame)
        else:
            base = self._look_up(owner, frame, before)
        span = self.span(node)
        if not isinstance(base, py.Name):
            kept = self.temporary_identifier()
            before.append(build.put(kept, base, span))
            base = build.name(kept, span)
        constant = build.const(key, span)
        found = self.temporary_identifier()
        quick: py.expr = build.item(base, constant, span)
        if not is_item:
            quick = build.either(self.is_dict(base, frame, span), quick, build.attribute(base, key, span), span)
        before.append(build.look_up(found, quick, ".subscript" if is_item else ".lookup", base, constant, span))
        if self.is_async:
            before.append(self._await_unless_plain(found, span))
        return build.name(found, span)

    def _await_unless_plain(self, variable: str, span: Span) -> py.stmt:
        """Return the code that awaits a variable's value where it may be awaitable."""
        own_type = build.helper(".type", [build.name(variable, span)], span)
        strange = build.compare(own_type, py.NotIn(), build.name(".plain_types", span), span)
        awaited = build.wait(build.helper(".auto_await", [build.name(variable, span)], span), span)
        return build.when(strange, [build.put(variable, awaited, span)], [], span)

    def _flush(self, run: list[Any], body: list[py.stmt], frame: Frame, span: Span) -> None:
        """Write what has come together, and forget it."""
        parts: list[py.expr] = []
        constants: list[Any] = []
        values = 0
        for part in run:
            if part.__class__ is tuple:
                constants += part
                continue
            if not values:
                # Debuggers stop where the first value stands, not where the text before it begins.
                span = (part.lineno, part.col_offset, part.end_lineno, part.end_col_offset)
            values += 1
            if constants:
                self._add_constants(constants, parts, span)
                constants = []
            parts.append(part)
        if constants:
            self._add_constants(constants, parts, span)
        run.clear()
        if parts:
            body += self.write_run(parts, frame, span, values)

    def _add_constants(self, group: list[Any], parts: list[py.expr], span: Span) -> None:
        """Add a run of constants as one constant; a subclass may write its source text."""
        if not self.stock_texts:
            parts.append(parse_expression(self._output_const_repr(group), span))
            return
        text = str(group[0]) if len(group) == 1 else "".join(map(str, group))
        if text:
            parts.append(build.const(text, span))

    def write_run(self, parts: list[Any], frame: Frame, span: Span, values: int) -> list[py.stmt]:
        """Return the code that writes some values, which are output already.

        :param parts: at least one
        :param values: how many of them aren't constants
        """
        if len(parts) == 1:
            return [self._write_value(alone(parts[0], span), frame, span)]
        if values == 1 and frame.buffer is not None and frame.unit.loops:
            # Text around one value is quicker in pieces, around several in one (70 and 80 ns); it is more code, though.
            return [self._write_value(alone(part, span), frame, span) for part in parts]
        return [self._write_value(build.text(parts, span), frame, span)]

    # -- calls that write by themselves

    def _special_output(self, node: nodes.Expr, frame: Frame) -> list[py.stmt] | None:
        """Return the code for a call that can write its result itself, or ``None``."""
        if self.stream or not isinstance(node, nodes.Call):
            return None
        plain = self.traits.plain_output and self.traits.plain_call
        return self._write_output_call(node, frame) if plain else None

    def _write_output_call(
        self, node: nodes.Call, frame: Frame, forward_caller: str | None = None
    ) -> list[py.stmt] | None:
        """Return the code for a call whose result is written: macros write by themselves."""
        span = self.span(node)
        if self._lowered_call(node, frame, span) is not None or frame.eval_ctx.volatile:
            return None
        callee = node.node
        plain = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        if plain and isinstance(callee, nodes.Name) and callee.name == "super" and self._is_super(frame):
            current = build.name(self.block_identifier(str(frame.block)), span)
            args = [self.context(frame, span), build.const(frame.block, span), current]
            parent = build.helper(".parent_block", args, span)
            return [self.write_rendered(parent, [self.context(frame, span)], frame, span)]
        return self._write_any_call(node, frame, forward_caller)

    def _write_any_call(self, node: nodes.Call, frame: Frame, forward_caller: str | None) -> list[py.stmt]:
        """Return the code for a call whose result is written."""
        span = self.span(node)
        callee = self.visit(node.node, frame)
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if frame.unit.is_hot() and isinstance(callee, py.Name) and plain:
            return self._write_macro_call(node, callee, frame, forward_caller)
        args, keywords = self.arguments(node.args, node.kwargs, node.dyn_args, node.dyn_kwargs, frame, span)
        if forward_caller is not None:
            keywords = [*keywords, build.keyword("caller", build.name(forward_caller, span), span)]
        if self.is_async:
            return self._write_async_call(callee, args, keywords, frame, span, forward_caller is not None)
        escaping = self._escaping(frame, span, forward_caller)
        values = [build.name(str(frame.buffer), span), escaping, self.context(frame, span)]
        writer = ".write_call"
        if frame.local_vars is not None:
            writer = ".write_call_within"
            values.append(build.name(frame.local_vars, span))
        return [build.statement(build.helper(writer, [*values, callee, *args], span, keywords), span)]

    @staticmethod
    def _escaping(frame: Frame, span: Span, forward_caller: str | None = None) -> py.expr:
        """Return the function that makes output of a value; what a call block's call returns is output already."""
        if forward_caller is not None:
            return build.name(".identity", span)
        return build.name(".escape" if frame.eval_ctx.autoescape else ".str", span)

    def _write_macro_call(
        self, node: nodes.Call, callee: py.Name, frame: Frame, forward_caller: str | None
    ) -> list[py.stmt]:
        """Return the code for a call whose result is written and that is probably one of a template's macro: its own
        function is looked for first, and called with the list to append to."""
        span = self.span(node)
        body: list[py.stmt] = []
        args: list[Any] = []
        computed = 0
        for argument in node.args:
            value, before = self._looked_up(argument, frame)
            if before:
                computed = self._compute(args, body, computed)
                body.extend(before)
            args.append(value)
        choice = [callee, build.const(len(args), span), self.context(frame, span)]
        if frame.local_vars is not None or not frame.eval_ctx.autoescape or forward_caller is not None:
            choice.append(self._escaping(frame, span, forward_caller))
        if frame.local_vars is not None:
            choice.append(build.name(frame.local_vars, span))
        writer = build.helper(".writer" if forward_caller is None else ".caller_writer", choice, span)
        values = [build.name(str(frame.buffer), span), *args]
        if forward_caller is not None:
            values.insert(1, build.name(forward_caller, span))
        call: py.expr = build.call(writer, values, span)
        return [*body, build.statement(build.wait(call, span) if self.is_async else call, span)]

    def _write_async_call(
        self,
        callee: py.expr,
        args: list[py.expr],
        keywords: list[py.keyword],
        frame: Frame,
        span: Span,
        is_output: bool,
    ) -> list[py.stmt]:
        """Return the code for a call of an asynchronous template whose result is written.

        :param is_output: whether the result is output already
        """
        context = self.context(frame, span)
        if frame.local_vars is not None:
            function: py.expr = build.name(".call_within", span)
            values = [context, build.name(frame.local_vars, span), callee, *args]
        else:
            function, values = build.name(".call", span), [context, callee, *args]
        result = self.awaited(build.call(function, values, span, keywords), span)
        value = result if is_output else alone(self.value_output(result, frame, span), span)
        return [self._write_value(value, frame, span)]

    def _is_super(self, frame: Frame) -> bool:
        """Say whether ``super`` is the parent's block here, and no variable of the template."""
        load = frame.symbols.find_load("super")
        return (
            frame.block is not None
            and frame.symbols.find_ref("super") == "super"
            and load is not None
            and load[0] == "param"
        )


def parse_expression(text: str, span: Span) -> py.expr:
    """Return the tree of an expression's source text, all of it at one place.

    :param text: Python source
    """
    import ast  # noqa: PLC0415 - only for code generators that write text

    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.__dict__.update(zip(_PLACE, span, strict=True))
    return tree


def alone(value: py.expr, span: Span) -> py.expr:
    """Return a piece of output as an expression that can stand alone."""
    return build.joined([value], span) if isinstance(value, py.FormattedValue) else value


def _needs_no_code(part: py.expr) -> bool:
    """Say whether nothing is called for a value: a variable, a constant, a number that :meth:`OutputCode._is_number`
    found."""
    if isinstance(part, py.FormattedValue):
        return part.conversion == -1
    return isinstance(part, (py.Name, py.Constant))


#: What a look-up may begin with.
_LOOKED_INTO = frozenset({nodes.Name, nodes.Getattr, nodes.Getitem})
#: What is no constant after constants were folded, and no call that writes its result itself.
_VALUES = frozenset({nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Filter})


def _behind_blanks(text: str, span: Span) -> Span:
    """Return the place of the first line with something in it, so that coverage tells a branch from its condition."""
    blanks = len(text) - len(text.lstrip())
    if blanks == len(text):
        return span
    line = span[0] + text.count("\n", 0, blanks)
    return line, 0, line, 0


def _constant_key(node: nodes.Getitem) -> str | None:
    """Return the key of an item that is looked up, if it is a constant text."""
    key = node.arg
    return key.value if isinstance(key, nodes.Const) and isinstance(key.value, str) else None
