"""What a template gets for a name, attribute or item that isn't there.

The classes differ in what one may do with such a value. They know the error classes, no environment.
"""

from __future__ import annotations

from ..exceptions import TemplateRuntimeError, UndefinedError
from ..utils import missing, object_type_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from collections.abc import AsyncIterator, Iterator
    from typing import Any, NoReturn


class Undefined:
    """An undefined value: empty when it is printed, tested or iterated over, an error in any other use.

    :param hint: the whole message, if there is something better to say than that a name is undefined
    :param obj: what the attribute or item was looked up on; ``missing`` for a variable
    :param name: the name of the variable or attribute, or the item's key
    :param exc: the class of the error
    """

    __slots__ = (
        "_undefined_cause", "_undefined_exception", "_undefined_hint", "_undefined_name", "_undefined_obj",
    )  # fmt: skip
    _dray_undefined = True

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        self._undefined_hint = hint
        self._undefined_obj = obj
        self._undefined_name = name
        self._undefined_exception = exc
        #: The AttributeError that a property raised and that made the value undefined.
        self._undefined_cause: BaseException | None = None

    @property
    def _undefined_message(self) -> str:
        """The message of the error that a forbidden use raises."""
        if self._undefined_hint:
            return self._undefined_hint
        name, obj = self._undefined_name, self._undefined_obj
        if obj is missing:
            return f"{name!r} is undefined"
        if isinstance(name, str):
            return f"{object_type_repr(obj)!r} has no attribute {name!r}"
        return f"{object_type_repr(obj)} has no element {name!r}"

    def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise the value's error."""
        raise self._undefined_exception(self._undefined_message) from getattr(self, "_undefined_cause", None)

    def __getattr__(self, name: str) -> Any:
        # Special names are looked up by copy, pickle and others that only want to know whether they are there.
        if name[:2] == name[-2:] == "__" or name == "_undefined_cause":
            raise AttributeError(name)
        self._fail_with_undefined_error()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _fail_with_undefined_error
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _fail_with_undefined_error
    __pow__ = __rpow__ = __pos__ = __neg__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = __complex__ = _fail_with_undefined_error
    __call__ = __getitem__ = _fail_with_undefined_error

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "Undefined"

    def __iter__(self) -> Iterator[Any]:
        yield from ()

    async def __aiter__(self) -> AsyncIterator[Any]:
        for _ in ():
            yield

    def __hash__(self) -> int:
        return id(type(self))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        names = {slot for cls in type(self).__mro__ for slot in getattr(cls, "__slots__", ())}
        state = {name: getattr(self, name) for name in names if name != "_undefined_cause" and _is_set(self, name)}
        state.update(getattr(self, "__dict__", None) or {})
        return None, state

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        self._undefined_cause = None
        for name, value in state[1].items():
            setattr(self, name, value)


def _is_set(obj: Any, name: str) -> bool:
    try:
        object.__getattribute__(obj, name)
    except AttributeError:
        return False
    return True


class ChainableUndefined(Undefined):
    """An undefined value whose attributes and items are undefined as well, not an error."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)

    def __getattr__(self, name: str) -> ChainableUndefined:
        if name[:2] == name[-2:] == "__" or name == "_undefined_cause":
            raise AttributeError(name)
        return self

    def __getitem__(self, _name: str) -> ChainableUndefined:  # type: ignore[override]
        return self


class DebugUndefined(Undefined):
    """An undefined value that prints what is missing, in double braces."""

    __slots__ = ()

    def __str__(self) -> str:
        if self._undefined_hint:
            text = f"undefined value printed: {self._undefined_hint}"
        elif self._undefined_obj is missing:
            text = str(self._undefined_name)
        else:
            text = f"no such element: {object_type_repr(self._undefined_obj)}[{self._undefined_name!r}]"
        return f"{{{{ {text} }}}}"


class StrictUndefined(Undefined):
    """An undefined value that may be asked whether it is defined, and nothing else."""

    __slots__ = ()
    _fail = Undefined._fail_with_undefined_error
    __iter__ = __str__ = __len__ = _fail
    __eq__ = __ne__ = __bool__ = __hash__ = __contains__ = _fail
    del _fail


#: Classes whose construction nobody can observe, so that one instance may stand for every use of a name.
STOCK_CLASSES = frozenset({Undefined, ChainableUndefined, DebugUndefined, StrictUndefined})


def make_logging_undefined(logger: logging.Logger | None = None, base: type[Undefined] = Undefined) -> type[Undefined]:
    """Make an undefined class that logs its uses.

    Printing, iterating and testing log a warning, a failing use logs an error.

    :param logger: where to log; by default standard error
    :param base: the class to build on
    :return: a subclass of *base*
    """
    if logger is None:
        import logging  # noqa: PLC0415 - logging costs start-up time

        logger = logging.getLogger("dray.templating.undefined")
        if not logger.handlers:
            logger.addHandler(logging.StreamHandler())

    log = logger

    def warn(undefined: Undefined) -> None:
        log.warning("Template variable warning: %s", undefined._undefined_message)

    class LoggingUndefined(base):  # type: ignore[valid-type, misc]
        """An undefined value that logs its uses."""

        __slots__ = ()

        def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> NoReturn:
            log.error("Template variable error: %s", self._undefined_message)
            super()._fail_with_undefined_error(*args, **kwargs)
            raise AssertionError("the line above always raises")

        def __str__(self) -> str:
            warn(self)
            return super().__str__()  # type: ignore[no-any-return]

        def __iter__(self) -> Iterator[Any]:
            warn(self)
            return super().__iter__()  # type: ignore[no-any-return]

        def __bool__(self) -> bool:
            warn(self)
            return super().__bool__()  # type: ignore[no-any-return]

    return LoggingUndefined
