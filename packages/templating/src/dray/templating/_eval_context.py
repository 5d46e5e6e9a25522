"""What parser and code generator know of an environment: the evaluation context, and what they may take for granted.

The runtime needs the former as well, for what is only known there, so both stand below all of them.
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


class Traits(tuple):  # type: ignore[type-arg]
    """What generated code may take for granted: five answers about an environment, a hashable value.

    An environment that overrides a hook gets the general code, which calls the hook. The traits are part of what a
    bytecode cache keys on.

    :param plain_lookup: ``getattr`` and ``getitem`` are the stock methods
    :param plain_call: calls go through neither an overridden ``Context.call`` nor a sandbox
    :param plain_undefined: nobody can observe when an undefined value is made
    :param plain_output: output is ``str``, there is no ``finalize``
    :param sandboxed: the environment is a sandbox
    """

    __slots__ = ()

    def __new__(
        cls, plain_lookup: bool, plain_call: bool, plain_undefined: bool, plain_output: bool, sandboxed: bool
    ) -> Traits:
        """Make the value of its five answers."""
        return tuple.__new__(cls, (plain_lookup, plain_call, plain_undefined, plain_output, sandboxed))

    plain_lookup = property(lambda self: self[0])
    plain_call = property(lambda self: self[1])
    plain_undefined = property(lambda self: self[2])
    plain_output = property(lambda self: self[3])
    sandboxed = property(lambda self: self[4])


#: Nothing is taken for granted.
GENERAL = Traits(False, False, False, False, False)


def traits_of(environment: Any) -> Traits:
    """Return the traits of an environment; one that doesn't know its traits gets the general code.

    :param environment: the environment
    """
    traits = getattr(environment, "_traits", None)
    return traits() if traits is not None else GENERAL
