"""Bytes as text that survives URLs, and numbers as bytes. Knows nothing of signing."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64

from .exc import BadData

#: Every byte that :func:`base64_encode` can give, and its padding (RFC 4648, section 5).
base64_alphabet: bytes = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="


def want_bytes(s: str | bytes, encoding: str = "utf-8", errors: str = "strict") -> bytes:
    """Encode text; leave bytes as they are."""
    return s.encode(encoding, errors) if isinstance(s, str) else s


def base64_encode(string: str | bytes) -> bytes:
    """Encode for URLs: ``-`` and ``_`` instead of ``+`` and ``/``, no padding.

    Source: RFC 4648, section 5.
    """
    data = string.encode() if isinstance(string, str) else string
    return b2a_base64(data).rstrip(b"=\n").translate(_TO_URL)


def base64_decode(string: str | bytes) -> bytes:
    """Decode what :func:`base64_encode` made. Bytes outside the alphabet are passed over.

    :raises BadData: when the length can't be that of any encoded data.
    """
    data = string.encode("ascii", "ignore") if isinstance(string, str) else string
    try:
        return a2b_base64(data.translate(_TO_STANDARD) + b"=" * (-len(data) % 4))
    except (AttributeError, TypeError, ValueError) as error:
        raise BadData("Invalid base64-encoded data") from error


def base64_decode_exact(data: bytes) -> bytes | None:
    """Decode only the one spelling that :func:`base64_encode` gives.

    The last character of an encoding carries unused bits, and decoders pass over foreign bytes, so that many
    strings decode to the same bytes. A signature must have one spelling only.

    :return: the bytes, or ``None`` for any other spelling.
    """
    try:
        decoded = a2b_base64(data.translate(_TO_STANDARD) + b"=" * (-len(data) % 4))
    except ValueError:
        return None
    return decoded if base64_encode(decoded) == data else None


_TO_STANDARD, _TO_URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")


def int_to_bytes(num: int) -> bytes:
    """Give a natural number as big-endian bytes, as few as possible; none for 0.

    :raises OverflowError: for a negative number.
    """
    return num.to_bytes((num.bit_length() + 7) // 8, "big")


def bytes_to_int(bytestr: bytes) -> int:
    """Read big-endian bytes as a natural number."""
    return int.from_bytes(bytestr, "big")
