"""What a template is besides text: a module of its exported names, or an expression."""

from __future__ import annotations

from dray.safe_strings import Markup

from ..utils import is_undefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..runtime.context import Context


class TemplateModule:
    """A rendered template: its exported names as attributes, its text as ``str``.

    :param template: the template
    :param context: the context it was rendered with
    :param body_stream: the pieces of its text; by default it is rendered now
    :raises RuntimeError: if the environment is asynchronous and *body_stream* is missing
    """

    __module__ = __package__

    def __init__(self, template: Any, context: Context, body_stream: Iterable[str] | None = None) -> None:
        pieces = body_stream
        if pieces is None and context.environment.is_async:
            raise RuntimeError(
                "in an asynchronous environment a module can't be made here: use Template.make_module_async() "
                "or Template.make_module()"
            )
        self.__name__: str | None = template.name
        self._body_stream = list(template.root_render_func(context)) if pieces is None else pieces
        vars(self).update(context.get_exported())

    def __html__(self) -> Markup:
        return Markup("".join(map(str, self._body_stream)))

    def __str__(self) -> str:
        return "".join(map(str, self._body_stream))

    def __repr__(self) -> str:
        name = "memory" if self.__name__ is None else repr(self.__name__)
        return f"<{type(self).__name__} {name}>"


class TemplateExpression:
    """An expression as a function of its variables.

    :param template: a template that assigns the value to ``result``
    :param undefined_to_none: whether an undefined value becomes ``None``
    """

    __module__ = __package__

    def __init__(self, template: Any, undefined_to_none: bool) -> None:
        self._template = template
        self._undefined_to_none = undefined_to_none

    def __call__(self, *args: Any, **kwargs: Any) -> Any | None:
        """Return the expression's value for some variables; takes what ``dict`` takes."""
        context = self._template.new_context(dict(*args, **kwargs))
        for _ in self._template.root_render_func(context):
            pass
        value = context.vars["result"]
        return None if self._undefined_to_none and is_undefined(value) else value
