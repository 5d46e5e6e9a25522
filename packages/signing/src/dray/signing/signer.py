"""Sign bytes with a secret key, and verify them.

A signed value is ``value + sep + base64(signature)``. The key that signs is derived from the secret key and a salt, so
that a value signed for one purpose is worthless for another. What the value means is not known here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any, ClassVar

from .encoding import base64_alphabet, base64_decode_exact, base64_encode, want_bytes
from .exc import BadSignature

SecretKey = str | bytes | Iterable[str] | Iterable[bytes]


def sha1(string: bytes = b"") -> Any:
    """Make a SHA-1 hash when it is needed: a FIPS build of Python has none, and others must still import this.

    HMAC with SHA-1 is not affected by the collisions known for SHA-1 (RFC 6194, section 3.3).
    """
    return hashlib.sha1(string)


class SigningAlgorithm:
    """How a signature is made from a key and a value."""

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        """Tell whether a signature fits a value, in time that doesn't depend on where they differ."""
        return hmac.compare_digest(sig, self.get_signature(key, value))

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Make the signature of a value: raw bytes. A subclass must define it."""
        raise NotImplementedError(f"{type(self).__name__} must define get_signature(key, value)")


class NoneAlgorithm(SigningAlgorithm):
    """No signature at all: for tests of code that handles signed values."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Give empty bytes."""
        return b""


class HMACAlgorithm(SigningAlgorithm):
    """Signatures by HMAC (RFC 2104).

    :param digest_method: makes a hash object, like :func:`hashlib.sha256`; SHA-1 by default.
    """

    default_digest_method: ClassVar[Any] = staticmethod(sha1)

    def __init__(self, digest_method: Any = None) -> None:
        self.digest_method: Any = self.default_digest_method if digest_method is None else digest_method

        self._states: dict[bytes, tuple[Any, Any]] = {}

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Make the HMAC of a value."""
        states = self._states.get(key) or self._prepare(key)
        if states is None:
            return hmac.new(key, value, self.digest_method).digest()
        inner, outer = states
        inner, outer = inner.copy(), outer.copy()
        inner.update(value)
        outer.update(inner.digest())
        signature: bytes = outer.digest()
        return signature

    def _prepare(self, key: bytes) -> tuple[Any, Any] | None:
        """Hash the two pads of a key once (RFC 2104, section 4): copying is three times as fast as beginning anew.

        :return: ``None`` for a hash object that doesn't say its block size or can't be copied.
        """
        block_size = getattr(self.digest_method(), "block_size", None)
        if not block_size:
            return None
        padded = (self.digest_method(key).digest() if len(key) > block_size else key).ljust(block_size, b"\0")
        states = self.digest_method(padded.translate(_INNER)), self.digest_method(padded.translate(_OUTER))
        if not all(hasattr(state, "copy") for state in states):
            return None
        if len(self._states) >= _MOST_KEYS:
            self._states.clear()
        self._states[key] = states
        return states


#: The bytes of a key xor the inner and outer pad (RFC 2104, section 2).
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
#: How many keys an algorithm remembers; rotations have a handful.
_MOST_KEYS = 32


class Signer:
    """Sign values with a secret key and verify signed ones.

    :param secret_key: text or bytes, long and random; or several, oldest first: the last one signs, all verify.
    :param salt: tells apart the purposes that one secret key is used for; it need not be secret.
    :param sep: stands between value and signature; must have a byte outside the base64 alphabet.
    :param key_derivation: how the signing key comes from secret key and salt: ``concat``, ``django-concat``, ``hmac``
        or ``none``.
    :param digest_method: the hash for deriving the key and for the default algorithm.
    :param algorithm: makes the signatures; :class:`HMACAlgorithm` by default.
    """

    default_digest_method: ClassVar[Any] = staticmethod(sha1)
    default_key_derivation: str = "django-concat"

    def __init__(
        self,
        secret_key: SecretKey,
        salt: str | bytes | None = b"itsdangerous.Signer",
        sep: str | bytes = b".",
        key_derivation: str | None = None,
        digest_method: Any | None = None,
        algorithm: SigningAlgorithm | None = None,
    ) -> None:
        self.secret_keys: list[bytes] = make_keys_list(secret_key)
        self.sep: bytes = want_bytes(sep)
        if not self.sep.strip(base64_alphabet):
            raise ValueError(
                f"The separator {self.sep!r} could be part of a signature. It needs a character other than"
                " ASCII letters, digits and '-_='."
            )
        self.salt: bytes = b"itsdangerous.Signer" if salt is None else want_bytes(salt)
        self.key_derivation: str = self.default_key_derivation if key_derivation is None else key_derivation
        self.digest_method: Any = self.default_digest_method if digest_method is None else digest_method
        self.algorithm: SigningAlgorithm = HMACAlgorithm(self.digest_method) if algorithm is None else algorithm
        self._derived: dict[bytes, bytes] = {}
        self._derived_by: tuple[Any, ...] = ()

    @property
    def secret_key(self) -> bytes:
        """The key that signs: the newest one."""
        return self.secret_keys[-1]

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Make the signing key from a secret key and the salt.

        :param secret_key: the newest one by default.
        :raises TypeError: when ``key_derivation`` is none of the known names.
        """
        key = self.secret_keys[-1] if secret_key is None else secret_key
        if type(key) is not bytes:
            key = want_bytes(key)
        derived_by = (self.salt, self.key_derivation, self.digest_method)
        if derived_by != self._derived_by:
            self._derived, self._derived_by = {}, derived_by
        return self._derived.get(key) or self._derive(key)

    def _derive(self, key: bytes) -> bytes:
        """Make a key and remember it."""
        if len(self._derived) >= _MOST_KEYS:
            self._derived.clear()
        derived = self._derived[key] = self._derived_key(key)
        return derived

    def _derived_key(self, key: bytes) -> bytes:
        if self.key_derivation == "django-concat":
            return bytes(self.digest_method(self.salt + b"signer" + key).digest())
        if self.key_derivation == "concat":
            return bytes(self.digest_method(self.salt + key).digest())
        if self.key_derivation == "hmac":
            return hmac.new(key, self.salt, self.digest_method).digest()
        if self.key_derivation == "none":
            return key
        raise TypeError(
            f"Unknown key derivation method {self.key_derivation!r}: use 'concat', 'django-concat', 'hmac' or 'none'."
        )

    def sign(self, value: str | bytes) -> bytes:
        """Give the value with its signature behind it."""
        value = want_bytes(value)
        return value + self.sep + self.get_signature(value)

    def get_signature(self, value: str | bytes) -> bytes:
        """Make the signature of a value, encoded by base64."""
        value = value if type(value) is bytes else want_bytes(value)
        return base64_encode(self.algorithm.get_signature(self.derive_key(), value))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Tell whether an encoded signature fits a value under any of the keys, the newest first."""
        value = value if type(value) is bytes else want_bytes(value)
        sig = sig if type(sig) is bytes else want_bytes(sig)
        algorithm = self.algorithm
        if type(algorithm).verify_signature is SigningAlgorithm.verify_signature:
            # Comparing the encoded form saves decoding, and accepts one spelling of it only.
            for key in reversed(self.secret_keys):
                expected = base64_encode(algorithm.get_signature(self.derive_key(key), value))
                if hmac.compare_digest(expected, sig):
                    return True
            return False
        signature = base64_decode_exact(sig)
        if signature is None:
            return False
        for key in reversed(self.secret_keys):
            if algorithm.verify_signature(self.derive_key(key), value, signature):
                return True
        return False

    def unsign(self, signed_value: str | bytes) -> bytes:
        """Give the value back if its signature is right.

        :raises BadSignature: otherwise.
        """
        if type(signed_value) is not bytes:
            signed_value = want_bytes(signed_value)
        value, sep, signature = signed_value.rpartition(self.sep)
        if not sep:
            raise BadSignature(f"No {self.sep!r} found in value")
        if self.verify_signature(value, signature):
            return value
        raise BadSignature(f"Signature {signature!r} does not match", payload=value)

    def validate(self, signed_value: str | bytes) -> bool:
        """Tell whether a signed value has a right signature."""
        try:
            self.unsign(signed_value)
        except BadSignature:
            return False
        return True


#: Arguments for signers that use SHA-256 all through. The default is SHA-1, which tokens in the wild are signed with.
SHA256_PROFILE: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


def make_keys_list(secret_key: SecretKey) -> list[bytes]:
    """Give one key, or several, as a list of bytes, oldest first."""
    if isinstance(secret_key, (str, bytes)):
        return [want_bytes(secret_key)]
    return [want_bytes(key) for key in secret_key]
