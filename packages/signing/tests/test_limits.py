"""What untrusted tokens can cost, and what imports do."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zlib
from typing import Any

import pytest

from dray.signing import BadPayload, BadSignature, HMACAlgorithm, Serializer, Signer, URLSafeSerializer
from dray.signing.encoding import base64_encode
from dray.signing.signer import SHA256_PROFILE
from dray.signing.url_safe import inflate


def bomb(size: int) -> bytes:
    return zlib.compress(b" " * size, 9)


def test_what_is_not_verified_is_not_inflated() -> None:
    """A bomb with a wrong signature is refused before anything is expanded."""
    serializer = URLSafeSerializer("k")
    serializer.load_payload = lambda *args, **kwargs: pytest.fail("must not be read")  # type: ignore[method-assign]
    with pytest.raises(BadSignature):
        serializer.loads(b"." + base64_encode(bomb(10_000_000)) + b".AAAA")


def test_inflation_has_a_limit_that_the_error_names() -> None:
    """Also for whoever looks at a token without verifying it."""
    serializer = URLSafeSerializer("k")
    serializer.max_size = 1000

    assert inflate(bomb(1000), 1000) == b" " * 1000
    with pytest.raises(BadPayload, match="max_size=1000"):
        inflate(bomb(1001), 1000)
    assert serializer.loads_unsafe(b"." + base64_encode(bomb(10**6)) + b".AAAA") == (False, None)


@pytest.mark.parametrize("data", [b"", b"x", bomb(100)[:-5], bomb(100)[:-1]])
def test_incomplete_streams_are_bad_payloads(data: bytes) -> None:
    """A part of the data isn't taken for all of it."""
    with pytest.raises(BadPayload):
        inflate(data, 1000)


def test_the_sha256_profile() -> None:
    """All of it is SHA-256, and other profiles don't verify it."""
    token = Serializer("k", signer_kwargs=SHA256_PROFILE).dumps(1)

    assert Serializer("k", signer_kwargs=SHA256_PROFILE).loads(token) == 1
    assert len(Signer("k", **SHA256_PROFILE).sign("v").rpartition(b".")[2]) == 43
    with pytest.raises(BadSignature):
        Serializer("k").loads(token)


def test_importing_needs_no_sha1() -> None:
    """A FIPS build of Python has no SHA-1; with the SHA-256 profile everything works there."""
    code = (
        "import hashlib\n"
        "def refuse(*args, **kwargs): raise ValueError('disabled for FIPS')\n"
        "hashlib.sha1 = refuse\n"
        "from dray.signing import URLSafeTimedSerializer\n"
        "from dray.signing.signer import SHA256_PROFILE\n"
        "from dray.signing.keys import KeyedSigner\n"
        "s = URLSafeTimedSerializer('k', signer_kwargs=SHA256_PROFILE)\n"
        "assert s.loads(s.dumps([1])) == [1]\n"
        "assert KeyedSigner('k').validate(KeyedSigner('k').sign('v'))\n"
    )
    subprocess.run([sys.executable, "-I", "-W", "error", "-c", code], check=True)


def test_settings_may_change_after_the_first_token() -> None:
    """What is remembered for speed follows what it was made of."""
    signer = Signer("a")
    first = signer.sign("v")
    signer.salt = b"other"

    assert signer.sign("v") == Signer("a", salt="other").sign("v") != first

    serializer = Serializer("a")
    serializer.dumps(1)
    serializer.secret_keys.append(b"b")

    assert Serializer("b").loads(serializer.dumps(1)) == 1

    serializer.signer_kwargs = {"digest_method": hashlib.sha512}

    assert Serializer("b", signer_kwargs={"digest_method": hashlib.sha512}).loads(serializer.dumps(1)) == 1


def test_a_hash_that_cannot_be_copied_works_too() -> None:
    """Whatever hmac takes as a digest."""

    class Hash:
        digest_size, name = 32, "mine"

        def __init__(self, data: bytes = b"") -> None:
            self.hash = hashlib.sha256(data)

        def update(self, data: bytes) -> None:
            self.hash.update(data)

        def digest(self) -> bytes:
            return self.hash.digest()

        block_size = 64

        def copy(self) -> Any:
            new = Hash()
            new.hash = self.hash.copy()
            return new

    class NoBlocks(Hash):
        block_size = 0

    expected = HMACAlgorithm(hashlib.sha256).get_signature(b"k" * 100, b"v")

    assert HMACAlgorithm(Hash).get_signature(b"k" * 100, b"v") == expected
    with pytest.warns(RuntimeWarning, match="block_size"):
        HMACAlgorithm(NoBlocks).get_signature(b"k", b"v")


def test_many_keys_do_not_pile_up() -> None:
    """What is remembered is bounded."""
    signer = Signer([str(number) for number in range(200)])
    signed = Signer("0").sign("v")

    assert signer.unsign(signed) == b"v"
    assert len(signer._derived) <= 32
