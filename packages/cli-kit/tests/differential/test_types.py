"""Conversion by every type, against the reference: same value or same message."""

from __future__ import annotations

import enum
import pathlib

import click
import click.types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dray.cli_kit as cli


class Color(enum.Enum):
    """Colours to choose from."""

    RED = "r"
    BLUE = "b"


TYPES = {
    "text": lambda m: m.STRING,
    "int": lambda m: m.INT,
    "float": lambda m: m.FLOAT,
    "bool": lambda m: m.BOOL,
    "uuid": lambda m: m.UUID,
    "unprocessed": lambda m: m.UNPROCESSED,
    "choice": lambda m: m.Choice(["a", "Bb", "é"]),
    "any case": lambda m: m.Choice(["a", "Bb", "ß"], case_sensitive=False),
    "enum": lambda m: m.Choice(Color),
    "numbers": lambda m: m.Choice([1, 2]),
    "datetime": lambda m: m.DateTime(),
    "year": lambda m: m.DateTime(["%Y"]),
    "range": lambda m: m.IntRange(0, 5),
    "open range": lambda m: m.IntRange(0, 5, min_open=True, max_open=True),
    "clamped": lambda m: m.IntRange(0, 5, clamp=True, max_open=True),
    "at least": lambda m: m.IntRange(min=2),
    "floats": lambda m: m.FloatRange(0.5, 2.5),
    "clamped floats": lambda m: m.FloatRange(0.5, 2.5, clamp=True),
    "pair": lambda m: m.Tuple([int, str]),
    "function": lambda m: (cli if m is cli else click).types.convert_type(lambda v: int(v, 16)),
    "path": lambda m: m.Path(),
    "existing": lambda m: m.Path(exists=True),
    "file only": lambda m: m.Path(exists=True, dir_okay=False),
    "folder only": lambda m: m.Path(exists=True, file_okay=False),
    "executable": lambda m: m.Path(exists=True, executable=True),
    "resolved": lambda m: m.Path(resolve_path=True),
    "pathlib": lambda m: m.Path(path_type=pathlib.Path),
    "dash": lambda m: m.Path(exists=True, allow_dash=True),
    "file": lambda m: m.File("rb"),
}
TEXTS = ["", "a", "A", "bb", "Bb", "ss", "RED", "red", "r", "0", "1", "2", "3", "5", "6", "-1", "2.5", "1e3", "nan",
         "x", "yes", " off ", "TRUE", "2020-02-30", "2020-02-03", "2020-02-03T04:05:06", "1999", "/etc/passwd", "/etc",
         "/nope", "-", "..", "12345678123456781234567812345678", "ff", "9" * 400, "\udcff", "日本"]  # fmt: skip


def outcome(module, kind, value):
    """Return what converting gives, as text."""
    try:
        result = TYPES[kind](module)(value)
    except Exception as error:
        return type(error).__name__, str(error)
    if hasattr(result, "read"):
        result.close()
        return "file", result.name
    return type(result).__name__, str(result)


@pytest.mark.parametrize("kind", TYPES)
def test_texts(kind):
    """Each text is converted to the same value, or refused with the same words."""
    for text in TEXTS:
        if kind == "file" and text == "-":
            continue  # standard input; test_utils.py opens it
        if "floats" in kind and text == "nan":
            continue  # not a number lies in no range here; a documented difference

        assert outcome(cli, kind, text) == outcome(click, kind, text), text


@pytest.mark.parametrize("value", [1, 1.5, True, None, b"a", b"\xff", (1, "a"), ["1", 2], Color.RED, object])
@pytest.mark.parametrize("kind", ["text", "int", "float", "unprocessed", "pair", "enum", "choice"])
def test_values(kind, value):
    """Values that are no texts, as defaults are, are treated the same."""
    assert outcome(cli, kind, value) == outcome(click, kind, value)


@pytest.mark.parametrize("kind", TYPES)
def test_descriptions(kind):
    """The description for documentation tools is the same."""
    ours, theirs = TYPES[kind](cli).to_info_dict(), TYPES[kind](click).to_info_dict()
    ours.pop("func", None)
    theirs.pop("func", None)

    assert ours == theirs
    assert (
        repr(TYPES[kind](cli)).split(" object")[0].rpartition(".")[2]
        == (repr(TYPES[kind](click)).split(" object")[0].rpartition(".")[2])
    )


@settings(derandomize=True, deadline=None)
@given(
    st.sampled_from([None, str, int, float, bool, (int, str), len]),
    st.sampled_from([None, 1, 1.5, True, "x", b"x", (1, "a"), [1], [(1, 2)], [("a", 1.5)], [], (), object()]),
)
def test_guessed_types(kind, default):
    """The same type is guessed from a type and a default."""
    ours = cli.types.convert_type(kind, default)
    theirs = click.types.convert_type(kind, default)

    assert ours.to_info_dict() == theirs.to_info_dict()
