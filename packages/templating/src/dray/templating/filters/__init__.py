"""The filters that every environment has.

This package only re-exports, and names the filters: ``FILTERS`` is what a template can write behind a bar.
"""

from __future__ import annotations

from dray.safe_strings import Markup as Markup
from dray.safe_strings import escape, soft_str

from .._late import late_names
from ..async_utils import async_variant as async_variant
from ..async_utils import auto_aiter as auto_aiter
from ..async_utils import auto_await as auto_await
from ..async_utils import auto_to_list as auto_to_list
from ..exceptions import FilterArgumentError as FilterArgumentError
from ..utils import F
from ..utils import htmlsafe_json_dumps as htmlsafe_json_dumps
from ..utils import pass_context as pass_context
from ..utils import pass_environment as pass_environment
from ..utils import pass_eval_context as pass_eval_context
from ..utils import pformat as pformat
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

    from ..runtime.undefined import Undefined as Undefined
    from ..utils import url_quote as url_quote
    from ..utils import urlize as urlize

    K = TypeVar("K")
    V = TypeVar("V")
else:
    K = V = None
    __getattr__, __dir__ = late_names(
        globals(),
        {
            "Undefined": "dray.templating.runtime.undefined",
            "url_quote": "dray.templating._urlize",
            "urlize": "dray.templating._urlize",
        },
    )

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

#: What a template can write behind a bar: each ``do_`` function under its own name, and those with another one.
FILTERS: dict[str, Callable[..., Any]] = {
    name.removeprefix("do_"): function for name, function in list(globals().items()) if name.startswith("do_")
}
del FILTERS["mark_unsafe"]
FILTERS["safe"] = FILTERS.pop("mark_safe")
FILTERS.update(
    string=soft_str,
    escape=escape,
    e=escape,
    d=do_default,
    length=len,
    count=len,
    abs=abs,
)
