"""Tokens made here are the reference's, byte for byte, and each reads the other's."""

from __future__ import annotations

import hashlib
from typing import Any

import itsdangerous
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray import signing

PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.text(min_size=1) | st.lists(st.text(min_size=1), min_size=1, max_size=3)


class OurClock(signing.TimestampSigner):
    """Dray's signer at a fixed time."""

    def get_timestamp(self) -> int:
        return 1_700_000_000


class TheirClock(itsdangerous.TimestampSigner):
    """The reference's signer at the same time."""

    def get_timestamp(self) -> int:
        return 1_700_000_000


@given(PAYLOADS, KEYS, st.text(), st.sampled_from(["concat", "django-concat", "hmac", "none"]))
def test_timed_tokens_are_the_same(obj: Any, key: Any, salt: str, derivation: str) -> None:
    """The same object, key, salt, derivation and time give the same token."""
    kwargs = {"key_derivation": derivation, "digest_method": hashlib.sha512}
    ours = signing.URLSafeTimedSerializer(key, salt, signer=OurClock, signer_kwargs=kwargs)
    theirs = itsdangerous.URLSafeTimedSerializer(key, salt, signer=TheirClock, signer_kwargs=kwargs)
    token = ours.dumps(obj)

    assert token == theirs.dumps(obj)
    assert obj == theirs.loads(token)
    assert theirs.loads(token, return_timestamp=True) == ours.loads(token, return_timestamp=True)


@given(st.text() | st.binary(), KEYS)
def test_signed_values_are_the_same(value: Any, key: Any) -> None:
    """The plain signer agrees on text and bytes."""
    signed = itsdangerous.Signer(key).sign(value)

    assert signed == signing.Signer(key).sign(value)
    assert itsdangerous.Signer(key).unsign(signed) == signing.Signer(key).unsign(signed)


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "a.b.c", "WzFd.ZVPxAA.x", "....", "WzFd.!!.x", "é.ü.x"])
def test_refused_alike(token: str) -> None:
    """What the reference refuses is refused with the exception of the same name and payload."""
    with pytest.raises(itsdangerous.BadData) as theirs:
        itsdangerous.URLSafeTimedSerializer("k").loads(token)
    with pytest.raises(signing.BadData) as ours:
        signing.URLSafeTimedSerializer("k").loads(token)

    assert type(theirs.value).__name__ == type(ours.value).__name__
    assert getattr(theirs.value, "payload", None) == getattr(ours.value, "payload", None)
    assert getattr(theirs.value, "date_signed", None) == getattr(ours.value, "date_signed", None)
