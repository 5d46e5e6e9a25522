"""The evaluation context: what the meaning of an expression depends on besides its variables.

Both halves need it, the compiler for what it knows and the runtime for what it doesn't, so it stands below them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class EvalContext:
    """What the meaning of an expression depends on besides its variables: whether output is escaped.

    :param environment: supplies ``autoescape``, a value or a function of the template's name
    :param template_name: the template's name
    """

    __slots__ = ("__dict__", "autoescape", "environment", "volatile")

    def __init__(self, environment: Any, template_name: str | None = None) -> None:
        self.environment = environment
        autoescape = environment.autoescape
        self.autoescape = autoescape(template_name) if callable(autoescape) else autoescape
        #: Whether the setting is only known when the template runs.
        self.volatile = False

    def save(self) -> Mapping[str, Any]:
        """Return the settings for :meth:`revert`."""
        return {"autoescape": self.autoescape, "volatile": self.volatile, **self.__dict__}

    def revert(self, old: Mapping[str, Any]) -> None:
        """Go back to saved settings.

        :param old: what :meth:`save` returned
        """
        self.__dict__.clear()
        for key, value in old.items():
            setattr(self, key, value)
