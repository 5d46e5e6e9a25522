"""Completion in bash 4.0 and newer.

Source: the GNU Bash manual, "Programmable Completion".
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .base import ShellComplete, quote, words_and_cursor

__all__ = ["BashComplete"]

# No line of the answer is evaluated or expanded: it is read as it is, and quoted if the shell would take it for more
# than a word.
_SOURCE = """\
%(complete_func)s() {
    local kind_and_value kind value special=$' \\t\\n;|&<>()$`"\\'\\\\*?[]{}!#'
    COMPREPLY=()
    while IFS= read -r kind_and_value; do
        kind=${kind_and_value%%%%,*}
        value=${kind_and_value#*,}
        case "$kind" in
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
            plain)
                if [[ $value == *["$special"]* && $2 != [\\"\\']* ]]; then
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

_STATIC_SOURCE = """\
# Answers by itself; make it again when the program changes.
declare -gA %(complete_func)s_table=(
%(table)s
)
%(complete_func)s_static() {
    local here= position=0 skip=0 ended= taken= spec= word value i
    local current=${COMP_WORDS[COMP_CWORD]} special=$' \\t\\n;|&<>()$`"\\'\\\\*?[]{}!#'
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((skip)); then
            [[ $word == = ]] || ((skip -= 1))
        elif [[ -z $ended && $word == -- ]]; then
            ended=1
        elif [[ -z $ended && $word == -* ]]; then
            taken=${%(complete_func)s_table["$here|takes:$word"]-0}
            skip=${taken%%%%$'\\n'*}
        elif [[ -n ${%(complete_func)s_table["$here|argument:$position"]-} ]]; then
            ((position += 1))
        elif [[ -n ${%(complete_func)s_table["$here|command:$word"]-} ]]; then
            here=${%(complete_func)s_table["$here|command:$word"]} position=0
        fi
    done
    [[ $current == = ]] && current=
    if [[ -n ${%(complete_func)s_table["$here|ask"]-} ]]; then
        spec=ask
    elif ((skip)); then
        spec=${taken#*$'\\n'}
    elif [[ -z $ended && $current == -* ]]; then
        spec=plain$'\\n'${%(complete_func)s_table["$here|options"]-}
    else
        spec=${%(complete_func)s_table["$here|argument:$position"]-}
        spec=${spec:-${%(complete_func)s_table["$here|argument:rest"]-}}
        spec=${spec:-plain$'\\n'${%(complete_func)s_table["$here|commands"]-}}
    fi
    COMPREPLY=()
    case ${spec%%%%$'\\n'*} in
        ask) %(complete_func)s "$@" ;;
        file) compopt -o default 2>/dev/null ;;
        dir) compopt -o dirnames 2>/dev/null ;;
        plain)
            while IFS=$'\\t' read -r value word; do
                if [[ -n $value && $value == "$current"* ]]; then
                    [[ $value == *["$special"]* && $2 != [\\"\\']* ]] && printf -v value '%%q' "$value"
                    COMPREPLY+=("$value")
                fi
            done <<< "${spec#*$'\\n'}"
            ;;
    esac
    return 0
}
complete -o nosort -F %(complete_func)s_static %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s_static %(prog_name)s
"""


class BashComplete(ShellComplete):
    """Completion in bash."""

    name = "bash"
    source_template = _SOURCE
    static_template = _STATIC_SOURCE
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

    def format_table(self, table: dict[str, str]) -> str:
        """Return the elements of an associative array."""
        return "\n".join(f"[{quote(key)}]={quote(text)}" for key, text in table.items())
