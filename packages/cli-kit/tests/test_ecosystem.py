"""Private names that published packages take; each is there for one of them."""

from __future__ import annotations

import importlib

import pytest

NAMES = """
core _BaseCommand _MultiCommand UNSET augment_usage_errors _check_nested_chain
decorators _param_memo
formatting FORCED_WIDTH join_options
parser _OptionParser _Option _Argument _ParsingState _split_opt _normalize_opt _unpack_args
shell_completion _resolve_context _resolve_incomplete _available_shells
termui _ansi_colors _ansi_reset_all _build_prompt _format_default _interpret_color _getchar visible_prompt_func
types _NumberRangeBase _NumberParamTypeBase _guess_type _is_file_like
utils _detect_program_name _expand_args _get_binary_stream _get_text_stream make_str _make_default_short_help
_compat WIN CYGWIN isatty strip_ansi should_strip_ansi term_len open_stream get_best_encoding _default_text_stdout
_termui_impl ProgressBar Editor getchar open_url isatty _default_text_stdout raw_terminal get_pager_file
_textwrap TextWrapper
_utils Sentinel UNSET FLAG_NEEDS_VALUE
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines())
def test_private_names(line):
    """The names are where the packages look for them."""
    name, *attributes = line.split()
    module = importlib.import_module(f"dray.cli_kit.{name}")

    assert [one for one in attributes if not hasattr(module, one)] == []


def test_names_that_are_probed_for():
    """A package that looks for what old versions had must not find it."""
    with pytest.raises(ImportError):
        importlib.import_module("dray.cli_kit._bashcomplete")
