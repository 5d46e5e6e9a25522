"""Redirects, file names, imports by name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dray.wsgi_tools import security, utils
from dray.wsgi_tools.utils import (
    ImportStringError,
    append_slash_redirect,
    find_modules,
    get_content_type,
    import_string,
    redirect,
    secure_filename,
)
from dray.wsgi_tools.wrappers import Response


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My cool movie.mov", "My_cool_movie.mov"),
        ("../../../etc/passwd", "etc_passwd"),
        ("i contain \xfcml\xe4uts.txt", "i_contain_umlauts.txt"),
        ("a\0b\tc", "ab_c"),
        ("..", ""),
        (".hidden", "hidden"),
        ("\u65e5\u672c", ""),
        ("\u2024\u2024/x", "x"),
        ("CON.txt", "CON.txt"),
    ],
)
def test_secure_filename(name: str, expected: str) -> None:
    """Only harmless characters are left, and no way to another folder."""
    assert secure_filename(name) == expected


@pytest.mark.parametrize("name", ["CON", "con.txt", "aux.tar.gz", "COM1", "lpt9.x"])
def test_secure_filename_on_windows(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Names of devices get an underscore in front."""
    monkeypatch.setattr(os, "name", "nt")
    assert secure_filename(name) == f"_{name}"


def test_redirect() -> None:
    """The location is in the header, and escaped in the page."""
    response = redirect('/a?b="><script>', 301)
    assert (response.status_code, response.headers["Location"]) == (301, '/a?b="><script>')
    assert "<script>" not in response.get_data(as_text=True)

    class Mine(Response):
        pass

    assert type(redirect("/", Response=Mine)) is Mine


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"PATH_INFO": "/a/b", "QUERY_STRING": "x=1"}, "b/?x=1"),
        ({"PATH_INFO": "/a/b", "SCRIPT_NAME": "/s"}, "b/"),
        ({"PATH_INFO": "/\xc3\xa9 b"}, "%C3%A9%20b/"),
        ({"PATH_INFO": ""}, "./"),
        ({"PATH_INFO": "/x:y"}, "./x:y/"),
        ({"PATH_INFO": "//evil.com"}, "evil.com/"),
    ],
)
def test_append_slash_redirect(environ: dict[str, str], expected: str) -> None:
    """The location is relative, stays on the host, and keeps the query."""
    response = append_slash_redirect(environ)
    assert (response.headers["Location"], response.status_code) == (expected, 308)


def test_import_string() -> None:
    """Modules and objects in them are found by dots or a colon."""
    assert import_string("os.path:join") is import_string("os.path.join") is os.path.join
    assert import_string("os.path") is os.path
    assert import_string("no.such.thing", silent=True) is None


@pytest.mark.parametrize(
    ("name", "part"), [("nope", "'nope' was not found"), ("xml.nope.x", "'xml.nope' was not found")]
)
def test_import_string_errors(name: str, part: str) -> None:
    """The error shows how far the import came, and is an ImportError."""
    with pytest.raises(ImportStringError, match=part) as info:
        import_string(name)
    assert info.value.import_name == name and isinstance(info.value.exception, ImportError)
    assert name in repr(info.value) and isinstance(info.value, ImportError)


def test_an_error_inside_of_the_imported_module_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that fails in the module is in the message; other errors come through."""
    (tmp_path / "dray_broken.py").write_text("import dray_missing_dependency")
    (tmp_path / "dray_raising.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportStringError, match="dray_missing_dependency"):
        import_string("dray_broken.x")
    with pytest.raises(ZeroDivisionError):
        import_string("dray_raising.x", silent=True)
    sys.modules.pop("dray_raising", None)


def test_find_modules() -> None:
    """Modules of a package are listed, on request with packages and theirs."""
    assert list(find_modules("json")) == ["json.decoder", "json.encoder", "json.scanner", "json.tool"]
    assert "xml.dom" in list(find_modules("xml", include_packages=True))
    assert "xml.dom.minidom" in list(find_modules("xml", recursive=True))
    with pytest.raises(ValueError, match="not a package"):
        list(find_modules("os"))


@pytest.mark.parametrize(
    ("mimetype", "expected"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("application/xml", "application/xml; charset=utf-8"),
        ("image/svg+xml", "image/svg+xml; charset=utf-8"),
        ("application/json", "application/json"),
        ("image/png", "image/png"),
    ],
)
def test_get_content_type(mimetype: str, expected: str) -> None:
    """Text gets a charset, and only text."""
    assert get_content_type(mimetype, "utf-8") == expected


def test_facade() -> None:
    """The descriptors are here under their public names."""
    assert {"cached_property", "environ_property", "header_property", "send_file"} <= set(utils.__all__)


def test_forgetting_a_cached_property_that_has_no_value() -> None:
    """It is a KeyError, which extensions expect; where there are slots it is nothing."""

    class Plain:
        @utils.cached_property
        def value(self) -> int:
            return 1

    class Slotted:
        __slots__ = ("_cache_value",)

        @utils.cached_property
        def value(self) -> int:
            return 1

    plain, slotted = Plain(), Slotted()
    with pytest.raises(KeyError, match="value"):
        del plain.value
    plain.value = 5
    assert (plain.value, vars(plain)) == (5, {"value": 5})
    del plain.value
    assert (plain.value, vars(plain)) == (1, {"value": 1})
    del slotted.value, slotted.value
    assert slotted.value == 1


def test_safe_join_is_found_here() -> None:
    """Extensions import it from this module, Quart among them."""
    assert utils.safe_join is security.safe_join
