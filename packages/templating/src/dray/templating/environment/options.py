"""The settings of an environment: checks, the template cache, extensions, and what generated code is told about
hooks."""

from __future__ import annotations

from ..runtime.undefined import Undefined
from ..utils import LRUCache, import_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence
    from typing import Any


def create_cache(size: int) -> MutableMapping[Any, Any] | None:
    """Make a template cache.

    :param size: most templates in it; 0 for no cache, negative for one without a limit
    """
    if size == 0:
        return None
    return {} if size < 0 else LRUCache(size)  # type: ignore[return-value]


def copy_cache(cache: MutableMapping[Any, Any] | None) -> MutableMapping[Any, Any] | None:
    """Make an empty cache of the same kind and size.

    :param cache: the other cache
    """
    if cache is None:
        return None
    return {} if type(cache) is dict else LRUCache(cache.capacity)  # type: ignore[attr-defined, return-value]


def load_extensions(environment: Any, extensions: Sequence[str | type[Any]]) -> dict[str, Any]:
    """Make the extensions of an environment.

    :param environment: the environment they are for
    :param extensions: classes, or their import paths
    :return: the extensions by their identifiers
    """
    made: dict[str, Any] = {}
    for extension in extensions:
        cls = import_string(extension) if isinstance(extension, str) else extension
        made[cls.identifier] = cls(environment)
    return made


def check_configuration(environment: Any) -> Any:
    """Refuse settings that can't work.

    :param environment: the environment
    :return: the environment
    :raises AssertionError: if two delimiters are the same, a line break is unknown, or ``undefined`` is no class of
        undefined values
    :raises TypeError: if ``undefined`` is no class
    """
    if not issubclass(environment.undefined, Undefined):
        raise AssertionError(f"undefined has to be a subclass of Undefined, not {environment.undefined!r}")
    starts = (
        environment.block_start_string,
        environment.variable_start_string,
        environment.comment_start_string,
    )
    if len(set(starts)) < 3:
        raise AssertionError(
            f"block, variable and comment start strings have to differ, got {', '.join(map(repr, starts))}"
        )
    if environment.newline_sequence not in {"\r", "\r\n", "\n"}:
        given = environment.newline_sequence
        raise AssertionError(f"newline_sequence has to be '\\n', '\\r\\n' or '\\r', not {given!r}")
    return environment


def make_lookups(environment: Any) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Return the look-ups that generated code uses where the environment's own aren't overridden.

    They do what ``Environment.getattr`` and ``Environment.getitem`` do; a plain dict's item is tried first where the
    name is no attribute of dicts.

    :param environment: supplies undefined values
    :return: attribute or item for a name that no dict has as an attribute; the same for any name; item or attribute
    """
    attribute = _make_attribute(environment)

    def lookup(obj: Any, name: str) -> Any:
        if obj.__class__ is dict:
            if name in obj:
                return obj[name]
            return environment.undefined(obj=obj, name=name)
        try:
            return getattr(obj, name)
        except AttributeError as error:
            cause = error
        try:
            return item_for_attribute(environment, obj, name, cause)
        finally:
            del cause  # it has this frame, which would have it

    def subscript(obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (AttributeError, TypeError, LookupError):
            return attribute_for_item(environment, obj, argument)

    return lookup, attribute, subscript


def _make_attribute(environment: Any) -> Callable[..., Any]:
    def attribute(obj: Any, name: str) -> Any:
        try:
            return getattr(obj, name)
        except AttributeError as error:
            cause = error
        try:
            return item_for_attribute(environment, obj, name, cause)
        finally:
            del cause  # it has this frame, which would have it

    return attribute


def item_for_attribute(environment: Any, obj: Any, name: str, cause: AttributeError) -> Any:
    """Return the item where an attribute wasn't found, or an undefined value.

    :param cause: what ``getattr`` raised
    """
    try:
        return obj[name]
    except (TypeError, LookupError, AttributeError):
        return undefined_attribute(environment, obj, name, cause)


def undefined_attribute(environment: Any, obj: Any, name: Any, cause: AttributeError) -> Any:
    """Return the undefined value for a failed look-up.

    An error that came out of a property's code is kept as its cause; one that only says that there is no such attribute
    isn't.

    :param cause: what ``getattr`` raised
    """
    undefined = environment.undefined(obj=obj, name=name)
    traceback = cause.__traceback__
    if traceback is not None and traceback.tb_next is not None:
        try:
            undefined._undefined_cause = cause
        except AttributeError:  # a class with other slots
            pass
    return undefined


def attribute_for_item(environment: Any, obj: Any, argument: Any) -> Any:
    """Return the attribute where an item wasn't found, or an undefined value."""
    if isinstance(argument, str):
        try:
            return getattr(obj, str(argument))
        except AttributeError as error:
            return undefined_attribute(environment, obj, argument, error)
    return environment.undefined(obj=obj, name=argument)
