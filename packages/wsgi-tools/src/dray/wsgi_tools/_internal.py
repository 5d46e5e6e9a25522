"""Conversions that every other module may need.

Lowest file of the package: it knows the WSGI string convention (PEP 3333), the "no value" marker and how to log.
It must not know any HTTP header, data structure or other module of this package.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from logging import Logger

    from _typeshed.wsgi import WSGIEnvironment


class _Missing:
    """Type of the marker for an argument that wasn't given where ``None`` is a real value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "no value"

    def __reduce__(self) -> str:
        return "_missing"


_missing: Final = _Missing()


def _plain_int(value: str) -> int:
    """Parse an integer written as ASCII digits with an optional minus sign.

    ``int()`` also takes ``+1``, ``1_000`` and digits of other scripts: none of them is a number in HTTP.

    :param value: the text; surrounding white space is allowed.
    :return: the number.
    :raises ValueError: if the text is anything else, or longer than the interpreter's limit for digits.
    """
    value = value.strip()
    digits = value[1:] if value[:1] == "-" else value

    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"expected ASCII digits with an optional minus sign, got {value[:50]!r}")

    return int(value)


def _wsgi_decoding_dance(value: str) -> str:
    """Turn the latin-1 text of a WSGI environ (PEP 3333, "A Note On String Types") into real text.

    :param value: text whose code points are bytes.
    :return: the bytes decoded as UTF-8; invalid ones become U+FFFD.
    """
    if value.isascii():
        return value

    return value.encode("latin-1").decode(errors="replace")


def _wsgi_encoding_dance(value: str) -> str:
    """Turn real text into the latin-1 text that a WSGI environ carries: the other way of the dance."""
    if value.isascii():
        return value

    return value.encode().decode("latin-1")


def _get_environ(obj: Any) -> WSGIEnvironment:
    """Return the WSGI environ of a request object, or the environ itself.

    :raises TypeError: if it is neither.
    """
    environ = getattr(obj, "environ", obj)

    if not isinstance(environ, dict):
        raise TypeError(f"expected a request or a WSGI environ (a dict), got {type(obj).__name__!r}")

    return environ


def _dt_as_utc(value: datetime | None) -> datetime | None:
    """Return the time in UTC: a naive one is taken to be UTC already."""
    if value is None:
        return None

    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)

    if value.tzinfo is not UTC:
        return value.astimezone(UTC)

    return value


_logger: Logger | None = None


def _log(type: str, message: str, *args: Any, **kwargs: Any) -> None:
    """Write a message to the logger ``"werkzeug"``, the name that tools filter by.

    Gives the logger a level and a handler first when the application has configured neither.

    :param type: the name of the level: ``"info"``, ``"warning"``, ``"error"``, …
    """
    global _logger

    if _logger is None:
        _logger = _configured_logger()

    getattr(_logger, type)(message.rstrip(), *args, **kwargs)


def _configured_logger() -> Logger:
    import logging  # noqa: PLC0415 - 13 ms that only a server or a warning needs

    logger = logging.getLogger("werkzeug")

    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)

    if not logger.hasHandlers():
        logger.addHandler(logging.StreamHandler())

    return logger
