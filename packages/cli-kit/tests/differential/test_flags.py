"""The table of flags: flag_value x default x environment x default_map x command line, against the reference."""

from __future__ import annotations

import itertools

import pytest

MISSING = object()
DECLARATIONS = {
    "plain": {},
    "flag": {"is_flag": True},
    "switch": {"decls": ["--x/--no-x"]},
    "own": {"flag_value": "own"},
    "number": {"flag_value": 5},
    "false": {"is_flag": True, "flag_value": False},
    "text": {"is_flag": True, "type": str},
    "optional": {"is_flag": False, "flag_value": "opt"},
    "count": {"count": True},
    "many": {"multiple": True},
    "many flags": {"is_flag": True, "multiple": True},
    "pair": {"nargs": 2},
    "required": {"required": True},
    "required flag": {"is_flag": True, "required": True},
}
DEFAULTS = {"none given": MISSING, "None": None, "True": True, "False": False, "text": "d"}
ENVIRONMENTS = {"unset": None, "empty": "", "1": "1", "0": "0", "own": "own", "other": "zz"}
MAPS = {"unset": MISSING, "True": True, "text": "m", "None": None}
LINES = {"nothing": [], "given": ["--x"], "with value": ["--x", "v"]}
HAS_OWN_VALUE = {"own", "number", "text"}


def is_documented_difference(kind: str, default: str, env: str, mapped: str, line: str) -> bool:
    """Say whether the documentation has a row for this case; see test_option.py for what the package does."""
    if env == "0" and kind in HAS_OWN_VALUE and line == "nothing":
        return True  # the environment switches such a flag off; the reference makes "False" or 0 of it
    if env == "1" and kind == "text" and line == "nothing":
        return True  # and on
    names_nothing = env in ("unset", "empty", "other") or (env == "own" and kind != "own")
    if names_nothing and mapped == "True" and kind in HAS_OWN_VALUE and line == "nothing":
        return True  # True in the map means the flag's own value, as it does as a default
    return kind == "many flags" and (
        default in ("True", "False", "text") or env != "unset" or mapped in ("True", "text")
    )


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("kind", DECLARATIONS)
def test_flag_table(run_both, kind, line):
    """For each way to declare an option, both libraries agree wherever its value may come from."""
    compared = 0
    for default, env, mapped in itertools.product(DEFAULTS, ENVIRONMENTS, MAPS):
        if is_documented_difference(kind, default, env, mapped, line):
            continue
        option = {"kind": "option", "decls": ["--x"], "envvar": "CK_X", **DECLARATIONS[kind]}
        if DEFAULTS[default] is not MISSING:
            option["default"] = DEFAULTS[default]
        settings = {} if MAPS[mapped] is MISSING else {"default_map": {"x": MAPS[mapped]}}
        argument = {"kind": "argument", "decls": ["rest"], "nargs": -1}
        spec = {"name": "prog", "params": [option, argument], "context_settings": settings}
        theirs, ours = run_both(spec, LINES[line], env={"CK_X": ENVIRONMENTS[env]})
        if "Value must be an iterable" in str(theirs):
            continue
        if "declared" in theirs:
            assert theirs["declared"].split(":")[0] == ours["declared"].split(":")[0]
            continue
        compared += 1

        assert (theirs["exit"], theirs["stdout"], theirs["error"]) == (ours["exit"], ours["stdout"], ours["error"]), (
            kind,
            default,
            env,
            mapped,
            line,
        )

    assert compared or kind == "many flags"
