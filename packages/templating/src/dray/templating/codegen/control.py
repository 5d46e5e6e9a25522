"""Control flow: conditions, loops, filter blocks, scopes and modifiers.

A loop that doesn't use ``loop`` is a bare ``for``; one that uses only its numbers counts them in local variables;
only where ``loop`` has to be an object is it one.
"""

from __future__ import annotations

import _ast as py

from .. import nodes
from .._marks import ASSIGN, BREAK, CALL, LOOP, SCOPED_BLOCK, STORED_LOOP, assigns_within, marks_of
from . import build
from .frame import LoweredLoop, Unit
from .names import NameCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .build import Span
    from .frame import Frame

    Branch = tuple[py.expr, list[py.stmt], list[py.stmt], Span]

#: Loops within loops of one function: Python allows 20 blocks.
MAX_LOOPS = 18
#: Conditions of one chain that are nested as Python nests them.
CHAINED_BRANCHES = 50


class ControlCode(NameCode):
    """Generates control flow; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    def visit_If(self, node: nodes.If, frame: Frame) -> list[py.stmt]:
        """Run one of several bodies."""
        branches = [node, *node.elif_]
        frames = [frame.soft() for _ in branches]
        tests = [self._looked_up(branch.test, inner) for branch, inner in zip(branches, frames, strict=True)]
        bodies = [self.blockvisit(branch.body, inner) for branch, inner in zip(branches, frames, strict=True)]
        orelse: list[py.stmt] = []
        if node.else_:
            last = frame.soft()
            orelse = self.blockvisit(node.else_, last)
            frame.assigned |= set.intersection(last.assigned, *(inner.assigned for inner in frames))
        chain = [
            (test, before, body, self.span(branch))
            for branch, (test, before), body in zip(branches, tests, bodies, strict=True)
        ]
        if len(chain) > CHAINED_BRANCHES:
            return self._long_chain(chain, orelse)
        return _chained(chain, orelse)

    def _long_chain(self, chain: list[Branch], orelse: list[py.stmt]) -> list[py.stmt]:
        """Return a chain of conditions in pieces of bounded depth, each run if none before it came true."""
        going_on = self.temporary_identifier()
        code: list[py.stmt] = []
        for start in range(0, len(chain), CHAINED_BRANCHES):
            piece = chain[start : start + CHAINED_BRANCHES]
            span = piece[0][3]
            is_last = start + len(piece) == len(chain)
            otherwise: list[py.stmt] = orelse if is_last else [build.put(going_on, build.const(True, span), span)]
            part = [build.put(going_on, build.const(False, span), span), *_chained(piece, otherwise)]
            code += [build.when(build.name(going_on, span), part, [], span)] if start else part
        return code

    # -- loops

    def visit_For(self, node: nodes.For, frame: Frame) -> list[py.stmt]:
        """Run a body for each item."""
        if marks_of(node) & STORED_LOOP:
            self._check_target(node)
        uses_loop = self._uses_loop(node)
        attributes = self._loop_attributes(node) if uses_loop else set()
        if node.recursive:
            return self._recursive_loop(node, frame)
        return self._plain_loop(node, frame, uses_loop, attributes)

    def _check_target(self, node: nodes.For) -> None:
        """Refuse an assignment to ``loop``."""
        for part in (node.target, *node.body):
            for name in (part, *part.find_all(nodes.Name)):
                if isinstance(name, nodes.Name) and name.name == "loop" and name.ctx == "store":
                    self.fail_at("Can't assign to special loop variable in for-loop target", name)

    def _loop_attributes(self, node: nodes.For) -> set[str] | None:
        """Return which attributes of ``loop`` the body uses, ``None`` if ``loop`` has to be an object."""
        from .analysis import loop_attributes  # noqa: PLC0415 - most templates use no ``loop``

        return loop_attributes(node, self.fresh)

    def _uses_loop(self, node: nodes.For) -> bool:
        """Say whether the body can see ``loop``, or hands it on."""
        if node.recursive:
            return True
        if not marks_of(node) & (LOOP | SCOPED_BLOCK):
            return False
        if "loop" in self.undeclared(node.body, ("loop",)):
            return True
        return any(block.scoped for block in node.find_all(nodes.Block))

    def _loop_frame(self, node: nodes.For, frame: Frame) -> Frame:
        """Return the frame of a scope within a loop.

        Where nothing is called, nobody can change the context in between: what the scope only reads is looked up once,
        before the outermost such loop. Otherwise it is looked up where the scope begins.
        """
        inner = frame.inner()
        if self.plain_undefined and not marks_of(node) & CALL:
            inner.symbols.wanted = frame.unit.wanted
        return inner

    def _before_loop(self, frame: Frame, span: Span) -> list[py.stmt]:
        """Return what has to stand before the loop that was just made.

        :param frame: the frame around the loop
        """
        unit = frame.unit
        body: list[py.stmt] = []
        if unit.wanted and frame.symbols.wanted is None:
            body = self.wanted_loads(unit.wanted, frame, span)
        if not unit.loops:
            body += unit.before_loop
            unit.before_loop = []
        return body

    def _body_frame(self, node: nodes.For, frame: Frame, lowered: LoweredLoop | None, uses_loop: bool) -> Frame:
        """Return the frame of a loop's body."""
        inner = self._loop_frame(node, frame)
        inner.loop_frame = True
        if uses_loop:
            inner.symbols.declare_parameter("loop")
            inner.symbols.lowered_loop = lowered  # type: ignore[attr-defined]
        inner.symbols.analyze_node(node, for_branch="body")
        return inner

    def _round(self, node: nodes.For, inner: Frame, span: Span) -> list[py.stmt]:
        """Return the code of one round."""
        body: list[py.stmt] = []
        if assigns_within(node):
            inner.local_vars = self.temporary_identifier()
            body.append(build.put(inner.local_vars, build.mapping({}, span), span))
        body.extend(self.enter_frame(inner))
        if not inner.unit.loops:
            inner.unit.loop_span = span
        inner.unit.loops += 1
        inner.unit.deepest = max(inner.unit.deepest, inner.unit.loops)
        if inner.unit.loops > MAX_LOOPS:
            self.fail_at(f"loops are nested more than {MAX_LOOPS} deep", node)
        unit = inner.outermost
        flags = {target: f".is_dict {target}" for target in self._lasting_targets(node, inner)}
        unit.dict_flags.update(flags)
        content: list[py.stmt] = self.blockvisit(node.body, inner)
        for target, flag in flags.items():
            del unit.dict_flags[target]
            if flag in unit.used_flags:
                body.append(build.put(flag, self.is_dict(build.name(target, span), inner, span), span))
        inner.unit.loops -= 1
        return body + content

    def _lasting_targets(self, node: nodes.For, inner: Frame) -> list[str]:
        """Return the variables of a loop that keep their value for a whole round, if look-ups care for it."""
        if not self.traits.plain_lookup or self.environment.sandboxed:
            return []
        if marks_of(node) & ASSIGN and any(part.find(nodes.AssignOuter) is not None for part in node.body):
            return []
        names = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        targets = [inner.symbols.ref(name.name) for name in names if isinstance(name, nodes.Name)]
        return [target for target in targets if target not in inner.symbols.names.rebound]

    def _plain_loop(self, node: nodes.For, frame: Frame, uses_loop: bool, attributes: set[str] | None) -> list[py.stmt]:
        """Return the code of a loop that isn't recursive."""
        span = self.span(node)
        lowered = self._lower(node, frame, attributes) if uses_loop else None
        iterable = self._awaited_iterable(node, frame, self.visit(node.iter, frame), uses_loop and lowered is None)
        inner = self._body_frame(node, frame, lowered, uses_loop)
        target = self.visit(node.target, inner)
        before: list[py.stmt] = []
        filtering: list[py.stmt] = []
        if node.test is not None and uses_loop:
            filtering, iterable = self._filtered(node, frame, iterable)
        is_async = self._is_async_loop(node, uses_loop and lowered is None)
        if lowered is not None:
            before, target, iterable = self._count(lowered, target, iterable, span)
        elif uses_loop:
            target, iterable = self._loop_object(inner, target, iterable, span)
        body = self._round(node, inner, span)
        if node.test is not None and not uses_loop:
            filtering, test = self._test(node, frame)
            body = [build.when(test, body, [], self.span(node.test))]
        before = [*self._before_loop(frame, span), *filtering, *before]
        last0 = lowered.last0 if lowered is not None and lowered.needs_length else None
        return before + self._with_else(node, frame, target, iterable, body, is_async, last0)

    def _with_else(
        self, node: nodes.For, frame: Frame, target: py.expr, iterable: py.expr, body: list[py.stmt], is_async: bool,
        last0: str | None = None,
    ) -> list[py.stmt]:  # fmt: skip
        """Return a loop, and what runs when there was no item.

        :param last0: variable with the index of the last item, if that is known
        """
        span = self.span(node)
        if self.environment.sandboxed:
            out = build.const(None, span) if frame.buffer is None else build.name(frame.buffer, span)
            iterable = build.helper(".steps_async" if is_async else ".steps", [iterable, out], span)
        if not node.else_:
            return [build.loop(target, iterable, body, span, is_async)]
        else_frame = frame.inner()
        else_frame.symbols.analyze_node(node, for_branch="else")
        orelse = [*self.enter_frame(else_frame), *self.blockvisit(node.else_, else_frame)]
        if last0 is not None:
            nothing = build.compare(build.name(last0, span), py.Lt(), build.const(0, span), span)
            return [build.loop(target, iterable, body, span, is_async), build.when(nothing, orelse, [], span)]
        empty = self.temporary_identifier()
        seen = build.put(empty, build.const(False, span), span)
        if node.test is not None and body and isinstance(body[0], py.If) and len(body) == 1:
            body[0].body.insert(0, seen)
        else:
            body = [seen, *body]
        return [
            build.put(empty, build.const(True, span), span),
            build.loop(target, iterable, body, span, is_async),
            build.when(build.name(empty, span), orelse, [], span),
        ]

    def _lower(self, node: nodes.For, frame: Frame, attributes: set[str] | None) -> LoweredLoop | None:
        """Return the loop with its numbers in variables, if that is enough and changes nothing that can be observed."""
        if attributes is None or not self.traits.plain_lookup:
            return None
        lowered = LoweredLoop(frame.symbols.level + 1, attributes)
        if lowered.needs_length and (self.stream or node.test is not None or _may_break(node)):
            return None  # the items have to be read one by one
        if self.is_async and (node.test is not None or self._is_async_loop(node, False)):
            return None
        return lowered

    def _count(
        self, lowered: LoweredLoop, target: py.expr, iterable: py.expr, span: Span
    ) -> tuple[list[py.stmt], py.expr, py.expr]:
        """Return what runs before a counting loop, its target and its iterable."""
        before: list[py.stmt] = []
        if "changed" in lowered.used:
            before.append(build.put(lowered.changes, build.helper(".Changes", [], span), span))
        if lowered.needs_length:
            items = self.temporary_identifier()
            found = build.sequence([build.store(items, span), build.store(lowered.last0, span)], span, build.STORE)
            before.append(build.assign(found, build.helper(".sized", [iterable], span), span))
            iterable = build.name(items, span)
        if lowered.used & (LoweredLoop.ATTRIBUTES - {"length", "changed", "depth", "depth0"}):
            elements = [build.store(lowered.index0, span), target]
            target = build.sequence(elements, span, build.STORE)
            iterable = build.helper(".enumerate", [iterable], span)
        return before, target, iterable

    def _loop_object(self, inner: Frame, target: py.expr, iterable: py.expr, span: Span) -> tuple[py.expr, py.expr]:
        """Return the target and iterable of a loop with an object."""
        variable = build.store(inner.symbols.ref("loop"), span)
        pair = build.sequence([target, variable], span, build.STORE)
        cls = ".AsyncLoopContext" if self.is_async else ".LoopContext"
        return pair, build.helper(cls, [iterable, build.name(".undefined", span)], span)

    def _is_async_loop(self, node: nodes.For, has_object: bool) -> bool:
        return self.is_async and (has_object or self.stream or _may_break(node))

    def _awaited_iterable(self, node: nodes.For, frame: Frame, iterable: py.expr, has_object: bool) -> py.expr:
        """Return what a loop of an asynchronous template iterates over."""
        if not self.is_async or has_object:
            return iterable
        span = self.span(node.iter)
        if self._is_async_loop(node, has_object):
            return build.helper(".auto_aiter", [iterable], span)
        kept = self.temporary_identifier()
        named = build.named(kept, iterable, span)
        own_type = build.helper(".type", [named], span)
        plain = build.compare(own_type, build.IN, build.name(".sequence_types", span), span)
        listed = build.wait(build.helper(".auto_to_list", [build.name(kept, span)], span), span)
        return build.either(plain, build.name(kept, span), listed, span)

    def _test_frame(self, node: nodes.For, frame: Frame) -> tuple[list[py.stmt], Frame]:
        """Return what runs before a loop with a condition, and the condition's frame.

        What the condition only reads is looked up once, into variables that the body doesn't use.
        """
        inner = self._loop_frame(node, frame)
        wanted: dict[str, str] = {}
        if inner.symbols.wanted is None:
            inner.symbols.wanted = wanted
        inner.symbols.analyze_node(node, for_branch="test")
        return self.wanted_loads(wanted, inner, self.span(node)), inner

    def _test(self, node: nodes.For, frame: Frame) -> tuple[list[py.stmt], py.expr]:
        """Return what runs before a loop with a condition, and the condition in terms of the loop's own target."""
        assert node.test is not None
        before, inner = self._test_frame(node, frame)
        return before, self.visit(node.test, inner)

    def _filtered(self, node: nodes.For, frame: Frame, iterable: py.expr) -> tuple[list[py.stmt], py.expr]:
        """Return what runs before, and a generator of the items that a loop's condition lets through."""
        span = self.span(node)
        lookups, inner = self._test_frame(node, frame)
        item = self.temporary_identifier()
        if self.is_async:
            iterable = build.helper(".auto_aiter", [iterable], span)
        # Python allows no assignment expressions in what a comprehension iterates over.
        items = self.temporary_identifier()
        before: list[py.stmt] = [build.put(items, iterable, span), *lookups]
        once = build.make(py.List, span, {"elts": [build.name(item, span)], "ctx": build.LOAD})
        assert node.test is not None
        generators = [
            _comprehension(build.store(item, span), build.name(items, span), [], self.is_async),
            _comprehension(self.visit(node.target, inner), once, [self.visit(node.test, inner)], False),
        ]
        return before, build.make(py.GeneratorExp, span, {"elt": build.name(item, span), "generators": generators})

    def _recursive_loop(self, node: nodes.For, frame: Frame) -> list[py.stmt]:
        """Return a function that renders a loop, and a call of it."""
        span = self.span(node)
        function = f".loop{self.temporary_identifier()}"
        iterable = self.visit(node.iter, frame)
        around = frame.inner()
        around.buffer, around.unit = ".out", Unit(nested=True)
        around.symbols.wanted = None
        inner = self._body_frame(node, around, None, True)
        target = self.visit(node.target, inner)
        items: py.expr = build.name(".items", span)
        filtering: list[py.stmt] = []
        if node.test is not None:
            filtering, items = self._filtered(node, around, items)
        variable = build.store(inner.symbols.ref("loop"), span)
        pair = build.sequence([target, variable], span, build.STORE)
        cls = ".AsyncLoopContext" if self.is_async else ".LoopContext"
        args = [items, build.name(".undefined", span), build.name(".recurse", span), build.name("depth", span)]
        rounds = self._round(node, inner, span)
        body = [*self.make_list(".out", span), *filtering]
        body += self._before_loop(around, span)
        body += self._with_else(node, around, pair, build.helper(cls, args, span), rounds, self.is_async)
        body.append(build.give_back(self.buffer_contents(inner, span), span))
        params = build.parameters([".items", ".recurse", "depth"], [build.const(0, span)], span)
        definition = build.function(function, params, body, span, self.is_async)
        call: py.expr = build.helper(function, [iterable, build.name(function, span)], span)
        if self.is_async:
            call = build.wait(call, span)
        # Written in any case: text of its own the loop leaves out by itself where the template extends another one.
        return [definition, self._write_value(call, frame, span)]

    def visit_Break(self, node: nodes.Break, frame: Frame) -> list[py.stmt]:
        """Leave the loop."""
        if not frame.unit.loops:
            self.fail_at("'break' outside loop", node)
        return [build.make(py.Break, self.span(node), {})]

    def visit_Continue(self, node: nodes.Continue, frame: Frame) -> list[py.stmt]:
        """Go on with the next round."""
        if not frame.unit.loops:
            self.fail_at("'continue' not properly in loop", node)
        return [build.make(py.Continue, self.span(node), {})]

    # -- other statements

    def visit_ExprStmt(self, node: nodes.ExprStmt, frame: Frame) -> list[py.stmt]:
        """Evaluate an expression for its effect."""
        return [build.statement(self.visit(node.node, frame), self.span(node))]

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> list[py.stmt]:
        """Write the filtered output of a body."""
        span = self.span(node)
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        body = self.open_buffer(inner, span)
        body.extend(self.enter_frame(inner))
        body.extend(self.blockvisit(node.body, inner))
        inner.filter_input = self.buffer_contents(inner, span)
        filtered = self.visit_Filter(node.filter, inner)
        if self.traits.plain_output:
            filtered = build.helper(".str", [filtered], span)
        return [*body, self._write_value(filtered, frame, span)]

    def visit_Scope(self, node: nodes.Scope, frame: Frame) -> list[py.stmt]:
        """Run a body in a scope of its own."""
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        return [*self.enter_frame(inner), *self.blockvisit(node.body, inner)]

    def visit_OverlayScope(self, node: nodes.OverlayScope, frame: Frame) -> list[py.stmt]:
        """Run a body whose names all come from a mapping first."""
        span = self.span(node)
        variable = self.temporary_identifier()
        derive = build.attribute(self.context(frame, span), "derived", span)
        derived = build.call(derive, [self.visit(node.context, frame)], span)
        inner = frame.inner(isolated=True)
        inner.buffer, inner.block = frame.buffer, frame.block
        inner.require_output_check = frame.require_output_check
        inner.symbols.analyze_node(node)
        resolver = self.temporary_identifier()
        self._context_names.append(variable)
        outer_resolve, self._resolve_name = self._resolve_name, resolver
        # Loops within look their names up in the mapping, not before a loop that stands outside.
        wanted, inner.unit.wanted = inner.unit.wanted, {}
        lookups, inner.outermost.lookups = inner.outermost.lookups, []
        entering = self.enter_frame(inner)
        content = self.blockvisit(node.body, inner)
        content = [*self.wanted_loads(inner.unit.wanted, inner, span), *entering, *content]
        inner.unit.wanted, inner.outermost.lookups = wanted, lookups
        self._resolve_name = outer_resolve
        self._context_names.pop()
        resolve = build.attribute(build.name(variable, span), self.resolve_method, span)
        return [build.put(variable, derived, span), build.put(resolver, resolve, span), *content]

    def visit_EvalContextModifier(self, node: nodes.EvalContextModifier, frame: Frame) -> list[py.stmt]:
        """Change settings of the evaluation context, now as far as they are known and when the code runs."""
        body: list[py.stmt] = []
        for option in node.options:
            span = self.span(option)
            eval_ctx = build.attribute(self.context(frame, span), "eval_ctx", span)
            value = self.visit(option.value, frame)
            slot = build.make(py.Attribute, span, {"value": eval_ctx, "attr": option.key, "ctx": build.STORE})
            body.append(build.assign(slot, value, span))
            try:
                known = option.value.as_const(frame.eval_ctx)
            except nodes.Impossible:
                frame.eval_ctx.volatile = True
            else:
                setattr(frame.eval_ctx, option.key, known)
        return body

    def visit_ScopedEvalContextModifier(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> list[py.stmt]:
        """Change settings of the evaluation context for a body."""
        span = self.span(node)
        kept = self.temporary_identifier()
        known = frame.eval_ctx.save()
        eval_ctx = build.attribute(self.context(frame, span), "eval_ctx", span)
        save = build.put(kept, build.call(build.attribute(eval_ctx, "save", span), [], span), span)
        body = self.visit_EvalContextModifier(node, frame)
        body.extend(self.blockvisit(node.body, frame))
        frame.eval_ctx.revert(known)
        eval_ctx = build.attribute(self.context(frame, span), "eval_ctx", span)
        revert = build.call(build.attribute(eval_ctx, "revert", span), [build.name(kept, span)], span)
        return [save, *body, build.statement(revert, span)]


def _chained(chain: list[Branch], orelse: list[py.stmt]) -> list[py.stmt]:
    """Return one condition with all others in its ``else``.

    :param chain: tests, what runs before each, bodies and places
    :param orelse: what runs if no test is true
    """
    for test, before, body, span in reversed(chain):
        orelse = [*before, build.when(test, body, orelse, span)]
    return orelse


def _comprehension(target: py.expr, iterable: py.expr, tests: list[py.expr], is_async: bool) -> py.comprehension:
    return py.comprehension(target=build.stored(target), iter=iterable, ifs=tests, is_async=int(is_async))


def _may_break(node: nodes.For) -> bool:
    """Say whether a loop may end before its items do."""
    if not marks_of(node) & BREAK:
        return False
    return any(isinstance(part, nodes.Break) or part.find(nodes.Break) is not None for part in node.body)
