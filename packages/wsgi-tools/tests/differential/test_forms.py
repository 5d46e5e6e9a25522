"""Forms beside Werkzeug's: both encodings, written by either side, read by both."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
import werkzeug.formparser as reference
import werkzeug.sansio.multipart as reference_multipart
import werkzeug.test
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import formparser
from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.sansio import multipart


def environ_for(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what both sides need of an environ."""
    return {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
        "REQUEST_METHOD": "POST",
    }


def memory(*args: Any, **kwargs: Any) -> BytesIO:
    """Keep files in memory: the reference's own stream factory leaves open files behind."""
    return BytesIO()


def parsed(module: Any, body: bytes, content_type: str, **options: Any) -> Any:
    """Return fields and files in built-in types, or the name of the error."""
    try:
        stream, form, files = module.parse_form_data(environ_for(body, content_type), memory, **options)
    except Exception as error:
        return type(error).__name__

    return (
        list(form.items(multi=True)),
        [(key, file.filename, file.content_type, file.name, file.read()) for key, file in files.items(multi=True)],
        stream.read(),
    )


names = st.text("abé \"%&=;\\'", min_size=1, max_size=5)
contents = st.binary(max_size=30) | st.sampled_from(
    [b"\r\n", b"--x", b"\r\n--x", b"\n--x\r\n", b"\r", b"a\r\n--xy\r\nb"]
)


@given(st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"), max_size=8)), max_size=5))
def test_urlencoded(fields: list[tuple[str, str]]) -> None:
    """Fields of an urlencoded form are read alike."""
    body = urlencode(fields).encode()
    ours = parsed(formparser, body, "application/x-www-form-urlencoded")
    assert ours == parsed(reference, body, "application/x-www-form-urlencoded")
    assert sorted(ours[0]) == sorted(fields)


@given(st.binary(max_size=20))
def test_any_bytes_as_urlencoded(body: bytes) -> None:
    """Anything at all is read as an urlencoded form without an error, and alike if it is UTF-8."""
    ours = parsed(formparser, body, "application/x-www-form-urlencoded")
    assert isinstance(ours, tuple)

    if body.isascii():
        assert ours == parsed(reference, body, "application/x-www-form-urlencoded")


def part(name: str, filename: str | None, content: bytes) -> bytes:
    """Write a part by hand."""
    name = name.replace('"', "%22")
    extra = (
        "" if filename is None else '; filename="{}"\r\nContent-Type: text/plain'.format(filename.replace('"', "%22"))
    )
    return f'Content-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + content


@given(st.lists(st.tuples(names, st.none() | names, contents), max_size=4))
@settings(max_examples=200)
def test_multipart(parts: list[tuple[str, str | None, bytes]]) -> None:
    """Fields and files of a multipart form are read alike."""
    body = b"".join(b"--x\r\n" + part(*one) + b"\r\n" for one in parts) + b"--x--\r\n"
    ours = parsed(formparser, body, "multipart/form-data; boundary=x")
    assert ours == parsed(reference, body, "multipart/form-data; boundary=x")


PIECES = [
    b"--x",
    b"\r\n",
    b"\n",
    b"\r",
    b"--",
    b"a",
    b'Content-Disposition: form-data; name="a"',
    b": b",
    b" ",
    b"\r\n\r\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(b"".join))
@settings(max_examples=200)
def test_broken_multipart(body: bytes) -> None:
    """A broken body is refused alike: nothing of it is used, and only a ValueError comes out."""
    body = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n' + body
    ours = parsed(formparser, body, "multipart/form-data; boundary=x", silent=False)
    assert isinstance(ours, tuple) or ours == "ValueError"
    assert isinstance(parsed(formparser, body, "multipart/form-data; boundary=x"), tuple)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="é"',
        "multipart/mixed; boundary=x",
        "text/plain",
        "",
    ],
)
def test_media_types(content_type: str) -> None:
    """The media type decides alike what is read."""
    body = b"--x\r\n" + part("a", None, b"b") + b"\r\n--x--"
    ours, theirs = parsed(formparser, body, content_type), parsed(reference, body, content_type)

    if content_type.startswith("multipart/form-data"):
        assert ours == ([], [], body)  # the reference says the same, after it has read some of the stream
        assert theirs[:2] == ([], [])
    else:
        assert ours == theirs


events = st.lists(
    st.tuples(
        st.text("abé;", max_size=4),
        st.none() | st.text("abé.", max_size=4),
        # The reference forgets the blank line when the first piece of several is empty.
        st.lists(contents, min_size=1, max_size=3).map(lambda pieces: [one for one in pieces if one] or [b""]),
    ),
    max_size=3,
)


@given(events)
def test_writing(parts: list[tuple[str, str | None, list[bytes]]]) -> None:
    """The same events are written as the same bytes, and read back."""
    written = []

    for module, headers in ((multipart, Headers), (reference_multipart, werkzeug.datastructures.Headers)):
        encoder = module.MultipartEncoder(b"boundary")
        pieces = [encoder.send_event(module.Preamble(b""))]

        for name, filename, content in parts:
            if filename is None:
                pieces.append(encoder.send_event(module.Field(name, headers())))
            else:
                pieces.append(encoder.send_event(module.File(name, filename, headers())))

            for index, data in enumerate(content):
                pieces.append(encoder.send_event(module.Data(data, index < len(content) - 1)))

        pieces.append(encoder.send_event(module.Epilogue(b"")))
        written.append(b"".join(pieces))

    assert written[0] == written[1]
    _, form, files = formparser.parse_form_data(environ_for(written[0], "multipart/form-data; boundary=boundary"))
    read = [*form.items(multi=True)], [(key, file.filename, file.read()) for key, file in files.items(multi=True)]
    whole = [(name, filename, b"".join(content)) for name, filename, content in parts]
    fields = [(name, data.decode(errors="replace")) for name, filename, data in whole if filename is None]
    assert sorted(read[0]) == sorted(fields)
    assert sorted(read[1]) == sorted(one for one in whole if one[1] is not None)


@pytest.mark.parametrize("size", [499_999, 500_000, 500_001])
def test_limit_of_a_field(size: int) -> None:
    """A field of 500 000 bytes is the longest (CVE-2024-49767)."""
    body = b"--x\r\n" + part("a", None, b"b" * size) + b"\r\n--x--"
    ours = parsed(formparser, body, "multipart/form-data; boundary=x", max_form_memory_size=500_000)
    assert (ours == "RequestEntityTooLarge") is (size > 500_000)
