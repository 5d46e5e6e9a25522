"""What stands for parameters and commands on help pages, against the reference."""

from __future__ import annotations

import copy
import enum

import click
import pytest

import dray.cli_kit as cli


class Color(enum.Enum):
    """Colours to choose from."""

    RED = "r"
    BLUE = "b"


class Level(enum.Enum):
    """Levels to choose from."""

    LOW = 1
    HIGH = 2


CHOICES = [["a", "B"], [1, 2], Color, Level, [1.5, "x"], [True]]
TYPES = {
    "datetime": lambda m: m.DateTime(["%Y"]),
    "path": lambda m: m.Path(),
    "folder": lambda m: m.Path(file_okay=False),
    "file": lambda m: m.File(),
    "uuid": lambda m: m.UUID,
    "range": lambda m: m.IntRange(1, 2),
    "pair": lambda m: (int, str),
    "function": lambda m: len,
}


def describe(library, param, ctx):
    """Return everything that is shown of a parameter."""
    return (
        param.make_metavar(ctx),
        param.get_help_record(ctx),
        param.get_usage_pieces(ctx),
        param.get_error_hint(ctx),
        param.get_error_hint(None),
        param.human_readable_name,
    )


def both(make, **settings):
    """Describe the same parameter in both libraries, the reference first."""
    seen = []
    for library in (click, cli):
        ctx = library.Context(library.Command("x"), info_name="p", **settings)
        seen.append(describe(library, make(library), ctx))
    return seen


@pytest.mark.parametrize("kwargs", [{}, {"show_choices": False}, {"show_choices": False, "required": True}])
@pytest.mark.parametrize("choices", CHOICES, ids=str)
@pytest.mark.parametrize("settings", [{}, {"token_normalize_func": str.upper}])
def test_choices_of_options(choices, kwargs, settings):
    """Choices are shown, or the name of their kind."""
    theirs, ours = both(lambda m: m.Option(["--x"], type=m.Choice(choices), **kwargs), **settings)

    assert ours == theirs


ARGUMENTS = [
    {},
    {"required": False},
    {"nargs": -1},
    {"required": False, "deprecated": True},
    {"required": False, "deprecated": "why", "help": "Help."},
    {"metavar": "META"},
]


@pytest.mark.parametrize("kwargs", ARGUMENTS)
@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_choices_of_arguments(choices, kwargs):
    """Choices of an argument stand in brackets or braces."""
    theirs, ours = both(lambda m: m.Argument(["x"], type=m.Choice(choices, case_sensitive=False), **kwargs))

    assert ours == theirs


@pytest.mark.parametrize("kwargs", [one for one in ARGUMENTS if "nargs" not in one])
@pytest.mark.parametrize("kind", TYPES)
def test_types(kind, kwargs):
    """Each type has its word."""
    for cls in ("Argument", "Option"):
        name = "x" if cls == "Argument" else "--x"
        theirs, ours = both(lambda m, cls=cls, name=name: getattr(m, cls)([name], type=TYPES[kind](m), **kwargs))

        assert ours == theirs


COMMANDS = [
    {"help": "Some help. More"},
    {"help": "Some help. More", "deprecated": True},
    {"short_help": "Short", "deprecated": "why"},
    {"short_help": "a\n  b"},
    {"deprecated": True},
    {"options_metavar": ""},
    {"options_metavar": None},
    {"epilog": "  a\n   b\n\n  c"},
    {"help": "visible\f\nhidden"},
    {"help": "\n    Indented.\n\n        More.\n    "},
    {"add_help_option": False},
]


@pytest.mark.parametrize("kwargs", COMMANDS)
@pytest.mark.parametrize("settings", [{}, {"show_default": True}, {"terminal_width": 30}, {"max_content_width": 30}])
def test_commands(kwargs, settings):
    """The page and the line in a list are the same."""
    seen = []
    for library in (click, cli):
        params = [
            library.Option(["--x"], default=3, help="word " * 20),
            library.Option(
                ["--y"], default=[1, 2], multiple=True, show_default=False, help="  odd\n    indent\n  here"
            ),
        ]
        command = copy.deepcopy(library.Command("x", params=params, **kwargs))
        ctx = library.Context(command, info_name="p", **settings)
        # In the list of commands the reference shows what stands behind a form feed; a documented difference.
        short = "" if "\f" in kwargs.get("help", "") else command.get_short_help_str()
        seen.append((ctx.get_help(), ctx.get_usage(), short, ctx.to_info_dict()))

    assert seen[1] == seen[0]
