"""When set-up may happen, and what a blueprint's deferred set-up gets to work with."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from ..typing import RouteCallable
    from .app import App
    from .blueprints import Blueprint

F = TypeVar("F", bound=Callable[..., Any])


def endpoint_of(view_func: Callable[..., Any] | None) -> str:
    """Give the endpoint that a view has when none is named: its name."""
    assert view_func is not None, "A rule without an endpoint needs a view function to be named after."
    return view_func.__name__


def setupmethod(f: F) -> F:
    """Refuse a method once set-up is over: what it would change has been used."""
    name = f.__name__

    def checked(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._check_setup_finished(name)
        return f(self, *args, **kwargs)

    return cast(F, update_wrapper(checked, f))


def named_decorator(name: Any, add: Callable[..., None]) -> Any:
    """Make a decorator that works with a name and without parentheses."""
    if callable(name):
        add(name)
        return name

    def decorator(f: Any) -> Any:
        add(f, name=name)
        return f

    return decorator


class BlueprintSetupState:
    """What the deferred functions of a blueprint get: the application, and how the blueprint is registered on it.

    :param blueprint: that is registered.
    :param app: on which.
    :param options: the arguments of ``register_blueprint``.
    :param first_registration: the blueprint was never registered on this application before.
    """

    def __init__(self, blueprint: Blueprint, app: App, options: Any, first_registration: bool) -> None:
        self.app = app
        self.blueprint = blueprint
        self.options: dict[str, Any] = options
        self.first_registration = first_registration
        self.name: str = options.get("name", blueprint.name)
        self.name_prefix: str = options.get("name_prefix", "")
        self.subdomain: str | None = _first(options.get("subdomain"), blueprint.subdomain)
        self.url_prefix: str | None = _first(options.get("url_prefix"), blueprint.url_prefix)
        self.url_defaults: dict[str, Any] = {**blueprint.url_values_defaults, **options.get("url_defaults", {})}

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        **options: Any,
    ) -> None:
        """Add a rule to the application: prefixed, its endpoint below the blueprint's name."""
        if self.url_prefix is not None:
            rule = "/".join((self.url_prefix.rstrip("/"), rule.lstrip("/"))) if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = endpoint_of(view_func)
        defaults = {**self.url_defaults, **(options.pop("defaults", None) or {})}
        name = f"{self.name_prefix}.{self.name}.{endpoint}".lstrip(".")
        self.app.add_url_rule(rule, name, view_func, defaults=defaults, **options)


def _first(*values: Any) -> Any:
    """Give the first value that isn't ``None``."""
    return next((value for value in values if value is not None), None)
