"""The filters that every environment has.

This package only re-exports, and names the filters: ``FILTERS`` is what a template can write behind a bar.
"""

from __future__ import annotations

from dray.safe_strings import escape, soft_str

from ..utils import F
from .attributes import do_attr, ignore_case, make_attrgetter, make_multi_attrgetter
from .html import do_forceescape, do_mark_safe, do_mark_unsafe, do_striptags, do_tojson, do_urlize, do_xmlattr
from .numbers import do_filesizeformat, do_float, do_int, do_random, do_round
from .select import (
    async_select_or_reject,
    do_map,
    do_reject,
    do_rejectattr,
    do_select,
    do_selectattr,
    prepare_map,
    prepare_select_or_reject,
    select_or_reject,
    sync_do_map,
    sync_do_reject,
    sync_do_rejectattr,
    sync_do_select,
    sync_do_selectattr,
)
from .sequences import (
    do_batch,
    do_default,
    do_dictsort,
    do_first,
    do_groupby,
    do_items,
    do_join,
    do_last,
    do_list,
    do_max,
    do_min,
    do_reverse,
    do_slice,
    do_sort,
    do_sum,
    do_unique,
    sync_do_first,
    sync_do_groupby,
    sync_do_join,
    sync_do_list,
    sync_do_slice,
    sync_do_sum,
    sync_do_unique,
)
from .strings import (
    do_capitalize,
    do_center,
    do_format,
    do_indent,
    do_lower,
    do_pprint,
    do_replace,
    do_title,
    do_trim,
    do_truncate,
    do_upper,
    do_urlencode,
    do_wordcount,
    do_wordwrap,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    K = TypeVar("K")
    V = TypeVar("V")
else:
    K = V = None

__all__ = [
    "F", "FILTERS", "K", "V", "async_select_or_reject", "do_attr", "do_batch", "do_capitalize", "do_center",
    "do_default", "do_dictsort", "do_filesizeformat", "do_first", "do_float", "do_forceescape", "do_format",
    "do_groupby", "do_indent", "do_int", "do_items", "do_join", "do_last", "do_list", "do_lower", "do_map",
    "do_mark_safe", "do_mark_unsafe", "do_max", "do_min", "do_pprint", "do_random", "do_reject", "do_rejectattr",
    "do_replace", "do_reverse", "do_round", "do_select", "do_selectattr", "do_slice", "do_sort", "do_striptags",
    "do_sum", "do_title", "do_tojson", "do_trim", "do_truncate", "do_unique", "do_upper", "do_urlencode", "do_urlize",
    "do_wordcount", "do_wordwrap", "do_xmlattr", "ignore_case", "make_attrgetter", "make_multi_attrgetter",
    "prepare_map", "prepare_select_or_reject", "select_or_reject", "sync_do_first", "sync_do_groupby", "sync_do_join",
    "sync_do_list", "sync_do_map", "sync_do_reject", "sync_do_rejectattr", "sync_do_select", "sync_do_selectattr",
    "sync_do_slice", "sync_do_sum", "sync_do_unique",
]  # fmt: skip

FILTERS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "attr": do_attr,
    "batch": do_batch,
    "capitalize": do_capitalize,
    "center": do_center,
    "count": len,
    "d": do_default,
    "default": do_default,
    "dictsort": do_dictsort,
    "e": escape,
    "escape": escape,
    "filesizeformat": do_filesizeformat,
    "first": do_first,
    "float": do_float,
    "forceescape": do_forceescape,
    "format": do_format,
    "groupby": do_groupby,
    "indent": do_indent,
    "int": do_int,
    "items": do_items,
    "join": do_join,
    "last": do_last,
    "length": len,
    "list": do_list,
    "lower": do_lower,
    "map": do_map,
    "max": do_max,
    "min": do_min,
    "pprint": do_pprint,
    "random": do_random,
    "reject": do_reject,
    "rejectattr": do_rejectattr,
    "replace": do_replace,
    "reverse": do_reverse,
    "round": do_round,
    "safe": do_mark_safe,
    "select": do_select,
    "selectattr": do_selectattr,
    "slice": do_slice,
    "sort": do_sort,
    "string": soft_str,
    "striptags": do_striptags,
    "sum": do_sum,
    "title": do_title,
    "tojson": do_tojson,
    "trim": do_trim,
    "truncate": do_truncate,
    "unique": do_unique,
    "upper": do_upper,
    "urlencode": do_urlencode,
    "urlize": do_urlize,
    "wordcount": do_wordcount,
    "wordwrap": do_wordwrap,
    "xmlattr": do_xmlattr,
}
