"""Variables: their first values when a scope begins, assignments, and handing them on to other templates."""

from __future__ import annotations

import _ast as py

from .. import nodes
from . import build
from .output import OutputCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .build import Span
    from .frame import Frame, Unit


class NameCode(OutputCode):
    """Generates loads and stores of variables; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    def enter_frame(self, frame: Frame) -> list[py.stmt]:
        """Return the code that gives the variables of a scope their first values.

        :param frame: the scope's frame
        """
        span = (1, 0, 1, 0)
        body: list[py.stmt] = []
        for target, (kind, source) in frame.symbols.loads.items():
            if kind == "resolve":
                body.append(self.load_variable(target, source, frame, span))  # type: ignore[arg-type]
            elif kind == "alias":
                frame.outermost.read_early.add(source)  # type: ignore[arg-type]
                body.append(build.put(target, build.name(source, span), span))  # type: ignore[arg-type]
            elif kind == "undefined":
                body.append(build.put(target, build.name(".missing", span), span))
        return body

    def needed(self, entering: list[py.stmt], unit: Unit) -> list[py.stmt]:
        """Return the code that gives variables their first values, without those that nobody reads.

        :param entering: what :meth:`enter_frame` returned
        :param unit: the function, its body made
        """
        if self._parts:
            return entering
        return [statement for statement in entering if not _is_unread(statement, unit.read_early)]

    def load_variable(self, target: str, name: str, frame: Frame, span: Span) -> py.stmt:
        """Return the code that looks a name up in the context."""
        lookup = build.put(target, build.helper(self._resolve_name, [build.const(name, span)], span), span)
        frame.outermost.lookups.append(lookup)
        return lookup

    def wanted_loads(self, wanted: dict[str, str], frame: Frame, span: Span) -> list[py.stmt]:
        """Return the code that looks up what a loop wants before it begins, and forget it.

        :param wanted: names to variables
        """
        loads = [self.load_variable(target, name, frame, span) for name, target in wanted.items()]
        wanted.clear()
        return loads

    def function_prelude(self, unit: Unit, span: Span) -> list[py.stmt]:
        """Return the code that takes the filters and tests which an outermost function uses."""
        body: list[py.stmt] = []
        for variable, (kind, name, known) in unit.functions.items():
            if known:
                functions = build.attribute(build.name(".environment", span), kind, span)
                value: py.expr = build.item(functions, build.const(name, span), span)
            else:
                value = build.helper(".find_" + kind[:-1], [build.const(name, span)], span)
            body.append(build.put(variable, value, span))
            if variable in unit.text_methods:
                args = [build.name(variable, span), build.const(unit.text_methods[variable], span)]
                body.append(build.put(f"{variable}.type", build.helper(".text_type", args, span), span))
        return body

    # -- assignments

    def note_assigned(self, names: list[str], frame: Frame, span: Span, is_variable: bool = True) -> list[py.stmt]:
        """Return the code that follows an assignment: at the top level names are exported, in loops noted."""
        body: list[py.stmt] = []
        for name in names:
            target = frame.symbols.ref(name)
            frame.assigned.add(target)
            if frame.toplevel:
                export = build.attribute(self.context(frame, span), "_export", span)
                args = [build.const(name, span), build.name(target, span)]
                body.append(build.statement(build.call(export, args, span), span))
            elif is_variable and frame.local_vars is not None:
                fields = {
                    "value": build.name(frame.local_vars, span),
                    "slice": build.const(name, span),
                    "ctx": build.STORE,
                }
                slot = build.make(py.Subscript, span, fields)
                body.append(build.assign(slot, build.name(target, span), span))
        return body

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> list[py.stmt]:
        """Assign a value."""
        span = self.span(node)
        # Whether a namespace is one is asked before the value is computed.
        checks = [self._namespace_check(ref, frame) for ref in (node.target, *node.target.find_all(nodes.NSRef))
                  if isinstance(ref, nodes.NSRef)]  # fmt: skip
        value = self.visit(node.node, frame)
        if frame.toplevel and node.target.__class__ is nodes.Name:
            name = node.target.name
            return [*checks, self.put_exported(name, value, frame, span)]
        assignment = build.assign(self.visit(node.target, frame), value, span)
        return [*checks, assignment, *self.note_assigned(_target_names(node.target), frame, span)]

    def put_exported(self, name: str, value: py.expr, frame: Frame, span: Span) -> py.stmt:
        """Return the code that assigns a value to a variable at the top level, and exports it."""
        target = frame.symbols.ref(name)
        frame.assigned.add(target)
        export = build.attribute(self.context(frame, span), "_export", span)
        return build.put(target, build.call(export, [build.const(name, span), value], span), span)

    def visit_AssignOuter(self, node: nodes.AssignOuter, frame: Frame) -> list[py.stmt]:
        """Assign a value to the variable of a scope around."""
        span = self.span(node)
        outer = self._assigning_frame(node, frame)
        assignment = build.put(outer.symbols.ref(node.name), self.visit(node.node, frame), span)
        # Soft: whether the code runs isn't known outside.
        return [assignment, *self.note_assigned([node.name], outer.soft(), span)]

    def _assigning_frame(self, node: nodes.AssignOuter, frame: Frame) -> Frame:
        """Return the frame of the nearest scope around that assigns a name, within the same function."""
        outer = frame.parent
        while outer is not None and node.name not in outer.symbols.stores:
            outer = outer.parent
        if outer is None:
            self.fail_at(f"no scope around assigns {node.name!r}, so 'set outer' finds nothing to assign to", node)
        if outer.unit is not frame.unit:
            self.fail_at(
                f"'set outer {node.name}' can't leave the macro, call block or recursive loop it stands in; "
                "use a namespace()",
                node,
            )
        return outer

    def _namespace_check(self, ref: nodes.NSRef, frame: Frame) -> py.stmt:
        """Return the code that refuses anything but a namespace."""
        span = self.span(ref)
        return build.statement(build.helper(".as_namespace", [self.namespace(ref, frame)], span), span)

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> list[py.stmt]:
        """Assign the output of a body, filtered."""
        span = self.span(node)
        inner = frame.inner()
        # What stands in the body is not output of the template, so it doesn't matter whether that extends another one.
        inner.require_output_check = False
        inner.symbols.analyze_node(node)
        body = self.open_buffer(inner, span)
        body.extend(self.enter_frame(inner))
        body.extend(self.blockvisit(node.body, inner))
        value = self.buffer_contents(inner, span)
        if node.filter is not None:
            inner.filter_input = value
            value = self.visit_Filter(node.filter, inner)
            if not frame.eval_ctx.volatile and frame.eval_ctx.autoescape:
                value = build.helper(".Markup", [value], span)
        body.append(build.assign(self.visit(node.target, frame), value, span))
        body.extend(self.note_assigned(_target_names(node.target), frame, span))
        return body

    def visit_With(self, node: nodes.With, frame: Frame) -> list[py.stmt]:
        """Run a body with more variables; their values are computed outside."""
        span = self.span(node)
        values = self.visit_all(node.values, frame)
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        body = self.enter_frame(inner)
        if values:
            targets = [_stored(self.visit(target, inner)) for target in node.targets]
            if len(values) == 1:
                body.append(build.assign(targets[0], values[0], span))
            else:
                target = build.sequence(targets, span, build.STORE)
                body.append(build.assign(target, build.sequence(values, span), span))
        body.extend(self.blockvisit(node.body, inner))
        return body


def _is_unread(statement: py.stmt, read: set[str]) -> bool:
    """Say whether a statement only notes that a variable has no value yet, and it is assigned before it is read."""
    value = statement.value  # type: ignore[attr-defined]
    if not (isinstance(value, py.Name) and value.id == ".missing"):
        return False
    return statement.targets[0].id not in read  # type: ignore[attr-defined]


def _stored(target: py.expr) -> py.expr:
    """Return a parameter's variable as a target."""
    if isinstance(target, (py.Name, py.Tuple)):
        target.ctx = build.STORE
        for element in getattr(target, "elts", ()):
            _stored(element)
    return target


def _target_names(target: nodes.Node) -> list[str]:
    """Return the names that an assignment to *target* sets."""
    if isinstance(target, nodes.Name):
        return [target.name]
    return [name.name for name in target.find_all(nodes.Name)]
