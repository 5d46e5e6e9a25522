"""Manual pages, from the command line."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import dray.cli_kit as cli
from dray.cli_kit.__main__ import main
from dray.cli_kit.man import generate_man_pages


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


def test_pages_of_a_tree():
    """Each command that isn't hidden has a page; a group's page lists them, with what is deprecated marked."""
    group = cli.Group("tool", epilog="Be careful.", context_settings={"auto_envvar_prefix": "TOOL"})
    group.add_command(cli.Command("old", help="Old one.", deprecated=True, params=[cli.Option(["--depth"])]))
    group.add_command(cli.Command("secret", hidden=True))
    output = cli.OptionGroup("Output", help="How.", exclusive=True)
    styles = [cli.Option(["--json"], is_flag=True, group=output), cli.Option(["--csv"], is_flag=True, group=output)]
    group.add_command(cli.Command("show", params=styles, add_help_option=False), aliases=["s"])
    pages = dict(generate_man_pages(group, "tool", "1.0", "2026-01-02"))

    assert list(pages) == ["tool.1", "tool-old.1", "tool-show.1"]
    assert ".SH COMMANDS\n.TP\n\\fBold\\fR\nOld one. (DEPRECATED)\n.TP\n\\fBshow, s\\fR\n\\&\n" in pages["tool.1"]
    section = '.SH OPTIONS\n.SS "Output (only one)"\n.PP\nHow.\n.TP\n\\fB\\-\\-json\\fR\n'
    assert section in pages["tool-show.1"]
    assert (
        ".SH SEE ALSO\n\\fBtool\\-old\\fR(1), \\fBtool\\-show\\fR(1)\n.SH NOTES\n.PP\nBe careful.\n" in pages["tool.1"]
    )
    assert ".SH ENVIRONMENT\n.TP\n\\fBTOOL_OLD_DEPTH\\fR\nSets \\-\\-depth.\n" in pages["tool-old.1"]


def test_command_line(runner, tmp_path):
    """Pages go to standard output or into a folder; a command that can't be found is an error with its reason."""
    target = "dray.cli_kit.__main__:main"
    written = runner.invoke(main, ["man", target, "--name", "x", "--output", str(tmp_path / "new")])

    assert written.output.split() == [str(tmp_path / "new" / "x.1"), str(tmp_path / "new" / "x-man.1")]
    assert runner.invoke(main, ["man", target]).output.startswith('.TH "MAIN" 1 ')
    assert "given as 'package.module:attribute', not 'nope'" in runner.invoke(main, ["man", "nope"]).output
    missing = runner.invoke(main, ["man", "nowhere_at_all:x"])
    assert (missing.exit_code, "No module named 'nowhere_at_all'" in missing.output) == (1, True)
