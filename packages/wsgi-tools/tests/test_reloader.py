"""The reloader, by really editing files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dray.wsgi_tools import _reloader
from dray.wsgi_tools._reloader import ReloaderLoop, StatReloaderLoop, WatchfilesReloaderLoop, run_with_reloader

PROGRAM = """
import sys, time
sys.path.insert(0, {folder!r})
import watched
from dray.wsgi_tools._reloader import run_with_reloader

def main():
    print("value", watched.VALUE, flush=True)
    if watched.VALUE == 3:
        import os, signal
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)

run_with_reloader(main, interval=0.05, reloader_type={kind!r})
"""


@pytest.mark.parametrize("kind", ["stat", "watchfiles"])
@pytest.mark.parametrize("others", [0, 20_000])
def test_a_changed_module_restarts_the_program(tmp_path: Path, kind: str, others: int) -> None:
    """Each edit starts the program again with the new code, also among many files; its own end ends the reloader."""
    if kind == "watchfiles":
        pytest.importorskip("watchfiles", reason="the watchfiles extra isn't installed")
    for number in range(others):
        if number % 1000 == 0:
            (tmp_path / f"others{number}").mkdir()
        (tmp_path / f"others{number // 1000 * 1000}" / f"module{number}.py").touch()
    module = tmp_path / "watched.py"
    module.write_text("VALUE = 1\n")
    script = tmp_path / "program.py"
    script.write_text(PROGRAM.format(folder=str(tmp_path), kind=kind))
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environ.pop("WERKZEUG_RUN_MAIN", None)
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    )
    try:
        assert process.stdout is not None
        for value in (1, 2, 3):
            assert process.stdout.readline() == f"value {value}\n"
            if value < 3:
                time.sleep(0.3 if not others else 1.5)  # let the watcher look at the old file
                module.write_text(f"VALUE = {value + 1}\n")
        process.wait(10)
    finally:
        process.kill()
        _, errors = process.communicate()
    assert process.returncode == 0
    assert errors.count("Detected change in") == 2 and errors.count(f"Restarting with {kind}") == 3


class Stopped(Exception):
    """Raised in place of ending the process."""


@pytest.fixture
def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StatReloaderLoop:
    """A loop that watches one folder and raises instead of ending the process."""
    libraries = _reloader._library_folders()
    monkeypatch.setattr(_reloader, "_library_folders", lambda: libraries)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(_reloader, "_module_files", lambda: iter(()))

    def stop(self: ReloaderLoop, filename: str) -> None:
        raise Stopped(os.path.basename(filename))

    monkeypatch.setattr(ReloaderLoop, "trigger_reload", stop)
    (tmp_path / "a.txt").write_text("1")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.py").write_text("1")
    return StatReloaderLoop([str(tmp_path)], ["*.skip"])


def touch(path: Path, seconds: int) -> None:
    """Write a file, with a time that is surely another one."""
    path.write_text("2")
    os.utime(path, (seconds, seconds))


@pytest.mark.parametrize("name", ["a.txt", "sub/b.py"])
def test_changed_files_are_noticed(loop: StatReloaderLoop, tmp_path: Path, name: str) -> None:
    """A new time of a file, anywhere below, is a change."""
    with loop:
        loop.run_step()
        touch(tmp_path / name, 1000)
        with pytest.raises(Stopped, match=os.path.basename(name)):
            loop.run_step()


def test_new_and_removed_files(loop: StatReloaderLoop, tmp_path: Path) -> None:
    """A new file is watched from then on; a removed one is a change when its folder didn't tell already."""
    with loop:
        touch(tmp_path / "new.txt", 1000)
        os.utime(tmp_path, (2000, 2000))
        loop.run_step()
        touch(tmp_path / "new.txt", 3000)
        with pytest.raises(Stopped, match="new.txt"):
            loop.run_step()
        loop.times.clear()
        loop.run_step()
        os.remove(tmp_path / "a.txt")
        os.utime(tmp_path, (2000, 2000))
        with pytest.raises(Stopped, match="a.txt"):
            loop.run_step()


def test_excluded_files_are_not_watched(loop: StatReloaderLoop, tmp_path: Path) -> None:
    """Patterns exclude files."""
    (tmp_path / "x.skip").write_text("1")
    with loop:
        touch(tmp_path / "x.skip", 1000)
        loop.run_step()
        assert not any(path.endswith(".skip") for path in loop.times)


def test_twenty_thousand_files_take_one_stat_each(
    loop: StatReloaderLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at many files lists no folder again, and asks for each file's time once."""
    for folder in range(20):
        (tmp_path / f"d{folder}").mkdir()
        for number in range(1000):
            (tmp_path / f"d{folder}" / f"{number}.txt").touch()
    with loop:
        calls = {"stat": 0, "scandir": 0}
        stat, scandir = os.stat, os.scandir

        def count_stat(path: str) -> os.stat_result:
            calls["stat"] += 1
            return stat(path)

        def count_scandir(path: str) -> object:
            calls["scandir"] += 1
            return scandir(path)

        monkeypatch.setattr(_reloader.os, "stat", count_stat)
        monkeypatch.setattr(_reloader.os, "scandir", count_scandir)
        loop.run_step()
    assert calls["scandir"] == 0 and 20_000 <= calls["stat"] <= 20_100


def test_own_code_is_watched_and_libraries_are_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python files on the import path count, except those of Python and of installed packages."""
    (tmp_path / "mine.py").touch()
    (tmp_path / "data.txt").touch()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), os.path.dirname(os.__file__), os.path.dirname(pytest.__file__)])
    files = _reloader._Files([], [])
    assert files.roots() == {str(tmp_path)}
    watched = set(files)
    assert str(tmp_path / "mine.py") in watched and pytest.__file__ in watched  # the latter because it is loaded
    assert not any(path.endswith(("data.txt", "x.py")) and str(tmp_path) in path for path in watched)


def test_watched_folders_do_not_overlap() -> None:
    """A folder below another one isn't watched twice."""
    assert _reloader._without_nested({"/a", "/a/b", "/ab", "/c/d/e"}) == {"/a", "/ab", "/c/d/e"}


def test_what_concerns_the_watchfiles_loop(tmp_path: Path) -> None:
    """Python files, and everything in the extra folders, unless excluded."""
    loop = WatchfilesReloaderLoop([str(tmp_path)], ["*.skip"])
    assert loop._concerns("/x/y.py") and loop._concerns(str(tmp_path / "z.txt"))
    assert not loop._concerns("/x/y.txt") and not loop._concerns(str(tmp_path / "z.skip"))


def test_unknown_loops() -> None:
    """The name of a loop that doesn't exist is an error that names those that do."""
    with pytest.raises(ValueError, match="'stat'"):
        run_with_reloader(lambda: None, reloader_type="nope")
    _reloader.ensure_echo_on()
