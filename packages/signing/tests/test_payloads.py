"""Payloads: JSON and compression do what the standard library's do, by a shorter way."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.signing import BadPayload, URLSafeSerializer
from dray.signing._json import _CompactJSON
from dray.signing.encoding import base64_encode
from dray.signing.url_safe import _SHORTEST, deflate, inflate

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_is_written_as_the_library_writes_it(value: Any) -> None:
    """The text is the same."""
    assert _CompactJSON.dumps(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.text(alphabet='[]{}":,01 \n\\ué-.eENatrufl', max_size=12) | VALUES.map(json.dumps))
def test_json_is_read_as_the_library_reads_it(text: str) -> None:
    """The value is the same, or the error with its place."""
    results = []
    for read in (_CompactJSON.loads, json.loads):
        try:
            results.append(repr(read(text)))
        except ValueError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_json_of_what_is_no_json() -> None:
    """A circle is said to be one, and another type not to be known, as the library says it."""
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular reference detected"):
        _CompactJSON.dumps(circle)
    with pytest.raises(TypeError, match="not JSON serializable"):
        _CompactJSON.dumps({"a": object()})


@given(
    st.binary(max_size=300) | st.builds(lambda piece, count: piece * count, st.binary(max_size=90), st.integers(0, 90))
)
def test_compressed_as_the_library_compresses(data: bytes) -> None:
    """The bytes are the same, and give the data back."""
    compressed = deflate(data)
    assert compressed == zlib.compress(data)
    assert inflate(compressed, max(len(data), 1)) == data


@pytest.mark.parametrize("size", [0, 249, 250, 251, 762, 763, 1786, 1787, 3834, 3835, 70_000])
def test_compressed_around_the_edges_of_the_windows(size: int) -> None:
    """Data that just fits a window, and that just doesn't, is compressed the same."""
    for data in (
        bytes(size),
        bytes(index * index % 251 for index in range(size)),
        (b'{"key": "value"},' * size)[:size],
    ):
        assert deflate(data) == zlib.compress(data)


@given(st.binary(max_size=11) | st.builds(lambda byte, count: byte * count, st.binary(max_size=2), st.integers(0, 5)))
def test_what_is_never_compressed(data: bytes) -> None:
    """Data too short to be tried would never get shorter, whatever it is."""
    assert len(data) < _SHORTEST
    assert len(zlib.compress(data, 9)) >= len(data) - 1


@pytest.mark.parametrize("length", range(30))
def test_tokens_around_the_shortest_data(length: int) -> None:
    """A token is what it would be if everything were tried."""
    data = json.dumps("a" * length).encode()
    compressed = zlib.compress(data)
    expected = b"." + base64_encode(compressed) if len(compressed) < len(data) - 1 else base64_encode(data)
    assert URLSafeSerializer("k").dump_payload("a" * length) == expected


@pytest.mark.parametrize("max_size", [1, 1000, 1_032_000, 10_000_000])
@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_a_stream_of_the_greatest_expansion(max_size: int, excess: int) -> None:
    """What a stream expands to is bounded, whichever way it is read: zeros expand a thousandfold."""
    data = zlib.compress(bytes(max_size + excess), 9)
    if excess > 0:
        with pytest.raises(BadPayload, match=f"more than max_size={max_size} bytes"):
            inflate(data, max_size)
    else:
        assert inflate(data, max_size) == bytes(max_size + excess)


@pytest.mark.parametrize("max_size", [10, 1 << 24])
@pytest.mark.parametrize(
    "data", [b"", b"x", zlib.compress(b"abc")[:-1], zlib.compress(b"abc")[:4], b"\x78\x9c" + b"\xff" * 9]
)
def test_a_stream_that_is_none(data: bytes, max_size: int) -> None:
    """It is refused."""
    with pytest.raises(BadPayload, match="can't be decompressed"):
        inflate(data, max_size)


def test_fallbacks_come_after_the_current_signer() -> None:
    """Each key of each fallback verifies, after the signer that signs."""
    serializer = URLSafeSerializer(
        ["a", "b"], fallback_signers=[{"key_derivation": "concat"}, {"key_derivation": "hmac"}]
    )
    signers = list(serializer.iter_unsigners())
    assert [(len(signer.secret_keys), signer.key_derivation) for signer in signers] == [
        (2, "django-concat"),
        (1, "concat"),
        (1, "concat"),
        (1, "hmac"),
        (1, "hmac"),
    ]
