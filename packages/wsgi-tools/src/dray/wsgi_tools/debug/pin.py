"""Who may use the debugger's console: a PIN that stays the same, a token that is new each time, and a cookie for later.

The PIN is derived from things of this machine and this program that someone from outside doesn't know: it survives
restarts, and differs between machines, users, containers and programs. Knows no request and no page.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
import re
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: Seconds that a login holds: a week.
PIN_TIME = 60 * 60 * 24 * 7
#: How many wrong PINs are taken until the program is started again.
MAX_FAILURES = 10
#: Environment variable with a PIN of one's own, or ``off``.
_PIN_VARIABLE = "WERKZEUG_DEBUG_PIN"
_CONTAINER_ID = re.compile(r"[0-9a-f]{64}")


def hash_pin(pin: str) -> str:
    """Return what the cookie holds in place of the PIN."""
    return hashlib.sha256(f"dray debugger login {pin}".encode("utf-8", "replace")).hexdigest()[:24]


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def _container_id() -> str:
    """Return what tells containers on one host apart; empty outside of one.

    Docker with cgroups v1 has it in the path of the control group, Podman and cgroups v2 in the paths of the mounts.
    """
    group = _read("/proc/self/cgroup").partition("\n")[0].rpartition("/")[2]
    if group:
        return group
    found = _CONTAINER_ID.search(_read("/proc/self/mountinfo"))
    return found[0] if found else ""


def _linux_id() -> str:
    # An empty machine-id is that of an image that isn't set up yet (machine-id(5)): the boot has one too.
    machine = _read("/etc/machine-id") or _read("/proc/sys/kernel/random/boot_id")
    return f"{machine}{_container_id()}"


def _mac_id() -> str:
    try:
        output = subprocess.run(
            ["ioreg", "-c", "IOPlatformExpertDevice", "-d", "2"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(r'"serial-number" = <([^>]+)', output)
    return match[1] if match else ""


def _windows_id() -> str:
    try:
        winreg: Any = import_module("winreg")  # on Windows only
    except ImportError:
        return ""
    try:
        with winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        ) as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    except OSError:
        return ""


@lru_cache(maxsize=1)
def get_machine_id() -> str | bytes | None:
    """Return what identifies this machine, or container, or ``None`` when nothing does."""
    for source in (_linux_id, _mac_id, _windows_id):
        found = source()
        if found:
            return found.encode()
    return None


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a user without a name, in a container
        return ""


def _facts(app: WSGIApplication) -> Iterator[str]:
    """Yield what the PIN is made of, the guessable before the secret."""
    module = getattr(app, "__module__", type(app).__module__)
    yield _user_name()
    yield str(module)
    yield getattr(app, "__name__", type(app).__name__)
    yield str(getattr(sys.modules.get(str(module)), "__file__", ""))
    yield str(uuid.getnode())
    machine = get_machine_id() or b""
    yield machine.decode("utf-8", "replace") if isinstance(machine, bytes) else machine


def get_pin_and_cookie_name(app: WSGIApplication) -> tuple[str, str] | tuple[None, None]:
    """Return the PIN for an application, and the name of the login's cookie.

    The environment variable ``WERKZEUG_DEBUG_PIN`` sets a PIN of one's own (digits, perhaps with dashes), or, as
    ``off``, none: then everyone who reaches the debugger may use it.

    :param app: The application.
    :return: PIN and cookie name, both ``None`` when the PIN is off.
    """
    wanted = os.environ.get(_PIN_VARIABLE)
    if wanted == "off":
        return None, None
    digest = hashlib.sha256("\0".join(_facts(app)).encode("utf-8", "replace"))
    digest.update(b"cookie name")
    cookie_name = f"__dray_debug_{digest.hexdigest()[:20]}"
    if wanted is not None and wanted.replace("-", "").isdecimal():
        # One with dashes is used as it is, others get them.
        return wanted if "-" in wanted else _grouped(wanted), cookie_name
    digest.update(b"pin")
    return _grouped(f"{int(digest.hexdigest(), 16) % 10**9:09d}"), cookie_name


def _grouped(digits: str) -> str:
    for size in (5, 4, 3):
        if len(digits) % size == 0:
            return "-".join(digits[start : start + size] for start in range(0, len(digits), size))
    return digits


def new_token() -> str:
    """Make a token for one run of the program: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_login(entered: str, pin: str, token: str) -> bool:
    """Say whether what somebody typed is the PIN, with or without its dashes, or the token."""
    entered = entered.strip()
    digits = entered.replace("-", "").encode("utf-8", "replace")
    right_pin = hmac.compare_digest(digits, pin.replace("-", "").encode())
    right_token = hmac.compare_digest(entered.encode("utf-8", "replace"), token.encode())
    return right_pin or right_token


def cookie_value(pin: str, now: int) -> str:
    """Return the value of the login's cookie."""
    return f"{now}|{hash_pin(pin)}"


def is_valid_cookie(value: str, pin: str, now: float) -> bool | None:
    """Say whether a cookie is a login.

    :param value: The cookie.
    :param pin: The PIN.
    :param now: Seconds since 1970.
    :return: ``None`` for a cookie that was made with another PIN.
    """
    made, separator, digest = value.partition("|")
    if not separator or not (made.isascii() and made.isdigit() and len(made) < 16):
        return False
    if not hmac.compare_digest(digest.encode("utf-8", "replace"), hash_pin(pin).encode()):
        return None
    return (now - PIN_TIME) < int(made)
