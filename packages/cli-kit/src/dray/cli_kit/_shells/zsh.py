"""Completion in zsh.

Source: the Z Shell Manual, "Completion System" (``_describe``, ``_path_files``) and "Completion Widgets" (``compadd``).
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .base import ShellComplete, one_line, words_and_cursor

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


class ZshComplete(ShellComplete):
    """Completion in zsh."""

    name = "zsh"
    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words."""
        return words_and_cursor()

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind, value and help on three lines; ``_`` stands for no help."""
        text = one_line(item.help) or "_"
        # A colon ends the value where a help text follows.
        value = str(item.value).replace(":", r"\:") if text != "_" else item.value
        return f"{item.type}\n{value}\n{text}"
