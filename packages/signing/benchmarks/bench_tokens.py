"""Tokens beside ItsDangerous, Django's signing and PyJWT; the rows are those of the performance page.

Run it with ``nox -s bench -- signing``. Every peer's token is checked before it is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django.conf
import itsdangerous
import jwt
import pytest
from django.core import signing as django_signing

from dray import signing

if not django.conf.settings.configured:
    django.conf.settings.configure(SECRET_KEY="k" * 40)

KEY = "k" * 40
SMALL = {"user": 42, "csrf": "0123456789abcdef0123456789abcdef"}
LARGE = {f"field{number}": "some text that repeats " * 3 + str(number) for number in range(25)}


class OurTime(signing.TimestampSigner):
    def get_timestamp(self) -> int:
        return 1_700_000_000


class TheirTime(itsdangerous.TimestampSigner):
    def get_timestamp(self) -> int:
        return 1_700_000_000


def round_trip(
    module: Any, timed: type[Any], keys: Any, obj: Any
) -> tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any]]:
    serializer = module.URLSafeTimedSerializer(keys, salt="s", signer=timed)
    token = serializer.dumps(obj)
    oldest = keys if isinstance(keys, str) else keys[0]
    old = module.URLSafeTimedSerializer(oldest, salt="s", signer=timed).dumps(obj)
    return lambda: serializer.dumps(obj), lambda: serializer.loads(token), lambda: serializer.loads(old)


def rows() -> dict[str, dict[str, Callable[[], Any]]]:
    found: dict[str, dict[str, Callable[[], Any]]] = {}
    for peer, module, timed in (("itsdangerous", itsdangerous, TheirTime), ("dray", signing, OurTime)):
        signer, stamper = module.Signer(KEY), timed(KEY)
        signed, stamped = signer.sign("value"), stamper.sign("value")
        small, large = (round_trip(module, timed, KEY, obj) for obj in (SMALL, LARGE))
        three = round_trip(module, timed, ["a" * 40, "b" * 40, "c" * 40], SMALL)
        for row, function in {
            "Signer.sign": lambda s=signer: s.sign("value"),
            "Signer.unsign": lambda s=signer, v=signed: s.unsign(v),
            "TimestampSigner.sign": lambda s=stamper: s.sign("value"),
            "TimestampSigner.unsign": lambda s=stamper, v=stamped: s.unsign(v, max_age=10**9),
            "timed dumps, small": small[0],
            "timed loads, small": small[1],
            "timed dumps, 2 kB": large[0],
            "timed loads, 2 kB": large[1],
            "3 keys: dumps": three[0],
            "3 keys: loads the oldest": three[2],
        }.items():
            found.setdefault(row, {})[peer] = function
    dj_signer, dj_stamper = django_signing.Signer(key=KEY), django_signing.TimestampSigner(key=KEY)
    dj_signed, dj_stamped = dj_signer.sign("value"), dj_stamper.sign("value")
    found["Signer.sign"]["django"] = lambda: dj_signer.sign("value")
    found["Signer.unsign"]["django"] = lambda: dj_signer.unsign(dj_signed)
    found["TimestampSigner.sign"]["django"] = lambda: dj_stamper.sign("value")
    found["TimestampSigner.unsign"]["django"] = lambda: dj_stamper.unsign(dj_stamped, max_age=10**9)
    for size, obj in (("small", SMALL), ("2 kB", LARGE)):
        dj_token, jwt_token = django_signing.dumps(obj, key=KEY, compress=True), jwt.encode(obj, KEY, "HS256")
        found[f"timed dumps, {size}"] |= {
            "django": lambda obj=obj: django_signing.dumps(obj, key=KEY, compress=True),
            "pyjwt": lambda obj=obj: jwt.encode(obj, KEY, "HS256"),
        }
        found[f"timed loads, {size}"] |= {
            "django": lambda token=dj_token: django_signing.loads(token, key=KEY),
            "pyjwt": lambda token=jwt_token: jwt.decode(token, KEY, ["HS256"]),
        }
    return found


ROWS = rows()


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row, peers in ROWS.items() for peer in peers])
def bench_token(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline="itsdangerous")
    if peer == "dray":
        assert ROWS[row]["itsdangerous"]() == ROWS[row]["dray"]()
    benchmark(ROWS[row][peer])
