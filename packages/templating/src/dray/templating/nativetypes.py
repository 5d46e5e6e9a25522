"""Templates that return Python values: one expression gives its value, several give text that is read as a literal."""

from __future__ import annotations

import ast
from itertools import chain, islice

from . import nodes
from .compiler import CodeGenerator, Frame, has_safe_repr
from .environment import Environment, Template

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as py
    from collections.abc import Iterable
    from typing import Any

    from .codegen.build import Span


def native_concat(values: Iterable[Any]) -> Any | None:
    """Return the value of a template's output.

    :param values: the pieces of output
    :return: ``None`` for none; the one piece, if it isn't text; otherwise the joined text read as a Python literal,
        or as it is where it is none
    """
    iterator = iter(values)
    head = list(islice(iterator, 2))
    if not head:
        return None
    if len(head) == 1:
        raw = head[0]
        if not isinstance(raw, str):
            return raw
    else:
        rest = chain(head, iterator)
        raw = "".join(str(value) for value in rest)
    try:
        # Parsed here, because literal_eval() takes leading blanks off a text.
        return ast.literal_eval(ast.parse(raw, mode="eval"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return raw


class _Pieces(list):  # type: ignore[type-arg]
    """The output of a template: one piece stays what it is, of several each becomes text when it is written.

    So a value that changes later is read as it was.
    """

    def append(self, piece: Any) -> None:
        if self:
            if len(self) == 1:
                self[0] = str(self[0])
            piece = str(piece)
        super().append(piece)

    def extend(self, pieces: Iterable[Any]) -> None:
        for piece in pieces:
            self.append(piece)


class NativeCodeGenerator(CodeGenerator):
    """Generates code that writes values as they are."""

    allow_direct = False

    @staticmethod
    def _default_finalize(value: Any) -> Any:
        return value

    def _output_const_repr(self, group: list[Any]) -> str:
        return repr("".join(str(part) for part in group))

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> Any:
        value = node.as_const(frame.eval_ctx)
        if not has_safe_repr(value):
            raise nodes.Impossible
        if isinstance(node, nodes.TemplateData):
            return value
        return finalize.const(value)

    def value_output(self, value: py.expr, frame: Frame, span: Span) -> py.expr:
        """Return what is written for a value: the value."""
        return value if self.environment.finalize is None else self._finalized(value, frame, span)

    def write_run(self, parts: list[Any], frame: Frame, span: Span, values: int) -> list[py.stmt]:
        """Write every piece by itself: nothing is joined before the end."""
        return [self._write_value(part, frame, span) for part in parts]


class NativeEnvironment(Environment):
    """An environment whose templates render to Python values."""

    code_generator_class = NativeCodeGenerator
    concat = staticmethod(native_concat)  # type: ignore[assignment]


class NativeTemplate(Template):
    """A template that renders to a Python value."""

    environment_class = NativeEnvironment

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Return the template's value: see :func:`native_concat`.

        :param args: what ``dict`` takes: the variables
        """
        environment = self.environment
        if environment.is_async or environment.concat is not native_concat:
            return super().render(*args, **kwargs)
        try:
            pieces = _Pieces()
            self._list_functions[0](self.new_context(dict(*args, **kwargs) if args else kwargs), pieces)
            return native_concat(pieces)
        except StopIteration as error:
            self._handle_stop(error)
        except Exception:
            environment.handle_exception()

    async def render_async(self, *args: Any, **kwargs: Any) -> Any:
        """Return the value of an asynchronous template.

        :param args: what ``dict`` takes: the variables
        """
        return await super().render_async(*args, **kwargs)


NativeEnvironment.template_class = NativeTemplate
