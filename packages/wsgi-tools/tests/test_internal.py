"""dray.wsgi_tools._internal and the root: conversions, the log, and names that are imported when they are asked for."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dray.wsgi_tools
from dray.wsgi_tools import _internal, urls
from dray.wsgi_tools._internal import (
    _dt_as_utc,
    _get_environ,
    _log,
    _missing,
    _plain_int,
    _wsgi_decoding_dance,
    _wsgi_encoding_dance,
)
from dray.wsgi_tools.wrappers import Request


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 12\t", 12), ("-5", -5), ("007", 7)])
def test_plain_numbers(text: str, number: int) -> None:
    """Digits with an optional minus sign are a number."""
    assert _plain_int(text) == number


@pytest.mark.parametrize("text", ["", "-", "+1", "1_0", "1.0", "1e3", "٣", "0x1", "1 2", "--1", "9" * 5000])
def test_numbers_that_are_none(text: str) -> None:
    """What Python would also take for a number is none in HTTP."""
    with pytest.raises(ValueError, match=r"digits|limit"):
        _plain_int(text)


@given(st.text(st.characters(codec="utf-8")))
def test_the_dance(text: str) -> None:
    """Text goes through an environ and comes back (PEP 3333)."""
    carried = _wsgi_encoding_dance(text)
    assert all(character <= "\xff" for character in carried)
    assert _wsgi_decoding_dance(carried) == text


def test_the_dance_of_what_is_no_utf_8() -> None:
    """Bytes that are no text are replaced, not lost."""
    assert _wsgi_decoding_dance("\xffa") == "\ufffda"


def test_environ_of() -> None:
    """A request and an environ are an environ; nothing else is."""
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET"}
    assert _get_environ(Request(environ)) is _get_environ(environ) is environ

    with pytest.raises(TypeError, match="expected a request or a WSGI environ"):
        _get_environ("x")


def test_utc() -> None:
    """A time without a zone is in UTC already; one with another zone is converted."""
    naive = datetime(2020, 1, 1, 12)
    aware = datetime(2020, 1, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert _dt_as_utc(naive) == _dt_as_utc(aware) == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert _dt_as_utc(None) is None
    assert aware.astimezone(UTC).tzinfo is (_dt_as_utc(aware) or naive).tzinfo


def test_the_marker() -> None:
    """The marker of a missing argument is one object, in every process."""
    assert pickle.loads(pickle.dumps(_missing)) is _missing
    assert repr(_missing) == "no value"


def test_log_configures_itself_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages go to the logger "werkzeug"; a level that was set stays."""
    logger = logging.getLogger("werkzeug")
    monkeypatch.setattr(_internal, "_logger", None)
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    _log("info", " %s\n", "hello")
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        ("werkzeug", "INFO", " hello")
    ]
    monkeypatch.setattr(_internal, "_logger", None)
    logger.setLevel(logging.ERROR)
    _log("info", "quiet")
    assert len(caplog.records) == 1


def test_the_log_is_seen_without_any_configuration() -> None:
    """A program that configures nothing sees the messages."""
    code = "from dray.wsgi_tools._internal import _log; _log('info', 'hello'); _log('info', 'again')"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.split() == ["hello", "again"]


def test_names_of_the_root() -> None:
    """The names of the root are there when they are asked for, and no others."""
    assert dray.wsgi_tools.Request is Request
    assert {"Request", "Response", "Client", "run_simple", "http"} <= set(dir(dray.wsgi_tools))
    assert dray.wsgi_tools.http.parse_age("5") == timedelta(seconds=5)

    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = dray.wsgi_tools.nope


@pytest.mark.parametrize("text", [b"%41%zz%C3%a9", b"%", b"%%41%4", b"a+b%2B", b"%\xff41"])
def test_long_text_is_unescaped_like_short_text(text: bytes) -> None:
    """What is too long for the standard library's function is decoded to the same bytes."""
    count = 20_000 // len(text)
    assert urls._unescape((text + b" ") * count) == (urls._unescape(text + b" ")) * count
