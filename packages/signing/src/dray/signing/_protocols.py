"""The shapes that serializers have, for type checkers."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

Serialized = TypeVar("Serialized", str, bytes, covariant=True)


class DataSerializer(Protocol[Serialized]):
    """Anything with ``dumps`` and ``loads`` like :mod:`json` (text) or :mod:`pickle` (bytes)."""

    def loads(self, payload: Any, /) -> Any:
        """Turn serialized data back into an object."""
        ...

    def dumps(self, obj: Any, /, *args: Any, **kwargs: Any) -> Serialized:
        """Turn an object into text or bytes."""
        ...


def is_text_serializer(serializer: DataSerializer[Any]) -> bool:
    """Tell whether a serializer gives text, by trying it on an empty dict."""
    return isinstance(serializer.dumps({}), str)
