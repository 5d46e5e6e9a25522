"""Tokens of characters that need no quoting in a URL, compressed where that makes them shorter."""

from __future__ import annotations

import zlib
from typing import Any

from ._json import _CompactJSON
from .encoding import base64_decode, base64_encode
from .exc import BadPayload
from .serializer import Serializer
from .timed import TimedSerializer


class URLSafeSerializerMixin(Serializer[str]):
    """Pack payloads as base64 for URLs. A leading dot says that the payload is compressed (RFC 1950)."""

    default_serializer: Any = _CompactJSON
    #: The most bytes that a compressed payload may expand to. A few hundred bytes can hold gigabytes of zeros.
    max_size: int = 16 * 1024 * 1024

    def load_payload(self, payload: bytes, *args: Any, serializer: Any | None = None, **kwargs: Any) -> Any:
        """Unpack and deserialize a payload that was verified.

        :raises BadPayload: when it can't be unpacked or read.
        """
        compressed = payload.startswith(b".")
        try:
            data = base64_decode(payload[1:] if compressed else payload)
        except Exception as error:
            raise BadPayload("The payload is not valid base64", original_error=error) from error
        if compressed:
            data = inflate(data, self.max_size)
        return super().load_payload(data, serializer, *args, **kwargs)

    def dump_payload(self, obj: Any) -> bytes:
        """Serialize and pack an object."""
        data = super().dump_payload(obj)
        if len(data) >= _SHORTEST and len(compressed := deflate(data)) < len(data) - 1:
            return b"." + base64_encode(compressed)
        return base64_encode(data)


#: Shorter data, in bytes, is left as it is. What compresses at all takes 10 bytes: 6 around the blocks (RFC 1950,
#: section 2.2), and 30 bits for a byte, its repetition and the end (RFC 1951, section 3.2.6). It must save 2, one of
#: them for its dot.
_SHORTEST = 12
#: The longest data in bytes, and the logarithm of a window and the memory level that give the same for it as the
#: 256 kB that zlib takes by default. For zlib-ng, which some systems have in its place, nobody has shown that.
_WINDOWS: tuple[tuple[int, int, int], ...] = ((250, 9, 4), (762, 10, 4), (1786, 11, 5), (3834, 12, 6))
if "zlib-ng" in zlib.ZLIB_RUNTIME_VERSION:
    _WINDOWS = ()
#: What a stream of the default window and level begins with (RFC 1950, section 2.2).
_HEADER = b"\x78\x9c"


def deflate(data: bytes) -> bytes:
    """Compress data: the same bytes as :func:`zlib.compress` gives, with no more memory than they need.

    For 100 bytes that takes 4 us; with 256 kB, which come from the system and go back each time, up to 120.
    """
    for longest, window_bits, memory_level in _WINDOWS:
        if len(data) <= longest:
            compressor = zlib.compressobj(-1, zlib.DEFLATED, window_bits, memory_level)
            return _HEADER + compressor.compress(data)[len(_HEADER) :] + compressor.flush()
    return zlib.compress(data)


#: What a byte can expand to: two bits are enough to repeat 258 bytes (RFC 1951, section 3.2.5).
_MOST_EXPANSION = 4 * 258


def inflate(data: bytes, max_size: int) -> bytes:
    """Decompress data, but not beyond a size.

    :param max_size: in bytes.
    :raises BadPayload: when it isn't one complete stream (RFC 1950), or expands beyond ``max_size``.
    """
    try:
        if len(data) * _MOST_EXPANSION <= max_size:
            return zlib.decompress(data, bufsize=4 * len(data) + 64)
        decompressor = zlib.decompressobj()
        expanded = decompressor.decompress(data, max_size + 1)
    except zlib.error as error:
        raise BadPayload(f"The payload can't be decompressed: {error}", original_error=error) from error
    if len(expanded) > max_size:
        raise BadPayload(f"The payload expands to more than max_size={max_size} bytes")
    if not decompressor.eof:
        raise BadPayload("The payload can't be decompressed: it is incomplete")
    return expanded


class URLSafeSerializer(URLSafeSerializerMixin, Serializer[str]):
    """A :class:`.Serializer` for tokens that stand in URLs."""


class URLSafeTimedSerializer(URLSafeSerializerMixin, TimedSerializer[str]):
    """A :class:`.TimedSerializer` for tokens that stand in URLs."""
