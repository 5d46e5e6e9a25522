"""Completion in zsh.

Source: the Z Shell Manual, "Completion System" (``_describe``, ``_path_files``) and "Completion Widgets" (``compadd``).
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .base import ShellComplete, quote, words_and_cursor
from .words import one_line

__all__ = ["ZshComplete"]

_SOURCE = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a answer plain described
    local program=$words[1] kind value text
    (( $+commands[$program] )) || [[ -x $program ]] || program=%(prog_name)s

    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \\
        %(complete_var)s=zsh_complete $program 2>/dev/null)}")

    for kind value text in "${answer[@]}"; do
        case $kind in
            file) _path_files -f ;;
            dir) _path_files -/ ;;
            plain)
                if [[ $text == _ ]]; then
                    plain+=("$value")
                else
                    described+=("$value:$text")
                fi
                ;;
        esac
    done

    if (( $#described )); then
        _describe -V unsorted described -U
    fi
    if (( $#plain )); then
        compadd -U -V unsorted -a plain
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    # Found in fpath: this call asks for completion.
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_STATIC_SOURCE = """\
# Answers by itself; make it again when the program changes.
typeset -gA %(complete_func)s_table
%(complete_func)s_table=(
%(table)s
)
%(complete_func)s_static() {
    local here= position=0 skip=0 ended= taken= spec= word line
    local current=$words[CURRENT]
    local -a plain described
    for word in "${(@)words[2,CURRENT-1]}"; do
        if (( skip )); then
            (( skip -= 1 ))
        elif [[ -z $ended && $word == -- ]]; then
            ended=1
        elif [[ -z $ended && $word == -* ]]; then
            taken="${%(complete_func)s_table[$here|takes:$word]-0}"
            skip=${taken%%%%$'\\n'*}
        elif [[ -n "${%(complete_func)s_table[$here|argument:$position]}" ]]; then
            (( position += 1 ))
        elif [[ -n "${%(complete_func)s_table[$here|command:$word]}" ]]; then
            here="${%(complete_func)s_table[$here|command:$word]}" position=0
        fi
    done
    if [[ -n "${%(complete_func)s_table[$here|ask]}" ]]; then
        spec=ask
    elif (( skip )); then
        spec=${taken#*$'\\n'}
    elif [[ -z $ended && $current == -*=* ]]; then
        taken="${%(complete_func)s_table[$here|takes:${current%%%%=*}]}"
        spec=${taken#*$'\\n'}
        [[ $spec == ask ]] || compset -P '*='
    elif [[ -z $ended && $current == -* ]]; then
        spec=plain$'\\n'"${%(complete_func)s_table[$here|options]}"
    else
        spec="${%(complete_func)s_table[$here|argument:$position]}"
        [[ -n $spec ]] || spec="${%(complete_func)s_table[$here|argument:rest]}"
        [[ -n $spec ]] || spec=plain$'\\n'"${%(complete_func)s_table[$here|commands]}"
    fi
    case ${spec%%%%$'\\n'*} in
        ask) %(complete_func)s "$@" ;;
        file) _path_files -f ;;
        dir) _path_files -/ ;;
        plain)
            for line in "${(@f)${spec#*$'\\n'}}"; do
                if [[ $line == *$'\\t'?* ]]; then
                    described+=("${${line%%%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
                elif [[ -n $line ]]; then
                    plain+=("${line%%%%$'\\t'*}")
                fi
            done
            (( $#described )) && _describe -V unsorted described
            (( $#plain )) && compadd -V unsorted -a plain
            ;;
    esac
}
compdef %(complete_func)s_static %(prog_name)s
"""


class ZshComplete(ShellComplete):
    """Completion in zsh."""

    name = "zsh"
    source_template = _SOURCE
    static_template = _STATIC_SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words."""
        return words_and_cursor()

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind, value and help on three lines; ``_`` stands for no help."""
        text = one_line(item.help) or "_"
        # A colon ends the value where a help text follows.
        value = str(item.value).replace(":", r"\:") if text != "_" else item.value
        return f"{item.type}\n{value}\n{text}"

    def format_table(self, table: dict[str, str]) -> str:
        """Return keys and values of an associative array."""
        return "\n".join(f"{quote(key)} {quote(text)}" for key, text in table.items())
