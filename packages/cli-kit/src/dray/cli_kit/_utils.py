"""Values that mean "nothing was given", and modules that are loaded when first used.

The lowest module of the package. It must not know options, streams or text; everything else may import it.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any, overload
else:

    def overload(function):
        """Do what :func:`typing.overload` does, nothing, without loading typing."""
        return function


__all__ = ["FLAG_NEEDS_VALUE", "TYPE_CHECKING", "UNSET", "Sentinel", "gettext", "lazy_module", "ngettext", "overload"]


class Sentinel:
    """A named constant that is only ever compared by identity, and stays itself when copied or pickled."""

    __slots__ = ("name",)

    UNSET: Sentinel
    FLAG_NEEDS_VALUE: Sentinel

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Sentinel.{self.name}"

    def __copy__(self) -> Sentinel:
        return self

    def __deepcopy__(self, memo: object) -> Sentinel:
        return self

    def __reduce__(self) -> str:
        return self.name


#: No value at all, as opposed to ``None`` that somebody asked for.
UNSET: Any = Sentinel("UNSET")
#: The option stood on the command line without the value that it may leave out.
FLAG_NEEDS_VALUE: Any = Sentinel("FLAG_NEEDS_VALUE")
Sentinel.UNSET = UNSET
Sentinel.FLAG_NEEDS_VALUE = FLAG_NEEDS_VALUE


class _LazyModule:
    """Stands in for a module of the standard library until one of its attributes is asked for."""

    def __init__(self, name: str) -> None:
        self.__dict__["_lazy_name"] = name

    def __getattr__(self, attribute: str) -> Any:
        name = self.__dict__["_lazy_name"]
        __import__(name)
        value = getattr(sys.modules[name], attribute)
        self.__dict__[attribute] = value
        return value


def lazy_module(name: str) -> Any:
    """Return a stand-in for a module that imports it when it is first used.

    Start-up time is the reason: ``re`` alone costs more than a small command. What was looked up once is kept.

    :param name: the dotted name of the module.
    :return: an object with the module's attributes.
    """
    return _LazyModule(name)


def _translator(name: str) -> Any:
    """Return a function of :mod:`gettext`, or None where the program chose no catalogue.

    A program that didn't import the module chose none, and neither did one that left domain and folders as they are;
    then the module isn't loaded, nor the disk searched for each message.
    """
    module: Any = sys.modules.get("gettext")
    translate = getattr(module, name, None)  # None too while the module is still being imported
    if translate is None or getattr(translate, "__module__", None) != "gettext":
        return translate
    untouched = module._current_domain == "messages" and not module._localedirs
    return None if untouched else translate


def gettext(message: str) -> str:
    """Translate a message if the program uses :mod:`gettext`.

    :param message: the English text.
    :return: the translation, or the text itself.
    """
    translate = _translator("gettext")
    return message if translate is None else str(translate(message))


def ngettext(singular: str, plural: str, count: int) -> str:
    """Choose between singular and plural, translated as :func:`gettext` does.

    :param singular: the English text for one.
    :param plural: the English text for any other number.
    :param count: the number.
    :return: the text for that number.
    """
    translate = _translator("ngettext")
    if translate is None:
        return singular if count == 1 else plural
    return str(translate(singular, plural, count))
