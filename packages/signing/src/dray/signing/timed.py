"""Signatures that know when they were made, so that they can expire.

A timestamp is the Unix time in seconds, big-endian and base64-encoded, between value and signature.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from .encoding import base64_decode, base64_encode, bytes_to_int, int_to_bytes, want_bytes
from .exc import BadData, BadSignature, BadTimeSignature, SignatureExpired
from .serializer import Serializer
from .signer import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator

Serialized = TypeVar("Serialized", str, bytes)
#: Seconds since 1970 that every platform has a date for: up to 2038.
_SURELY_A_DATE = 2**31


@lru_cache(maxsize=4, typed=True)
def _encode_timestamp(number: int) -> bytes:
    """Write a timestamp; many tokens are made in one second."""
    return base64_encode(int_to_bytes(number))


class TimestampSigner(Signer):
    """A :class:`.Signer` that also signs the current time."""

    def timestamp_to_datetime(self, ts: int) -> datetime:
        """Give a timestamp as a UTC datetime.

        :raises ValueError: or :exc:`OverflowError`, :exc:`OSError`, when no calendar has that day.
        """
        return datetime.fromtimestamp(ts, tz=UTC)

    def get_timestamp(self) -> int:
        """Give the time that is signed: whole seconds since 1970, UTC. Override it for another clock."""
        return int(time.time())

    def sign(self, value: str | bytes) -> bytes:
        """Give the value with the time and the signature of both behind it."""
        value = want_bytes(value)
        value += self.sep + _encode_timestamp(self.get_timestamp())
        return value + self.sep + self.get_signature(value)

    @overload
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: Literal[False] = False
    ) -> bytes: ...
    @overload
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: Literal[True] = True
    ) -> tuple[bytes, datetime]: ...
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> tuple[bytes, datetime] | bytes:
        """Give the value back if its signature is right and not too old.

        :param max_age: the greatest age accepted, in seconds; any age by default.
        :param return_timestamp: give also when it was signed, in UTC.
        :raises SignatureExpired: when it is older, or from the future.
        :raises BadTimeSignature: when the time is missing or can't be read.
        :raises BadSignature: when the signature is wrong.
        """
        failure: BadSignature | None = None
        try:
            result = super().unsign(signed_value)
        except BadSignature as error:
            failure = error
            result = error.payload or b""
        value, sep, encoded = result.rpartition(self.sep)
        if not sep:
            if failure is not None:
                raise failure
            raise BadTimeSignature("timestamp missing", payload=result)
        if failure is not None:
            raise BadTimeSignature(str(failure), payload=value, date_signed=self._date(self._number(encoded)))
        number = self._number(encoded)
        # The date itself is made only for those who want it; but one that no calendar holds is never accepted.
        if number is None or not (number < _SURELY_A_DATE or self._date(number)):
            raise BadTimeSignature("Malformed timestamp", payload=value)
        if max_age is not None:
            self._check_age(number, max_age, value)
        if not return_timestamp:
            return value
        return value, self.timestamp_to_datetime(number)

    def _check_age(self, number: int, max_age: int, value: bytes) -> None:
        age = self.get_timestamp() - number
        if age > max_age:
            raise SignatureExpired(f"Signature age {age} > {max_age} seconds", value, self._date(number))
        if age < 0:
            raise SignatureExpired(f"Signature age {age} < 0 seconds", value, self._date(number))

    def _number(self, encoded: bytes) -> int | None:
        try:
            return bytes_to_int(base64_decode(encoded))
        except BadData:
            return None

    def _date(self, number: int | None) -> datetime | None:
        """Give the date of a timestamp, whatever its size: a token holds what its author likes."""
        if number is None:
            return None
        try:
            return self.timestamp_to_datetime(number)
        except (ValueError, OSError, OverflowError):
            return None

    def validate(self, signed_value: str | bytes, max_age: int | None = None) -> bool:
        """Tell whether a signed value has a right signature that isn't too old."""
        try:
            self.unsign(signed_value, max_age=max_age)
        except BadSignature:
            return False
        return True


class TimedSerializer(Serializer[Serialized]):
    """A :class:`.Serializer` whose tokens know when they were signed."""

    default_signer: type[TimestampSigner] = TimestampSigner

    if TYPE_CHECKING:

        def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[TimestampSigner]:
            """Give every signer that may verify; each knows time."""

    def loads(  # type: ignore[override]
        self,
        s: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,
        salt: str | bytes | None = None,
    ) -> Any:
        """Give back the object in a token if its signature is right and not too old.

        :param max_age: the greatest age accepted, in seconds.
        :param return_timestamp: give a pair of the object and when it was signed, in UTC.
        :raises SignatureExpired: when it is older; no other key is tried then.
        :raises BadSignature: when the signature is wrong.
        :raises BadPayload: when it is right, but the payload can't be read.
        """
        s = want_bytes(s)
        failure: BadSignature | None = None
        for signer in self.iter_unsigners(salt):
            try:
                if not return_timestamp:
                    return self.load_payload(signer.unsign(s, max_age=max_age))
                value, signed_at = signer.unsign(s, max_age=max_age, return_timestamp=True)
                return self.load_payload(value), signed_at
            except SignatureExpired:
                raise
            except BadSignature as error:
                failure = error
        assert failure is not None
        raise failure

    def loads_unsafe(  # type: ignore[override]
        self, s: str | bytes, max_age: int | None = None, salt: str | bytes | None = None
    ) -> tuple[bool, Any]:
        """Give the object whether or not its signature is right and its age accepted: for debugging."""
        return self._loads_unsafe(s, salt, max_age=max_age)
