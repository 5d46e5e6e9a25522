"""Blueprints: set-up that is recorded, to be played on an application, once or several times under other names."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

from .. import typing as ft
from .scaffold import (
    Scaffold,
    T_after_request,
    T_before_request,
    T_error_handler,
    T_teardown,
    T_template_context_processor,
    T_url_defaults,
    T_url_value_preprocessor,
    _sentinel,
)
from .setup_state import BlueprintSetupState, named_decorator, setupmethod

if TYPE_CHECKING:
    from .app import App

DeferredSetupFunction = Callable[[BlueprintSetupState], None]
F = TypeVar("F", bound=Callable[..., Any])
T_template_filter = TypeVar("T_template_filter", bound=ft.TemplateFilterCallable)
T_template_global = TypeVar("T_template_global", bound=ft.TemplateGlobalCallable)
T_template_test = TypeVar("T_template_test", bound=ft.TemplateTestCallable)

__all__ = ["Blueprint", "BlueprintSetupState", "DeferredSetupFunction"]

_MERGED = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "before_websocket_funcs",
    "after_websocket_funcs",
    "teardown_websocket_funcs",
    "url_default_functions",
    "url_value_preprocessors",
    "template_context_processors",
)


class Blueprint(Scaffold):
    """A part of an application that can be registered on several, or several times.

    :param name: goes before its endpoints, with a dot; must not contain one.
    :param import_name: the module it is defined in, usually ``__name__``.
    :param static_folder: static files of its own.
    :param static_url_path: where they are served, below the URL prefix.
    :param template_folder: templates of its own, looked for after the application's.
    :param url_prefix: goes before its rules.
    :param subdomain: that its rules match by default.
    :param url_defaults: values that its rules get by default.
    :param root_path: the folder, if it isn't the module's.
    :param cli_group: the command group that its commands stand in; its name by default, ``None`` for the top.
    :param owns_prefix: its error handlers answer for every URL below its prefix, also where no rule matches: 404, 405.
    """

    _got_registered_once = False

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: ft.StrPath | None = None,
        static_url_path: ft.OptionalStr = None,
        template_folder: ft.StrPath | None = None,
        url_prefix: ft.OptionalStr = None,
        subdomain: ft.OptionalStr = None,
        url_defaults: dict[str, Any] | None = None,
        root_path: str | None = None,
        cli_group: str | None = _sentinel,
        owns_prefix: bool = False,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if not name:
            raise ValueError("A blueprint needs a name: it goes before its endpoints.")
        if "." in name:
            raise ValueError(f"The blueprint name {name!r} may not contain a dot '.': dots are for nested blueprints.")
        self.name = name
        self.url_prefix = url_prefix
        self.subdomain = subdomain
        self.url_values_defaults: dict[str, Any] = url_defaults or {}
        self.cli_group = cli_group
        self.owns_prefix = owns_prefix
        self.deferred_functions: list[DeferredSetupFunction] = []
        self._blueprints: list[tuple[Blueprint, dict[str, Any]]] = []

    def _check_setup_finished(self, f_name: str) -> None:
        if self._got_registered_once:
            raise AssertionError(
                f"The setup method '{f_name}' can no longer be called on the blueprint '{self.name}': it has already"
                " been registered once, and the change would be missing there. Do all set-up before registering it."
            )

    # Recording and playing

    @setupmethod
    def record(self, func: DeferredSetupFunction) -> None:
        """Call a function with the setup state whenever the blueprint is registered."""
        self.deferred_functions.append(func)

    @setupmethod
    def record_once(self, func: DeferredSetupFunction) -> None:
        """Call a function with the setup state when the blueprint is first registered on an application."""

        def once(state: BlueprintSetupState) -> None:
            if state.first_registration:
                func(state)

        self.record(update_wrapper(once, func))

    def make_setup_state(
        self, app: App, options: dict[str, Any], first_registration: bool = False
    ) -> BlueprintSetupState:
        """Make what the recorded functions get."""
        return BlueprintSetupState(self, app, options, first_registration)

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Nest a blueprint in this one.

        :param options: as for :meth:`~dray.framework.app.App.register_blueprint`.
        """
        if blueprint is self:
            raise ValueError(f"The blueprint {self.name!r} can't be registered on itself.")
        self._blueprints.append((blueprint, options))

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Play what was recorded on an application, then on it the nested blueprints.

        :param options: the arguments of ``register_blueprint``.
        :raises ValueError: when the name is taken.
        """
        name = f"{options.get('name_prefix', '')}.{options.get('name', self.name)}".lstrip(".")
        if name in app.blueprints:
            same = app.blueprints[name] is self
            raise ValueError(
                f"The name {name!r} is already registered for {'this' if same else 'a different'} blueprint"
                f"{'' if same else ' ' + repr(app.blueprints[name])}. Use 'name=' to register it under another name."
            )
        is_first = all(blueprint is not self for blueprint in app.blueprints.values())
        app.blueprints[name] = self
        self._got_registered_once = True
        state = self.make_setup_state(app, options, is_first)
        if self.owns_prefix:
            app.add_prefix_owner(name, state.url_prefix)
        if self.has_static_folder:
            state.add_url_rule(
                f"{self.static_url_path}/<path:filename>",
                view_func=self.send_static_file,  # type: ignore[attr-defined]
                endpoint="static",
            )
        self._merge_blueprint_funcs(app, name)
        for deferred in self.deferred_functions:
            deferred(state)
        self._register_commands(app, name, options)
        for blueprint, nested in self._blueprints:
            blueprint.register(app, _nested_options(blueprint, state, name, nested))

    def _register_commands(self, app: App, name: str, options: dict[str, Any]) -> None:
        if "cli" not in vars(self) or not self.cli.commands:
            return
        group = options.get("cli_group", self.cli_group)
        if group is None:
            app.cli.commands.update(self.cli.commands)
            return
        self.cli.name = name if group is _sentinel else group
        app.cli.add_command(self.cli)

    def _merge_blueprint_funcs(self, app: App, name: str) -> None:
        """Add its hooks and handlers to the application's, under its full name."""
        for key, by_code in self.error_handler_spec.items():
            target = app.error_handler_spec[name if key is None else f"{name}.{key}"]
            for code, handlers in by_code.items():
                target[code].update(handlers)
        for endpoint, view in self.view_functions.items():
            app.view_functions[endpoint] = view
        for table in _MERGED:
            for key, hooks in getattr(self, table).items():
                getattr(app, table)[name if key is None else f"{name}.{key}"].extend(hooks)

    # Set-up of its own, and of the whole application

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: ft.OptionalStr = None,
        view_func: ft.OptionalView = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a URL rule below the blueprint's prefix, its endpoint below the blueprint's name.

        See :meth:`.Scaffold.add_url_rule` for the arguments.
        """
        if endpoint and "." in endpoint:
            raise ValueError(f"The endpoint {endpoint!r} may not contain a dot '.': the blueprint's name is added.")
        if view_func and hasattr(view_func, "__name__") and "." in view_func.__name__:
            raise ValueError(f"The view function name {view_func.__name__!r} may not contain a dot '.'.")
        self.record(
            lambda state: state.add_url_rule(
                rule, endpoint, view_func, provide_automatic_options=provide_automatic_options, **options
            )
        )

    def _app_hook(self, table: str, f: Any) -> Any:
        self.record_once(lambda state: getattr(state.app, table)[None].append(f))
        return f

    @setupmethod
    def before_app_request(self, f: T_before_request) -> T_before_request:
        """Like :meth:`.Scaffold.before_request`, for every request of the application."""
        return self._app_hook("before_request_funcs", f)  # type: ignore[no-any-return]

    @setupmethod
    def after_app_request(self, f: T_after_request) -> T_after_request:
        """Like :meth:`.Scaffold.after_request`, for every request of the application."""
        return self._app_hook("after_request_funcs", f)  # type: ignore[no-any-return]

    @setupmethod
    def teardown_app_request(self, f: T_teardown) -> T_teardown:
        """Like :meth:`.Scaffold.teardown_request`, for every request of the application."""
        return self._app_hook("teardown_request_funcs", f)  # type: ignore[no-any-return]

    @setupmethod
    def before_app_websocket(self, f: T_before_request) -> T_before_request:
        """Like :meth:`.Scaffold.before_websocket`, for every WebSocket of the application."""
        return self._app_hook("before_websocket_funcs", f)  # type: ignore[no-any-return]

    @setupmethod
    def after_app_websocket(self, f: T_after_request) -> T_after_request:
        """Like :meth:`.Scaffold.after_websocket`, for every WebSocket of the application."""
        return self._app_hook("after_websocket_funcs", f)  # type: ignore[no-any-return]

    @setupmethod
    def teardown_app_websocket(self, f: T_teardown) -> T_teardown:
        """Like :meth:`.Scaffold.teardown_websocket`, for every WebSocket of the application."""
        return self._app_hook("teardown_websocket_funcs", f)  # type: ignore[no-any-return]

    def _serving_hook(self, register: str, f: Any) -> Any:
        self.record_once(lambda state: getattr(state.app, register)(f))
        return f

    @setupmethod
    def before_app_serving(self, f: F) -> F:
        """Like :meth:`~.serving.ServingHooks.before_serving` of the application."""
        return self._serving_hook("before_serving", f)  # type: ignore[no-any-return]

    @setupmethod
    def after_app_serving(self, f: F) -> F:
        """Like :meth:`~.serving.ServingHooks.after_serving` of the application."""
        return self._serving_hook("after_serving", f)  # type: ignore[no-any-return]

    @setupmethod
    def while_app_serving(self, f: F) -> F:
        """Like :meth:`~.serving.ServingHooks.while_serving` of the application."""
        return self._serving_hook("while_serving", f)  # type: ignore[no-any-return]

    @setupmethod
    def app_context_processor(self, f: T_template_context_processor) -> T_template_context_processor:
        """Like :meth:`.Scaffold.context_processor`, for every template of the application."""
        return self._app_hook("template_context_processors", f)  # type: ignore[no-any-return]

    @setupmethod
    def app_url_value_preprocessor(self, f: T_url_value_preprocessor) -> T_url_value_preprocessor:
        """Like :meth:`.Scaffold.url_value_preprocessor`, for every request of the application."""
        return self._app_hook("url_value_preprocessors", f)  # type: ignore[no-any-return]

    @setupmethod
    def app_url_defaults(self, f: T_url_defaults) -> T_url_defaults:
        """Like :meth:`.Scaffold.url_defaults`, for every URL of the application."""
        return self._app_hook("url_default_functions", f)  # type: ignore[no-any-return]

    @setupmethod
    def app_errorhandler(self, code: type[Exception] | int) -> Callable[[T_error_handler], T_error_handler]:
        """Like :meth:`.Scaffold.errorhandler`, for every request of the application."""

        def decorator(f: T_error_handler) -> T_error_handler:
            self.record_once(lambda state: state.app.register_error_handler(code, f))
            return f

        return decorator

    @setupmethod
    def app_template_filter(self, name: Any = None) -> Any:
        """Register the decorated function as a template filter of the application.

        :param name: the function's name by default.
        """
        return named_decorator(name, self.add_app_template_filter)

    @setupmethod
    def add_app_template_filter(self, f: ft.TemplateFilterCallable, name: str | None = None) -> None:
        """Register a template filter of the application."""
        self.record_once(lambda state: state.app.add_template_filter(f, name=name))

    @setupmethod
    def app_template_test(self, name: Any = None) -> Any:
        """Register the decorated function as a template test of the application.

        :param name: the function's name by default.
        """
        return named_decorator(name, self.add_app_template_test)

    @setupmethod
    def add_app_template_test(self, f: ft.TemplateTestCallable, name: str | None = None) -> None:
        """Register a template test of the application."""
        self.record_once(lambda state: state.app.add_template_test(f, name=name))

    @setupmethod
    def app_template_global(self, name: Any = None) -> Any:
        """Register the decorated function as a global name of the application's templates.

        :param name: the function's name by default.
        """
        return named_decorator(name, self.add_app_template_global)

    @setupmethod
    def add_app_template_global(self, f: ft.TemplateGlobalCallable, name: str | None = None) -> None:
        """Register a global name of the application's templates."""
        self.record_once(lambda state: state.app.add_template_global(f, name=name))


def _nested_options(
    blueprint: Blueprint, state: BlueprintSetupState, name: str, options: dict[str, Any]
) -> dict[str, Any]:
    """Join the options of a nested blueprint with those of the blueprint that it is nested in."""
    joined = dict(options)
    subdomain = options.get("subdomain", blueprint.subdomain)
    if state.subdomain is not None and subdomain is not None:
        joined["subdomain"] = f"{subdomain}.{state.subdomain}"
    elif subdomain is not None:
        joined["subdomain"] = subdomain
    elif state.subdomain is not None:
        joined["subdomain"] = state.subdomain
    prefix = options.get("url_prefix", blueprint.url_prefix)
    if prefix is None:
        prefix = blueprint.url_prefix
    if state.url_prefix is not None and prefix is not None:
        joined["url_prefix"] = f"{state.url_prefix.rstrip('/')}/{prefix.lstrip('/')}"
    elif prefix is not None:
        joined["url_prefix"] = prefix
    elif state.url_prefix is not None:
        joined["url_prefix"] = state.url_prefix
    joined["name_prefix"] = name
    return joined
