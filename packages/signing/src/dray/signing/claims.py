"""Tokens that say themselves from when to when they are good.

The signer decides that, not whoever reads the token: ``max_age`` of :mod:`.timed` is the other way round.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from ._json import _CompactJSON
from .encoding import base64_decode_exact, base64_encode, want_bytes
from .exc import BadPayload, BadSignature, BadTimeSignature, SignatureExpired
from .keys import KeyedSigner, Keyring


class SignatureNotYetValid(BadTimeSignature):
    """The signature is right, but the token is for later."""


class ClaimsSerializer:
    """Sign objects with the time they are good for.

    A token is ``payload.id.signature``: the payload is JSON, base64-encoded, the rest as in
    :class:`~dray.signing.keys.KeyedSigner`.

    :param keyring: a ring, or the only key.
    :param salt: tells apart the purposes that one key is used for.
    :param clock_skew: by how many seconds the clocks of signer and reader may differ.
    """

    def __init__(
        self, keyring: Keyring | str | bytes, salt: str | bytes = b"dray.signing.claims", clock_skew: float = 0
    ) -> None:
        if clock_skew < 0:
            raise ValueError(f"clock_skew is a number of seconds, 0 or more, not {clock_skew!r}.")
        self.signer = KeyedSigner(keyring, salt)
        self.clock_skew = clock_skew

    def get_time(self) -> float:
        """Give the time: seconds since 1970, UTC. Override it for another clock."""
        return time.time()

    def dumps(
        self, obj: Any, *, expires_in: float | timedelta | None = None, not_before: datetime | float | None = None
    ) -> str:
        """Give an object as a signed token.

        :param obj: what JSON can hold.
        :param expires_in: how long it is good, as seconds or a timedelta, from now or from ``not_before``.
        :param not_before: from when it is good: a datetime with a time zone, or seconds since 1970.
        :raises ValueError: for a datetime without a time zone.
        """
        now = int(self.get_time())
        claims: dict[str, Any] = {"obj": obj, "iat": now}
        if not_before is not None:
            claims["nbf"] = _seconds_since_1970(not_before)
        if expires_in is not None:
            seconds = expires_in.total_seconds() if isinstance(expires_in, timedelta) else expires_in
            claims["exp"] = claims.get("nbf", now) + int(seconds)
        return self.signer.sign(base64_encode(_CompactJSON.dumps(claims))).decode("ascii")

    def loads(self, token: str | bytes) -> Any:
        """Give back the object in a token if its signature is right and now is its time.

        :raises SignatureExpired: when it was good before.
        :raises SignatureNotYetValid: when it will be good later.
        :raises BadTimeSignature: when a time in it is no number that a calendar holds.
        :raises BadSignature: when the signature is wrong.
        :raises BadPayload: when it is right, but the payload isn't a token's.
        """
        payload = self.signer.unsign(token)
        claims = _read(payload)
        signed_at, now = _date(claims["iat"], payload), self.get_time()
        if "nbf" in claims and now + self.clock_skew < claims["nbf"]:
            when = _date(claims["nbf"], payload)
            raise SignatureNotYetValid(f"The token is good from {when:%Y-%m-%d %H:%M:%S} UTC", payload, signed_at)
        if "exp" in claims and now - self.clock_skew >= claims["exp"]:
            when = _date(claims["exp"], payload)
            raise SignatureExpired(f"The token was good until {when:%Y-%m-%d %H:%M:%S} UTC", payload, signed_at)
        return claims["obj"]

    def loads_unsafe(self, token: str | bytes) -> tuple[bool, Any]:
        """Give the object whether or not its signature is right and now is its time: for debugging."""
        try:
            return True, self.loads(token)
        except BadSignature as error:
            try:
                return False, _read(want_bytes(error.payload or b""))["obj"]
            except BadPayload:
                return False, None


def _seconds_since_1970(when: datetime | float) -> int:
    if not isinstance(when, datetime):
        return int(when)
    if when.tzinfo is None:
        raise ValueError(f"not_before needs a time zone to be a point in time: {when!r} has none.")
    return int(when.timestamp())


def _read(payload: bytes) -> dict[str, Any]:
    data = base64_decode_exact(payload)
    if data is None:
        raise BadPayload("The payload is not valid base64")
    try:
        claims = _CompactJSON.loads(data)
    except ValueError as error:
        raise BadPayload(f"The payload is not JSON: {error}", original_error=error) from error
    if not isinstance(claims, dict) or "obj" not in claims:
        raise BadPayload("The payload is not that of a token with claims")
    for name in ("iat", "nbf", "exp"):
        value = claims.get(name, 0)
        if type(value) is not int:
            raise BadTimeSignature(f"The claim {name!r} must be a whole number, not {value!r}", payload)
    claims.setdefault("iat", 0)
    return claims


def _date(seconds: int, payload: bytes) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OSError, OverflowError):
        raise BadTimeSignature(f"No calendar holds the time {seconds}", payload) from None
