"""Run the commands of an application in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dray.cli_kit.testing import CliRunner, Result

from .cli.script import ScriptInfo

if TYPE_CHECKING:
    from .app import App


class AppCliRunner(CliRunner):
    """A runner for the commands of an application.

    :param app: the application.
    :param kwargs: arguments of :class:`dray.cli_kit.testing.CliRunner`.
    """

    def __init__(self, app: App, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.app = app

    def invoke(self, cli: Any = None, args: Any = None, **kwargs: Any) -> Result:  # type: ignore[override]
        """Run a command and give what it wrote and how it ended.

        :param cli: the application's group by default.
        :param args: of the command, as a list or one line of text.
        :param kwargs: arguments of :meth:`dray.cli_kit.testing.CliRunner.invoke`.
        """
        if "obj" not in kwargs:
            kwargs["obj"] = ScriptInfo(create_app=lambda: self.app)
        return super().invoke(self.app.cli if cli is None else cli, args, **kwargs)
