"""What a client accepts, and which of several offers suits it best (RFC 9110 section 12).

One class a kind of value: they differ in when two values match and in what is more specific.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, SupportsIndex, TypeVar, overload

from .._http.lists import parse_list_header
from .._http.options import dump_options_header, parse_options_header
from ._dicts import ImmutableList

if TYPE_CHECKING:
    from typing import Self

_A = TypeVar("_A", bound="Accept")

# weight = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), any number of digits taken (RFC 9110 section 12.4.2).
_weight = re.compile(r"[0-9]++(?:\.[0-9]++)?").fullmatch
_MAX_WEIGHT_LENGTH = 20

#: Media ranges longer than this aren't remembered.
_MAX_MIME_LENGTH = 128

#: How many lists of offers one header remembers the best of.
_MAX_KNOWN = 32

#: Headers longer than this aren't worth a place in the cache: browsers repeat the short ones.
_CACHED_LENGTH = 256


class Accept(ImmutableList[tuple[str, float]]):  # type: ignore[type-arg, unused-ignore]
    """Values with a quality, the best one first.

    A list of ``(value, quality)`` pairs. Looked up by a value, it gives the quality of the first pair that matches.

    :param values: the pairs; ``None`` for no header.
    """

    #: Whether there was a header at all.
    provided: bool

    _known_best: dict[tuple[str, ...], str | None] | None = None

    def __init__(self, values: Accept | Iterable[tuple[str, float]] | None = ()) -> None:
        self.provided = values.provided if isinstance(values, Accept) else values is not None

        if values and not isinstance(values, Accept):
            rank = self._specificity
            values = sorted(values, key=lambda pair: (rank(pair[0]), pair[1]), reverse=True)

        super().__init__(values or ())

    @classmethod
    def from_header(cls, value: str | None) -> Self:
        """Read a header's value; ``None`` and an empty one make an object that isn't ``provided``."""
        if not value:
            return cls(None)

        if len(value) > _CACHED_LENGTH:
            return cls(_parse_weighted(value))

        return _from_cached(cls, value)  # type: ignore[no-any-return]

    def _value_matches(self, value: str, item: str) -> bool:
        """Say whether an offered value matches a pair's value."""
        return item in {"*", value} or item.lower() == value.lower()

    def _specificity(self, value: str) -> tuple[bool, ...]:
        """Return a tuple that is bigger for a value that means fewer things."""
        return (value != "*",)

    @overload
    def __getitem__(self, key: str) -> float: ...

    @overload
    def __getitem__(self, key: SupportsIndex) -> tuple[str, float]: ...

    @overload
    def __getitem__(self, key: slice) -> list[tuple[str, float]]: ...

    def __getitem__(self, key: str | SupportsIndex | slice) -> float | tuple[str, float] | list[tuple[str, float]]:
        return self.quality(key) if isinstance(key, str) else list.__getitem__(self, key)

    def quality(self, key: str) -> float:
        """Return the quality of a value, 0 for one that isn't accepted."""
        return next((quality for item, quality in self if self._value_matches(key, item)), 0)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and self._has(value)

    def _has(self, value: str) -> bool:
        return any(self._value_matches(value, item) for item, _ in self)

    def __repr__(self) -> str:
        pairs = ", ".join(f"({value!r}, {quality})" for value, quality in self)
        return f"{type(self).__name__}([{pairs}])"

    def index(self, key: str | tuple[str, float]) -> int:  # type: ignore[override]
        """Return the position of the first pair that matches a value.

        :raises ValueError: if none does.
        """
        position = self.find(key)

        if position < 0:
            raise ValueError(key)

        return position

    def find(self, key: str | tuple[str, float]) -> int:
        """Return the position of the first pair that matches a value, -1 if none does."""
        if not isinstance(key, str):
            return list.index(self, key) if list.__contains__(self, key) else -1

        return next((position for position, (item, _) in enumerate(self) if self._value_matches(key, item)), -1)

    def values(self) -> Iterator[str]:
        """Yield the values, without their quality."""
        for value, _ in self:
            yield value

    def to_header(self) -> str:
        """Write the header's value."""
        return ",".join(value if quality == 1 else f"{value};q={quality}" for value, quality in self)

    def __str__(self) -> str:
        return self.to_header()

    @overload
    def best_match(self, matches: Iterable[str], default: str) -> str: ...

    @overload
    def best_match(self, matches: Iterable[str], default: str | None = None) -> str | None: ...

    def best_match(self, matches: Iterable[str], default: str | None = None) -> str | None:
        """Return the offer that suits the client best.

        The highest quality wins, then what the client named most exactly, then the order of the offers.

        :param matches: the offers.
        :param default: what is returned when none is accepted.
        """
        offers = tuple(matches)
        known = self._known_best

        # What was found is kept: all requests with the same header share this object.
        if known is None:
            known = self._known_best = {}

        if offers in known:
            found = known[offers]
        else:
            found = self._search(offers)

            if len(known) < _MAX_KNOWN:
                known[offers] = found

        return default if found is None else found

    def _search(self, offers: tuple[str, ...]) -> str | None:
        result: str | None = None
        best: tuple[float, tuple[bool, ...]] = (0, ())

        for offer in offers:
            for item, quality in self:
                if self._value_matches(offer, item):
                    rank = (quality, self._specificity(item))

                    if quality > 0 and rank > best:
                        best = rank
                        result = offer

                    break

        return result

    @property
    def best(self) -> str | None:
        """The first value, the one that the client wants most; ``None`` if there is none."""
        return list.__getitem__(self, 0)[0] if self else None


@lru_cache(256)
def _from_cached(cls: type[_A], value: str) -> _A:
    return cls(_parse_weighted(value))


def _parse_weighted(value: str) -> list[tuple[str, float]]:
    """Read a list of values with weights.

    ``Accept = [ ( media-range [ weight ] ) *( OWS "," OWS ( media-range [ weight ] ) ) ]``. A value whose weight
    isn't a number from 0 to 1 is left out; parameters other than the weight stay with the value.
    """
    result: list[tuple[str, float]] = []

    for element in parse_list_header(value):
        if ";" not in element:
            if element := element.strip():
                result.append((element, 1))

            continue

        item, options = parse_options_header(element)
        text = options.pop("q", None)
        quality: float = 1

        if text is not None:
            if len(text) > _MAX_WEIGHT_LENGTH or _weight(text) is None:
                continue

            quality = float(text)

            if quality > 1:
                continue

        if item:
            result.append((dump_options_header(item, options) if options else item, quality))

    return result


_mime_separator = re.compile(r"[/;]")


@lru_cache(512)
def _known_mime_parts(value: str) -> tuple[str, ...]:
    return _split_mime(value)


def _mime_parts(value: str) -> tuple[str, ...]:
    """Split a media range into type, subtype and parameters, in lower case; the short ones are remembered."""
    return _known_mime_parts(value) if len(value) <= _MAX_MIME_LENGTH else _split_mime(value)


def _split_mime(value: str) -> tuple[str, ...]:
    head, *parameters = (part.strip() for part in value.lower().split(";"))
    return (*head.split("/", 1), *parameters)


class MIMEAccept(Accept):
    """``Accept``: media ranges (RFC 9110 section 12.5.1)."""

    def _specificity(self, value: str) -> tuple[bool, ...]:
        return tuple(part.strip() != "*" for part in _mime_separator.split(value))

    def _value_matches(self, value: str, item: str) -> bool:
        for text in (item, value):
            if "/" in text:
                continue

            if text is item:
                return False  # "*" alone, and other words that are no media range

            raise ValueError(f"invalid mimetype {value!r}")

        offer_type, offer_subtype, *offer_parameters = _mime_parts(value)
        item_type, item_subtype, *item_parameters = _mime_parts(item)

        if offer_type == "*" and offer_subtype != "*":
            raise ValueError(f"invalid mimetype {value!r}")

        if item_type == "*" and item_subtype != "*":
            return False

        if "*" in {item_type, offer_type}:
            return True

        if item_type != offer_type:
            return False

        if item_subtype == "*" or offer_subtype == "*":
            return True

        return item_subtype == offer_subtype and sorted(item_parameters) == sorted(offer_parameters)

    @property
    def accept_html(self) -> bool:
        """Whether HTML is accepted, as HTML or as XHTML."""
        return self._has("text/html") or self.accept_xhtml

    @property
    def accept_xhtml(self) -> bool:
        """Whether XHTML is accepted."""
        return self._has("application/xhtml+xml") or self._has("application/xml")

    @property
    def accept_json(self) -> bool:
        """Whether JSON is accepted."""
        return self._has("application/json")


_subtag_separator = re.compile(r"[_-]")


def _language_parts(value: str) -> list[str]:
    return _subtag_separator.split(value.lower())


class LanguageAccept(Accept):
    """``Accept-Language``: language ranges (RFC 9110 section 12.5.4, RFC 4647)."""

    def _value_matches(self, value: str, item: str) -> bool:
        return item == "*" or _language_parts(value) == _language_parts(item)

    def _search(self, offers: tuple[str, ...]) -> str | None:
        """Find the best offer.

        Exact matches first. Then the client's languages without their region: ``en`` is offered to one who wants
        ``en-GB``. Then the offers without theirs: ``en-US`` to one who wants ``en``.
        """
        found = super()._search(offers)

        if found is not None:
            return found

        widened = Accept([(_subtag_separator.split(item, maxsplit=1)[0], quality) for item, quality in self])
        found = widened._search(offers)

        if found is not None:
            return found

        primary_of = {offer: _subtag_separator.split(offer, maxsplit=1)[0] for offer in offers}
        primary = super()._search(tuple(primary_of.values()))
        return None if primary is None else next(offer for offer in offers if primary_of[offer] == primary)


def _charset_name(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except (LookupError, ValueError):
        return value.lower()


class CharsetAccept(Accept):
    """``Accept-Charset``: charsets, the aliases of one charset being equal (RFC 9110 section 12.5.2)."""

    def _value_matches(self, value: str, item: str) -> bool:
        return item == "*" or _charset_name(value) == _charset_name(item)
