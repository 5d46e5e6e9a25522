"""Objects to signed text and back: serialize, then sign; verify, then deserialize.

Time is not known here (:mod:`.timed`), nor how payloads are packed for URLs (:mod:`.url_safe`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import IO, Any, ClassVar, Generic, TypeVar

from ._protocols import DataSerializer, is_text_serializer
from .encoding import want_bytes
from .exc import BadPayload, BadSignature
from .signer import SecretKey, Signer, make_keys_list

__all__ = ["Serializer", "is_text_serializer"]

Serialized = TypeVar("Serialized", str, bytes)
#: How many salts a serializer remembers the signers of.
_MOST_SIGNERS = 64
Fallback = dict[str, Any] | tuple[type[Signer], dict[str, Any]] | type[Signer]


class Serializer(Generic[Serialized]):
    """Serialize an object and sign the result.

    :param secret_key: as for :class:`.Signer`.
    :param salt: tells apart the purposes that one secret key is used for.
    :param serializer: has ``dumps`` and ``loads``; :mod:`json` by default. One that gives text makes text tokens, one
        that gives bytes makes bytes.
    :param serializer_kwargs: keyword arguments for its ``dumps``.
    :param signer: the class that signs.
    :param signer_kwargs: keyword arguments for that class.
    :param fallback_signers: what else verifies, so that old tokens stay readable while a setting changes: each a dict
        of keyword arguments, a class, or a pair of both.
    """

    default_serializer: DataSerializer[Any] = json
    default_signer: type[Signer] = Signer
    default_fallback_signers: ClassVar[list[Fallback]] = []

    def __init__(
        self,
        secret_key: SecretKey,
        salt: str | bytes | None = b"itsdangerous",
        serializer: Any | None = None,
        serializer_kwargs: dict[str, Any] | None = None,
        signer: type[Signer] | None = None,
        signer_kwargs: dict[str, Any] | None = None,
        fallback_signers: list[Fallback] | None = None,
    ) -> None:
        self.secret_keys: list[bytes] = make_keys_list(secret_key)
        # None passes through: the signer then takes its own default.
        self.salt: bytes = want_bytes(salt)  # type: ignore[arg-type]
        self.serializer: DataSerializer[Serialized] = self.default_serializer if serializer is None else serializer
        self.is_text_serializer: bool = is_text_serializer(self.serializer)
        self.signer: type[Signer] = signer or self.default_signer
        self.signer_kwargs: dict[str, Any] = signer_kwargs or {}
        self.fallback_signers: list[Fallback] = list(
            self.default_fallback_signers if fallback_signers is None else fallback_signers
        )
        self.serializer_kwargs: dict[str, Any] = serializer_kwargs or {}
        self._signers: dict[str | bytes, tuple[tuple[Any, ...], Signer]] = {}

    @property
    def secret_key(self) -> bytes:
        """The key that signs: the newest one."""
        return self.secret_keys[-1]

    def dump_payload(self, obj: Any) -> bytes:
        """Serialize an object to the bytes that are signed."""
        return want_bytes(self.serializer.dumps(obj, **self.serializer_kwargs))

    def load_payload(self, payload: bytes, serializer: DataSerializer[Any] | None = None) -> Any:
        """Deserialize a payload that was verified.

        :param serializer: another one than :attr:`serializer`.
        :raises BadPayload: when it can't be read.
        """
        use = self.serializer if serializer is None else serializer
        is_text = self.is_text_serializer if serializer is None else is_text_serializer(serializer)
        try:
            return use.loads(payload.decode("utf-8") if is_text else payload)
        except Exception as error:
            raise BadPayload(
                f"The payload can't be deserialized: {type(error).__name__}: {error}", original_error=error
            ) from error

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Make the signer for a salt, this serializer's own by default."""
        return self.signer(self.secret_keys, salt=self.salt if salt is None else salt, **self.signer_kwargs)

    def _signer(self, salt: str | bytes) -> Signer:
        """Give the signer for a salt, made once: deriving its key is most of the work of signing."""
        made_of = (self.signer, self.secret_keys, self.signer_kwargs)
        kept = self._signers.get(salt)
        if kept is not None and kept[0] == made_of:
            return kept[1]
        if len(self._signers) >= _MOST_SIGNERS:
            self._signers.clear()
        signer = self.make_signer(salt)
        # Copies: the lists may be changed, and then they differ.
        self._signers[salt] = (self.signer, list(self.secret_keys), dict(self.signer_kwargs)), signer
        return signer

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[Signer]:
        """Give every signer that may verify: the current one, then each fallback with each key."""
        salt = self.salt if salt is None else salt
        current = (self._signer(salt),)
        return chain(current, self._iter_fallbacks(salt)) if self.fallback_signers else iter(current)

    def _iter_fallbacks(self, salt: str | bytes) -> Iterator[Signer]:
        for fallback in self.fallback_signers:
            if isinstance(fallback, dict):
                kind, kwargs = self.signer, fallback
            elif isinstance(fallback, tuple):
                kind, kwargs = fallback
            else:
                kind, kwargs = fallback, self.signer_kwargs
            for secret_key in self.secret_keys:
                yield kind(secret_key, salt=salt, **kwargs)

    def dumps(self, obj: Any, salt: str | bytes | None = None) -> Serialized:
        """Give an object as a signed token: text or bytes, as the serializer does."""
        token = self._signer(self.salt if salt is None else salt).sign(self.dump_payload(obj))
        return token.decode("utf-8") if self.is_text_serializer else token  # type: ignore[return-value]

    def dump(self, obj: Any, f: IO[Any], salt: str | bytes | None = None) -> None:
        """Write the token of an object to an open file."""
        f.write(self.dumps(obj, salt=salt))

    def loads(self, s: str | bytes, salt: str | bytes | None = None, **kwargs: Any) -> Any:
        """Give back the object in a token if its signature is right.

        :raises BadSignature: when it isn't; nothing is deserialized then.
        :raises BadPayload: when it is, but the payload can't be read.
        """
        s = want_bytes(s)
        failure: BadSignature | None = None
        for signer in self.iter_unsigners(salt):
            try:
                return self.load_payload(signer.unsign(s))
            except BadSignature as error:
                failure = error
        assert failure is not None
        raise failure

    def loads_unsafe(self, s: str | bytes, salt: str | bytes | None = None) -> tuple[bool, Any]:
        """Give the object whether or not its signature is right: for debugging.

        Only safe with a serializer that is safe on hostile data; JSON is, pickle is not.

        :return: whether the signature is right, and the object, or ``None`` if it can't be read.
        """
        return self._loads_unsafe(s, salt)

    def _loads_unsafe(self, s: str | bytes, salt: str | bytes | None, **kwargs: Any) -> tuple[bool, Any]:
        try:
            return True, self.loads(s, salt=salt, **kwargs)
        except BadSignature as error:
            if error.payload is None:
                return False, None
            try:
                return False, self.load_payload(error.payload)
            except BadPayload:
                return False, None

    def load(self, f: IO[Any], salt: str | bytes | None = None) -> Any:
        """Read a token from an open file; like :meth:`loads`."""
        return self.loads(f.read(), salt)

    def load_unsafe(self, f: IO[Any], salt: str | bytes | None = None) -> tuple[bool, Any]:
        """Read a token from an open file; like :meth:`loads_unsafe`."""
        return self.loads_unsafe(f.read(), salt=salt)
