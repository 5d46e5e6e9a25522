"""Views as classes: one object per request, or one for all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar, TypeVar

from . import typing as ft
from .globals import current_app, request

F = TypeVar("F", bound=Callable[..., Any])

http_method_funcs = frozenset(["get", "post", "head", "options", "delete", "put", "trace", "patch"])


class View:
    """A view: :meth:`dispatch_request` answers. Register ``MyView.as_view("name")``."""

    #: HTTP methods of the rules it is registered for.
    methods: ClassVar[Collection[str] | None] = None
    #: Whether OPTIONS requests are answered for it.
    provide_automatic_options: ClassVar[bool | None] = None
    #: Applied to the view function, the first one innermost.
    decorators: ClassVar[list[Callable[..., Any]]] = []
    #: Make an object for each request. If not, one serves all: keep nothing on it then.
    init_every_request: ClassVar[bool] = True

    def dispatch_request(self) -> ft.ResponseReturnValue:
        """Answer the request; the URL's values are arguments."""
        raise NotImplementedError(f"{type(self).__name__} must define dispatch_request().")

    @classmethod
    def as_view(cls, name: str, *class_args: Any, **class_kwargs: Any) -> ft.RouteCallable:
        """Make a view function of the class.

        :param name: the endpoint's default name.
        :param class_args: and ``class_kwargs``: given to the class.
        """
        only = None if cls.init_every_request else cls(*class_args, **class_kwargs)

        def view(**kwargs: Any) -> ft.ResponseReturnValue:
            target = only or view.view_class(*class_args, **class_kwargs)  # type: ignore[attr-defined]
            return current_app.ensure_sync(target.dispatch_request)(**kwargs)  # type: ignore[no-any-return]

        made: Any = view
        if cls.decorators:
            made.__name__ = name
            made.__module__ = cls.__module__
            for decorator in cls.decorators:
                made = decorator(made)
        view.view_class = made.view_class = cls  # type: ignore[attr-defined]
        made.__name__ = name
        made.__doc__ = cls.__doc__
        made.__module__ = cls.__module__
        made.methods = cls.methods
        made.provide_automatic_options = cls.provide_automatic_options
        return made  # type: ignore[no-any-return]


class MethodView(View):
    """A view with one method per HTTP method: ``get()`` answers GET, and HEAD unless there is ``head()``."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "methods" in vars(cls):
            return
        methods = {name.upper() for name in http_method_funcs if hasattr(cls, name)}
        for base in cls.__bases__:
            methods.update(getattr(base, "methods", None) or ())
        if methods:
            cls.methods = methods

    def dispatch_request(self, **kwargs: Any) -> ft.ResponseReturnValue:
        """Call the method for the request's HTTP method."""
        method = getattr(self, request.method.lower(), None)
        if method is None and request.method == "HEAD":
            method = getattr(self, "get", None)
        assert method is not None, f"Unimplemented method {request.method!r}"
        return current_app.ensure_sync(method)(**kwargs)  # type: ignore[no-any-return]
