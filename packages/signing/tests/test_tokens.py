"""Tokens come back as they went out, or not at all."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.signing import (
    BadPayload,
    BadSignature,
    BadTimeSignature,
    NoneAlgorithm,
    Serializer,
    SignatureExpired,
    Signer,
    TimestampSigner,
    URLSafeSerializer,
    URLSafeTimedSerializer,
)
from dray.signing.encoding import base64_encode, int_to_bytes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


class FixedTime(TimestampSigner):
    """A signer whose clock stands still."""

    def get_timestamp(self) -> int:
        return 1_700_000_000


@given(JSON)
def test_objects_come_back(obj: object) -> None:
    """What is dumped is what is loaded."""
    for serializer in (Serializer("k"), URLSafeSerializer("k"), URLSafeTimedSerializer("k")):
        assert obj == serializer.loads(serializer.dumps(obj))


@given(st.binary(max_size=40), st.data())
def test_a_flipped_bit_is_noticed(value: bytes, data: st.DataObject) -> None:
    """No signed value survives a change of a single bit, wherever it is."""
    signed = bytearray(FixedTime("k").sign(value))
    bit = data.draw(st.integers(0, len(signed) * 8 - 1))
    signed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BadSignature):
        FixedTime("k").unsign(bytes(signed))


@pytest.mark.parametrize("token", ["", "abc", "a.b", "a.b.c", ".", "..", "é.é.é"])
def test_forged_tokens_are_refused(token: str) -> None:
    """Whatever text arrives, only BadSignature comes out."""
    for serializer in (Serializer("k"), URLSafeSerializer("k"), URLSafeTimedSerializer("k")):
        with pytest.raises(BadSignature):
            serializer.loads(token)


def test_salts_keep_purposes_apart() -> None:
    """A token made for one purpose is worthless for another."""
    token = URLSafeSerializer("k", salt="activate").dumps(1)

    with pytest.raises(BadSignature):
        URLSafeSerializer("k", salt="upgrade").loads(token)


def test_keys_rotate_oldest_first() -> None:
    """The last key signs; all verify."""
    old = URLSafeSerializer("old").dumps(1)
    both = URLSafeSerializer(["old", "new"])

    assert both.loads(old) == 1
    assert URLSafeSerializer("new").loads(both.dumps(2)) == 2


def test_age_is_checked() -> None:
    """An old token raises with its payload and its date."""
    token = FixedTime("k").sign("v")

    with pytest.raises(SignatureExpired) as caught:
        TimestampSigner("k").unsign(token, max_age=10)

    assert caught.value.payload == b"v"
    assert caught.value.date_signed is not None
    assert caught.value.date_signed.year == 2023


@pytest.mark.parametrize("number", [2**80, 2**2000, 253402300800])
@pytest.mark.parametrize("max_age", [None, 5])
def test_a_timestamp_of_any_size_is_a_bad_time_signature(number: int, max_age: int | None) -> None:
    """A number that no calendar holds is refused like any other wrong token."""
    token = Signer("k").sign(b"v." + base64_encode(int_to_bytes(number)))

    with pytest.raises(BadTimeSignature):
        TimestampSigner("k").unsign(token, max_age=max_age)


def test_a_missing_timestamp_is_said() -> None:
    """A value signed without a time is told apart from a forged one."""
    with pytest.raises(BadTimeSignature, match="timestamp missing"):
        TimestampSigner("k").unsign(Signer("k").sign("v"))


def test_a_separator_inside_the_alphabet_is_refused() -> None:
    """Such a separator could stand in a signature."""
    with pytest.raises(ValueError, match="separator"):
        Signer("k", sep="a")


def test_an_unreadable_payload_is_bad_payload() -> None:
    """A right signature over nonsense says so, with the cause."""
    token = Signer("k", salt=b"itsdangerous").sign("{")

    with pytest.raises(BadPayload) as caught:
        Serializer("k").loads(token)

    assert isinstance(caught.value.original_error, ValueError)


def test_fallback_signers_verify() -> None:
    """While the digest changes, tokens with the old one stay readable."""
    old = Serializer("k", signer_kwargs={"digest_method": hashlib.sha512}).dumps(1)

    assert Serializer("k", fallback_signers=[{"digest_method": hashlib.sha512}]).loads(old) == 1


def test_loads_unsafe_tells_what_it_saw() -> None:
    """The payload is shown, and that nobody vouches for it."""
    assert Serializer("k").loads_unsafe("[1].x") == (False, [1])
    assert Serializer("k").loads_unsafe("{.x") == (False, None)


def test_none_algorithm_signs_nothing() -> None:
    """The signature is empty."""
    assert Signer("k", algorithm=NoneAlgorithm()).sign("v") == b"v."
