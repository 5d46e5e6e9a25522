"""Password hashes and safe paths."""

from __future__ import annotations

import os

import pytest

from dray.wsgi_tools.security import SALT_CHARS, check_password_hash, gen_salt, generate_password_hash, safe_join

CHEAP = ["scrypt:16:8:1", "pbkdf2:sha256:1", "pbkdf2:sha512:2"]


@pytest.mark.parametrize("method", CHEAP)
def test_round_trip(method: str) -> None:
    """A hash matches its password and no other one, and no two hashes of one password are equal."""
    first, second = (generate_password_hash("päss", method) for _ in range(2))
    assert first != second and first.startswith(method + "$")
    assert check_password_hash(first, "päss") and not check_password_hash(first, "pass")


def test_default_is_scrypt_with_its_parameters_written_out() -> None:
    """The default method is stored with its parameters, so that later defaults don't break old hashes."""
    hashed = generate_password_hash("secret")
    assert hashed.startswith("scrypt:32768:8:1$") and check_password_hash(hashed, "secret")


@pytest.mark.parametrize(
    "method",
    ["", "plain", "sha1", "scrypt:1:2", "scrypt:a:b:c", "pbkdf2:nope:1", "pbkdf2:sha256:x", "pbkdf2:sha256:1:1"],
)
def test_unusable_methods(method: str) -> None:
    """An unknown method, or a bad parameter, is a ValueError when hashing and when checking."""
    with pytest.raises(ValueError):
        generate_password_hash("x", method)
    with pytest.raises(ValueError):
        check_password_hash(f"{method}$salt$00", "x")


@pytest.mark.parametrize("text", ["", "x", "scrypt$salt", "$"])
def test_text_that_is_no_hash_never_matches(text: str) -> None:
    """Anything without three fields is False, not an error."""
    assert check_password_hash(text, "x") is False


def test_digests_with_other_characters_never_match() -> None:
    """A digest outside ASCII compares as different instead of raising."""
    assert check_password_hash("pbkdf2:sha256:1$salt$é", "x") is False


def test_salts() -> None:
    """A salt has the length asked for and only letters and digits."""
    salt = gen_salt(64)
    assert len(salt) == 64 and set(salt) <= set(SALT_CHARS)
    with pytest.raises(ValueError, match="at least 1"):
        gen_salt(0)
    with pytest.raises(ValueError, match="at least 1"):
        generate_password_hash("x", CHEAP[0], 0)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("/a",), "/a"),
        (("/a", "b"), "/a/b"),
        (("/a", ""), "/a"),
        (("", "b"), "./b"),
        (("/a", "b/../c"), "/a/c"),
        (("/a", "b", "", "c//d/"), "/a/b/c/d"),
        (("/a", "..x"), "/a/..x"),
        (("/a", "b\\c"), "/a/b\\c"),
        (("/a", "CON"), "/a/CON"),
    ],
)
def test_safe_join_accepts(parts: tuple[str, ...], expected: str) -> None:
    """Parts that stay below the directory are joined in normal form."""
    assert safe_join(*parts) == expected


@pytest.mark.parametrize(
    "parts",
    [
        ("/a", ".."), ("/a", "../b"), ("/a", "b/../.."), ("/a", "b/../../c"), ("/a", "/etc/passwd"), ("/a", "//x/y"),
        ("/a", "b", ".."), ("/a", "b", "/c"), ("/a", "b\0c"), ("/a", "\0"), ("", "/b"), ("", ".."),
    ],
)  # fmt: skip
def test_safe_join_refuses(parts: tuple[str, ...]) -> None:
    """Absolute parts, parts that climb out, and NUL bytes give None."""
    assert safe_join(*parts) is None


WINDOWS = {
    "CVE-2024-49766": ["//server/share/x", "c:/x", "\\\\x", "\\x", "b\\c", "c:x", "b/c:/x"],
    "CVE-2025-66221": ["CON", "con.txt", "AUX", "NUL", "COM1", "LPT9.x", "prn"],
    "CVE-2026-21860": ["CON.txt.html", "CON  ", "CON . txt", "CONIN$", "conout$", "COM\N{SUPERSCRIPT ONE}"],
    "CVE-2026-27199": ["b/CON", "example/NUL", "NUL/b"],
    "GHSA-g6x2-hccm-hh4m": ["NUL:", "b/NUL:", "AUX::$DATA", "PRN:x", "a.txt:stream"],
}


@pytest.mark.parametrize(("advisory", "part"), [(key, part) for key, parts in WINDOWS.items() for part in parts])
def test_safe_join_on_windows(monkeypatch: pytest.MonkeyPatch, advisory: str, part: str) -> None:
    """Each advisory's input is refused on Windows, wherever the suite runs."""
    monkeypatch.setattr(os, "name", "nt")
    assert safe_join("static", part) is None


@pytest.mark.parametrize("part", ["console.js", "com10.txt", "nullable/x", "a con", "CONSOLE"])
def test_safe_join_on_windows_keeps_ordinary_names(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Names that only begin like a device are names."""
    monkeypatch.setattr(os, "name", "nt")
    assert safe_join("static", part) == f"static/{part}"
