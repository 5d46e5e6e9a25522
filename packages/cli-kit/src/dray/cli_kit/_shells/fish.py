"""Completion in fish 3 and newer.

Source: the fish documentation, "Writing your own completions" and ``commandline``.
"""

from __future__ import annotations

import os

from .._completion_item import CompletionItem
from .base import ShellComplete
from .words import one_line, split_arg_string

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

_STATIC_SOURCE = """\
# Answers by itself; make it again when the program changes.
function %(complete_func)s_table
    switch $argv[1]
%(table)s
    end
end
function %(complete_func)s_static
    set -l here ""
    set -l position 0
    set -l skip 0
    set -l ended
    set -l taken
    set -l spec
    set -l prefix ""
    set -l current (commandline --current-token --cut-at-cursor | string collect)
    for word in (commandline --tokenize --cut-at-cursor --current-process)[2..-1]
        if test $skip -gt 0
            set skip (math $skip - 1)
        else if test -z "$ended" -a "$word" = --
            set ended 1
        else if test -z "$ended"; and string match --quiet -- "-*" $word
            set taken (%(complete_func)s_table "$here|takes:$word") 0
            set skip $taken[1]
        else if test -n "$(%(complete_func)s_table "$here|argument:$position")"
            set position (math $position + 1)
        else if test -n "$(%(complete_func)s_table "$here|command:$word")"
            set here (%(complete_func)s_table "$here|command:$word")
            set position 0
        end
    end
    if test -n "$(%(complete_func)s_table "$here|ask")"
        set spec ask
    else if test $skip -gt 0
        set spec $taken[2..-2]
    else if test -z "$ended"; and string match --quiet -- "-*=*" $current
        set -l parts (string split --max 1 = -- $current)
        set spec (%(complete_func)s_table "$here|takes:$parts[1]")[2..-1]
        if test "$spec[1]" != ask
            set prefix "$parts[1]="
            set current $parts[2]
        end
    else if test -z "$ended"; and string match --quiet -- "-*" $current
        set spec plain (%(complete_func)s_table "$here|options")
    else
        set spec (%(complete_func)s_table "$here|argument:$position")
        test -n "$spec"; or set spec (%(complete_func)s_table "$here|argument:rest")
        test -n "$spec"; or set spec plain (%(complete_func)s_table "$here|commands")
    end
    switch "$spec[1]"
        case ask
            %(complete_func)s
        case file
            __fish_complete_path $current
        case dir
            __fish_complete_directories $current
        case plain
            for line in $spec[2..-1]
                echo -- "$prefix$line"
            end
    end
end
complete --erase --command %(prog_name)s
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s_static)"
"""


class FishComplete(ShellComplete):
    """Completion in fish."""

    name = "fish"
    source_template = _SOURCE
    static_template = _STATIC_SOURCE

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

    def format_table(self, table: dict[str, str]) -> str:
        """Return the cases of a ``switch``."""
        cases = []
        for key, text in table.items():
            lines = " ".join(_quote(line) for line in text.split("\n"))
            cases.append(f"        case {_quote(key)}\n            printf '%s\\n' {lines}")
        return "\n".join(cases)


def _quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
