"""One suggestion of shell completion, and the empty generic base that types share.

Parameter types make suggestions, so this stands below them. It must not know shells.
"""

from __future__ import annotations

from ._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Generic

    from typing_extensions import TypeVar

    _Value_co = TypeVar("_Value_co", covariant=True, default=str)

    class _Base(Generic[_Value_co]):
        pass
else:
    _Value_co = object

    class _Base:
        """Accept ``CompletionItem[str]`` at run time without loading typing."""

        __slots__ = ()
        __class_getitem__ = classmethod(type(list[int]))


__all__ = ["CompletionItem"]


class CompletionItem(_Base[_Value_co]):
    """A value that the shell offers.

    :param value: the text that completes the word.
    :param type: what the shell does with it: ``plain``, ``file`` or ``dir`` (the shell lists files itself).
    :param help: shown beside the value by shells that can.
    :param kwargs: anything else a shell class of your own wants to know; readable as attributes, None when absent.
    """

    __slots__ = ("_info", "help", "type", "value")

    def __init__(self, value: _Value_co, type: str = "plain", help: str | None = None, **kwargs: Any) -> None:
        self.value = value
        self.type = type
        self.help = help
        self._info = kwargs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._info.get(name)

    def __repr__(self) -> str:
        return f"CompletionItem({self.value!r}, type={self.type!r}, help={self.help!r})"
