"""dray.wsgi_tools.sansio.form and body: one count and one set of limits for every gateway."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools.exceptions import ClientDisconnected, RequestEntityTooLarge
from dray.wsgi_tools.sansio.body import Body
from dray.wsgi_tools.sansio.form import FormLimits, form_parser, split_plain_fields
from dray.wsgi_tools.sansio.multipart import Data, Event, Field

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"


def fields_of(mimetype: str, body: bytes, size: int = 1, limits: FormLimits | None = None) -> list[tuple[str, str]]:
    """Read a form in pieces, event by event."""
    parser = form_parser(mimetype, {"boundary": "x"}, limits or FormLimits())
    assert parser is not None
    events: list[Event] = []

    for start in range(0, len(body), size):
        events += parser.feed(body[start : start + size])

    events += parser.finish()
    fields: list[tuple[str, str]] = []
    pieces: list[bytes] = []

    for event in events:
        if isinstance(event, Field):
            fields.append((event.name, ""))
            pieces = []
        elif isinstance(event, Data):
            pieces.append(event.data)
            fields[-1] = (fields[-1][0], b"".join(pieces).decode(errors="replace"))

    return fields


def part(name: str, content: bytes) -> bytes:
    """Write a part by hand."""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"


@pytest.mark.parametrize("size", [1, 3, 100])
def test_both_encodings_tell_the_same(size: int) -> None:
    """The same fields come out of either encoding, however the body is cut."""
    expected = [("a", "1"), ("b", "é"), ("a", "")]

    assert fields_of(URLENCODED, b"a=1&b=%C3%A9&a=", size) == expected
    body = part("a", b"1") + part("b", "é".encode()) + part("a", b"") + b"--x--\r\n"
    assert fields_of(MULTIPART, body, size) == expected


CONTENTS = st.binary(max_size=20) | st.sampled_from(
    [b"--x", b"\r\n--x", b"\n--x\r\n", b"\r", b"a\r\n--xy\r\nb", b"x\n--x--", b"--x--\r\n"]
)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "é", "a b", "%22", "a;b"]), CONTENTS), max_size=4), CONTENTS, st.booleans()
)
@settings(max_examples=200)
def test_the_short_way_is_the_long_way(parts: list[tuple[str, bytes]], tail: bytes, ended: bool) -> None:
    """What is read in one go is what the general parser reads; for everything else there is no short way."""
    body = b"".join(part(name, content) for name, content in parts) + (b"--x--\r\n" if ended else tail)
    found = split_plain_fields(body, b"x", FormLimits())

    if found is not None:
        assert found == fields_of(MULTIPART, body)


def test_the_short_way_is_taken() -> None:
    """A form as browsers send it is read in one go, unless it is over a limit."""
    body = part("a", b"1") + part("b", b"22") + b"--x--\r\n"

    assert split_plain_fields(body, b"x", FormLimits()) == [("a", "1"), ("b", "22")]
    assert split_plain_fields(body, b"x", FormLimits(max_form_parts=1)) is None
    assert split_plain_fields(body, b"x", FormLimits(max_form_memory_size=1)) is None


@pytest.mark.parametrize("options", [{}, {"boundary": ""}, {"boundary": "é"}, {"boundary": "a\nb"}])
def test_boundaries(options: dict[str, str]) -> None:
    """A multipart form without a usable boundary can't be read."""
    with pytest.raises(ValueError, match="needs a boundary"):
        form_parser(MULTIPART, options, FormLimits())


def test_other_types_are_no_forms() -> None:
    """There is no parser for another media type."""
    assert form_parser("text/plain", {}, FormLimits()) is None


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (FormLimits(max_form_parts=1), "max_form_parts=1"),
        (FormLimits(max_form_memory_size=1), "max_form_memory_size=1"),
        (FormLimits(max_header_size=10), "max_header_size=10"),
    ],
)
def test_limits_name_themselves(limits: FormLimits, name: str) -> None:
    """The error of a limit says which one it is, and how much."""
    with pytest.raises(RequestEntityTooLarge, match=name):
        fields_of(MULTIPART, part("a", b"22") + part("b", b"") + b"--x--", limits=limits)

    assert name in repr(limits)


def test_limit_of_a_body() -> None:
    """An urlencoded form is bounded by the length of the body, also while it comes."""
    limits = FormLimits(max_content_length=5)

    with pytest.raises(RequestEntityTooLarge, match="max_content_length=5"):
        fields_of(URLENCODED, b"a=12345", limits=limits)

    with pytest.raises(RequestEntityTooLarge, match="max_content_length=5"):
        limits.check_length(6)

    limits.check_length(5)
    limits.check_length(None)


def test_defaults_are_safe() -> None:
    """Memory, parts and headers are bounded without being asked for."""
    limits = FormLimits()

    assert (limits.max_form_memory_size, limits.max_form_parts, limits.max_header_size) == (500_000, 1000, 16_384)


def test_a_body_is_counted() -> None:
    """A body ends when as much has come as was announced."""
    body = Body(5, 10)
    body.receive(3)
    assert not body.ended
    body.receive(2)
    assert body.ended
    body.end()
    body.disconnect()
    assert Body(0).ended


@pytest.mark.parametrize(
    ("expected", "limit", "sizes", "message"),
    [
        (11, 10, [], "limit max_content_length=10"),
        (None, 10, [6, 6], "limit max_content_length=10"),
        (3, None, [4], "of 3"),
    ],
)
def test_too_much(expected: int | None, limit: int | None, sizes: list[int], message: str) -> None:
    """More than the limit, or than was announced, is refused as early as it is known."""
    with pytest.raises(RequestEntityTooLarge, match=message):
        body = Body(expected, limit)

        for size in sizes:
            body.receive(size)


@pytest.mark.parametrize("expected", [5, None])
def test_too_little(expected: int | None) -> None:
    """A client that goes in the middle is noticed, with or without an announced length."""
    body = Body(expected)
    body.receive(3)

    with pytest.raises(ClientDisconnected):
        body.disconnect()

    if expected is not None:
        with pytest.raises(ClientDisconnected):
            body.end()
