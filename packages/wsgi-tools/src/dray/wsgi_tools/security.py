"""Password hashing, random salts, and joining untrusted paths to a trusted directory.

Knows nothing of HTTP. Stored hashes have the form ``method$salt$hexdigest``, which other WSGI stacks read too.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import posixpath

#: Letters and digits that a salt is made of; none of them has a meaning in a stored hash.
SALT_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#: Rounds of PBKDF2 where the method names none.
DEFAULT_PBKDF2_ITERATIONS = 1_000_000
#: Scrypt's cost, block size and parallelism where the method names none: 32 MiB of memory (RFC 7914).
_DEFAULT_SCRYPT = (2**15, 8, 1)

#: Device names of Windows: they name a device in every directory, with any extension ("Naming Files", Microsoft Learn).
_WINDOWS_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789\u00b9\u00b2\u00b3"]
)


def gen_salt(length: int) -> str:
    """Make a random salt.

    :param length: Number of characters, each worth 5.95 bits.
    :raises ValueError: The length is below one.
    """
    if length < 1:
        raise ValueError(f"Salt length must be at least 1, not {length}.")

    import secrets  # noqa: PLC0415 - 1.5 ms, random and all, that joining paths doesn't need

    return "".join([secrets.choice(SALT_CHARS) for _ in range(length)])


def _scrypt(arguments: list[str], salt: bytes, password: bytes) -> tuple[str, str]:
    cost, block, parallel = _DEFAULT_SCRYPT
    if arguments:
        try:
            cost, block, parallel = map(int, arguments)
        except ValueError:
            raise ValueError(f"'scrypt' takes 3 arguments (integers n:r:p), not {':'.join(arguments)!r}.") from None
    # OpenSSL refuses to use more than a ceiling: n + 2 rows of 128*r bytes for the table (RFC 7914), p for the blocks.
    memory = 128 * block * (cost + 2 + parallel)
    digest = hashlib.scrypt(password, salt=salt, n=cost, r=block, p=parallel, maxmem=memory)
    return digest.hex(), f"scrypt:{cost}:{block}:{parallel}"


def _pbkdf2(arguments: list[str], salt: bytes, password: bytes) -> tuple[str, str]:
    if len(arguments) > 2:
        raise ValueError(f"'pbkdf2' takes 2 arguments (hash:iterations), not {':'.join(arguments)!r}.")
    name = arguments[0] if arguments else "sha256"
    try:
        rounds = int(arguments[1]) if len(arguments) == 2 else DEFAULT_PBKDF2_ITERATIONS
    except ValueError:
        raise ValueError(f"'pbkdf2' takes a number of iterations, not {arguments[1]!r}.") from None
    try:
        digest = hashlib.pbkdf2_hmac(name, password, salt, rounds)
    except ValueError as error:
        raise ValueError(f"'pbkdf2' can't use {name!r} with {rounds} iterations: {error}") from None
    return digest.hex(), f"pbkdf2:{name}:{rounds}"


_METHODS = {"scrypt": _scrypt, "pbkdf2": _pbkdf2}


def _hash(method: str, salt: str, password: str) -> tuple[str, str]:
    name, *arguments = method.split(":")
    if name not in _METHODS:
        raise ValueError(f"Invalid hash method {name!r}. Use 'scrypt' or 'pbkdf2'.")
    return _METHODS[name](arguments, salt.encode(), password.encode())


def generate_password_hash(password: str, method: str = "scrypt", salt_length: int = 16) -> str:
    """Hash a password for storage, with a new random salt.

    :param password: The password.
    :param method: ``scrypt`` or ``scrypt:n:r:p`` (RFC 7914), or ``pbkdf2``, ``pbkdf2:hash``, ``pbkdf2:hash:iterations``
        (RFC 8018) for Pythons without scrypt.
    :param salt_length: Characters of salt.
    :return: ``method$salt$hexdigest``, with the parameters that were used written out in the method.
    :raises ValueError: The method or one of its parameters is not usable.
    """
    salt = gen_salt(salt_length)
    digest, used = _hash(method, salt, password)
    return f"{used}${salt}${digest}"


def check_password_hash(pwhash: str, password: str) -> bool:
    """Say whether a password belongs to a stored hash, in a time that doesn't depend on where they differ.

    :param pwhash: What :func:`generate_password_hash` made.
    :param password: The password to try.
    :return: Whether it matches; ``False`` for text that has not the form of a hash.
    :raises ValueError: The hash names a method that isn't supported.
    """
    parts = pwhash.split("$", 2)
    if len(parts) != 3:
        return False
    method, salt, digest = parts
    return hmac.compare_digest(_hash(method, salt, password)[0].encode(), digest.encode())


def _is_unsafe_on_windows(part: str) -> bool:
    # A colon is a drive or an alternate stream, a backslash a separator; neither occurs in a name on Windows.
    if ":" in part or "\\" in part:
        return True
    # Windows cuts the extension (the first dot on) and trailing blanks before it looks for a device.
    return any(name.partition(".")[0].strip(" ").upper() in _WINDOWS_DEVICES for name in part.split("/"))


def _is_normal(part: str) -> bool:
    """Say whether a part surely is in normal form already, which is cheaper than making it."""
    return part[0] not in "/." and part[-1] not in "/." and "//" not in part and "./" not in part


def _is_inside(part: str) -> bool:
    return not ("\0" in part or (part[0] in "/." and (part.startswith(("/", "../")) or part == "..")))


def safe_join(directory: str, *untrusted: str) -> str | None:
    """Join path parts that come from outside to a directory, if the result stays below it.

    A part may hold several segments separated by ``/``. Refused are absolute parts, parts that climb above the
    directory, NUL bytes, and, on Windows, drives, streams, backslashes and device names in any segment.

    :param directory: The trusted directory.
    :param untrusted: Parts to join, checked one by one: none may climb above the one before it.
    :return: The joined path with ``/`` as separator, or ``None`` when a part was refused.
    """
    # An empty directory means the current one: joining to "" would let the first part decide what the root is.
    parts = [directory or "."]
    for part in untrusted:
        if not part:
            continue
        normal = part if _is_normal(part) else posixpath.normpath(part)
        if not _is_inside(normal) or (os.name == "nt" and _is_unsafe_on_windows(normal)):
            return None
        parts.append(normal)
    return posixpath.join(*parts)
