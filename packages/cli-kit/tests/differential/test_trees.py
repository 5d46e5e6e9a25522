"""Generated command trees and argument lists: same parse, same output, same exit code as the reference."""

from __future__ import annotations

import warnings

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(["a", "bb", "1", "-3", "2.5", "x=y", "", "--", "-", "é", "a b", "yes", "2020-01-02", "[z]"])
NAMES = ["alpha", "beta", "gamma-ray", "delta"]
HELP = st.sampled_from([None, "Short.", "First sentence. Second one.", "Long text " * 12, "A\n\nB\n\n\b\nkept\n  so"])


@st.composite
def types(draw):
    """Draw a parameter type as plain data."""
    return draw(
        st.sampled_from(
            [
                None,
                str,
                int,
                float,
                bool,
                ("choice", ("a", "bb", "Cc"), True),
                ("choice", ("a", "bb", "Cc"), False),
                ("int_range", 0, 5),
                ("int_range", None, 5, False, True, False),
                ("int_range", 1, 3, False, False, True),
                ("float_range", 0.5, None, True),
                ("datetime",),
                ("uuid",),
                (int, str),
            ]
        )
    )


def defaults_for(kind, many):
    """Return defaults that fit a type."""
    table = {str: ["", "d", "1"], int: [0, 7, "8"], float: [0.5, "1"], bool: [True, False, "no"], None: ["d", 3, 1.5]}
    values = table.get(kind, ["a"]) if not isinstance(kind, tuple) else []
    return [[value, value] for value in values] if many else values


@st.composite
def options(draw, index):
    """Draw an option."""
    long = f"--{NAMES[index % 4]}{index}"
    decls = [long] + draw(st.sampled_from([[], [f"-{'abcdefgh'[index]}"], [f"name{index}"]]))
    spec = {"kind": "option", "decls": decls, "help": draw(HELP)}
    shape = draw(st.sampled_from(["value", "value", "flag", "switch", "count", "multiple", "nargs", "optional", "own"]))
    if shape == "flag":
        spec.update(is_flag=True, default=draw(st.sampled_from([False, True, None])))
    elif shape == "switch":
        spec["decls"] = [f"{long}/--no-{long[2:]}", *decls[1:]]
        spec["default"] = draw(st.sampled_from([False, True, None]))
    elif shape == "count":
        spec["count"] = True
    elif shape == "own":
        spec["flag_value"] = draw(st.sampled_from(["own", 5]))
        if draw(st.booleans()):
            spec["default"] = True
    else:
        kind = draw(types())
        spec["type"] = kind
        spec["show_choices"] = draw(st.booleans())
        many = shape in ("multiple", "nargs")
        if isinstance(kind, tuple) and kind and not isinstance(kind[0], str):
            many = shape == "multiple"
            shape = shape if many else "value"
        if shape == "multiple":
            spec["multiple"] = True
        elif shape == "nargs":
            spec["nargs"] = 2
        elif shape == "optional" and kind in (None, str):
            spec.update(is_flag=False, flag_value="opt")
        values = defaults_for(kind, many)
        if values and draw(st.booleans()):
            spec["default"] = draw(st.sampled_from(values))
    if draw(st.integers(0, 5)) == 0 and spec.get("default") is None:
        spec["required"] = True
    if draw(st.booleans()):
        spec["show_default"] = draw(st.sampled_from([True, "custom"]))
    # An environment variable with too few values for a tuple is an error here, and is lost in the reference.
    partial = spec.get("multiple") and isinstance(spec.get("type"), tuple) and not isinstance(spec["type"][0], str)
    if draw(st.integers(0, 4)) == 0 and not partial:
        spec.update(envvar=f"CK_{index}", show_envvar=True)
    if draw(st.integers(0, 7)) == 0:
        spec["hidden"] = True
    if draw(st.integers(0, 7)) == 0 and not spec.get("required"):
        spec["deprecated"] = draw(st.sampled_from([True, "use another"]))
    return spec


@st.composite
def arguments(draw, index, greedy_allowed):
    """Draw an argument."""
    spec = {"kind": "argument", "decls": [f"arg{index}"], "help": draw(st.sampled_from([None, "An argument."]))}
    kind = draw(types())
    spec["type"] = kind
    is_tuple = isinstance(kind, tuple) and kind and not isinstance(kind[0], str)
    if not is_tuple:
        spec["nargs"] = draw(st.sampled_from([1, 1, 2, -1] if greedy_allowed else [1, 2]))
    if draw(st.booleans()):
        spec["required"] = draw(st.booleans())
    if draw(st.integers(0, 5)) == 0:
        spec["metavar"] = "META"
    if spec.get("required") is False and draw(st.booleans()):
        spec["deprecated"] = draw(st.sampled_from([True, "use another"]))
    return spec


@st.composite
def commands(draw, name, depth):
    """Draw a command, or a group with commands."""
    params = [draw(options(index)) for index in range(draw(st.integers(0, 4)))]
    spec = {
        "name": name,
        "params": params,
        "help": draw(HELP),
        "epilog": draw(st.sampled_from([None, "The end."])),
        "no_args_is_help": draw(st.booleans()) if draw(st.booleans()) else False,
        "context_settings": draw(
            st.sampled_from(
                [
                    {},
                    {"ignore_unknown_options": True},
                    {"allow_extra_args": True},
                    {"allow_interspersed_args": False},
                    {"auto_envvar_prefix": "PRE"},
                    {"show_default": True},
                    {"help_option_names": ["-h", "--help"]},
                    {"token_normalize_func": str.lower},
                    {"default_map": {"alpha0": "5", "arg4": "1"}},
                    {"max_content_width": 120},
                ]
            )
        ),
    }
    if draw(st.integers(0, 6)) == 0:
        spec["deprecated"] = draw(st.sampled_from([True, "gone soon"]))
    if depth and draw(st.integers(0, 2)):
        names = draw(st.lists(st.sampled_from(["sub", "sum", "tool", "x"]), min_size=1, max_size=3, unique=True))
        chain = draw(st.integers(0, 3)) == 0
        spec["commands"] = [draw(commands(one, 0 if chain else depth - 1)) for one in names]
        spec["chain"] = chain
        spec["invoke_without_command"] = draw(st.booleans())
        return spec
    greedy = True
    for index in range(4, 4 + draw(st.integers(0, 2))):
        argument = draw(arguments(index, greedy))
        greedy = greedy and argument.get("nargs") != -1
        params.append(argument)
    return spec


@st.composite
def calls(draw):
    """Draw a tree and words that partly fit it."""
    spec = draw(commands("prog", 2))
    words = []
    current = spec
    while True:
        vocabulary = [decl for param in current["params"] for decl in param["decls"] if decl.startswith("-")]
        spellings = [part for decl in vocabulary for part in decl.split("/")] or ["--nope"]
        pick = st.one_of(
            WORDS,
            st.sampled_from([*spellings, "--help", "-h", "--nope", "-q", "--alph"]),
            st.sampled_from(spellings).map(lambda word: f"{word}=1"),
            st.sampled_from(spellings).map(lambda word: f"{word}7"),
        )
        words += draw(st.lists(pick, max_size=5))
        if "commands" not in current or not draw(st.integers(0, 5)):
            break
        current = draw(st.sampled_from(current["commands"]))
        words.append(draw(st.sampled_from([current["name"], current["name"], current["name"].upper(), "subb"])))
    env = draw(st.dictionaries(st.sampled_from(["CK_0", "CK_1", "PRE_ALPHA0"]), st.sampled_from(["1", "yes", "a"])))
    return spec, words, env


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(calls())
def test_generated_calls(same, call):
    """Whatever the tree and the words, both libraries say the same."""
    spec, words, env = call
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(spec, words, env=env)
