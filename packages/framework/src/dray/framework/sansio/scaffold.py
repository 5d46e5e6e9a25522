"""What an application and a blueprint have in common: resources in a folder, and registration.

Registration only fills registries. How they become what a request walks, :mod:`.records` says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from dray.templating import FileSystemLoader
from dray.wsgi_tools.utils import cached_property

from .. import typing as ft
from .._functions import iscoroutinefunction
from .._paths import find_package, get_root_path
from .error_map import exception_and_code, new_error_handler_spec
from .registries import HookTable, Registry
from .setup_state import endpoint_of as _endpoint_from_view_func
from .setup_state import setupmethod

if TYPE_CHECKING:
    from dray.cli_kit import Group
    from dray.templating import BaseLoader

__all__ = ["Scaffold", "_endpoint_from_view_func", "find_package", "setupmethod"]

_sentinel: Any = object()

F = TypeVar("F", bound=Callable[..., Any])
T_after_request = TypeVar("T_after_request", bound=ft.AfterRequestCallable[Any])
T_before_request = TypeVar("T_before_request", bound=ft.BeforeRequestCallable)
T_error_handler = TypeVar("T_error_handler", bound=ft.ErrorHandlerCallable)
T_teardown = TypeVar("T_teardown", bound=ft.TeardownCallable)
T_template_context_processor = TypeVar("T_template_context_processor", bound=ft.TemplateContextProcessorCallable)
T_url_defaults = TypeVar("T_url_defaults", bound=ft.URLDefaultCallable)
T_url_value_preprocessor = TypeVar("T_url_value_preprocessor", bound=ft.URLValuePreprocessorCallable)
T_route = TypeVar("T_route", bound=ft.RouteCallable)


#: What a handler is registered for: an exception class, or the status code of an HTTP error.
ErrorKey = type[Exception] | int


def _no_context() -> dict[str, Any]:
    """Give templates nothing: the framework's own names are added where templates are rendered."""
    return {}


def _one_method(method: str) -> Callable[..., Callable[[T_route], T_route]]:
    """Make the decorator for routes of one HTTP method."""

    def register(self: Scaffold, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        return self._method_route(method, rule, options)

    register.__name__ = method.lower()
    register.__qualname__ = f"Scaffold.{method.lower()}"
    register.__doc__ = f"Route {method} requests, like :meth:`route` with ``methods=[{method!r}]``."
    return setupmethod(register)


class Scaffold:
    """A place to register views and hooks, with a folder of templates and static files.

    :param import_name: the module it is defined in, usually ``__name__``: its folder is found by it.
    :param static_folder: relative to the root path; ``None`` for none.
    :param static_url_path: where static files are served; the folder's name by default.
    :param template_folder: relative to the root path; ``None`` for none.
    :param root_path: the folder, if it isn't the module's.
    """

    cli: Group
    name: str
    _static_folder: str | None = None
    _static_url_path: str | None = None

    def __init__(
        self,
        import_name: str,
        static_folder: ft.StrPath | None = None,
        static_url_path: ft.OptionalStr = None,
        template_folder: ft.StrPath | None = None,
        root_path: str | None = None,
    ) -> None:
        #: The module that it is defined in.
        self.import_name = import_name
        #: Where templates are looked for, relative to :attr:`root_path`.
        self.template_folder = template_folder
        #: The folder of the module.
        self.root_path: str = get_root_path(import_name) if root_path is None else root_path
        self.static_folder = static_folder
        self.static_url_path = static_url_path

        changed = self._registry_changed
        #: Views by endpoint.
        self.view_functions: Registry = Registry(changed)
        #: Handlers by blueprint, status code and exception class.
        self.error_handler_spec = new_error_handler_spec()
        #: Hooks by blueprint; the key is ``None`` for the application's own.
        self.before_request_funcs: HookTable = HookTable(changed)
        self.after_request_funcs: HookTable = HookTable(changed)
        self.teardown_request_funcs: HookTable = HookTable(changed)
        self.before_websocket_funcs: HookTable = HookTable(changed)
        self.after_websocket_funcs: HookTable = HookTable(changed)
        self.teardown_websocket_funcs: HookTable = HookTable(changed)
        self.template_context_processors: HookTable = HookTable(changed)
        self.template_context_processors[None].append(_no_context)
        self.url_value_preprocessors: HookTable = HookTable(changed)
        self.url_default_functions: HookTable = HookTable(changed)

    def _registry_changed(self) -> None:
        """Take note that a registry is about to change."""

    def _check_setup_finished(self, f_name: str) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    # Resources

    @property
    def static_folder(self) -> str | None:
        """The absolute path of the folder of static files."""
        if self._static_folder is None:
            return None
        return os.path.join(self.root_path, self._static_folder)

    @static_folder.setter
    def static_folder(self, value: ft.StrPath | None) -> None:
        self._static_folder = None if value is None else os.fspath(value).rstrip(r"\/")

    @property
    def has_static_folder(self) -> bool:
        """Whether there is a folder of static files."""
        return self._static_folder is not None

    @property
    def static_url_path(self) -> str | None:
        """The URL path below which static files are served: the folder's name unless another was given."""
        folder = self.static_folder
        if self._static_url_path is None and folder is not None:
            return f"/{os.path.basename(folder)}".rstrip("/")
        return self._static_url_path

    @static_url_path.setter
    def static_url_path(self, value: str | None) -> None:
        self._static_url_path = None if value is None else value.rstrip("/")

    @cached_property
    def jinja_loader(self) -> BaseLoader | None:
        """The loader of its own templates."""
        if self.template_folder is None:
            return None
        return FileSystemLoader(os.path.join(self.root_path, self.template_folder))

    # Routes

    def _method_route(self, method: str, rule: str, options: dict[str, Any]) -> Callable[[T_route], T_route]:
        if "methods" in options:
            raise TypeError(f"{method.lower()}() is for one method. Use route() with methods=[...] for several.")
        return self.route(rule, methods=[method], **options)

    get = _one_method("GET")
    post = _one_method("POST")
    put = _one_method("PUT")
    delete = _one_method("DELETE")
    patch = _one_method("PATCH")

    @setupmethod
    def route(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Register the decorated function as the view of a URL rule.

        :param rule: the rule, such as ``/user/<int:id>``.
        :param options: ``endpoint``, ``methods`` and the other arguments of
            :class:`~dray.wsgi_tools.routing.Rule`.
        """

        def decorator(f: T_route) -> T_route:
            self.add_url_rule(rule, options.pop("endpoint", None), f, **options)
            return f

        return decorator

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: ft.OptionalStr = None,
        view_func: ft.OptionalView = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a URL rule, and a view for its endpoint.

        :param rule: the rule.
        :param endpoint: names the rule for building URLs; the view's name by default.
        :param view_func: the view; it may also be registered for the endpoint before or later.
        :param provide_automatic_options: answer OPTIONS requests with the methods allowed; by default where the rule
            doesn't take them.
        :param options: arguments of :class:`~dray.wsgi_tools.routing.Rule`.
        """
        raise NotImplementedError

    @setupmethod
    def websocket(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Register the decorated coroutine function as the view of a WebSocket, served by the ASGI gateway.

        :param rule: the rule, such as ``/rooms/<name>``.
        :param options: as for :meth:`route`.
        """

        def decorator(f: T_route) -> T_route:
            self.add_websocket(rule, options.pop("endpoint", None), f, **options)
            return f

        return decorator

    @setupmethod
    def add_websocket(
        self, rule: str, endpoint: ft.OptionalStr = None, view_func: ft.OptionalView = None, **options: Any
    ) -> None:
        """Register a URL rule of a WebSocket, and a view for its endpoint.

        :param rule: the rule.
        :param endpoint: names the rule for building URLs; the view's name by default.
        :param view_func: the view, a coroutine function.
        :param options: arguments of :class:`~dray.wsgi_tools.routing.Rule`.
        """
        if view_func is not None and not iscoroutinefunction(view_func):
            raise TypeError(
                f"The view of a WebSocket awaits its messages, so it must be 'async def'; {view_func!r} isn't."
            )
        self.add_url_rule(rule, endpoint, view_func, provide_automatic_options=False, websocket=True, **options)

    @setupmethod
    def endpoint(self, endpoint: str) -> Callable[[F], F]:
        """Register the decorated function as the view of an endpoint whose rule is added elsewhere."""

        def register(view: F) -> F:
            self.view_functions[endpoint] = view
            return view

        return register

    # Hooks

    @setupmethod
    def before_request(self, f: T_before_request) -> T_before_request:
        """Call a function before each request; what it returns, unless ``None``, is the answer, and no view runs."""
        self.before_request_funcs[None].append(f)
        return f

    @setupmethod
    def after_request(self, f: T_after_request) -> T_after_request:
        """Call a function with each response; it returns the response to send.

        It isn't called when an exception is unhandled.
        """
        self.after_request_funcs[None].append(f)
        return f

    @setupmethod
    def teardown_request(self, f: T_teardown) -> T_teardown:
        """Call a function when the context of each request ends, with the unhandled exception or ``None``.

        All of them are called, even if one raises.
        """
        self.teardown_request_funcs[None].append(f)
        return f

    @setupmethod
    def before_websocket(self, f: T_before_request) -> T_before_request:
        """Call a function before the view of each WebSocket; what it returns, unless ``None``, refuses it."""
        self.before_websocket_funcs[None].append(f)
        return f

    @setupmethod
    def after_websocket(self, f: F) -> F:
        """Call a function when a WebSocket's view has ended, with the response that refuses it or ``None``.

        It returns what it got, or another response.
        """
        self.after_websocket_funcs[None].append(f)
        return f

    @setupmethod
    def teardown_websocket(self, f: T_teardown) -> T_teardown:
        """Call a function when the context of each WebSocket ends, with the unhandled exception or ``None``."""
        self.teardown_websocket_funcs[None].append(f)
        return f

    @setupmethod
    def context_processor(self, f: F) -> F:
        """Call a function before a template is rendered; the dict it returns is added to the variables."""
        self.template_context_processors[None].append(f)
        return f

    @setupmethod
    def url_value_preprocessor(self, f: F) -> F:
        """Call a function with the endpoint and the URL's values before the hooks and the view; it may change them."""
        self.url_value_preprocessors[None].append(f)
        return f

    @setupmethod
    def url_defaults(self, f: F) -> F:
        """Call a function with the endpoint and the values when a URL is built; it may add to them."""
        self.url_default_functions[None].append(f)
        return f

    # Errors

    @setupmethod
    def errorhandler(self, code_or_exception: ErrorKey) -> Callable[[T_error_handler], T_error_handler]:
        """Register the decorated function as the answer to an exception class or HTTP status code."""

        def register(handler: T_error_handler) -> T_error_handler:
            self.register_error_handler(code_or_exception, handler)
            return handler

        return register

    @setupmethod
    def register_error_handler(self, code_or_exception: ErrorKey, f: ft.ErrorHandlerCallable) -> None:
        """Register the answer to an exception class or HTTP status code.

        :param f: gets the exception and returns what a view returns.
        """
        exc_class, code = self._get_exc_class_and_code(code_or_exception)
        self.error_handler_spec[None][code][exc_class] = f

    _get_exc_class_and_code = staticmethod(exception_and_code)
