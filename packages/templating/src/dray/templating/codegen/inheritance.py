"""The template as a whole: root and block functions, extends, include, import.

Three shapes of a root function: ``root(context, out)`` appends to a list, the streaming form yields, and a template
that needs no context becomes ``direct(vars, resolve)``, which returns its text.
"""

from __future__ import annotations

import _ast as py

from .. import nodes
from .._marks import BLOCK, EXTENDS, SELF_SUPER, assigns_within, mark, marks_of
from . import build
from .control import MAX_LOOPS
from .frame import Frame
from .macros import MacroCode
from .output import WRITER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .build import Span
    from .frame import Unit

_TOP: Span = (1, 0, 1, 0)
#: What the three shapes of a root function take.
_LIST = build.parameters([".context", ".out"], [], _TOP)
_STREAM = build.parameters([".context"], [], _TOP)
_DIRECT = build.parameters([".vars", ".resolve"], [], _TOP)


class CompilerExit(Exception):
    """Raised when the rest of a template can't be reached: it extends two others for sure."""


class InheritanceCode(MacroCode):
    """Generates the module; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    def root_identifier(self) -> str:
        """Return the name that the root function has in a traceback."""
        return f'template "{self.name or "<string>"}"' + (" (stream)" if self.stream else "")

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> py.Module:
        """Return the module of a template."""
        eval_ctx = nodes.EvalContext(self.environment, self.name)
        marks = mark(node)
        have_extends = bool(marks & EXTENDS)
        if marks & BLOCK:
            self._collect_blocks(node)
        root, is_direct = self._root(node, eval_ctx, have_extends)
        body = [root]
        functions: list[tuple[str, str | None]] = []
        for name, block in self.blocks.items():
            function = self._block_function(name, block, nodes.EvalContext(self.environment, self.name))
            functions.append((name, None if function is None else self.block_identifier(name)))
            if function is not None:
                body.append(function)
        blocks = tuple(functions)
        about = (
            self.root_identifier(), is_direct, blocks, tuple(self._definitions), tuple(self._undefined.items()),
            self.name, self.source,
        )  # fmt: skip
        body.append(build.put(".stream" if self.stream else ".template", build.constants(about, _TOP), _TOP))
        return build.module(body)

    def _collect_blocks(self, node: nodes.Template) -> None:
        """Take down the blocks by name."""
        for block in node._blocks if getattr(node, "_fresh", False) else node.find_all(nodes.Block):
            if block.name in self.blocks:
                self.fail_at(f"block {block.name!r} defined twice", block)
            self.blocks[block.name] = block

    # -- functions

    def _root(self, node: nodes.Template, eval_ctx: nodes.EvalContext, have_extends: bool) -> tuple[py.stmt, bool]:
        """Return the definition of the root function, and whether it is one that needs no context."""
        frame = Frame(eval_ctx)
        frame.buffer = None if self.stream else ".out"
        frame.toplevel = frame.rootlevel = True
        frame.require_output_check = have_extends
        opening: list[py.stmt] = []
        if marks_of(node) & SELF_SUPER and "self" in self.undeclared(node.body, ("self",)):
            target = frame.symbols.declare_parameter("self")
            reference = build.helper(".TemplateReference", [self.context(frame, _TOP)], _TOP)
            opening.append(build.put(target, reference, _TOP))
        frame.symbols.analyze_node(node)
        entering = self.enter_frame(frame)
        try:
            content = self.blockvisit(node.body, frame)
        except CompilerExit:
            content = self._last_extends
        if have_extends:
            content.extend(self._parent_call(frame))
            if self._asks_for_parent:
                opening.append(build.put(".parent", build.const(None, _TOP), _TOP))
        loads = self.needed(entering, frame.unit)
        content[:0] = self.function_prelude(frame.unit, _TOP)
        needs_context = frame.unit.uses_context or self.is_async or bool(self.blocks)
        too_deep = self.stream and frame.unit.deepest == MAX_LOOPS
        plain = self.plain_undefined and self.traits.plain_output
        if self.allow_direct and plain and not (needs_context or too_deep):
            for lookup in frame.unit.lookups:
                _read_directly(lookup)
            return self._direct_function([*opening, *loads], content, frame.unit), True
        return self._render_function(self.root_identifier(), opening, loads, content, frame), False

    allow_direct = True

    def _parent_call(self, frame: Frame) -> list[py.stmt]:
        """Return the code that renders the parent template."""
        call = self.write_rendered(build.name(".parent", _TOP), [self.context(frame, _TOP)], frame, _TOP)
        if self.has_known_extends:
            return [call]
        return [build.when(self.parent_is(build.IS_NOT, _TOP), [call], [], _TOP)]

    def _direct_function(self, loads: list[py.stmt], content: list[py.stmt], unit: Unit) -> py.stmt:
        """Return the definition of a function from variables to text, or to an iterator over its pieces.

        :param loads: the code that gives variables their first values
        :param content: what comes behind
        """
        name = self.root_identifier()
        if self.stream:
            return build.function(name, _DIRECT, _yielding(loads, content), _TOP)
        body = [*loads, *content]
        text = _only_write(body)
        if text is not None:
            body = [*body[:-1], build.give_back(text, _TOP)]
        else:
            joined = build.call(build.name(".concat", _TOP), [build.name(".out", _TOP)], _TOP)
            opening = [*self.make_list(".out", _TOP), *self.bind_writer(unit, _TOP)]
            body = [*opening, *body, build.give_back(joined, _TOP)]
        return build.function(name, _DIRECT, body, _TOP)

    def _render_function(
        self, name: str, first: list[py.stmt], loads: list[py.stmt], content: list[py.stmt], frame: Frame
    ) -> py.stmt:
        """Return the definition of a function that renders into a list, or yields.

        :param first: what comes before variables get their first values
        :param loads: the code that gives them
        :param content: what comes behind
        """
        opening: list[py.stmt] = []
        if frame.buffer is not None:
            opening.extend(self.bind_writer(frame.unit, _TOP))
        resolve = build.attribute(build.name(".context", _TOP), self.resolve_method, _TOP)
        if self._parts:
            opening.append(build.put(".resolve", resolve, _TOP))
        else:
            loads = _look_up_in(resolve, loads, frame.unit.lookups)
        if frame.buffer is None:
            # A generator even where nothing is written.
            content = [*content, _never_yield()]
        body = [*opening, *first, *loads, *content]
        return build.function(name, _STREAM if frame.buffer is None else _LIST, body, _TOP, self.is_async)

    def _block_function(self, name: str, block: nodes.Block, eval_ctx: nodes.EvalContext) -> py.stmt | None:
        """Return the definition of a block's function; an empty one needs none."""
        if not (block.body or self.stream or self.is_async):
            return None
        span = self.span(block)
        frame = Frame(eval_ctx)
        frame.block_frame = True
        frame.block = name
        frame.buffer = None if self.stream else ".out"
        identifier = self.block_identifier(name)
        opening: list[py.stmt] = []
        undeclared = self.undeclared(block.body, ("self", "super")) if marks_of(block) & SELF_SUPER else ()
        if "self" in undeclared:
            target = frame.symbols.declare_parameter("self")
            reference = build.helper(".TemplateReference", [self.context(frame, span)], span)
            opening.append(build.put(target, reference, span))
        uses_super = "super" in undeclared
        if uses_super:
            frame.symbols.declare_parameter("super")
        if assigns_within(block):
            frame.local_vars = self.temporary_identifier()
            opening.append(build.put(frame.local_vars, build.mapping({}, span), span))
        frame.symbols.analyze_node(block)
        entering = self.enter_frame(frame)
        content = self.blockvisit(block.body, frame)
        loads = self.needed(entering, frame.unit)
        if uses_super and (self._parts or "super" in frame.unit.read_early):
            method = build.attribute(self.context(frame, span), "super", span)
            args = [build.const(name, span), build.name(identifier, span)]
            opening.append(build.put("super", build.call(method, args, span), span))
        content = [*self.function_prelude(frame.unit, span), *content]
        return self._render_function(identifier, opening, loads, content, frame)

    # -- statements

    def visit_Block(self, node: nodes.Block, frame: Frame) -> list[py.stmt]:
        """Render a block where it stands, the way the most derived template has it."""
        span = self.span(node)
        if frame.toplevel and self.has_known_extends:
            return []
        context = self.scoped_context(frame, span) if node.scoped else self.context(frame, span)
        body: list[py.stmt] = []
        if node.required:
            args = [self.context(frame, span), build.const(node.name, span)]
            body.append(build.statement(build.helper(".require_block", args, span), span))
        stack = build.attribute(self.context(frame, span), "_blocks", span)
        functions = build.item(stack, build.const(node.name, span), span)
        function = build.item(functions, build.const(0, span), span)
        body.append(self.write_rendered(function, [context], frame, span))
        if frame.toplevel and self.extends_so_far:
            return [build.when(self.parent_is(build.IS, span), body, [], span)]
        return body

    def visit_Extends(self, node: nodes.Extends, frame: Frame) -> list[py.stmt]:
        """Choose the parent template."""
        if not frame.toplevel:
            self.fail_at("cannot use extend from a non top-level scope", node)
        span = self.span(node)
        body: list[py.stmt] = []
        if self.extends_so_far:
            refuse = build.statement(build.helper(".refuse_second_parent", [], span), span)
            if self.has_known_extends:
                return [refuse]
            body.append(build.when(self.parent_is(build.IS_NOT, span), [refuse], [], span))
        how = build.constants((self.name, self.stream), span)
        args = [self.context(frame, span), self.visit(node.template, frame), how]
        body.append(build.put(".parent", build.helper(".load_parent", args, span), span))
        if frame.rootlevel:
            self.has_known_extends = True
        self.extends_so_far += 1
        return body

    def _seen_locals(self, frame: Frame, with_context: bool, span: Span) -> list[py.expr]:
        """Return the local variables that another template gets to see, as an argument if there are any."""
        variables = self.named_variables(frame, span) if with_context and not frame.toplevel else {}
        return [build.mapping(variables, span)] if variables else []

    def visit_IncludeWith(self, node: nodes.IncludeWith, frame: Frame) -> list[py.stmt]:
        """Render another template with variables of its own."""
        span = self.span(node)
        values: dict[str, py.expr] = {}
        if node.with_context and not frame.toplevel:
            values = self.named_variables(frame, span)
        for pair in node.values.items:
            values[pair.key.value] = self.visit(pair.value, frame)  # type: ignore[attr-defined]
        return self._include(node, [build.mapping(values, span)], frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> list[py.stmt]:
        """Render another template."""
        return self._include(node, self._seen_locals(frame, node.with_context, self.span(node)), frame)

    def _include(self, node: nodes.Include, local: list[py.expr], frame: Frame) -> list[py.stmt]:
        """Return the code that renders another template.

        :param local: the variables of the place, if there are any
        """
        span = self.span(node)
        method = _loading_method(node.template)
        how = build.constants((self.name, bool(node.ignore_missing), bool(node.with_context), method), span)
        args = [self.context(frame, span), self.visit(node.template, frame), how]
        function = build.name(".include_stream" if self.stream else ".include", span)
        return [self.write_rendered(function, args, frame, span, local)]

    def _import(
        self, helper: str, more: tuple[Any, ...], node: nodes.Import | nodes.FromImport, frame: Frame
    ) -> py.expr:
        """Return the expression that imports another template.

        :param helper: the function that does it
        :param more: what else it is told
        """
        span = self.span(node)
        how = build.constants((self.name, bool(node.with_context), *more), span)
        args = [self.context(frame, span), self.visit(node.template, frame), how]
        args += self._seen_locals(frame, node.with_context, span)
        imported: py.expr = build.helper(helper, args, span)
        return build.wait(imported, span) if self.is_async else imported

    def visit_Import(self, node: nodes.Import, frame: Frame) -> list[py.stmt]:
        """Import another template as a module."""
        span = self.span(node)
        target = frame.symbols.ref(node.target)
        module = self._import(".import_module", (), node, frame)
        frame.assigned.add(target)
        if frame.toplevel:
            method = build.attribute(self.context(frame, span), "_import_name", span)
            module = build.call(method, [build.const(node.target, span), module], span)
        return [build.put(target, module, span)]

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> list[py.stmt]:
        """Import names from another template."""
        span = self.span(node)
        place = f"line {node.lineno}" + (f" in {self.name!r}" if self.name is not None else "")
        pairs = tuple([entry if isinstance(entry, tuple) else (entry, entry) for entry in node.names])
        found = self._import(".import_names", (frame.toplevel, place, pairs), node, frame)
        targets: list[py.expr] = []
        for _, alias in pairs:
            target = frame.symbols.ref(alias)
            frame.assigned.add(target)
            targets.append(build.store(target, span))
        return [build.assign(build.sequence(targets, span, build.STORE), found, span)]


def _loading_method(target: nodes.Expr) -> str:
    """Return the method of the environment that loads what a template includes."""
    value = target.value if isinstance(target, nodes.Const) else None
    if isinstance(value, str):
        return "get_template"
    several = isinstance(value, (tuple, list)) or isinstance(target, (nodes.Tuple, nodes.List))
    return "select_template" if several else "get_or_select_template"


def _never_yield() -> py.stmt:
    """Return a ``yield`` that is never reached: it makes a function a generator."""
    pause = build.statement(build.make(py.Yield, _TOP, {"value": build.const("", _TOP)}), _TOP)
    return build.when(build.const(False, _TOP), [pause], [], _TOP)


def _noting_errors(body: list[py.stmt]) -> py.stmt:
    """Return code that notes on an error where in the template it happened, for a function that users run as it is."""
    note = build.statement(build.helper(".note_place", [], _TOP), _TOP)
    again = build.make(py.Raise, _TOP, {"exc": None, "cause": None})
    handling = {"type": build.name(".Exception", _TOP), "name": None, "body": [note, again]}
    handler = build.make(py.ExceptHandler, _TOP, handling)
    return build.make(py.Try, _TOP, {"body": body, "handlers": [handler], "orelse": [], "finalbody": []})


def _yielding(loads: list[py.stmt], content: list[py.stmt]) -> list[py.stmt]:
    """Return the body of a generator that notes the places of errors.

    Text that it begins with comes before everything else. There is nothing to note there, and a generator is dropped
    sooner where nothing around its place handles errors.

    :param loads: the code that gives variables their first values
    :param content: what comes behind
    """
    begins_with_text = bool(content) and _is_text(content[0])
    text, content = (content[:1], content[1:]) if begins_with_text else ([], content)
    return [*text, _noting_errors([*loads, *content, _never_yield()])]


def _is_text(statement: py.stmt) -> bool:
    """Say whether a statement yields text of the template and does nothing else."""
    written = getattr(statement, "value", None)
    return isinstance(statement, py.Expr) and isinstance(written, py.Yield) and isinstance(written.value, py.Constant)


def _only_write(body: list[py.stmt]) -> Any:
    """Return what is written, if that is the last statement's and no other's business."""
    if not body:
        return build.const("", _TOP)
    text = _written(body[-1])
    if text is None or not all(isinstance(statement, py.Assign) for statement in body[:-1]):
        return None
    return text


def _written(statement: py.stmt) -> Any:
    """Return the value that a statement writes, if that is all it does."""
    value = getattr(statement, "value", None)
    if isinstance(statement, py.Expr) and isinstance(value, py.Call) and isinstance(value.func, py.Name):
        return value.args[0] if value.func.id == WRITER else None
    return None


def _look_up_in(resolve: py.Attribute, loads: list[py.stmt], lookups: list[Any]) -> list[py.stmt]:
    """Let look-ups of variables use a method of the context, and return what a function begins with.

    Many at its beginning are one statement: ``a, b, c = map(context.resolve, ("a", "b", "c"))`` is half of Python's
    tree.

    :param loads: what gives the function's variables their first values
    :param lookups: all look-ups within the function, those of inner scopes and functions too
    """
    for statement in lookups:  # each has its own node: text is made of nodes that stand in one place
        statement.value.func = build.attribute(resolve.value, resolve.attr, _TOP)
    known = set(lookups)
    first: list[Any] = [statement for statement in loads if statement in known]
    if len(first) <= 2:
        return loads
    names = tuple([statement.value.args[0].value for statement in first])
    targets = [statement.targets[0] for statement in first]
    found = build.helper(".map", [resolve, build.constants(names, _TOP)], _TOP)
    others = [statement for statement in loads if statement not in known]
    return [build.assign(build.sequence(targets, _TOP, build.STORE), found, _TOP), *others]


def _read_directly(lookup: Any) -> None:
    """Let the look-up of a variable try the dict first: ``vars[x] if x in vars else resolve(x)``."""
    key = lookup.value.args[0]
    test = build.compare(key, build.IN, build.name(".vars", _TOP), _TOP)
    found = build.item(build.name(".vars", _TOP), key, _TOP)
    lookup.value = build.either(test, found, lookup.value, _TOP)
