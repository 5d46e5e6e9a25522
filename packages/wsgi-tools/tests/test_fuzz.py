"""What fuzzing started from and found, run again on every Python: see ``fuzz/run.py``."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "fuzz"
_spec = importlib.util.spec_from_file_location("wsgi_tools_fuzz_targets", FOLDER / "targets.py")
assert _spec is not None and _spec.loader is not None
targets = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(targets)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_every_target_has_a_corpus() -> None:
    """Each target starts from something, and nothing is left of targets that are gone."""
    assert {path.name for path in targets.CORPUS.iterdir()} == set(targets.TARGETS)
    assert all(any((targets.CORPUS / name).iterdir()) for name in targets.TARGETS)


@pytest.mark.parametrize("path", sorted(targets.CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_corpus(path: Path) -> None:
    """The promises of a target hold for the input."""
    targets.TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_corpus_in_pieces(name: str) -> None:
    """They hold for every beginning of each input, too."""
    for path in sorted((targets.CORPUS / name).iterdir()):
        data = path.read_bytes()
        for end in range(len(data)):
            targets.TARGETS[name](data[:end])
