"""From a template's name to the template: the cache, the loader, and choosing among several names.

A mixin of :class:`.Environment`. What a template is, it is told.
"""

from __future__ import annotations

from _weakref import ref

from ..exceptions import TemplateNotFound, TemplatesNotFound, UndefinedError
from ..utils import internalcode, is_undefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping
    from typing import Any

    from .template import Template


class TemplateLoading:
    """Loads templates by name."""

    loader: Any
    cache: MutableMapping[Any, Any] | None
    auto_reload: bool
    #: The class that all templates are of.
    _template_base: type[Template]

    if TYPE_CHECKING:

        def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
            """See :meth:`.Environment.make_globals`."""

    def join_path(self, template: str, parent: str) -> str:
        """Return the name that a template uses for another one in full; by default names are full.

        :param template: the name used
        :param parent: the name of the template that uses it
        """
        return template

    @internalcode
    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        """Return a template from the cache or the loader."""
        loader = self.loader
        if loader is None:
            raise TypeError("no loader for this environment specified")
        cache = self.cache
        if cache is None:
            return loader.load(self, name, self.make_globals(globals))  # type: ignore[no-any-return]
        key = (ref(loader), name)
        kept: Template | None = cache.get(key)
        if kept is None or (self.auto_reload and not kept.is_up_to_date):
            kept = cache[key] = loader.load(self, name, self.make_globals(globals))
        elif globals:
            kept.globals.update(globals)
        return kept

    @internalcode
    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Load a template.

        :param name: its name; a template is returned as it is
        :param parent: the name of the template that asks, for :meth:`join_path`
        :param globals: more globals for it; an already loaded one gets them as well
        :raises TemplateNotFound: if there is none
        """
        if name.__class__ is not str and isinstance(name, self._template_base):
            return name
        if parent is not None:
            name = self.join_path(name, parent)  # type: ignore[arg-type]
        return self._load_template(name, globals)  # type: ignore[arg-type]

    @internalcode
    def select_template(
        self,
        names: Iterable[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Load the first of several templates that exists.

        :param names: the names, in order
        :param parent: the name of the template that asks, for :meth:`join_path`
        :param globals: more globals for it
        :raises TemplatesNotFound: if there is none, or *names* is empty
        """
        if is_undefined(names):
            names._fail_with_undefined_error()  # type: ignore[attr-defined]
        tried = list(names) if names else []
        if not tried:
            raise TemplatesNotFound(message="Tried to select from an empty list of templates.")
        for name in tried:
            if isinstance(name, self._template_base):
                return name
            if parent is not None:
                name = self.join_path(name, parent)  # type: ignore[arg-type]
            try:
                return self._load_template(name, globals)  # type: ignore[arg-type]
            except (TemplateNotFound, UndefinedError):
                continue
        raise TemplatesNotFound(tried)

    @internalcode
    def get_or_select_template(
        self,
        template_name_or_list: str | Template | list[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Load a template by one name or by several.

        :param template_name_or_list: a name, a template, or a list of them
        :param parent: the name of the template that asks
        :param globals: more globals for it
        """
        wanted: Any = template_name_or_list
        if wanted.__class__ is str:
            return self.get_template(wanted, parent, globals)
        if isinstance(wanted, str) or is_undefined(wanted):
            return self.get_template(wanted, parent, globals)
        if isinstance(wanted, self._template_base):
            return wanted
        return self.select_template(wanted, parent, globals)
