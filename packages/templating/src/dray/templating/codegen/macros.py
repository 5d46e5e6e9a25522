"""Macros and call blocks: functions that append to a list they are given."""

from __future__ import annotations

import _ast as py

from .. import nodes
from .._marks import SPECIAL, marks_of
from . import build
from .control import ControlCode
from .frame import MacroRef, Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .build import Span
    from .frame import Frame

_SPECIAL = ("caller", "kwargs", "varargs")


class MacroCode(ControlCode):
    """Generates macros; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    def macro_body(self, node: nodes.Macro | nodes.CallBlock, frame: Frame) -> tuple[Frame, MacroRef]:
        """Return the frame of a macro's body, and what the body uses besides its arguments.

        The code itself is made by :meth:`macro_function`.

        :param node: the macro or call block
        :param frame: the frame that it stands in
        """
        inner = frame.inner()
        inner.unit = Unit(nested=True)
        inner.symbols.wanted = None
        inner.require_output_check = False
        inner.buffer = ".out"
        inner.loop_frame = inner.block_frame = False
        macro_ref = MacroRef(node)
        explicit_caller = None
        skip = set()
        for index, argument in enumerate(node.args):
            if argument.ctx != "param":  # made by an extension
                inner.symbols.declare_parameter(argument.name)
            if argument.name == "caller":
                explicit_caller = index
            if argument.name in {"kwargs", "varargs"}:
                skip.add(argument.name)
        undeclared = self.undeclared(node.body, _SPECIAL) if marks_of(node) & SPECIAL else set()
        if "caller" in undeclared:
            self._check_caller(node, explicit_caller)
            macro_ref.accesses_caller = explicit_caller is None
        macro_ref.accesses_kwargs = "kwargs" in undeclared and "kwargs" not in skip
        macro_ref.accesses_varargs = "varargs" in undeclared and "varargs" not in skip
        for name in macro_ref.special_names():
            inner.symbols.declare_parameter(name)
        inner.symbols.analyze_node(node)
        return inner, macro_ref

    def _check_caller(self, node: nodes.Macro | nodes.CallBlock, index: int | None) -> None:
        """Refuse an argument ``caller`` without a default: it may be missing."""
        if index is not None and index < len(node.args) - len(node.defaults):
            self.fail_at(
                'the special argument "caller" of a macro or call block has to be omitted or to have a default',
                node.args[index],
            )

    def _parameters(self, node: nodes.Macro | nodes.CallBlock, inner: Frame, macro_ref: MacroRef) -> list[str]:
        """Return the variables that the function of a macro takes, in the order that ``Macro`` hands them over."""
        params = []
        for argument in node.args:
            target = inner.symbols.ref(argument.name)
            if target in params:
                self.fail_at(f"duplicate argument {argument.name!r}", argument)
            params.append(target)
        params += [inner.symbols.ref(name) for name in macro_ref.special_names()]
        return params

    def macro_function(
        self, node: nodes.Macro | nodes.CallBlock, frame: Frame, identifier: str, place: Span
    ) -> tuple[py.stmt, MacroRef]:
        """Return the function of a macro.

        :param identifier: its name in Python
        :param place: where it is defined
        """
        inner, macro_ref = self.macro_body(node, frame)
        params = self._parameters(node, inner, macro_ref)
        body = self.enter_frame(inner)
        defaults = self._known_defaults(node, inner, macro_ref, params, place)
        if defaults is None:
            defaults = [build.name(".missing", place)] * len(params)
            body.extend(self._defaults(node, inner, macro_ref, params))
        else:
            inner.assigned.update(params)
        body.extend(self.blockvisit(node.body, inner))
        macro_ref.plain = params == [*(argument.name for argument in node.args), *macro_ref.special_names()]
        if macro_ref.accesses_caller:  # comes first, so that it can be handed over without its name
            params.insert(0, params.pop(len(node.args)))
            defaults.insert(0, defaults.pop(len(node.args)))
        signature = build.parameters([".out", *params], defaults, place)
        return build.function(identifier, signature, body, place, self.is_async), macro_ref

    def _known_defaults(
        self, node: nodes.Macro | nodes.CallBlock, inner: Frame, macro_ref: MacroRef, params: list[str], place: Span
    ) -> list[py.expr] | None:
        """Return the values of parameters that aren't handed over, if all of them are the same in every call.

        One without a default is an undefined value that is made once, where nobody can observe that.
        """
        if macro_ref.accesses_kwargs or not self.plain_undefined:
            return None
        values = [default.as_const(inner.eval_ctx) for default in node.defaults if default.__class__ is nodes.Const]
        if len(values) < len(node.defaults) or not build.PLAIN.issuperset(map(type, values)):
            return None
        unset = [argument.name for argument in node.args[: len(node.args) - len(values)]]
        known = [self._unset(name, f"parameter {name!r} was not provided", place) for name in unset]
        known += [build.constants(value, place) for value in values]
        if macro_ref.accesses_caller:
            known.append(self._unset("caller", "No caller defined", place))
        if macro_ref.accesses_varargs:
            known.append(build.constants((), place))
        return known

    def _unset(self, name: str, hint: str, span: Span) -> py.expr:
        """Return the variable of the module that holds the undefined value of a parameter."""
        variable = f".unset {name}: {hint}"
        self._undefined[variable] = (hint, name)
        return build.name(variable, span)

    def _defaults(
        self, node: nodes.Macro | nodes.CallBlock, inner: Frame, macro_ref: MacroRef, params: list[str]
    ) -> list[py.stmt]:
        """Return the code that gives parameters their values where they weren't handed over."""
        span = self.span(node)
        body: list[py.stmt] = []
        first_default = len(node.args) - len(node.defaults)
        inner.assigned.difference_update(params[: len(node.args)])
        unset = set(params[: len(node.args)])
        inner.assigned.update(params[len(node.args) :])
        self._unset_parameters.append(unset)
        for index, argument in enumerate(node.args):
            target = inner.symbols.ref(argument.name)
            if index >= first_default:
                value = self.visit(node.defaults[index - first_default], inner)
            else:
                hint = build.const(f"parameter {argument.name!r} was not provided", span)
                keywords = [build.keyword("name", build.const(argument.name, span), span)]
                value = build.helper(".undefined", [hint], span, keywords)
            missing = build.compare(build.name(target, span), build.IS, build.name(".missing", span), span)
            body.append(build.when(missing, [build.put(target, value, span)], [], self.span(argument)))
            unset.discard(target)
            inner.assigned.add(target)
        self._unset_parameters.pop()
        return body + self._special_defaults(macro_ref, params[len(node.args) :], span)

    def _special_defaults(self, macro_ref: MacroRef, targets: list[str], span: Span) -> list[py.stmt]:
        """Return the code that gives ``caller``, ``kwargs`` and ``varargs`` their values where they weren't handed
        over."""
        values: dict[str, py.expr] = {
            "caller": build.helper(".no_caller", [build.name(".environment", span)], span),
            "kwargs": build.mapping({}, span),
            "varargs": build.sequence([], span),
        }
        body: list[py.stmt] = []
        for name, target in zip(macro_ref.special_names(), targets, strict=True):
            missing = build.compare(build.name(target, span), build.IS, build.name(".missing", span), span)
            body.append(build.when(missing, [build.put(target, values[name], span)], [], span))
        return body

    def parameter_is_undeclared(self, target: str) -> bool:
        """Say whether a variable is an argument whose value is not there yet, while defaults are computed.

        :param target: the variable
        """
        return bool(self._unset_parameters) and target in self._unset_parameters[-1]

    def make_macro(
        self, node: nodes.Macro | nodes.CallBlock, macro_ref: MacroRef, identifier: str, frame: Frame, span: Span
    ) -> py.expr:
        """Return the expression that makes the macro of a function."""
        catches = (macro_ref.accesses_kwargs, macro_ref.accesses_varargs, macro_ref.accesses_caller)
        arguments = tuple([argument.name for argument in node.args])
        definition = (getattr(node, "name", None), arguments, catches)
        if frame.eval_ctx.volatile:
            eval_ctx = build.attribute(self.context(frame, span), "eval_ctx", span)
            args = [build.name(".environment", span), *(build.constants(value, span) for value in definition)]
            spec: py.expr = build.helper(".MacroSpec", [*args, build.attribute(eval_ctx, "autoescape", span)], span)
        else:
            variable = f"{self.temporary_identifier()}.spec" + (".stream" if self.stream else "")
            self._definitions.append((variable, *definition, bool(frame.eval_ctx.autoescape), macro_ref.plain))
            spec = build.name(variable, span)
        return build.helper(".make_macro", [spec, build.name(identifier, span)], span)

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> list[py.stmt]:
        """Define a macro."""
        span = self.span(node)
        identifier = f'macro "{node.name}"'
        definition, macro_ref = self.macro_function(node, frame, identifier, span)
        macro = self.make_macro(node, macro_ref, identifier, frame, span)
        if frame.toplevel:
            return [definition, self.put_exported(node.name, macro, frame, span)]
        assignment = build.put(frame.symbols.ref(node.name), macro, span)
        return [definition, assignment, *self.note_assigned([node.name], frame, span, False)]

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> list[py.stmt]:
        """Call something with a body as its ``caller``, and write the result.

        In a loop the ``caller`` is made once, before the loop: it reads its variables from the function around it, so
        it is the same in every round.
        """
        span = self.span(node)
        once = frame.unit.loops > 0 and not frame.eval_ctx.volatile
        place = frame.unit.loop_span if once else span
        caller = self.temporary_identifier()
        identifier = f'caller "{caller[1:]}"'
        definition, macro_ref = self.macro_function(node, frame, identifier, place)
        body = [definition, build.put(caller, self.make_macro(node, macro_ref, identifier, frame, place), place)]
        if once:
            frame.unit.before_loop += body
            body = []
        return body + self._write_call_block(node, frame, caller, span)

    def _write_call_block(self, node: nodes.CallBlock, frame: Frame, caller: str, span: Span) -> list[py.stmt]:
        """Return the code that makes the call and writes its result, which is output already."""
        if self.traits.plain_output and self.traits.plain_call and not self.stream:
            written = self._write_output_call(node.call, frame, forward_caller=caller)
            if written is not None:
                return written
        value = self.visit_Call(node.call, frame, forward_caller=caller)
        return [self._write_value(value, frame, span)]
