"""A set of tokens as they stand in a header: ordered, compared without regard to case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableSet
from typing import TYPE_CHECKING, Any, SupportsIndex

from .._http.lists import parse_list_header
from .._http.quoting import quote_header_value

if TYPE_CHECKING:
    from typing import Self


class HeaderSet(MutableSet[str]):
    """The tokens of a header such as ``Allow`` or ``Vary``.

    Keeps order and spelling, finds without regard to case.

    :param headers: the tokens.
    :param on_update: called with the set after each change.
    """

    def __init__(
        self,
        headers: Iterable[str] | None = None,
        on_update: Callable[[Self], None] | None = None,
    ) -> None:
        self._headers = list(headers or ())
        self._set = {header.lower() for header in self._headers}
        self.on_update = on_update

    @classmethod
    def from_header(cls, value: str | None, on_update: Callable[[Any], None] | None = None) -> Self:
        """Read a header's value; ``None`` makes an empty set."""
        return cls(parse_list_header(value) if value else (), on_update)

    def _changed(self) -> None:
        on_update: Callable[[Any], None] | None = self.on_update

        if on_update is not None:
            on_update(self)

    def add(self, header: str) -> None:
        """Add a token."""
        key = header.lower()

        if key not in self._set:
            self._headers.append(header)
            self._set.add(key)
            self._changed()

    def remove(self: Self, header: str) -> None:
        """Remove a token.

        :raises KeyError: if it isn't there.
        """
        key = header.lower()

        if key not in self._set:
            raise KeyError(header)

        self._set.remove(key)
        self._headers = [one for one in self._headers if one.lower() != key]
        self._changed()

    def update(self: Self, iterable: Iterable[str]) -> None:
        """Add all tokens that aren't there yet."""
        changed = False

        for header in iterable:
            key = header.lower()

            if key not in self._set:
                self._headers.append(header)
                self._set.add(key)
                changed = True

        if changed:
            self._changed()

    def discard(self, header: str) -> None:
        """Remove a token if it is there."""
        try:
            self.remove(header)
        except KeyError:
            pass

    def find(self, header: str) -> int:
        """Return the position of a token, -1 if it isn't there."""
        key = header.lower()
        return next((index for index, one in enumerate(self._headers) if one.lower() == key), -1)

    def index(self, header: str) -> int:
        """Return the position of a token.

        :raises IndexError: if it isn't there.
        """
        position = self.find(header)

        if position < 0:
            raise IndexError(header)

        return position

    def clear(self: Self) -> None:
        """Remove all tokens."""
        self._set.clear()
        self._headers.clear()
        self._changed()

    def as_set(self, preserve_casing: bool = False) -> set[str]:
        """Return the tokens as a plain set.

        :param preserve_casing: as they are spelled, not in lower case.
        """
        return set(self._headers) if preserve_casing else set(self._set)

    def to_header(self) -> str:
        """Write the header's value."""
        return ", ".join(map(quote_header_value, self._headers))

    def __getitem__(self, idx: SupportsIndex) -> str:
        return self._headers[idx]

    def __delitem__(self: Self, idx: SupportsIndex) -> None:
        self._set.discard(self._headers.pop(idx).lower())
        self._changed()

    def __setitem__(self: Self, idx: SupportsIndex, value: str) -> None:
        self._set.discard(self._headers[idx].lower())
        self._headers[idx] = value
        self._set.add(value.lower())
        self._changed()

    def __contains__(self, header: object) -> bool:
        return isinstance(header, str) and header.lower() in self._set

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._set)

    def __bool__(self) -> bool:
        return len(self._set) > 0

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._headers!r})"
