"""Completion in fish 3 and newer.

Source: the fish documentation, "Writing your own completions" and ``commandline``.
"""

from __future__ import annotations

import os

from .._completion_item import CompletionItem
from .base import ShellComplete, one_line
from .words import split_arg_string

__all__ = ["FishComplete"]

_SOURCE = """\
function %(complete_func)s
    set -l current (commandline --current-token --cut-at-cursor | string collect)
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    set -l program (commandline --tokenize --current-process)[1]
    set -l answer (env COMP_WORDS=$line COMP_CWORD=$current %(complete_var)s=fish_complete $program 2>/dev/null)
    for entry in $answer
        set -l parts (string split --max 1 "," -- $entry)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo -- $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class FishComplete(ShellComplete):
    """Completion in fish."""

    name = "fish"
    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words; fish sends the current one itself instead of its number."""
        args = split_arg_string(os.environ["COMP_WORDS"])[1:]
        current = os.environ["COMP_CWORD"]
        words = split_arg_string(current)
        incomplete = words[0] if words else ""
        # The line holds the current word too.
        if incomplete and args and args[-1] == incomplete:
            args.pop()
        return args, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind and value, and help after a tab, on one line."""
        text = one_line(item.help)
        return f"{item.type},{item.value}\t{text}" if text else f"{item.type},{item.value}"
