"""Sealed tokens and Ed25519 signatures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.signing import BadPayload, BadSignature, SignatureExpired, asymmetric, sealed
from dray.signing.asymmetric import Ed25519Signer
from dray.signing.encoding import base64_encode
from dray.signing.sealed import SealedSerializer

KEY, OLD_KEY = bytes(range(32)), bytes(range(32, 64))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


class FixedTime(SealedSerializer):
    """A serializer whose clock stands still."""

    def get_timestamp(self) -> int:
        return 1_700_000_000


@given(JSON)
def test_sealed_objects_come_back(obj: Any) -> None:
    """Also after the key was rotated; and nothing of them shows."""
    token = SealedSerializer(OLD_KEY).dumps({"secret": obj})

    assert SealedSerializer([OLD_KEY, KEY]).loads(token) == {"secret": obj}
    assert "secret" not in token
    assert base64_encode("secret").decode() not in token


@given(st.data())
@settings(max_examples=50)
def test_a_flipped_bit_of_a_sealed_token_is_noticed(data: st.DataObject) -> None:
    """Wherever it is: version, key hint, nonce, time, text or tag."""
    token = bytearray(SealedSerializer(KEY).dumps([1, 2]).encode())
    bit = data.draw(st.integers(0, len(token) * 8 - 1))
    token[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BadSignature):
        SealedSerializer(KEY).loads(bytes(token))


def test_sealed_for_another_purpose_or_key() -> None:
    """It can't be opened."""
    token = SealedSerializer(KEY, salt="a").dumps(1)
    for other in (SealedSerializer(KEY, salt="b"), SealedSerializer(OLD_KEY, salt="a")):
        with pytest.raises(BadSignature):
            other.loads(token)


@pytest.mark.parametrize("token", ["", "x", "AQ", "é", "A" * 1000])
def test_what_is_no_sealed_token(token: str) -> None:
    """Whatever text arrives, only BadSignature comes out."""
    with pytest.raises(BadSignature):
        SealedSerializer(KEY).loads(token)


def test_the_age_of_a_sealed_token() -> None:
    """The time is sealed in."""
    token = FixedTime(KEY).dumps(1)

    assert FixedTime(KEY).loads(token, max_age=0) == 1
    with pytest.raises(SignatureExpired):
        SealedSerializer(KEY).loads(token, max_age=10)


def test_a_payload_that_cannot_be_read() -> None:
    """Sealed by one serializer, opened by another."""

    class Text:
        @staticmethod
        def dumps(obj: Any) -> str:
            return str(obj)

    with pytest.raises(BadPayload):
        SealedSerializer(KEY).loads(SealedSerializer(KEY, serializer=Text).dumps("{"))


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        (b"short", ValueError, "32 bytes; this one has 5"),
        ("x" * 32, TypeError, "32 bytes, not str"),
        ([], ValueError, "no key"),
        ([KEY, b""], ValueError, "32 bytes; this one has 0"),
    ],
)
def test_wrong_sealing_keys_are_refused_at_once(key: Any, error: type[Exception], message: str) -> None:
    """The error says what a key is."""
    if isinstance(key, str):
        key = [key]
    with pytest.raises(error, match=message):
        SealedSerializer(key)


def test_generated_keys_fit() -> None:
    """And differ."""
    assert SealedSerializer(sealed.generate_key()).loads
    assert sealed.generate_key() != sealed.generate_key()
    assert Ed25519Signer(asymmetric.generate_key()).sign("v")


@given(st.binary())
def test_signed_by_one_verified_by_others(value: bytes) -> None:
    """The public key is enough to verify, and not to sign."""
    signed = Ed25519Signer(KEY).sign(value)
    reader = Ed25519Signer(public_keys=[asymmetric.public_key(OLD_KEY), asymmetric.public_key(KEY)])

    assert reader.unsign(signed) == value
    with pytest.raises(TypeError, match="private key"):
        reader.sign(value)


@given(st.data())
@settings(max_examples=50)
def test_a_flipped_bit_of_a_signature_is_noticed(data: st.DataObject) -> None:
    """In value or signature."""
    signed = bytearray(Ed25519Signer(KEY).sign(b"value"))
    bit = data.draw(st.integers(0, len(signed) * 8 - 1))
    signed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BadSignature):
        Ed25519Signer(KEY).unsign(bytes(signed))


def test_other_salts_and_keys_do_not_verify() -> None:
    """The salt and its length are signed too: no part of it can move into the value."""
    signed = Ed25519Signer(KEY, salt="ab").sign("c")

    assert not Ed25519Signer(KEY, salt="a").validate(b"b" + signed)
    assert not Ed25519Signer(OLD_KEY, salt="ab").validate(signed)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"private_key": b"x"}, ValueError, "private key has 32 bytes; this one has 1"),
        ({"private_key": "x" * 32}, TypeError, "not str"),
        ({"public_keys": [b"x" * 33]}, ValueError, "public key has 32 bytes; this one has 33"),
        ({}, ValueError, "no key"),
    ],
)
def test_wrong_keys_are_refused_at_once(arguments: Any, error: type[Exception], message: str) -> None:
    """The error says what a key is."""
    with pytest.raises(error, match=message):
        Ed25519Signer(**arguments)
