"""``Cache-Control`` as a dict of directives (RFC 9111 section 5.2, RFC 5861, RFC 8246).

Keys and values are text, as they stand in the header; the attributes convert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._http.lists import dump_header, parse_dict_header
from ._dicts import CallbackDict
from .mixins import ImmutableDictMixin

if TYPE_CHECKING:
    from typing import Self


def cache_control_property(key: str, empty: Any, type: type[Any] | None, *, doc: str | None = None) -> Any:
    """Make an attribute that shows one directive.

    :param key: the directive.
    :param empty: what the attribute is when the directive stands there without a value.
    :param type: converts the value; ``bool`` for a directive that has none; ``None`` leaves it as text.
    :param doc: the docstring.
    """
    return property(
        lambda self: self._get_cache_value(key, empty, type),
        lambda self, value: self._set_cache_value(key, value, type),
        lambda self: self._del_cache_value(key),
        doc or f"The directive ``{key}``.",
    )


def _flag(key: str) -> Any:
    """Make the attribute of a directive without a value."""
    return cache_control_property(key, None, bool)


def _seconds(key: str) -> Any:
    """Make the attribute of a directive that is a number of seconds."""
    return cache_control_property(key, None, int)


class _CacheControl(CallbackDict[str, "str | None"]):
    """The directives that requests and responses share.

    :param values: the directives by name, ``None`` for one without a value.
    :param on_update: called with the object after each change.
    """

    cache_property = staticmethod(cache_control_property)

    max_age = _seconds("max-age")
    stale_if_error = _seconds("stale-if-error")
    no_store = _flag("no-store")
    no_transform = _flag("no-transform")

    def __init__(
        self,
        values: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = (),
        on_update: Callable[[_CacheControl], None] | None = None,
    ) -> None:
        super().__init__(values, on_update)
        #: Whether there was a header at all.
        self.provided = values is not None

    @classmethod
    def from_header(cls, value: str | None, on_update: Callable[[_CacheControl], None] | None = None) -> Self:
        """Read a header's value; ``None`` makes an object that isn't ``provided``."""
        return cls(parse_dict_header(value) if value else (None if value is None else ()), on_update)

    def _get_cache_value(self, key: str, empty: Any, type: Callable[[str], Any] | None) -> Any:
        if type is bool:
            return key in self

        if key not in self:
            return None

        value = self[key]

        if value is None:
            return empty

        if type is None:
            return value

        try:
            return type(value)
        except ValueError:
            return None

    def _set_cache_value(self, key: str, value: Any, type: Callable[[Any], Any] | None) -> None:
        if value is None or value is False or (type is bool and not value):
            self.pop(key, None)
        elif value is True or type is bool:
            self[key] = None
        else:
            self[key] = str(value if type is None else type(value))

    def _del_cache_value(self, key: str) -> None:
        self.pop(key, None)

    def to_header(self) -> str:
        """Write the header's value."""
        return dump_header(self)

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        directives = " ".join(f"{key}={value!r}" for key, value in sorted(self.items()))
        return f"<{type(self).__name__} {directives}>"


class RequestCacheControl(ImmutableDictMixin[str, "str | None"], _CacheControl):  # type: ignore[misc]
    """What a client asks of caches (RFC 9111 section 5.2.1). It can't be changed."""

    no_cache = _flag("no-cache")
    max_stale: int | bool | None = cache_control_property(
        "max-stale", True, int, doc="The directive ``max-stale``: ``True`` without a value, for any staleness."
    )
    min_fresh = _seconds("min-fresh")
    only_if_cached = _flag("only-if-cached")


class ResponseCacheControl(_CacheControl):
    """What a server asks of caches (RFC 9111 section 5.2.2)."""

    no_cache: str | bool | None = cache_control_property(
        "no-cache", True, None, doc="The directive ``no-cache``: ``True``, or the headers that it is about."
    )
    public = _flag("public")
    private: str | bool | None = cache_control_property(
        "private", True, None, doc="The directive ``private``: ``True``, or the names of the headers that it is about."
    )
    s_maxage = _seconds("s-maxage")
    stale_while_revalidate = _seconds("stale-while-revalidate")
    immutable = _flag("immutable")
    must_revalidate = _flag("must-revalidate")
    proxy_revalidate = _flag("proxy-revalidate")
    must_understand = _flag("must-understand")
