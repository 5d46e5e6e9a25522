"""dray.wsgi_tools.sansio.multipart: wherever a body is cut, the same comes out."""

from __future__ import annotations

import pickle
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.exceptions import RequestEntityTooLarge
from dray.wsgi_tools.sansio.multipart import (
    NEED_DATA,
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    MultipartEncoder,
    NeedData,
    Preamble,
    State,
)


def decode(chunks: Iterable[bytes], boundary: bytes = b"bound", **limits: int) -> list[Event]:
    """Return all events of a body that comes in chunks."""
    decoder = MultipartDecoder(boundary, **limits)  # type: ignore[arg-type]
    events = []

    for chunk in [*chunks, None]:
        decoder.receive_data(chunk)

        while not isinstance(event := decoder.next_event(), NeedData):
            events.append(event)

            if isinstance(event, Epilogue):
                break

    return events


def merged(events: list[Event]) -> list[object]:
    """Return the events with the pieces of each part put together."""
    result: list[object] = []
    pieces: list[bytes] = []

    for event in events:
        if isinstance(event, Data):
            pieces.append(event.data)

            if not event.more_data:
                result.append(b"".join(pieces))
                pieces.clear()
        else:
            result.append(repr(event))

    assert not pieces, "the last piece of a part says that more follows"
    return result


def body(*contents: bytes, newline: bytes = b"\r\n", preamble: bytes = b"", epilogue: bytes = b"") -> bytes:
    """Write a body of plain fields."""
    parts = [
        b"--bound" + newline + b'Content-Disposition: form-data; name="a"' + newline + newline + content + newline
        for content in contents
    ]
    return preamble + b"".join(parts) + b"--bound--" + newline + epilogue


CORPUS = {
    "plain": body(b"one", b"two"),
    "line feeds": body(b"one", b"two", newline=b"\n"),
    "carriage returns": body(b"one", b"two", newline=b"\r"),
    "empty": body(b"", b""),
    "no content at all": b'--bound\r\nContent-Disposition: form-data; name="a"\r\n\r\n--bound--',
    "begins with breaks": body(b"\r\n\r\none", b"\n\rtwo", b"\r", b"\n", b"\r\r\n"),
    "ends with breaks": body(b"one\r\n\r\n", b"two\n\r", b"x\r"),
    "almost boundaries": body(b"--bound", b"x\r\n--boun\r\n--boundx\r\n--bound \tx", b"\r\n-\r\n--\r\n--b"),
    "boundary inside a line": body(b"x--bound\r\ny--bound--\r\n"),
    "preamble": body(b"one", preamble=b"to be\r\nignored\r\n", epilogue=b"also\r\nignored"),
    "preamble with almost a boundary": body(b"one", preamble=b"--boundx\r\n--boun\r\n"),
    "padding": b'--bound \t \r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--bound-- \t\r\n',
    "no boundary": b"--bound--\r\n",
    "without the last break": body(b"one")[:-2],
    "folded header": b'--bound\r\nContent-Disposition: form-data;\r\n name="a"\r\nX: y\r\n\r\none\r\n--bound--\r\n',
    "file": b'--bound\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n\x00\xff\r\n--bound--\r\n',
    "binary": body(bytes(range(256)), bytes(reversed(range(256)))),
    "breaks only": body(b"\r\n" * 20, b"\r" * 20, b"\n" * 20),
}


@pytest.mark.parametrize("name", CORPUS)
def test_cut_at_every_byte(name: str) -> None:
    """A body that is cut in two anywhere, or into single bytes, gives the same events."""
    data = CORPUS[name]
    whole = merged(decode([data]))

    assert whole == merged(decode([data[index : index + 1] for index in range(len(data))]))

    for cut in range(len(data)):
        assert whole == merged(decode([data[:cut], data[cut:]])), cut


@given(
    st.lists(st.binary(max_size=12) | st.sampled_from([b"\r\n--bound", b"\r", b"--bound--", b"\n-"]), max_size=4),
    st.data(),
)
@settings(max_examples=200)
def test_any_content_in_any_pieces(contents: list[bytes], data: st.DataObject) -> None:
    """What was written comes back, however it is cut."""
    encoder = MultipartEncoder(b"unlikely-boundary")
    written = encoder.send_event(Preamble(b""))

    for content in contents:
        written += encoder.send_event(Field("name", Headers()))
        written += encoder.send_event(Data(content, False))

    written += encoder.send_event(Epilogue(b""))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(written)), max_size=6)))
    chunks = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    events = merged(decode(chunks, b"unlikely-boundary"))

    assert contents == [event for event in events if isinstance(event, bytes)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no boundary"),
        (b"text", "no boundary"),
        (b"--boundary\r\n", "no boundary"),
        (b"--bound", "no boundary"),
        (b"--bound\r\n", "headers of a part"),
        (b"--bound\r\nX: y\r\n", "headers of a part"),
        (b"--bound\r\nX: y\r\n\r\none\r\n--bound--", "Content-Disposition"),
        (b"--bound\r\n\r\n\r\none\r\n--bound--", "Content-Disposition"),
        (body(b"one")[:-6], "last boundary"),
        (body(b"one")[:-11], "last boundary"),
    ],
)
def test_broken_bodies(data: bytes, message: str) -> None:
    """A body that isn't one raises ValueError, whole or in bytes."""
    for chunks in ([data], [data[index : index + 1] for index in range(len(data))]):
        with pytest.raises(ValueError, match=message):
            decode(chunks)


def test_limit_of_parts() -> None:
    """As many parts as the limit are read, one more is refused (CVE-2023-25577)."""
    data = body(*[b"x"] * 1001)

    assert sum(isinstance(event, Field) for event in decode([body(*[b"x"] * 1000)], max_parts=1000)) == 1000

    with pytest.raises(RequestEntityTooLarge, match="max_form_parts=1000"):
        decode([data], max_parts=1000)


@pytest.mark.parametrize("ended", [True, False])
def test_limit_of_a_field(ended: bool) -> None:
    """A field over the limit is refused as soon as it is, whether it ends or not (CVE-2024-49767)."""
    data = body(b"x" * 101)

    assert decode([body(b"x" * 100)], max_form_memory_size=100)

    with pytest.raises(RequestEntityTooLarge, match="max_form_memory_size=100"):
        decode([data if ended else data[:-11]], max_form_memory_size=100)


def test_files_have_no_limit_of_memory() -> None:
    """The limit of memory is for fields: a file is written elsewhere."""
    assert merged(decode([CORPUS["file"]], max_form_memory_size=1))


@pytest.mark.parametrize(
    "data",
    [b"--bound\r\nX: " + b"y" * 20_000, b"x" * 20_000, body(b"one", epilogue=b"x" * 20_000)],
    ids=["headers", "preamble", "epilogue"],
)
def test_limit_of_headers(data: bytes) -> None:
    """Headers, and what stands around the parts, don't fill the memory."""
    with pytest.raises(RequestEntityTooLarge, match="max_header_size"):
        decode([data])


def test_events_are_values() -> None:
    """Events are equal by content, hashable, can't be changed, and survive a pickle."""
    event = Data(b"x", True)

    assert event == Data(b"x", True) != Data(b"x", False)
    assert hash(event) == hash(Data(b"x", True))
    assert pickle.loads(pickle.dumps(event)) == event
    assert repr(event) == "Data(data=b'x', more_data=True)"

    with pytest.raises(AttributeError, match="can't be changed"):
        event.data = b"y"


def test_names_cannot_end_early() -> None:
    """Quotes and line breaks in names are escaped as browsers do: no header can be smuggled in."""
    encoder = MultipartEncoder(b"bound")
    encoder.send_event(Preamble(b""))
    written = encoder.send_event(File('a"\r\nX: y', 'f"\n', Headers()))

    assert written == (b'\r\n--bound\r\nContent-Disposition: form-data; name="a%22%0D%0AX: y"; filename="f%22%0A"\r\n')


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ([], Data(b"x", False)),
        ([Preamble(b"")], Data(b"x", False)),
        ([Preamble(b""), Field("a", Headers())], Field("b", Headers())),
        ([Preamble(b"")], Preamble(b"")),
        ([Preamble(b"")], NEED_DATA),
    ],
)
def test_events_out_of_order(before: list[Event], event: Event) -> None:
    """The writer refuses an event that can't come where it comes."""
    encoder = MultipartEncoder(b"bound")

    for one in before:
        encoder.send_event(one)

    with pytest.raises(ValueError, match="can't be written in"):
        encoder.send_event(event)


def test_states() -> None:
    """The state tells where the parser is."""
    decoder = MultipartDecoder(b"bound")
    assert decoder.state is State.PREAMBLE
    decoder.receive_data(body(b"one"))
    seen = []

    while decoder.next_event() is not NEED_DATA:
        seen.append(decoder.state)

    assert seen == [State.PART, State.DATA_START, State.EPILOGUE]
    decoder.receive_data(None)
    assert decoder.next_event() == Epilogue(b"")
    assert decoder.state is State.COMPLETE
