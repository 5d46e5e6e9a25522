"""Signatures that anyone can verify and only the holder of a private key can make. Needs the extra ``crypto``.

The algorithm is Ed25519 (RFC 8032) of the cryptography library.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import base64_decode_exact, base64_encode, want_bytes
from .signer import Signer

#: Bytes of a private and of a public key.
KEY_SIZE = 32


def generate_key() -> bytes:
    """Make a random private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private_key: bytes) -> bytes:
    """Give the public key of a private one."""
    return _private(private_key).public_key().public_bytes_raw()


class Ed25519Signer(Signer):
    """Sign with a private key; verify with public ones.

    Signed values look like those of :class:`.Signer`: ``value.signature``. What is signed is the length of the salt,
    the salt, and the value.

    :param private_key: 32 bytes; without one, values can be verified but not signed.
    :param public_keys: of others whose signatures count, 32 bytes each; that of the private key counts too.
    :param salt: tells apart the purposes that one key is used for.
    :param sep: stands between value and signature.
    :raises TypeError: for a key that isn't bytes.
    :raises ValueError: for a key of another length, or without any key.
    """

    def __init__(
        self,
        private_key: bytes | None = None,
        public_keys: Iterable[bytes] = (),
        salt: str | bytes = b"dray.signing.Ed25519Signer",
        sep: str | bytes = b".",
    ) -> None:
        super().__init__(b"", salt, sep, key_derivation="none")
        self._private = None if private_key is None else _private(private_key)
        self._public = [_public(key) for key in public_keys]
        if self._private is not None:
            self._public.append(self._private.public_key())
        if not self._public:
            raise ValueError("There is no key: give a private one to sign, or public ones to verify.")

    def _message(self, value: bytes) -> bytes:
        return len(self.salt).to_bytes(4, "big") + self.salt + value

    def get_signature(self, value: str | bytes) -> bytes:
        """Make the signature of a value, encoded by base64.

        :raises TypeError: without a private key.
        """
        if self._private is None:
            raise TypeError("Signing needs a private key; this signer has only public ones.")
        return base64_encode(self._private.sign(self._message(want_bytes(value))))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Tell whether an encoded signature fits a value under any of the public keys."""
        signature = base64_decode_exact(want_bytes(sig))
        if signature is None:
            return False
        message = self._message(want_bytes(value))
        for key in self._public:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                continue
            return True
        return False


def _private(key: Any) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_checked(key, "private"))


def _public(key: Any) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_checked(key, "public"))


def _checked(key: Any, kind: str) -> bytes:
    if not isinstance(key, bytes):
        raise TypeError(f"An Ed25519 {kind} key is {KEY_SIZE} bytes, not {type(key).__name__}.")
    if len(key) != KEY_SIZE:
        raise ValueError(f"An Ed25519 {kind} key has {KEY_SIZE} bytes; this one has {len(key)}.")
    return key
