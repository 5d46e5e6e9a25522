"""Conventions of command lines, against the reference: prefixes, bundles, values, what ends options."""

from __future__ import annotations

import pytest

SHORT = [
    {"kind": "option", "decls": ["-a"], "is_flag": True},
    {"kind": "option", "decls": ["-b", "--bee"]},
    {"kind": "option", "decls": ["-v"], "count": True},
    {"kind": "option", "decls": ["-n"], "nargs": 2},
    {"kind": "option", "decls": ["-o", "--opt"], "is_flag": False, "flag_value": "fv"},
    {"kind": "option", "decls": ["-m"], "multiple": True},
]
REST = {"kind": "argument", "decls": ["rest"], "nargs": -1}
ODD = [
    {"kind": "option", "decls": ["-long"]},
    {"kind": "option", "decls": ["+p"]},
    {"kind": "option", "decls": ["++plus/--minus"]},
    {"kind": "option", "decls": ["/w;/W"], "is_flag": True},
    {"kind": "option", "decls": ["--with=equals", "eq"]},
]
LINES = """
-a | -ab1 | -ab 1 | -ab | -vvv | -vav | -b=1 | -b 1 x | --bee=1 | --bee= | --bee | --be 1 | --bee 1 2 -- -a | -- -b
- | -n1 2 | -n 1 2 3 | -n 1 | -o | -o x | -ox | -o -a | -o -- x | --opt=y | --opt= | --opt | -m 1 -m 2 | -m1 -m2 x | -x
-ax | -xa | -a=1 | --nope | --nope=1 | -a -- -- x | x -a y
-b -a | -b -- | -bv -v | -n -a -b | - -a | -o - | -b '' | ''
--
""".replace("\n", "|").split("|")
ODD_LINES = "-long 1|-long=1|-lon 1|-l|+p 1|+p1|++plus|--minus|++minus|/w|/W|/x|--with=equals|--with|+x|/ w|+".split(
    "|"
)


def make(params, **settings):
    """Make a command of plain data."""
    return {"name": "prog", "params": [*params, REST], "context_settings": settings}


def split(line):
    """Split a line; '' stands for an empty word."""
    return ["" if word == "''" else word for word in line.split()]


@pytest.mark.parametrize(
    "settings",
    [{}, {"ignore_unknown_options": True}, {"allow_interspersed_args": False}, {"token_normalize_func": str.lower}],
    ids=str,
)
@pytest.mark.parametrize("line", LINES)
def test_usual_lines(same, line, settings):
    """Bundles, attached and separate values, optional values, counts, and ``--``."""
    same(make(SHORT, **settings), split(line))


@pytest.mark.parametrize("line", ODD_LINES)
def test_odd_prefixes(same, run_both, line):
    """Other prefixes than hyphens, and one hyphen before a word."""
    for option in ODD:
        theirs, ours = run_both(make([option]), split(line))
        if "declared" in theirs:
            assert "declared" in ours
        else:
            same(make([option]), split(line))


NARGS = [[1], [1, 1], [2], [-1], [1, -1], [-1, 1], [-1, 2], [1, -1, 1], [2, -1, 2], [2, 1], [1, 2, -1]]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("nargs", NARGS, ids=str)
def test_dealing_out(same, nargs, required):
    """Arguments before the greedy one take from the front, those after it from the back."""
    params = [
        {"kind": "argument", "decls": [f"a{index}"], "nargs": count, "required": required}
        for index, count in enumerate(nargs)
    ]
    for count in range(7):
        same({"name": "prog", "params": params}, [str(number) for number in range(count)])
