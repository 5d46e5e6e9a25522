"""What generated code may take for granted in an environment: decided once, when a template is compiled.

An environment that overrides a hook gets the general code, which calls the hook. The traits are part of what a
bytecode cache keys on.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Traits(tuple):  # type: ignore[type-arg]
    """Five answers about an environment, a hashable value.

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
