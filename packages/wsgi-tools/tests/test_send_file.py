"""Sending files: headers, conditions, ranges, and nothing left open."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest

from dray.wsgi_tools.exceptions import NotFound, RequestedRangeNotSatisfiable
from dray.wsgi_tools.test import create_environ
from dray.wsgi_tools.utils import send_file, send_from_directory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files whose time is known."""
    for name, text in {"a.txt": "hello world", "\xfc b.html": "x", "noext": "y", "a.tar.gz": "z"}.items():
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (1577836800, 1577836800))
    (tmp_path / "sub").mkdir()
    return tmp_path


def send(source: Any, headers: dict[str, str] | None = None, method: str = "GET", **options: Any) -> Any:
    """Send a file to a request with these headers; the response is read and closed."""
    response = send_file(source, create_environ(headers=headers, method=method), **options)  # type: ignore[arg-type]
    response.direct_passthrough = False
    response.body = response.get_data()
    response.close()
    return response


def test_plain(folder: Path) -> None:
    """A file has type, length, date, tag and a name."""
    response = send(folder / "a.txt")
    assert response.body == b"hello world"
    headers = response.headers
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and headers["Content-Length"] == "11"
    assert headers["Last-Modified"] == "Wed, 01 Jan 2020 00:00:00 GMT" and headers["Cache-Control"] == "no-cache"
    assert headers["ETag"].startswith('"1577836800.0-11-') and headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Disposition"] == "inline; filename=a.txt"


@pytest.mark.parametrize(
    ("name", "options", "content_type", "encoding", "disposition"),
    [
        ("noext", {}, "application/octet-stream", None, "inline; filename=noext"),
        ("a.tar.gz", {}, "application/x-tar", "gzip", "inline; filename=a.tar.gz"),
        ("a.tar.gz", {"as_attachment": True}, "application/x-tar", None, "attachment; filename=a.tar.gz"),
        ("a.txt", {"mimetype": "a/b"}, "a/b", None, "inline; filename=a.txt"),
        (
            "\xfc b.html",
            {"as_attachment": True},
            "text/html; charset=utf-8",
            None,
            "attachment; filename=\"u b.html\"; filename*=UTF-8''%C3%BC%20b.html",
        ),
        ("a.txt", {"download_name": "n.pdf"}, "application/pdf", None, "inline; filename=n.pdf"),
    ],
)
def test_description(
    folder: Path, name: str, options: Any, content_type: str, encoding: str | None, disposition: str
) -> None:
    """Type, encoding and name come from the path or from the arguments."""
    headers = send(folder / name, **options).headers
    assert headers["Content-Type"] == content_type and headers.get("Content-Encoding") == encoding
    assert headers["Content-Disposition"] == disposition


@pytest.mark.parametrize(
    ("max_age", "expected"),
    [
        (None, "no-cache"),
        (60, "public, max-age=60"),
        (0, "no-cache, max-age=0"),
        (lambda path: 30, "public, max-age=30"),
    ],
)
def test_max_age(folder: Path, max_age: Any, expected: str) -> None:
    """The age is a number or a function of the path."""
    response = send(folder / "a.txt", max_age=max_age)
    assert response.headers["Cache-Control"] == expected
    assert ("Expires" in response.headers) == (max_age is not None)


def test_files(folder: Path) -> None:
    """An open file is sent from where it stands; without a name its type must be given."""
    assert send(io.BytesIO(b"abc"), mimetype="a/b").headers["Content-Length"] == "3"
    assert send(io.BytesIO(b"abc"), download_name="a.html").headers["Content-Type"].startswith("text/html")
    file = (folder / "a.txt").open("rb")
    file.read(6)
    assert send(file, mimetype="a/b").body == b"world" and file.closed
    with pytest.raises(TypeError, match="MIME type"):
        send(io.BytesIO())
    with pytest.raises(TypeError, match="No name provided"):
        send(io.BytesIO(), mimetype="a/b", as_attachment=True)
    with pytest.raises(ValueError, match="binary mode"):
        send(io.StringIO(), mimetype="a/b")


@pytest.mark.parametrize(
    ("headers", "status", "body", "content_range"),
    [
        ({"Range": "bytes=0-3"}, 206, b"hell", "bytes 0-3/11"),
        ({"Range": "bytes=-3"}, 206, b"rld", "bytes 8-10/11"),
        ({"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"}, 304, b"", None),
        ({"If-Modified-Since": "Wed, 01 Jan 2019 00:00:00 GMT"}, 200, b"hello world", None),
        ({"If-None-Match": '"other"'}, 200, b"hello world", None),
    ],
)
def test_conditions_and_ranges(
    folder: Path, headers: dict[str, str], status: int, body: bytes, content_range: str | None
) -> None:
    """Conditions and ranges are answered (RFC 9110, sections 13 and 14)."""
    response = send(folder / "a.txt", headers)
    assert response.status_code == status and response.headers.get("Content-Range") == content_range
    if status != 304:
        assert response.body == body


def test_unsatisfiable_range_closes_the_file(folder: Path) -> None:
    """A range that isn't there is a 416, and the file is closed (a warning would fail this test)."""
    with pytest.raises(RequestedRangeNotSatisfiable):
        send(folder / "a.txt", {"Range": "bytes=20-"})


def test_x_sendfile(folder: Path) -> None:
    """The server in front gets the path, and no body is read; not after a 304."""
    response = send(folder / "a.txt", use_x_sendfile=True)
    assert response.headers["X-Sendfile"] == str(folder / "a.txt") and response.body == b""
    response = send(folder / "a.txt", {"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"}, use_x_sendfile=True)
    assert response.status_code == 304 and "X-Sendfile" not in response.headers


def test_missing_paths(folder: Path) -> None:
    """A missing file is the operating system's error."""
    with pytest.raises(FileNotFoundError):
        send(folder / "nope")
    assert send("a.txt", _root_path=folder).body == b"hello world"


@pytest.mark.parametrize("path", ["../a.txt", "nope", ".", "sub", "", "a\0b", "/etc/passwd", "sub/../../a.txt"])
def test_send_from_directory_refuses(folder: Path, path: str) -> None:
    """What isn't a regular file below the directory is a 404."""
    with pytest.raises(NotFound):
        send_from_directory(folder, path, create_environ())


def test_send_from_directory(folder: Path) -> None:
    """A file below the directory is sent, also relative to another root."""
    for directory, options in ((folder, {}), (folder.name, {"_root_path": folder.parent})):
        response = send_from_directory(directory, "a.txt", create_environ(), **options)
        response.direct_passthrough = False
        assert response.get_data() == b"hello world"
        response.close()
