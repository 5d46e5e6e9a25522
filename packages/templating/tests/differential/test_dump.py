"""Writing a template's output to a path: as any program writes a file, once all of it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jinja2
import pytest

import dray.templating


@pytest.fixture(params=[jinja2, dray.templating], ids=lambda engine: engine.__name__)
def environment(request: pytest.FixtureRequest) -> Any:
    return request.param.Environment()


@pytest.mark.parametrize("name", ["plain.txt", "n" * 250, "é" * 120])
def test_new_file(environment: Any, tmp_path: Path, name: str) -> None:
    """A new file may have any name, and gets the usual permissions."""
    path = tmp_path / name

    environment.from_string("é{{ x }}").stream(x=1).dump(os.fspath(path))

    assert "é1" == path.read_text("utf-8")
    (tmp_path / "other").touch()
    assert (tmp_path / "other").stat().st_mode == path.stat().st_mode


def test_file_that_is_there(environment: Any, tmp_path: Path) -> None:
    """A file that is there stays the same file: with its links, owner and permissions."""
    path, link, shortcut = tmp_path / "path", tmp_path / "link", tmp_path / "shortcut"
    path.write_text("what was there before")
    os.link(path, link)
    shortcut.symlink_to(path)
    path.chmod(0o640)
    before = path.stat()

    environment.from_string("new").stream().dump(os.fspath(shortcut))

    after = path.stat()
    assert "new" == link.read_text()
    assert shortcut.is_symlink()
    for about in ("st_ino", "st_mode", "st_uid", "st_gid", "st_nlink"):
        assert getattr(before, about) == getattr(after, about)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_permission(environment: Any, tmp_path: Path) -> None:
    """A file that may be written is, also where no file may be made."""
    path = tmp_path / "path"
    path.write_text("old")
    tmp_path.chmod(0o555)
    try:
        environment.from_string("new").stream().dump(os.fspath(path))
    finally:
        tmp_path.chmod(0o755)

    assert "new" == path.read_text()


@pytest.mark.parametrize(("name", "error"), [("nowhere/path", FileNotFoundError), ("", IsADirectoryError)])
def test_error_names_the_path(environment: Any, tmp_path: Path, name: str, error: type[OSError]) -> None:
    """A path that can't be opened is the one that the error names."""
    path = os.path.join(tmp_path, name)

    with pytest.raises(error) as caught:
        environment.from_string("x").stream().dump(path)
    assert path == caught.value.filename


@pytest.mark.parametrize(
    ("source", "encoding", "error"),
    [
        ("a{{ 1 // 0 }}", None, ZeroDivisionError),
        ("a{{ 'é' }}", "ascii", UnicodeEncodeError),
        ("a", "no such encoding", LookupError),
        ("{% for i in range(9) %}{{ 'x' * 10 ** 6 }}{% endfor %}{{ 1 // 0 }}", None, ZeroDivisionError),
    ],
)
def test_failing_render_writes_nothing(
    tmp_path: Path, source: str, encoding: str | None, error: type[Exception]
) -> None:
    """A render that fails leaves what was there, and no other file. (The reference has begun to write by then.)"""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    template = dray.templating.Environment().from_string(source)

    for path in (old, new):
        with pytest.raises(error):
            template.stream().dump(os.fspath(path), encoding)

    assert "old" == old.read_text()
    assert ["old"] == os.listdir(tmp_path)


def test_long_output(environment: Any, tmp_path: Path) -> None:
    """Output that is too long to wait in memory is complete as well."""
    path = tmp_path / "path"

    environment.from_string("{% for i in range(9) %}{{ 'x' * 10 ** 6 }}{% endfor %}").stream().dump(os.fspath(path))

    assert 9 * 10**6 == path.stat().st_size
