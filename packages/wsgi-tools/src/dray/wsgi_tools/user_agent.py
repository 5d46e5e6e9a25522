"""The ``User-Agent`` header as an object that a program can replace by one that knows browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._types import Text

if TYPE_CHECKING:
    from typing import Self


class UserAgent:
    """The text of a ``User-Agent`` header (RFC 9110 section 10.1.5).

    The attributes are empty here: a subclass that parses the text fills them in, and a request class names it as its
    ``user_agent_class``.

    :param string: the header's value.
    """

    #: The browser.
    browser: Text = None

    #: The browser's version.
    version: Text = None

    #: The operating system that it runs on.
    platform: Text = None

    #: The language that it speaks.
    language: Text = None

    def __init__(self, string: str) -> None:
        #: The header's value.
        self.string = string

    @classmethod
    def from_header(cls, value: Text) -> Self:
        """Read a header's value; ``None`` is an empty one."""
        return cls(value or "")

    def to_header(self) -> str:
        """Write the header's value."""
        return self.string

    def __str__(self) -> str:
        return self.string

    def __bool__(self) -> bool:
        return bool(self.string)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.browser}/{self.version}>"
