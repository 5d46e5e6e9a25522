"""A set of entity tags, as the conditions of a request hold them (RFC 9110 section 8.8.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from .._http.digest import generate_etag
from .._http.lists import parse_etag_list
from .._http.quoting import unquote_etag

if TYPE_CHECKING:
    from typing import Self


class ETags(Collection[str]):
    """Strong tags, weak tags, or ``*``, which stands for every tag.

    Iterating and counting shows the strong ones.

    :param strong_etags: the strong tags, without quotes.
    :param weak_etags: the weak tags, without quotes.
    :param star_tag: match every tag; there are no others then.
    """

    def __init__(
        self,
        strong_etags: Iterable[str] | None = None,
        weak_etags: Iterable[str] | None = None,
        star_tag: bool = False,
    ) -> None:
        self._strong = frozenset(() if star_tag or not strong_etags else strong_etags)
        self._weak = frozenset(weak_etags or ())
        self.star_tag = star_tag

    @classmethod
    def from_header(cls, value: str | None) -> Self:
        """Read a header's value; one that isn't a list of tags makes an empty set."""
        if not value:
            return cls()

        if value.strip() == "*":
            return cls(star_tag=True)

        return cls(*parse_etag_list(value))

    def as_set(self, include_weak: bool = False) -> set[str]:
        """Return the strong tags, and the weak ones if asked for."""
        return set(self._strong | self._weak if include_weak else self._strong)

    def is_strong(self, etag: str) -> bool:
        """Say whether a tag is among the strong ones."""
        return etag in self._strong

    def contains(self, etag: str) -> bool:
        """Compare strongly: only the strong tags count, and ``*``."""
        return self.star_tag or etag in self._strong

    def is_weak(self, etag: str) -> bool:
        """Say whether a tag is among the weak ones."""
        return etag in self._weak

    def contains_weak(self, etag: str) -> bool:
        """Compare weakly: the tag may be here in either kind (RFC 9110 section 8.8.3.2)."""
        return etag in self._weak or self.contains(etag)

    def contains_raw(self, etag: str) -> bool:
        """Compare a tag with quotes and mark: strongly, or weakly if it is weak."""
        tag, weak = unquote_etag(etag)

        if not tag:
            return False

        return self.contains_weak(tag) if weak else self.contains(tag)

    def to_header(self) -> str:
        """Write the header's value."""
        if self.star_tag:
            return "*"

        return ", ".join([*(f'"{tag}"' for tag in self._strong), *(f'W/"{tag}"' for tag in self._weak)])

    def __call__(self, etag: str | None = None, data: bytes | None = None, include_weak: bool = False) -> bool:
        """Say whether a tag, or the tag of some data, is here.

        :raises TypeError: if neither is given.
        """
        if etag is None:
            if data is None:
                raise TypeError("either 'etag' or 'data' is needed")

            etag = generate_etag(data)

        return (include_weak and etag in self._weak) or self.contains(etag)

    def __iter__(self) -> Iterator[str]:
        return iter(self._strong)

    def __len__(self) -> int:
        return len(self._strong)

    def __bool__(self) -> bool:
        return bool(self.star_tag or self._strong or self._weak)

    def __str__(self) -> str:
        return self.to_header()

    def __contains__(self, etag: object) -> bool:
        return self.contains(etag) if isinstance(etag, str) else False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"
