"""An application as set-up leaves it: settings, registries, URL map, templates, JSON. It serves nothing.

The App that serves (:mod:`dray.framework.app`) derives from it; so can a whole other framework.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, ValuesView
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from dray.wsgi_tools.exceptions import Aborter, BadRequest, BadRequestKeyError
from dray.wsgi_tools.routing import BuildError, Map, Rule
from dray.wsgi_tools.utils import cached_property
from dray.wsgi_tools.utils import redirect as _redirect

from .. import typing as ft
from .._flags import get_debug_flag
from .._g import _AppCtxGlobals
from .._paths import _split_blueprint_path
from .._template_env import Attempt, DispatchingJinjaLoader, Environment
from ..config import Config, ConfigAttribute
from ..json.provider import DefaultJSONProvider, JSONProvider
from .error_map import find_handler
from .records import Records, blueprints_of
from .scaffold import Scaffold, _endpoint_from_view_func, find_package
from .serving import ServingHooks
from .setup_state import named_decorator, setupmethod

if TYPE_CHECKING:
    import logging

    from dray.wsgi_tools.sansio.response import Response

    from .._cli_runner import AppCliRunner
    from ..testing import AppClient
    from .blueprints import Blueprint

F = TypeVar("F", bound=Callable[..., Any])
T_shell_context_processor = TypeVar("T_shell_context_processor", bound=ft.ShellContextProcessorCallable)
T_template_filter = TypeVar("T_template_filter", bound=ft.TemplateFilterCallable)
T_template_global = TypeVar("T_template_global", bound=ft.TemplateGlobalCallable)
T_template_test = TypeVar("T_template_test", bound=ft.TemplateTestCallable)


#: Ends of the names of templates whose text is markup.
_ESCAPED = (".html", ".htm", ".xml", ".xhtml", ".svg")


def _make_timedelta(value: timedelta | int | None) -> timedelta | None:
    """Take a duration as it is, or as a number of seconds."""
    return value if value is None or isinstance(value, timedelta) else timedelta(seconds=value)


def _naming(kind: str) -> Callable[..., Any]:
    """Make the decorator that registers what templates know by a name: a filter, a test or a global."""

    def decorate(self: App, name: Any = None) -> Any:
        return named_decorator(name, getattr(self, f"add_template_{kind}"))

    decorate.__name__ = f"template_{kind}"
    decorate.__qualname__ = f"App.template_{kind}"
    decorate.__doc__ = f"""Register the decorated function as a template {kind}.

        :param name: the function's name by default.
        """
    return setupmethod(decorate)


class App(Scaffold, ServingHooks):
    """An application without a way to serve it.

    :param import_name: the module it is defined in, usually ``__name__``.
    :param static_url_path: where static files are served; the folder's name by default.
    :param static_folder: relative to the root path.
    :param static_host: the host that serves static files, with ``host_matching``.
    :param host_matching: rules have a host of their own.
    :param subdomain_matching: rules match the subdomain of ``SERVER_NAME``.
    :param template_folder: relative to the root path.
    :param instance_path: the folder of what belongs to this installation, and not to the code.
    :param instance_relative_config: settings files are looked for there.
    :param root_path: the folder, if it isn't the module's.
    """

    #: Makes the object behind :attr:`aborter`.
    aborter_class = Aborter
    #: Makes the object behind :attr:`jinja_env`.
    jinja_environment = Environment
    #: Makes ``g``.
    app_ctx_globals_class = _AppCtxGlobals
    #: Makes :attr:`config`.
    config_class = Config
    #: Makes the object behind :attr:`json`.
    json_provider_class: type[JSONProvider] = DefaultJSONProvider
    #: Arguments for the template environment; change them before it is first used.
    jinja_options: dict[str, Any] = {}
    #: Makes URL rules.
    url_rule_class = Rule
    #: Makes the URL map.
    url_map_class = Map
    #: Makes the test client; :class:`~dray.framework.testing.AppClient` if ``None``.
    test_client_class: type[AppClient] | None = None
    #: Makes the runner of commands in tests; :class:`~dray.framework.testing.AppCliRunner` if ``None``.
    test_cli_runner_class: type[AppCliRunner] | None = None
    default_config: dict[str, Any]
    response_class: type[Response]

    #: Whether it runs under test: the setting ``TESTING``.
    testing = ConfigAttribute[bool]("TESTING")
    #: What sessions are signed with: the setting ``SECRET_KEY``.
    secret_key = ConfigAttribute[str | bytes | None]("SECRET_KEY")
    #: How long a permanent session lasts: the setting ``PERMANENT_SESSION_LIFETIME``, in seconds or as a timedelta.
    permanent_session_lifetime = ConfigAttribute[timedelta]("PERMANENT_SESSION_LIFETIME", _make_timedelta)  # type: ignore[arg-type]

    #: Whether the map answers alone for most requests: no host, no subdomain and no adapter of its own plays a part.
    _matches_directly = False

    def __init__(
        self,
        import_name: str,
        static_url_path: ft.OptionalStr = None,
        static_folder: ft.StrPath | None = "static",
        static_host: ft.OptionalStr = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: ft.StrPath | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
    ) -> None:
        self._records = Records(self, lambda function: self.ensure_sync(function))
        #: What matches the paths that a blueprint owns, and its name, the longest prefix first.
        self._prefix_owners: list[tuple[re.Pattern[str], str]] = []
        #: Endpoints whose plain view never blocks, so that it is called on an event loop.
        self.inline_endpoints: set[str] = set()
        #: Endpoints whose view takes the body of a request as it comes.
        self.streaming_endpoints: set[str] = set()
        ServingHooks.__init__(self)
        self._got_first_request = False
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if instance_path is None:
            instance_path = self.auto_find_instance_path()
        elif not os.path.isabs(instance_path):
            raise ValueError(f"instance_path must be absolute: {instance_path!r} is relative to the working folder.")
        #: The folder of what belongs to this installation.
        self.instance_path = instance_path
        #: The settings.
        self.config = self.make_config(instance_relative_config)
        #: Raises HTTP errors: ``app.aborter(404)``.
        self.aborter = self.make_aborter()
        #: Reads and writes JSON.
        self.json: JSONProvider = self.json_provider_class(self)
        #: Blueprints by the name they are registered under.
        self.blueprints: dict[str, Blueprint] = {}
        #: A place for extensions, by their names.
        self.extensions: dict[str, Any] = {}
        #: Called with error, endpoint and values when a URL can't be built.
        self.url_build_error_handlers: list[Callable[[Exception, str, dict[str, Any]], str]] = []
        #: Called when an application context ends.
        self.teardown_appcontext_funcs: list[ft.TeardownCallable] = []
        #: Called for the names that the shell starts with.
        self.shell_context_processors: list[ft.ShellContextProcessorCallable] = []
        #: The URL rules.
        self.url_map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching

    # Freezing

    def _registry_changed(self) -> None:
        self._records.forget()

    def _check_setup_finished(self, f_name: str) -> None:
        if self._got_first_request:
            raise AssertionError(
                f"The setup method '{f_name}' can no longer be called on the application. It has already handled its"
                " first request, any changes will not be applied consistently. Do all set-up before: imports,"
                " decorators, registrations."
            )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that can be called; a gateway says what that takes for an ``async`` one."""
        return func

    # What it is made of

    @cached_property
    def name(self) -> str:
        """Its name: the import name, or that of the script it is defined in."""
        if self.import_name != "__main__":
            return self.import_name
        file = getattr(sys.modules["__main__"], "__file__", None)
        return "__main__" if file is None else os.path.splitext(os.path.basename(file))[0]

    @cached_property
    def logger(self) -> logging.Logger:
        """A logger with its name."""
        from ..logging import create_logger  # noqa: PLC0415 - start-up time: a quiet program logs nothing

        return create_logger(self)

    def make_config(self, instance_relative: bool = False) -> Config:
        """Make the settings from the defaults."""
        defaults = {**self.default_config, "DEBUG": get_debug_flag()}
        return self.config_class(self.instance_path if instance_relative else self.root_path, defaults)

    def auto_find_instance_path(self) -> str:
        """Find the instance folder: beside the code in a checkout, below ``var`` in an installation."""
        prefix, folder = find_package(self.import_name)
        if prefix is None:
            return os.path.join(folder, "instance")
        return os.path.join(prefix, "var", f"{self.name}-instance")

    def create_global_jinja_loader(self) -> DispatchingJinjaLoader:
        """Make the loader that looks in the application and its blueprints."""
        return DispatchingJinjaLoader(self)

    def make_aborter(self) -> Aborter:
        """Make what raises HTTP errors."""
        return self.aborter_class()

    def _explain_template_loading(self, template: str, attempts: list[Attempt]) -> None:
        """Tell the user where a template was looked for; the setting is ``EXPLAIN_TEMPLATE_LOADING``."""

    @property
    def debug(self) -> bool:
        """Whether it runs in debug mode: the setting ``DEBUG``."""
        return self.config["DEBUG"]  # type: ignore[no-any-return]

    @debug.setter
    def debug(self, value: bool) -> None:
        follows = self.config["TEMPLATES_AUTO_RELOAD"] is None
        if follows and "jinja_env" in vars(self):
            self.jinja_env.auto_reload = value
        self.config["DEBUG"] = value

    @cached_property
    def jinja_env(self) -> Environment:
        """The environment of its templates, made when first used."""
        return self.create_jinja_environment()

    def create_jinja_environment(self) -> Environment:
        """Make the environment of its templates."""
        raise NotImplementedError(f"{type(self).__name__} must define create_jinja_environment().")

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Tell whether a template escapes: HTML, XML and SVG do, and what comes from a string."""
        return filename is None or filename.endswith(_ESCAPED)

    # Registration

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Register a blueprint.

        :param options: ``url_prefix``, ``subdomain``, ``url_defaults`` and ``name`` go before the blueprint's own.
        :raises ValueError: when its name is taken.
        """
        blueprint.register(self, options)

    def iter_blueprints(self) -> ValuesView[Blueprint]:
        """Give all blueprints in the order of registration."""
        return self.blueprints.values()

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: ft.OptionalStr = None,
        view_func: ft.OptionalView = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a URL rule, and a view for its endpoint. See :meth:`.Scaffold.add_url_rule`."""
        if endpoint is None:
            endpoint = _endpoint_from_view_func(view_func)
        methods = _methods_of(options.pop("methods", None), view_func)
        required = {method.upper() for method in getattr(view_func, "required_methods", ())}
        if provide_automatic_options is None:
            provide_automatic_options = getattr(view_func, "provide_automatic_options", None)
        if provide_automatic_options is None:
            provide_automatic_options = "OPTIONS" not in methods and self.config["PROVIDE_AUTOMATIC_OPTIONS"]
        if provide_automatic_options:
            required.add("OPTIONS")
        if options.pop("inline", False):
            self.inline_endpoints.add(endpoint)
        if options.pop("stream", False):
            self.streaming_endpoints.add(endpoint)
        made: Any = self.url_rule_class(rule, methods=methods | required, endpoint=endpoint, **options)
        made.provide_automatic_options = provide_automatic_options
        self.url_map.add(made)
        if view_func is not None:
            old = self.view_functions.get(endpoint)
            if old is not None and old != view_func:
                raise AssertionError(
                    f"View function mapping is overwriting an existing endpoint function: {endpoint}. Give one of the"
                    " two views another name or endpoint; a decorator without functools.wraps also causes this."
                )
            self.view_functions[endpoint] = view_func

    template_filter = _naming("filter")
    template_test = _naming("test")
    template_global = _naming("global")

    def _add_template_name(self, kind: str, f: Callable[..., Any], name: str | None) -> None:
        self._check_setup_finished(f"add_template_{kind}")
        getattr(self.jinja_env, f"{kind}s")[name or f.__name__] = f

    def add_template_filter(self, f: ft.TemplateFilterCallable, name: str | None = None) -> None:
        """Register a template filter, under its own name by default."""
        self._add_template_name("filter", f, name)

    def add_template_test(self, f: ft.TemplateTestCallable, name: str | None = None) -> None:
        """Register a template test, under its own name by default."""
        self._add_template_name("test", f, name)

    def add_template_global(self, f: ft.TemplateGlobalCallable, name: str | None = None) -> None:
        """Register a global name of templates, the function's own by default."""
        self._add_template_name("global", f, name)

    @setupmethod
    def teardown_appcontext(self, f: F) -> F:
        """Call a function when each application context ends, after the request's own teardown functions."""
        self.teardown_appcontext_funcs.append(f)
        return f

    @setupmethod
    def shell_context_processor(self, f: F) -> F:
        """Call a function for the names that the shell starts with."""
        self.shell_context_processors.append(f)
        return f

    # Errors

    def add_prefix_owner(self, blueprint: str, prefix: str | None) -> None:
        """Let the error handlers of a blueprint answer for every URL below a prefix.

        :param blueprint: its full name.
        :param prefix: as rules have it; a variable stands for one segment.
        """
        text = "[^/]+".join(map(re.escape, _VARIABLE.split((prefix or "").rstrip("/"))))
        self._prefix_owners.append((re.compile(f"{text}(?:/|$)"), blueprint))
        self._prefix_owners.sort(key=lambda owner: -len(owner[0].pattern))

    def _blueprints_for_errors(self, request: Any) -> list[str]:
        """Give the names of the blueprints whose handlers answer an error of a request, innermost first."""
        if self._prefix_owners and request.routing_exception is not None:
            for pattern, name in self._prefix_owners:
                if pattern.match(request.path):
                    return list(_split_blueprint_path(name))
        return request.blueprints  # type: ignore[no-any-return]

    def _find_error_handler(self, e: Exception, blueprints: list[str]) -> ft.ErrorHandlerCallable | None:
        """Find the handler for an exception; the blueprints are the request's, innermost first."""
        return find_handler(self.error_handler_spec, e, blueprints)

    def trap_http_exception(self, e: Exception) -> bool:
        """Tell whether an HTTP error is to be treated like any other exception, as some settings ask for."""
        if self.config["TRAP_HTTP_EXCEPTIONS"]:
            return True
        trap = self.config["TRAP_BAD_REQUEST_ERRORS"]
        if trap is None and self.debug and isinstance(e, BadRequestKeyError):
            return True  # a missing form field is the developer's mistake more often than the client's
        return bool(trap) and isinstance(e, BadRequest)

    def should_ignore_error(self, error: BaseException | None) -> bool:
        """Tell whether teardown functions are told of an error; for subclasses."""
        return False

    # URLs

    def redirect(self, location: str, code: int = 302) -> Response:
        """Make a response that sends the client elsewhere."""
        return _redirect(location, code=code, Response=self.response_class)  # type: ignore[arg-type]

    def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
        """Let the hooks for building URLs add to the values."""
        for name in chain((None,), reversed(blueprints_of(endpoint))):
            for hook in self.url_default_functions.get(name, ()):
                hook(endpoint, values)

    def handle_url_build_error(self, error: BuildError, endpoint: str, values: dict[str, Any]) -> str:
        """Ask the handlers for a URL that can't be built.

        :raises BuildError: when none has an answer.
        """
        for handler in self.url_build_error_handlers:
            try:
                found = handler(error, endpoint, values)
            except BuildError as another:
                error = another
            else:
                if found is not None:
                    return found
        raise error


#: A variable of a rule.
_VARIABLE = re.compile(r"<[^>]*>")


def _methods_of(methods: Any, view_func: Any) -> set[str]:
    """Give the HTTP methods of a rule: those named, else the view's own, else GET."""
    if methods is None:
        methods = getattr(view_func, "methods", None) or ("GET",)
    if isinstance(methods, str):
        raise TypeError(f"Allowed methods must be a list of strings, for example methods=[{methods!r}].")
    return {method.upper() for method in methods}
