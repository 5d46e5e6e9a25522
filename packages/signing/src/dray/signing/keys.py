"""Keys that change over time: a key ring names each of its keys, and tokens name the key that signed them.

A ring is also what every signer takes as ``secret_key``: an iterable of keys, oldest first.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from .encoding import base64_encode, want_bytes
from .exc import BadSignature
from .signer import SHA256_PROFILE, Signer

#: What a key may be called: it stands in tokens, between separators.
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Key:
    """A secret with a name.

    :param secret: long and random; see :func:`generate_secret`.
    :param id: 1 to 32 letters, digits, ``-`` and ``_``; made of a hash of the secret by default.
    :raises ValueError: for an empty secret, or another name.
    """

    __slots__ = ("id", "secret")

    def __init__(self, secret: str | bytes, id: str | None = None) -> None:
        self.secret = want_bytes(secret)
        if not self.secret:
            raise ValueError("A key can't be empty. Make one with generate_secret().")
        if id is not None and not _KEY_ID.fullmatch(id):
            raise ValueError(f"A key id has 1 to 32 letters, digits, '-' and '_': {id!r} has not.")
        self.id = id or base64_encode(hashlib.sha256(b"dray.signing key id\0" + self.secret).digest()[:6]).decode()

    def __repr__(self) -> str:
        return f"<Key {self.id!r}>"


class Keyring:
    """The key that signs, and those that were used before and still verify.

    :param current: signs new tokens.
    :param previous: verify old ones; in any order.
    :raises ValueError: when two keys have the same id.
    """

    def __init__(self, current: Key | str | bytes, previous: Iterable[Key | str | bytes] = ()) -> None:
        self.current = current if isinstance(current, Key) else Key(current)
        self.previous = tuple(key if isinstance(key, Key) else Key(key) for key in previous)
        self._by_id: dict[str, Key] = {}
        for key in (self.current, *self.previous):
            if key.id in self._by_id:
                raise ValueError(f"Two keys of the ring have the id {key.id!r}. Give one of them another.")
            self._by_id[key.id] = key

    def __getitem__(self, key_id: str) -> Key:
        return self._by_id[key_id]

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._by_id

    def __iter__(self) -> Iterator[bytes]:
        """Give the secrets as signers take them: the current one last."""
        yield from (key.secret for key in self.previous)
        yield self.current.secret

    def __len__(self) -> int:
        return len(self._by_id)

    def __repr__(self) -> str:
        return f"<Keyring {self.current.id!r}, previous {[key.id for key in self.previous]!r}>"


class KeyedSigner(Signer):
    """Sign with the current key of a ring and name it; verify with the key that is named, and no other.

    A signed value is ``value.id.signature``; the signature is over the name too. The hash is SHA-256.

    :param keyring: a ring, or the only key.
    :param salt: tells apart the purposes that one key is used for.
    """

    def __init__(self, keyring: Keyring | str | bytes, salt: str | bytes = b"dray.signing.KeyedSigner") -> None:
        self.keyring = keyring if isinstance(keyring, Keyring) else Keyring(keyring)
        super().__init__(self.keyring, salt, **SHA256_PROFILE)

    def sign(self, value: str | bytes) -> bytes:
        """Give the value with the key's name and the signature behind it."""
        named = want_bytes(value) + self.sep + self.keyring.current.id.encode()
        return named + self.sep + self.get_signature(named)

    def unsign(self, signed_value: str | bytes) -> bytes:
        """Give the value back if its signature is right.

        :raises BadSignature: otherwise, also for a key that isn't in the ring.
        """
        signed_value = want_bytes(signed_value)
        named, found, signature = signed_value.rpartition(self.sep)
        value, named_key, key_id = named.rpartition(self.sep)
        if not found or not named_key:
            raise BadSignature("The value has no key id and signature")
        if key_id.decode("ascii", "replace") not in self.keyring:
            raise BadSignature(f"The key {key_id!r} is not in the ring", payload=value)
        if not self._fits(named, signature, self.keyring[key_id.decode()]):
            raise BadSignature(f"Signature {signature!r} does not match", payload=value)
        return value

    def _fits(self, named: bytes, signature: bytes, key: Key) -> bool:
        expected = base64_encode(self.algorithm.get_signature(self.derive_key(key.secret), named))
        return secrets.compare_digest(expected, signature)

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Tell whether an encoded signature fits a value that has the name of its key behind it."""
        key_id: Any = want_bytes(value).rpartition(self.sep)[2].decode("ascii", "replace")
        return key_id in self.keyring and self._fits(want_bytes(value), want_bytes(sig), self.keyring[key_id])


def generate_secret(length: int = 32) -> str:
    """Make a random secret, as text that survives configuration files.

    :param length: bytes of randomness.
    """
    return secrets.token_urlsafe(length)
