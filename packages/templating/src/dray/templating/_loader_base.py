"""What all loaders share: the base class, and names that can't lead out of a root."""

from __future__ import annotations

import os

from .exceptions import TemplateNotFound
from .utils import internalcode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from typing import Any

    from .environment import Environment, Template

    Source = tuple[str, str | None, Callable[[], bool] | None]


def split_template_path(template: str) -> list[str]:
    """Split a name into its parts, and refuse one that could lead out of the root.

    :param template: the name
    :raises TemplateNotFound: if a part has a separator of the platform's own or is the parent folder
    """
    parts = []
    for part in template.split("/"):
        if os.sep in part or (os.path.altsep and os.path.altsep in part) or part == os.path.pardir or "\0" in part:
            raise TemplateNotFound(template)
        if part and part != ".":
            parts.append(part)
    return parts


class BaseLoader:
    """The base of loaders: override :meth:`get_source`."""

    #: Whether :meth:`get_source` works; a loader of compiled templates has none.
    has_source_access = True

    def get_source(self, environment: Environment, template: str) -> Source:
        """Return a template's text, its file or ``None``, and a function that says whether the text is current, or
        ``None``.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if there is none
        """
        if not self.has_source_access:
            raise RuntimeError(f"{type(self).__name__} cannot provide access to the source")
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of all templates.

        :raises TypeError: if the loader can't say
        """
        raise TypeError("this loader cannot iterate over all templates")

    @internalcode
    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Load a template: from the bytecode cache if it has the same text there.

        :param environment: the environment that asks
        :param name: the template's name
        :param globals: its globals
        """
        if globals is None:
            globals = {}
        source, filename, uptodate = self.get_source(environment, name)
        cache = environment.bytecode_cache
        code: Any = None
        if cache is not None:
            bucket = cache.get_bucket(environment, name, filename, source)
            code = bucket.code
        if code is None:
            code = environment.compile(source, name, filename)
        if cache is not None and bucket.code is None:
            bucket.code = code
            cache.set_bucket(bucket)
        return environment.template_class.from_code(environment, code, globals, uptodate)
