"""The template environment of an application, and the loader that looks in it and then in its blueprints.

Both take the application as an argument and know no current one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dray.templating import BaseLoader, TemplateNotFound
from dray.templating import Environment as BaseEnvironment

if TYPE_CHECKING:
    from .sansio.app import App
    from .sansio.scaffold import Scaffold

Source = tuple[str, str | None, Callable[[], bool] | None]
Attempt = tuple[BaseLoader, "Scaffold", Source | None]


class Environment(BaseEnvironment):
    """A template environment that knows its application.

    :param app: whose templates it loads.
    :param options: arguments of :class:`dray.templating.environment.Environment`.
    """

    def __init__(self, app: App, **options: Any) -> None:
        self.app = app
        super().__init__(**{"loader": app.create_global_jinja_loader(), **options})


class DispatchingJinjaLoader(BaseLoader):
    """Look for a template in the application's folder, then in those of its blueprints.

    :param app: whose loaders are asked.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def get_source(self, environment: BaseEnvironment, template: str) -> Source:
        """Give a template's source from the first loader that has it.

        :raises TemplateNotFound: when none has.
        """
        if self.app.config["EXPLAIN_TEMPLATE_LOADING"]:
            return self._explained(environment, template)
        for _, loader in self._loaders():
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                continue
        raise TemplateNotFound(template)

    def _explained(self, environment: BaseEnvironment, template: str) -> Source:
        """Ask every loader, to tell the user what each of them said."""
        attempts: list[Attempt] = []
        for owner, loader in self._loaders():
            try:
                attempts.append((loader, owner, loader.get_source(environment, template)))
            except TemplateNotFound:
                attempts.append((loader, owner, None))
        self.app._explain_template_loading(template, attempts)
        for _, _, source in attempts:
            if source is not None:
                return source
        raise TemplateNotFound(template)

    def _loaders(self) -> Iterator[tuple[Scaffold, BaseLoader]]:
        for owner in (self.app, *self.app.iter_blueprints()):
            if owner.jinja_loader is not None:
                yield owner, owner.jinja_loader

    def list_templates(self) -> list[str]:
        """Give the names of all templates, each once."""
        return sorted({name for _, loader in self._loaders() for name in loader.list_templates()})
