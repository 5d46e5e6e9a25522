"""``python -m dray.signing``, as shell scripts call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dray.signing import URLSafeTimedSerializer


def call(*arguments: str, stdin: str = "", **environ: str) -> Any:
    command = [sys.executable, "-W", "error", "-m", "dray.signing", *arguments]
    return subprocess.run(command, input=stdin, env=environ, capture_output=True, text=True, check=False)


def test_sign_and_verify(tmp_path: Path) -> None:
    """With the key from the environment or from a file."""
    (tmp_path / "key").write_text("secret\n")
    token = call("sign", "--key-env", "KEY", stdin='{"a": "é"}', KEY="secret").stdout.strip()

    assert URLSafeTimedSerializer("secret").loads(token) == {"a": "é"}

    verified = call("verify", "--key-file", str(tmp_path / "key"), "--max-age", "60", stdin=token)

    assert (verified.returncode, json.loads(verified.stdout)) == (0, {"a": "é"})
    assert call("verify", "--key-env", "KEY", token, KEY="secret").returncode == 0


def test_a_wrong_token_is_status_1() -> None:
    """And one line that says what is wrong."""
    for token in ("x", "a.b.c", ""):
        result = call("verify", "--key-env", "KEY", stdin=token, KEY="secret")

        assert result.returncode == 1
        assert "Signature" in result.stderr
        assert "Traceback" not in result.stderr


def test_inspect_shows_and_does_not_vouch() -> None:
    """Without any key."""
    token = URLSafeTimedSerializer("secret").dumps([1])
    shown = json.loads(call("inspect", token).stdout)

    assert shown["value"] == [1]
    assert shown["verified"] is False
    assert shown["signed_at"].endswith("+00:00")
    for wrong in ("x", "!.!.!", "a.b.c", "AA.AAAAAAAAAAAAAAAAAAAAAAAA.x"):
        assert call("inspect", wrong).returncode == 1


def test_keys_are_made() -> None:
    """Long, and each another."""
    first, second = call("key").stdout.strip(), call("key").stdout.strip()

    assert len(first) >= 43
    assert first != second


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["sign"], {}, "required"),
        (["sign", "--key-env", "KEY"], {}, "there is no key in the environment variable KEY"),
        (["sign", "--key-file", "/nowhere"], {}, "can't be read"),
        (["sign", "--key-env", "KEY"], {"KEY": "k"}, "not JSON"),
        (["sign", "--key", "secret"], {}, "required"),
    ],
)
def test_a_wrong_call_is_status_2(arguments: list[str], environ: dict[str, str], message: str) -> None:
    """A secret on the command line isn't even an option."""
    result = call(*arguments, stdin="{", **environ)

    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
