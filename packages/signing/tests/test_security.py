"""What was fixed in the reference over the years, and what must always hold."""

from __future__ import annotations

import hmac
from typing import Any

import pytest

from dray.signing import (
    BadSignature,
    Serializer,
    SignatureExpired,
    Signer,
    TimestampSigner,
    URLSafeSerializer,
    URLSafeTimedSerializer,
)
from dray.signing import signer as signer_module
from dray.signing.encoding import base64_encode, int_to_bytes

SERIALIZERS = [Serializer, URLSafeSerializer, URLSafeTimedSerializer]


@pytest.mark.parametrize("sep", ["a", "Z", "5", "-", "_", "=", "", "a-"])
def test_a_separator_of_the_alphabet_is_refused(sep: str) -> None:
    """1.0: it could stand in a signature."""
    with pytest.raises(ValueError, match="separator"):
        Signer("k", sep=sep)


@pytest.mark.parametrize("number", [2**31, 2**32 - 1])
def test_a_token_from_the_future_is_expired(number: int) -> None:
    """2.0: a negative age isn't young."""
    token = Signer("k").sign(b"v." + base64_encode(int_to_bytes(number)))
    with pytest.raises(SignatureExpired):
        TimestampSigner("k").unsign(token, max_age=10)


@pytest.mark.parametrize("cls", SERIALIZERS)
@pytest.mark.parametrize("how", ["last character", "other salt", "truncated", "swapped", "empty", "abc"])
def test_forgeries_are_refused(cls: type[Any], how: str) -> None:
    """With BadSignature, and nothing else."""
    token, other = cls("k").dumps({"a": 1}), cls("k").dumps({"a": 2})
    forged = {
        "last character": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "other salt": cls("k", salt="other").dumps({"a": 1}),
        "truncated": token[:-5],
        "swapped": token.rpartition(".")[0] + "." + other.rpartition(".")[2],
        "empty": "",
        "abc": "abc",
    }[how]
    with pytest.raises(BadSignature):
        cls("k").loads(forged)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the function that is made for it, whatever the algorithm."""
    compared: list[tuple[Any, Any]] = []
    original = hmac.compare_digest

    def compare(left: Any, right: Any) -> bool:
        compared.append((left, right))
        return original(left, right)

    monkeypatch.setattr(signer_module.hmac, "compare_digest", compare)
    Signer("k").validate("v.AAAA")
    Signer("k", algorithm=signer_module.NoneAlgorithm()).validate("v.")

    assert len(compared) == 2
