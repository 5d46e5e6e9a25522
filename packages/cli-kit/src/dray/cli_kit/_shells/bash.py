"""Completion in bash 4.0 and newer.

Source: the GNU Bash manual, "Programmable Completion".
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .base import ShellComplete, words_and_cursor

__all__ = ["BashComplete"]

# No line of the answer is evaluated or expanded: it is read as it is, and quoted if it has spaces.
_SOURCE = """\
%(complete_func)s() {
    local kind_and_value kind value
    COMPREPLY=()
    while IFS= read -r kind_and_value; do
        kind=${kind_and_value%%%%,*}
        value=${kind_and_value#*,}
        case "$kind" in
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
            plain)
                if [[ $value == *[[:space:]]* && $2 != [\\"\\']* ]]; then
                    printf -v value '%%q' "$value"
                fi
                COMPREPLY+=("$value")
                ;;
        esac
    done < <(
        IFS=$'\\n'
        COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""


class BashComplete(ShellComplete):
    """Completion in bash."""

    name = "bash"
    source_template = _SOURCE
    replaces_word = False

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words; bash makes the sign of ``--name=value`` a word of its own."""
        args, incomplete = words_and_cursor()
        if args and args[-1] == "=":
            args.pop()
        return args, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind and value on one line."""
        return f"{item.type},{item.value}"
