"""Code generators that write text.

A subclass of the code generator may override a ``visit_`` method and write Python source with :meth:`TextCode.write`.
What it writes is parsed and takes the place of the node; what it visits in between, or gets from ``super()``, is put
in as it is. A method that returns what ``super()`` returned needs none of this.
"""

from __future__ import annotations

import _ast as py
import re
from functools import update_wrapper

from . import build
from .inheritance import InheritanceCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .. import nodes
    from .build import Span
    from .frame import Frame, MacroRef

_PLACEHOLDER = "_dray_part_{}_"
_PLACED = re.compile(r"_dray_part_\d+_")
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_OWN = __name__.rpartition(".codegen")[0]


class TextCode(InheritanceCode):
    """Takes over text that subclasses write; a mixin of :class:`~dray.templating.compiler.CodeGenerator`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._texts: list[list[str]] = []
        self._indentation = 0

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Visit one node. A method of a foreign class may write text in place of returning something."""
        function = self._own_methods.get(node.__class__)
        if function is not None:
            return function(self, node, *args, **kwargs)
        method = self.get_visitor(node)
        if method is None or _is_own(method):
            return self._own_method(node)(node, *args, **kwargs)
        return self._placed(self._visit_foreign(method, node, args, kwargs))

    def _visit_foreign(self, method: Callable[..., Any], node: nodes.Node, args: Any, kwargs: Any) -> Any:
        """Call a method that may write text, and return what it means."""
        self._texts.append([])
        try:
            result = method(node, *args, **kwargs)
        finally:
            text = "".join(self._texts.pop())
        if _PLACED.sub("", text).strip():
            return self._parsed(text, node)
        if result is not None:
            return result
        if not text.strip():
            return getattr(super(), "visit_" + type(node).__name__)(node, *args, **kwargs)
        return self._parsed(text, node)

    def _placed(self, result: Any) -> Any:
        """Return what a node became; if text is being written, it gets a place there as well."""
        if self._texts and isinstance(result, (py.expr, list)):
            placeholder = _PLACEHOLDER.format(len(self._parts))
            self._parts[placeholder] = result
            if isinstance(result, list):
                self.newline()
            self.write(placeholder)
        return result

    def _heard(self, method: Callable[..., Any], node: nodes.Node, args: Any, kwargs: Any) -> Any:
        """Return what a method of this package makes of a node, which gets its place where text is being written."""
        if not self._texts:
            return method(self, node, *args, **kwargs)
        self._texts.append([])  # what stands in the node isn't for the text around it
        try:
            result = method(self, node, *args, **kwargs)
        finally:
            self._texts.pop()
        return self._placed(result)

    def _parsed(self, text: str, node: nodes.Node) -> Any:
        """Return the tree of written text: an expression, or a list of statements."""
        import ast  # noqa: PLC0415 - only for code generators that write text

        span = self.span(node)
        try:
            tree: Any = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            tree = ast.parse(text).body
        parts = self._parts

        def placed(found: Any) -> Any:
            found.__dict__.update(zip(_PLACE, span, strict=True))
            return found

        for root in tree if isinstance(tree, list) else [tree]:
            for found in ast.walk(root):
                if hasattr(found, "lineno"):
                    placed(found)

        class Replacer(ast.NodeTransformer):
            """Puts the visited expressions and statements in their places."""

            def visit_Expr(self, statement: ast.Expr) -> Any:
                part = parts.get(getattr(statement.value, "id", ""))
                return (part or placed(ast.Pass())) if isinstance(part, list) else self.generic_visit(statement)

            def visit_Name(self, name: ast.Name) -> Any:
                return parts.get(name.id, name)

        replacer = Replacer()
        if isinstance(tree, list):
            return replacer.visit(ast.Module(tree, [])).body
        return replacer.visit(tree)

    def _write_call_block(self, node: nodes.CallBlock, frame: Frame, caller: str, span: Span) -> list[py.stmt]:
        """Return the code of a call block's call, which may be a foreign method's text as well."""
        if _is_own(self.visit_Call):
            return super()._write_call_block(node, frame, caller, span)
        return [self._write_value(self.visit(node.call, frame, forward_caller=caller), frame, span)]

    # -- writing

    def write(self, x: str) -> None:
        """Write source text for the node that is being visited.

        :param x: the text
        """
        if self._texts:
            self._texts[-1].append(x)

    def newline(self, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Begin a new line.

        :param node: the node that the line is for
        :param extra: empty lines before it
        """
        self.write("\n" * (1 + extra) + "    " * self._indentation)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write text on a new line.

        :param x: the text
        :param node: the node that the line is for
        :param extra: empty lines before it
        """
        self.newline(node, extra)
        self.write(x)

    def indent(self) -> None:
        """Indent the lines from here on."""
        self._indentation += 1

    def outdent(self, step: int = 1) -> None:
        """Indent the lines from here on less.

        :param step: how many levels less
        """
        self._indentation -= step

    def choose_async(self, async_value: str = "async ", sync_value: str = "") -> str:
        """Return one of two texts, by whether the template is asynchronous.

        :param async_value: the text if it is
        :param sync_value: the text if it isn't
        """
        return async_value if self.is_async else sync_value

    def func(self, name: str) -> str:
        """Return the beginning of a function's definition.

        :param name: the function's name
        """
        return f"{self.choose_async()}def {name}"

    def signature(
        self,
        node: nodes.Call | nodes.Filter | nodes.Test,
        frame: Frame,
        extra_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the arguments of a call, each behind a comma.

        :param node: the call
        :param frame: the frame
        :param extra_kwargs: source texts of more keyword arguments
        """
        for argument in node.args:
            self.write(", ")
            self.visit(argument, frame)
        for pair in node.kwargs:
            self.write(f", {pair.key}=")
            self.visit(pair.value, frame)
        for key, value in (extra_kwargs or {}).items():
            self.write(f", {key}={value}")
        for star, more in (("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if more is not None:
                self.write(f", {star}")
                self.visit(more, frame)

    def position(self, node: nodes.Node) -> str:
        """Return the place of a node as words.

        :param node: the node
        """
        return f"line {node.lineno}" + (f" in {self.name!r}" if self.name is not None else "")

    def simple_write(self, s: str, frame: Frame, node: nodes.Node | None = None) -> None:
        """Write the source text of a piece of output.

        :param s: the text of an expression
        :param frame: the frame
        :param node: the node it is for
        """
        self.start_write(frame, node)
        self.write(s)
        self.end_write(frame)

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """Write what begins a piece of output.

        :param frame: the frame
        :param node: the node it is for
        """
        append = "" if frame.buffer is None else f"{_spelled(frame.buffer, self._parts)}.append("
        self.writeline(append or "yield ", node)

    def end_write(self, frame: Frame) -> None:
        """Write what ends a piece of output.

        :param frame: the frame
        """
        if frame.buffer is not None:
            self.write(")")

    def buffer(self, frame: Frame) -> None:
        """Give a frame a list of its own for its output, and write the code that makes it.

        :param frame: the frame
        """
        frame.buffer = self.temporary_identifier()
        self.writeline(f"{_spelled(frame.buffer, self._parts, store=True)} = []")

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:
        """Write the code that returns the output of a frame's list.

        :param frame: the frame
        :param force_unescaped: never mark it as safe
        """
        placeholder = _PLACEHOLDER.format(len(self._parts))
        self._parts[placeholder] = self.buffer_contents(frame, (1, 0, 1, 0), force_unescaped)
        self.writeline(f"return {placeholder}")

    def get_context_ref(self) -> str:
        """Return the source text of the active context."""
        return _spelled(self._context_names[-1], self._parts)

    def get_resolve_func(self) -> str:
        """Return the source text of the function that looks names up."""
        return _spelled(self._resolve_name, self._parts)

    def derive_context(self, frame: Frame) -> str:
        """Return the source text of a context with the local variables.

        :param frame: the frame
        """
        return f"{self.get_context_ref()}.derived({self.dump_local_context(frame)})"

    def dump_local_context(self, frame: Frame) -> str:
        """Return the source text of a dict of the local variables.

        :param frame: the frame
        """
        items = (f"{name!r}: {_spelled(target, self._parts)}" for name, target in frame.symbols.dump_stores().items())
        return "{" + ", ".join(items) + "}"

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write the expression that makes the macro of a function named ``macro``.

        :param macro_ref: what the macro's body uses
        :param frame: the frame
        """
        placeholder = _PLACEHOLDER.format(len(self._parts))
        self._parts[placeholder] = self.make_macro(macro_ref.node, macro_ref, "macro", frame, (1, 0, 1, 0))
        self.write(placeholder)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        """Leave a scope: variables keep their values, nobody reads them any more.

        :param frame: the scope's frame
        :param with_python_scope: whether a Python function ends as well
        """

    def write_commons(self) -> None:
        """Write what every function begins with: nothing, the functions take it from their module."""

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """Take note of the filters and tests that code uses: each is noted where it is visited.

        :param nodes: the code
        """

    # -- scopes that the methods above keep by themselves

    def push_parameter_definitions(self, frame: Frame) -> None:
        """Begin to define the parameters of a frame.

        :param frame: the frame
        """
        self._unset_parameters.append(frame.symbols.dump_param_targets())

    def pop_parameter_definitions(self) -> None:
        """End the definition of parameters."""
        self._unset_parameters.pop()

    def mark_parameter_stored(self, target: str) -> None:
        """Note that a parameter has a value.

        :param target: its variable
        """
        if self._unset_parameters:
            self._unset_parameters[-1].discard(target)

    def push_context_reference(self, target: str) -> None:
        """Use another variable for the context.

        :param target: the variable
        """
        self._context_names.append(target)

    def pop_context_reference(self) -> None:
        """Use the context's variable from before again."""
        self._context_names.pop()

    def push_assign_tracking(self) -> None:
        """Begin to collect assigned names: each assignment exports by itself."""

    def pop_assign_tracking(self, frame: Frame) -> None:
        """End the collection of assigned names.

        :param frame: the frame
        """


class CodeGenerator(TextCode):
    """Turns a template's tree into Python's: one ``visit_`` method per kind of node.

    Methods for expressions return an expression, methods for statements a list of statements.

    :param environment: the environment
    :param name: the template's name
    :param filename: the template's file
    :param stream: a file that :meth:`write` writes to
    :param defer_init: kept for the interface: the module always takes its environment from the loader
    :param optimized: whether constants are folded
    """

    __module__ = "dray.templating.compiler"


def _hearing(name: str) -> Callable[..., Any]:
    """Return a method that a subclass may call by way of ``super()`` in the middle of its text."""
    method = getattr(TextCode, name)

    def visit(self: CodeGenerator, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        return self._heard(method, node, args, kwargs)

    return update_wrapper(visit, method)


for _name in dir(TextCode):
    if _name.startswith("visit_"):
        setattr(CodeGenerator, _name, _hearing(_name))
del _name


def _spelled(name: str, parts: dict[str, Any], store: bool = False) -> str:
    """Return a placeholder that stands for one of the compiler's own variables."""
    placeholder = _PLACEHOLDER.format(len(parts))
    span = (1, 0, 1, 0)
    parts[placeholder] = build.store(name, span) if store else build.name(name, span)
    return placeholder


def _is_own(method: Any) -> bool:
    """Say whether a method is one of this package's."""
    function = getattr(method, "__func__", method)
    return (getattr(function, "__module__", None) or "").startswith(_OWN)
