"""Completion in PowerShell 5.1 and newer.

Source: the PowerShell documentation, ``Register-ArgumentCompleter`` and ``CompletionResult``.
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .base import ShellComplete, words_and_cursor
from .words import one_line

__all__ = ["PowerShellComplete"]

_SOURCE = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
    $texts = @($words | ForEach-Object { "'" + $_.Extent.Text.Trim("'", '"').Replace("'", "'\\''") + "'" })
    $index = $texts.Count
    if ($wordToComplete -ne '') { $index -= 1 }

    $env:COMP_WORDS = $texts -join ' '
    $env:COMP_CWORD = $index
    $env:%(complete_var)s = 'powershell_complete'
    try {
        $answer = @(& $commandAst.CommandElements[0].Value 2>$null)
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s -ErrorAction SilentlyContinue
    }

    for ($i = 0; $i + 2 -lt $answer.Count; $i += 3) {
        $kind, $value, $text = $answer[$i], $answer[$i + 1], $answer[$i + 2]
        if ($text -eq '_') { $text = $value }
        if ($kind -eq 'plain') {
            $quoted = if ($value -match '[\\s''"`$;|&]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
            [System.Management.Automation.CompletionResult]::new($quoted, $value, 'ParameterValue', $text)
        } else {
            $found = [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
            if ($kind -eq 'dir') { $found = $found | Where-Object { $_.ResultType -eq 'ProviderContainer' } }
            $found
        }
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Completion in PowerShell."""

    name = "powershell"
    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words."""
        return words_and_cursor()

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind, value and help on three lines; ``_`` stands for no help."""
        return f"{item.type}\n{item.value}\n{one_line(item.help) or '_'}"
