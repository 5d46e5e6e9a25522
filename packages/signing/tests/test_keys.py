"""Key rings: tokens name their key, and old keys only verify."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.signing import BadSignature, Signer, URLSafeSerializer
from dray.signing.keys import Key, KeyedSigner, Keyring, generate_secret


@given(st.binary(), st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
def test_values_survive_rotation(value: bytes, secrets: list[str]) -> None:
    """What any key of the ring signed is verified by the ring; the current key's name is in the token."""
    current, *previous = (Key(secret, f"k{number}") for number, secret in enumerate(secrets))
    ring = Keyring(current, previous)
    signed = KeyedSigner(ring).sign(value)

    assert KeyedSigner(ring).unsign(signed) == value
    assert signed.rpartition(b".")[0].endswith(b".k0")
    for key in previous:
        assert KeyedSigner(ring).unsign(KeyedSigner(Keyring(key)).sign(value)) == value


@given(st.binary(max_size=30), st.data())
def test_a_flipped_bit_is_noticed(value: bytes, data: st.DataObject) -> None:
    """In the value, the key's name or the signature."""
    signer = KeyedSigner(Keyring("a", ["b"]))
    signed = bytearray(signer.sign(value))
    bit = data.draw(st.integers(0, len(signed) * 8 - 1))
    signed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BadSignature):
        signer.unsign(bytes(signed))


def test_a_token_is_verified_with_the_key_it_names_only() -> None:
    """Naming another key of the ring doesn't help a forger."""
    ring = Keyring(Key("new", "n"), [Key("old", "o")])
    value, _, signature = KeyedSigner(Keyring(Key("old", "o"))).sign("v").rsplit(b".", 2)
    forged = b".".join((value, b"n", signature))

    assert not KeyedSigner(ring).validate(forged)
    assert KeyedSigner(ring).validate(b".".join((value, b"o", signature)))


def test_a_key_that_left_the_ring_is_refused() -> None:
    """The error names it, and gives the payload."""
    token = KeyedSigner(Keyring(Key("gone", "gone"))).sign("v")
    with pytest.raises(BadSignature, match="b'gone' is not in the ring") as caught:
        KeyedSigner(Keyring("new")).unsign(token)

    assert caught.value.payload == b"v"


def test_a_ring_is_what_every_signer_takes() -> None:
    """The current key comes last."""
    ring = Keyring("new", ["old"])

    assert URLSafeSerializer(ring).loads(URLSafeSerializer("old").dumps(1)) == 1
    assert Signer("new").unsign(Signer(ring).sign("v")) == b"v"


@pytest.mark.parametrize("key_id", ["", "a.b", "é", "x" * 33, "a b"])
def test_bad_names_are_refused(key_id: str) -> None:
    """They couldn't stand in a token."""
    if key_id:
        with pytest.raises(ValueError, match="1 to 32 letters"):
            Key("secret", key_id)
    else:
        assert Key("secret").id == Key(b"secret").id


def test_bad_rings_are_refused() -> None:
    """An empty key signs nothing; two keys of one name can't be told apart."""
    with pytest.raises(ValueError, match="can't be empty"):
        Keyring("")
    with pytest.raises(ValueError, match="Two keys"):
        Keyring(Key("a", "same"), [Key("b", "same")])


def test_secrets_do_not_show() -> None:
    """Neither in the repr nor in the name."""
    secret = generate_secret()

    assert secret not in repr(Keyring(secret)) + Key(secret).id
    assert len(secret) >= 43
    assert secret != generate_secret()
