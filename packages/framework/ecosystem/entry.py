"""What is said of one package. Knows nothing of how it is run."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Suite:
    """The tests that a package's source archive brings."""

    #: What they need beside the package.
    requires: tuple[str, ...] = ()
    #: What pytest is given: paths in the archive, options.
    arguments: tuple[str, ...] = ()
    #: Which of them run, where it isn't all: for the documentation.
    part: str = ""
    #: Left out on both sides, as pytest deselects it, and why.
    left_out: dict[str, str] = field(default_factory=dict)
    #: Fails in drop-in mode by design: a pattern of identifiers, and the reason that the documentation gives.
    explained: dict[str, str] = field(default_factory=dict)
    #: Seconds that one side may take.
    limit: int = 900


@dataclass(frozen=True)
class Entry:
    """A package: what is installed, what runs, and what it is to be compared by."""

    #: As its project spells it.
    name: str
    version: str
    #: What the application does, for the documentation.
    shows: str
    #: Which references it is made for: drop-in mode must have stood in for each.
    stands_on: tuple[str, ...]
    #: What the application needs beside the package.
    requires: tuple[str, ...] = ()
    suite: Suite | None = None
    #: Why there is no suite.
    no_suite: str = ""

    @property
    def key(self) -> str:
        """Give the name as it is typed: ``flask-login``."""
        return self.name.lower().replace("_", "-")

    @property
    def requirement(self) -> str:
        """Give what is installed."""
        return f"{self.name}=={self.version}"

    @property
    def has_gateways(self) -> bool:
        """Tell whether there are requests, which may come by WSGI and by ASGI."""
        return "flask" in self.stands_on

    @property
    def application(self) -> str:
        """Give the file of the application."""
        return f"use_{self.key.replace('-', '_')}.py"
