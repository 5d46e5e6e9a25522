"""Manual pages, from the command line."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def test_man_pages(tmp_path):
    """``python -m dray.cli_kit man`` writes one page for each command, escaped for roff."""
    (tmp_path / "tool.py").write_text(
        textwrap.dedent(
            """
            import dray.cli_kit as cli
            @cli.group(epilog="See -also- this.")
            def main():
                '''Do things.

                .dangerous line with a \\\\ in it.

                \\b
                kept
                  as is
                '''
            @main.command()
            @cli.option("--name", "-n", envvar="TOOL_NAME", help="Who's there.")
            @cli.argument("src", help="Where from.")
            def copy(name, src):
                "Copy it."
            """
        )
    )
    command = [sys.executable, "-m", "dray.cli_kit", "man", "tool:main", "--name", "tool", "--date", "2026-01-02"]
    result = subprocess.run([*command, "-o", "out"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    page = (tmp_path / "out" / "tool.1").read_text()
    assert page.startswith('.TH "TOOL" 1 "2026\\-01\\-02"')
    assert "\n\\&.dangerous line with a \\e in it.\n" in page
    assert "\n.nf\nkept\n  as is\n.fi\n" in page
    sub = (tmp_path / "out" / "tool-copy.1").read_text()
    assert "tool\\-copy \\- Copy it." in sub
    assert "\\fB\\-n, \\-\\-name TEXT\\fR\nWho's there." in sub
    assert ".SH ENVIRONMENT\n.TP\n\\fBTOOL_NAME\\fR\nSets \\-\\-name." in sub
    failed = subprocess.run([*command[:4], "nope"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (failed.returncode, "package.module:attribute" in failed.stderr) == (2, True)
