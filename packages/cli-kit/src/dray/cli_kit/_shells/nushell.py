"""Completion in Nushell.

Nushell hands the words over as a list and takes a list of records, both as JSON here. Source: the Nushell book,
"External completers".
"""

from __future__ import annotations

import json
import os

from .._completion_item import CompletionItem
from .base import ShellComplete, with_option_name
from .words import one_line

__all__ = ["NushellComplete"]

_SOURCE = """\
let %(complete_func)s_others = $env.config.completions.external.completer?
$env.config.completions.external.enable = true
$env.config.completions.external.completer = {|spans|
    if ($spans | first | path basename | path parse | get stem) == "%(prog_name)s" {
        with-env { COMP_WORDS: ($spans | to json --raw), %(complete_var)s: "nushell_complete" } {
            do { ^($spans | first) } | complete | get stdout | from json
        }
    } else if $%(complete_func)s_others != null {
        do $%(complete_func)s_others $spans
    }
}
"""


# What would end a bare word, or begin something else than a word.
_SPECIAL = frozenset(" \t\r\n\"'`$;|&()[]{}<>#")


def _quote(value: str) -> str:
    """Quote a value that Nushell wouldn't take for one word; its escapes are those of JSON."""
    return value if _SPECIAL.isdisjoint(value) and value else json.dumps(value, ensure_ascii=False)


class NushellComplete(ShellComplete):
    """Completion in Nushell."""

    name = "nushell"
    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words: a JSON list of which the last one is the current one."""
        words = json.loads(os.environ["COMP_WORDS"])
        # A quotation that was begun arrives with its mark; the suggestion will be a whole word again.
        current = str(words[-1]).strip("\"'`") if len(words) > 1 else ""
        return [str(word) for word in words[1:-1]], current

    def format_completion(self, item: CompletionItem) -> str:
        """Return a record with ``value`` and ``description``."""
        record = {"value": _quote(str(item.value)), "description": one_line(item.help)}
        return json.dumps(record, ensure_ascii=False)

    def complete(self) -> str:
        """Return a list of records, or null: Nushell lists files itself then."""
        args, incomplete = self.get_completion_args()
        items = with_option_name(self.get_completions(args, incomplete), incomplete)
        if any(item.type != "plain" for item in items):
            return "null"
        return f"[{', '.join(self.format_completion(item) for item in items)}]"
