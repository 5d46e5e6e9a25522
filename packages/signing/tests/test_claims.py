"""Claims: tokens that are good from then to then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dray.signing import BadPayload, BadSignature, BadTimeSignature, SignatureExpired
from dray.signing.claims import ClaimsSerializer, SignatureNotYetValid
from dray.signing.encoding import base64_encode

NOW = 1_700_000_000


class Clock(ClaimsSerializer):
    """A serializer whose clock can be set."""

    now = NOW

    def get_time(self) -> float:
        return self.now


@pytest.mark.parametrize("expires_in", [60, 60.5, timedelta(minutes=1)])
def test_a_token_expires(expires_in: Any) -> None:
    """To the second; the error has payload and date."""
    serializer = Clock("k")
    token = serializer.dumps({"a": "é"}, expires_in=expires_in)
    serializer.now = NOW + 59

    assert serializer.loads(token) == {"a": "é"}

    serializer.now = NOW + 60
    with pytest.raises(SignatureExpired, match="good until 2023-11-14 22:14:20 UTC") as caught:
        serializer.loads(token)
    assert caught.value.date_signed == datetime.fromtimestamp(NOW, UTC)
    assert serializer.loads_unsafe(token) == (False, {"a": "é"})


@pytest.mark.parametrize("not_before", [NOW + 10, datetime.fromtimestamp(NOW + 10, UTC)])
def test_a_token_for_later(not_before: Any) -> None:
    """It begins then, and expires from then."""
    serializer = Clock("k")
    token = serializer.dumps(1, not_before=not_before, expires_in=5)
    with pytest.raises(SignatureNotYetValid):
        serializer.loads(token)
    serializer.now = NOW + 14

    assert serializer.loads(token) == 1

    serializer.now = NOW + 15
    with pytest.raises(SignatureExpired):
        serializer.loads(token)


def test_clocks_may_differ() -> None:
    """By so many seconds, both ways."""
    serializer = Clock("k", clock_skew=10)
    expiring, later = serializer.dumps(1, expires_in=5), serializer.dumps(1, not_before=NOW + 9)
    serializer.now = NOW + 14

    assert serializer.loads(expiring) == 1

    serializer.now = NOW

    assert serializer.loads(later) == 1
    with pytest.raises(ValueError, match="clock_skew"):
        Clock("k", clock_skew=-1)


def test_a_time_without_a_zone_is_refused() -> None:
    """It isn't a point in time."""
    with pytest.raises(ValueError, match="time zone"):
        Clock("k").dumps(1, not_before=datetime(2020, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b"!", BadPayload),
        (base64_encode("{"), BadPayload),
        (base64_encode("[]"), BadPayload),
        (base64_encode('{"a":1}'), BadPayload),
        (base64_encode('{"obj":1,"exp":"x"}'), BadTimeSignature),
        (base64_encode('{"obj":1,"exp":true}'), BadTimeSignature),
        (base64_encode('{"obj":1,"iat":1e400}'), BadTimeSignature),
        (base64_encode(f'{{"obj":1,"iat":{10**40}}}'), BadTimeSignature),
        (base64_encode(f'{{"obj":1,"nbf":{10**40}}}'), BadTimeSignature),
    ],
)
def test_what_the_key_holder_signed_wrongly(payload: bytes, error: type[Exception]) -> None:
    """A signature over nonsense gives the documented exceptions, whatever the numbers."""
    serializer = Clock("k")
    with pytest.raises(error):
        serializer.loads(serializer.signer.sign(payload))


@pytest.mark.parametrize("token", ["", ".", "a.b", "a.b.c", "....", "é.é.é"])
def test_forged_tokens_are_refused(token: str) -> None:
    """And their payload is not believed."""
    with pytest.raises(BadSignature):
        Clock("k").loads(token)
    assert Clock("k").loads_unsafe(token) == (False, None)
