"""Encrypted tokens: nobody without the key can read, make or change one. Needs the extra ``crypto``.

The cipher is AES-256-GCM (NIST SP 800-38D) of the cryptography library. A token is the base64 of

    version (1 byte) | key hint (4 bytes) | nonce (12 bytes) | ciphertext and tag

The time is inside the ciphertext; version, hint and salt are authenticated with it.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ._json import _CompactJSON
from .encoding import base64_decode_exact, base64_encode, want_bytes
from .exc import BadPayload, BadSignature, SignatureExpired

#: Bytes of a key.
KEY_SIZE = 32
_VERSION = b"\x01"
_HEADER = 1 + 4
_NONCE = 12
_TIME = 8


def generate_key() -> bytes:
    """Make a random key."""
    return AESGCM.generate_key(KEY_SIZE * 8)


class SealedSerializer:
    """Encrypt and sign objects.

    :param key: 32 random bytes, or several keys, oldest first: the last one seals, all open.
    :param salt: tells apart the purposes that one key is used for; a token sealed for another can't be opened.
    :param serializer: has ``dumps`` and ``loads`` of text; compact JSON by default.
    :raises TypeError: for a key that isn't bytes.
    :raises ValueError: for a key of another length.
    """

    def __init__(
        self, key: bytes | list[bytes] | tuple[bytes, ...], salt: str | bytes = b"dray.signing.sealed",
        serializer: Any = _CompactJSON,
    ) -> None:  # fmt: skip
        keys = [key] if isinstance(key, bytes) else list(key)
        if not keys:
            raise ValueError("There is no key to seal with. Make one with generate_key().")
        self._ciphers = [(_hint(checked), AESGCM(checked)) for checked in map(_checked, keys)]
        self.salt = want_bytes(salt)
        self.serializer = serializer

    def get_timestamp(self) -> int:
        """Give the time that is sealed in: whole seconds since 1970, UTC. Override it for another clock."""
        return int(time.time())

    def dumps(self, obj: Any) -> str:
        """Give an object as a sealed token."""
        hint, cipher = self._ciphers[-1]
        header, nonce = _VERSION + hint, os.urandom(_NONCE)
        plain = self.get_timestamp().to_bytes(_TIME, "big") + want_bytes(self.serializer.dumps(obj))
        return base64_encode(header + nonce + cipher.encrypt(nonce, plain, header + self.salt)).decode("ascii")

    def loads(self, token: str | bytes, max_age: int | None = None) -> Any:
        """Open a token and give the object in it.

        :param max_age: the greatest age accepted, in seconds.
        :raises SignatureExpired: when it is older, or from the future.
        :raises BadSignature: when it wasn't sealed with one of the keys, for this purpose, just like this.
        :raises BadPayload: when it was, but the payload can't be read.
        """
        plain = self._open(want_bytes(token))
        if max_age is not None:
            age = self.get_timestamp() - int.from_bytes(plain[:_TIME], "big")
            if not 0 <= age <= max_age:
                raise SignatureExpired(f"Token age {age} is not within 0 and {max_age} seconds")
        try:
            return self.serializer.loads(plain[_TIME:].decode("utf-8"))
        except Exception as error:
            raise BadPayload(f"The payload can't be deserialized: {error}", original_error=error) from error

    def _open(self, token: bytes) -> bytes:
        data = base64_decode_exact(token)
        if data is None or len(data) < _HEADER + _NONCE + 16 + _TIME or data[:1] != _VERSION:
            raise BadSignature("The token is not a sealed one")
        header, nonce, sealed = data[:_HEADER], data[_HEADER : _HEADER + _NONCE], data[_HEADER + _NONCE :]
        for hint, cipher in reversed(self._ciphers):
            if hint == header[1:]:
                try:
                    return cipher.decrypt(nonce, sealed, header + self.salt)
                except InvalidTag:
                    continue
        raise BadSignature("The token can't be opened with any of the keys")


def _checked(key: Any) -> bytes:
    if not isinstance(key, bytes):
        raise TypeError(f"A sealing key is {KEY_SIZE} bytes, not {type(key).__name__}. Make one with generate_key().")
    if len(key) != KEY_SIZE:
        raise ValueError(f"A sealing key has {KEY_SIZE} bytes; this one has {len(key)}. Make one with generate_key().")
    return key


def _hint(key: bytes) -> bytes:
    """Give four bytes that tell keys apart without giving them away."""
    return hashlib.sha256(b"dray.signing key hint\0" + key).digest()[:4]
