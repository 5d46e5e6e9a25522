"""JSON that brings back types that JSON doesn't have: the format of session cookies.

A value of such a type is written as an object with one key, the tag, that begins with a space: ``{" t": [1, 2]}`` is a
tuple. The format is shared with other implementations; tags must not change.
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from datetime import datetime
from typing import Any

from dray.safe_strings import Markup
from dray.wsgi_tools.http import http_date, parse_date

from .._binding import _cv_app
from .provider import is_instance_of


class JSONTag:
    """How values of one type are written and read.

    :param serializer: the serializer it belongs to, for the values inside.
    """

    __slots__ = ("serializer",)

    #: Marks a written value; empty for a tag that only looks inside.
    key: str = ""

    def __init__(self, serializer: TaggedJSONSerializer) -> None:
        self.serializer = serializer

    def check(self, value: Any) -> bool:
        """Tell whether the tag is for this value."""
        raise NotImplementedError(f"{type(self).__name__} must define check(value).")

    def to_json(self, value: Any) -> Any:
        """Give the value in a form that JSON has."""
        raise NotImplementedError(f"{type(self).__name__} must define to_json(value).")

    def to_python(self, value: Any) -> Any:
        """Give the value back from that form."""
        raise NotImplementedError(f"{type(self).__name__} must define to_python(value).")

    def tag(self, value: Any) -> dict[str, Any]:
        """Give the written form with its mark."""
        return {self.key: self.to_json(value)}


class TagDict(JSONTag):
    """A dict that looks like a marked value: its key gets two underscores so that it isn't taken for one."""

    key = " di"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a dict whose only key is a tag."""
        return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in self.serializer.tags

    def to_json(self, value: Any) -> Any:
        """Disguise the key."""
        key = next(iter(value))
        return {f"{key}__": self.serializer.tag(value[key])}

    def to_python(self, value: Any) -> Any:
        """Take the disguise off."""
        return {key.removesuffix("__"): item for key, item in value.items()}


class PassDict(JSONTag):
    """A dict: its values are looked into."""

    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a dict."""
        return isinstance(value, dict)

    def to_json(self, value: Any) -> Any:
        """Tag the values; JSON has only text as keys."""
        return {key: self.serializer.tag(item) for key, item in value.items()}

    #: Nothing marks a plain dict.
    tag = to_json


class TagTuple(JSONTag):
    """A tuple."""

    key = " t"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a tuple."""
        return isinstance(value, tuple)

    def to_json(self, value: Any) -> Any:
        """Give a list."""
        return [self.serializer.tag(item) for item in value]

    def to_python(self, value: Any) -> Any:
        """Give the tuple."""
        return tuple(value)


class PassList(JSONTag):
    """A list: its items are looked into."""

    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a list."""
        return isinstance(value, list)

    def to_json(self, value: Any) -> Any:
        """Tag the items."""
        return list(map(self.serializer.tag, value))

    tag = to_json


class TagBytes(JSONTag):
    """Bytes, as base64 (RFC 4648, section 4)."""

    key = " b"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is bytes."""
        return isinstance(value, bytes)

    def to_json(self, value: Any) -> Any:
        """Give base64 text."""
        return b2a_base64(value, newline=False).decode("ascii")

    def to_python(self, value: Any) -> Any:
        """Give the bytes."""
        return a2b_base64(value)


class TagMarkup(JSONTag):
    """Safe HTML: anything with ``__html__`` comes back as :class:`~dray.safe_strings.Markup`."""

    key = " m"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it knows its HTML."""
        return callable(getattr(value, "__html__", None))

    def to_json(self, value: Any) -> Any:
        """Give the HTML as text."""
        return str(value.__html__())

    def to_python(self, value: Any) -> Any:
        """Give the safe text."""
        return Markup(value)


class TagUUID(JSONTag):
    """A UUID, as 32 hexadecimal digits."""

    key = " u"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a UUID."""
        return is_instance_of(value, "uuid", "UUID")

    def to_json(self, value: Any) -> Any:
        """Give its digits."""
        return value.hex

    def to_python(self, value: Any) -> Any:
        """Give the UUID."""
        from uuid import UUID  # noqa: PLC0415 - start-up time

        return UUID(value)


class TagDateTime(JSONTag):
    """A datetime, as an HTTP date: whole seconds, in UTC."""

    key = " d"
    __slots__ = ()

    def check(self, value: Any) -> bool:
        """Tell whether it is a datetime."""
        return isinstance(value, datetime)

    def to_json(self, value: Any) -> Any:
        """Give the HTTP date."""
        return http_date(value)

    def to_python(self, value: Any) -> Any:
        """Give the datetime, with its time zone."""
        return parse_date(value)


#: The order in which tags are asked: what looks like a tag before other dicts, containers before what is in them.
_CONTAINERS: tuple[type[JSONTag], ...] = (TagDict, PassDict, TagTuple, PassList)
_VALUES: tuple[type[JSONTag], ...] = (TagBytes, TagMarkup, TagUUID, TagDateTime)
_STOCK = frozenset([*_CONTAINERS, *_VALUES])
_PLAIN = frozenset([str, int, float, bool, type(None)])


class TaggedJSONSerializer:
    """Write and read JSON with tags. The first tag in :attr:`order` that is for a value writes it."""

    __slots__ = ("_stock", "order", "tags")

    #: Registered when a serializer is made, in this order.
    default_tags: list[type[JSONTag]] = [*_CONTAINERS, *_VALUES]

    def __init__(self) -> None:
        self.order: list[JSONTag] = []
        self.tags: dict[str, JSONTag] = {}
        for kind in self.default_tags:
            self.register(kind)
        #: The tags of which none is for text, numbers and the like; nothing is known of others.
        self._stock = [*self.order] if _STOCK.issuperset(self.default_tags) else None

    def register(self, tag_class: type[JSONTag], force: bool = False, index: int | None = None) -> None:
        """Add a tag.

        :param force: replace a tag with the same key instead of refusing.
        :param index: where in :attr:`order`; at the end by default. A type that derives from another must come first.
        :raises KeyError: when the key is taken and ``force`` isn't set.
        """
        tag = tag_class(self)
        if tag.key:
            if tag.key in self.tags and not force:
                raise KeyError(f"Tag {tag.key!r} is already registered. Pass force=True to replace it.")
            self.tags[tag.key] = tag
        self.order.insert(len(self.order) if index is None else index, tag)

    def tag(self, value: Any) -> Any:
        """Give a value as JSON can write it, marked where needed."""
        if type(value) in _PLAIN and self.order == self._stock:
            return value
        for tag in self.order:
            if tag.check(value):
                return tag.tag(value)
        return value

    def untag(self, value: dict[str, Any]) -> Any:
        """Give the value of a marked dict; any other dict as it is."""
        if len(value) != 1:
            return value
        key = next(iter(value))
        tag = self.tags.get(key)
        return value if tag is None else tag.to_python(value[key])

    def _untag_inside(self, value: Any) -> Any:
        """Untag from the inside out."""
        if isinstance(value, dict):
            return self.untag({key: self._untag_inside(item) for key, item in value.items()})
        if isinstance(value, list):
            return [self._untag_inside(item) for item in value]
        return value

    def dumps(self, value: Any) -> str:
        """Give a value as compact JSON, written as the current application writes JSON."""
        ctx = _cv_app.get(None)
        tagged = self.tag(value)
        return _encode(tagged) if ctx is None else ctx.app.json.dumps_compactly(tagged)

    def loads(self, value: str) -> Any:
        """Read a value."""
        return self._untag_inside(json.loads(value))


_encode = json.JSONEncoder(separators=(",", ":")).encode
