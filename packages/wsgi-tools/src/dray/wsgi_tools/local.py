"""Context-local storage, and proxies that stand for what is stored there.

A *local* keeps a value per context: per thread, per asyncio task, per greenlet where the greenlet library carries
contexts. Everything rests on one :class:`contextvars.ContextVar` (PEP 567) per object, and what is stored in it is
copied before it is changed, so that a child task never sees its parent's later changes, nor the parent the child's.
This module must not know what is stored: requests and applications are the framework's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import partial, update_wrapper
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from ._proxy_ops import proxy_methods

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_UNBOUND_MESSAGE = "object is not bound"
#: One shared value for "nothing stored yet"; stored containers are copied before a change, so it stays empty.
_EMPTY: Any = {}


def release_local(local: Local | LocalStack[Any]) -> None:
    """Forget what a local or a stack holds in the current context.

    :param local: The :class:`Local` or :class:`LocalStack` to empty. Other contexts keep their values.
    """
    local.__release_local__()


class Local:
    """A namespace whose attributes belong to the current context.

    :param context_var: Where to keep the attributes. One is made for each instance when it is left out; pass your own
        only at module level, because context variables are never garbage collected while a context holds them.
    """

    __slots__ = ("__storage",)

    def __init__(self, context_var: ContextVar[dict[str, Any]] | None = None) -> None:
        storage = context_var or ContextVar(f"{__name__}.Local<{id(self)}>")
        object.__setattr__(self, "_Local__storage", storage)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.__storage.get(_EMPTY).items())

    def __call__(self, name: str, *, unbound_message: str | None = None) -> LocalProxy[Any]:
        """Make a proxy to one attribute of this namespace.

        :param name: The attribute.
        :param unbound_message: Text of the :exc:`RuntimeError` when the attribute isn't set in the current context.
        """
        return LocalProxy(self, name, unbound_message=unbound_message)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__storage.get(_EMPTY)[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self.__storage.set({**self.__storage.get(_EMPTY), name: value})

    def __delattr__(self, name: str) -> None:
        values = dict(self.__storage.get(_EMPTY))
        if name not in values:
            raise AttributeError(name)
        del values[name]
        self.__storage.set(values)

    def __release_local__(self) -> None:
        self.__storage.set({})


class LocalStack(Generic[T]):
    """A stack that belongs to the current context.

    :param context_var: Where to keep the list; as for :class:`Local`.
    """

    __slots__ = ("_storage",)

    def __init__(self, context_var: ContextVar[list[T]] | None = None) -> None:
        self._storage: ContextVar[list[T]] = context_var or ContextVar(f"{__name__}.LocalStack<{id(self)}>")

    def push(self, obj: T) -> list[T]:
        """Put a value on top.

        :return: The whole stack after the push, oldest first. Changing that list doesn't change the stack.
        """
        stack = [*self._storage.get(()), obj]
        self._storage.set(stack)
        return stack.copy()

    def pop(self) -> T | None:
        """Take the top value off.

        :return: The value, or ``None`` when the stack is empty.
        """
        stack = self._storage.get(())
        if not stack:
            return None
        self._storage.set(list(stack[:-1]))
        return stack[-1]

    @property
    def top(self) -> T | None:
        """The value that was pushed last, or ``None`` when the stack is empty."""
        stack = self._storage.get(())
        return stack[-1] if stack else None

    def __call__(self, name: str | None = None, *, unbound_message: str | None = None) -> LocalProxy[Any]:
        """Make a proxy to the top of this stack.

        :param name: Stand for this attribute of the top value; dots reach deeper.
        :param unbound_message: Text of the :exc:`RuntimeError` when the stack is empty.
        """
        return LocalProxy(self, name, unbound_message=unbound_message)

    def __release_local__(self) -> None:
        self._storage.set([])


class LocalManager:
    """Empties a group of locals when a request is over.

    :param locals: One local or stack, or several of them.
    """

    __slots__ = ("locals",)

    def __init__(self, locals: None | Local | LocalStack[Any] | Iterable[Local | LocalStack[Any]] = None) -> None:
        single = isinstance(locals, (Local, LocalStack))
        self.locals: list[Local | LocalStack[Any]] = [locals] if single else list(locals or ())  # type: ignore[list-item,arg-type]

    def cleanup(self) -> None:
        """Release every local of the group in the current context."""
        for single in self.locals:
            release_local(single)

    def make_middleware(self, app: WSGIApplication) -> WSGIApplication:
        """Wrap a WSGI application so that the locals are released when its response is closed.

        :param app: The application. When it raises before it returns an iterable, the locals are released at once.
        """
        from .wsgi import ClosingIterator  # noqa: PLC0415 - proxies are used where no gateway is loaded

        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            try:
                iterable = app(environ, start_response)
            except BaseException:
                self.cleanup()
                raise
            return ClosingIterator(iterable, self.cleanup)

        return application

    def __repr__(self) -> str:
        return f"<{type(self).__name__} storages: {len(self.locals)}>"

    def middleware(self, func: WSGIApplication) -> WSGIApplication:
        """Decorate a WSGI function with :meth:`make_middleware`, keeping its name and documentation."""
        return update_wrapper(self.make_middleware(func), func)


def _unbound(message: str) -> NoReturn:
    raise RuntimeError(message) from None


def _from_local(local: Local, name: str, message: str) -> Any:
    try:
        return getattr(local, name)
    except AttributeError:
        _unbound(message)


def _from_stack(stack: LocalStack[Any], pick: Callable[[Any], Any] | None, message: str) -> Any:
    value = stack.top
    if value is None:
        _unbound(message)
    return value if pick is None else pick(value)


def _from_variable(
    local: ContextVar[Any], name: str | None, pick: Callable[[Any], Any] | None, message: str
) -> Callable[[], Any]:
    get = local.get

    def whole() -> Any:
        try:
            return get()
        except LookupError:
            _unbound(message)

    if pick is None:
        return whole
    # getattr with a plain name is twice as fast as attrgetter; a dotted path needs the latter.
    if name is None or "." in name:
        return lambda: pick(whole())
    return lambda: getattr(whole(), name)


def _from_callable(function: Callable[[], Any], pick: Callable[[Any], Any] | None) -> Callable[[], Any]:
    if pick is None:
        return function
    return lambda: pick(function())


def _getter(local: Any, name: str | None, message: str) -> Callable[[], Any]:
    pick = None if name is None else attrgetter(name)
    if isinstance(local, Local):
        if name is None:
            raise TypeError("'name' is required when proxying a 'Local' object.")
        return partial(_from_local, local, name, message)
    if isinstance(local, LocalStack):
        return partial(_from_stack, local, pick, message)
    if isinstance(local, ContextVar):
        return _from_variable(local, name, pick, message)
    if callable(local):
        return _from_callable(local, pick)
    raise TypeError(
        f"Don't know how to proxy {type(local)!r}: expected a ContextVar, a Local, a LocalStack or a function."
    )


class LocalProxy(Generic[T]):
    """Stands for an object that is looked up anew at every use.

    Everything that is done to the proxy (attributes, items, operators, calls, ``isinstance``) is done to the object.
    ``issubclass(type(x), LocalProxy)`` tells a proxy from its object. Copying or pickling one copies or pickles the
    object.

    :param local: Where the object is: a :class:`~contextvars.ContextVar`, a :class:`Local`, a :class:`LocalStack`, or
        a function of no arguments that returns it.
    :param name: Stand for this attribute of what is found there; required for a :class:`Local`.
    :param unbound_message: Text of the :exc:`RuntimeError` that is raised while there is no object.
    :raises TypeError: ``local`` is something else, or a name is missing.
    """

    __slots__ = ("__get", "__source")

    _get_current_object: Callable[[], T]
    """Return the object itself, for code that needs its identity.

    :raises RuntimeError: Nothing is bound in the current context.
    """

    def __init__(
        self,
        local: ContextVar[T] | Local | LocalStack[T] | Callable[[], T],
        name: str | None = None,
        *,
        unbound_message: str | None = None,
    ) -> None:
        getter = _getter(local, name, _UNBOUND_MESSAGE if unbound_message is None else unbound_message)
        object.__setattr__(self, "_LocalProxy__get", getter)
        object.__setattr__(self, "_LocalProxy__source", local)

    if TYPE_CHECKING:
        # Special methods come from `_proxy_ops`; type checkers see a proxy as what it stands for: anything.
        def __getattr__(self, name: str) -> Any: ...
        def __getitem__(self, key: Any) -> Any: ...
        def __setitem__(self, key: Any, value: Any) -> None: ...
        def __delitem__(self, key: Any) -> None: ...
        def __contains__(self, key: Any) -> bool: ...
        def __iter__(self) -> Iterator[Any]: ...
        def __len__(self) -> int: ...
        def __call__(self, *args: Any, **kwargs: Any) -> Any: ...  # noqa: D102 - a type stub
        def __enter__(self) -> Any: ...
        def __exit__(self, *args: Any) -> Any: ...
        async def __aenter__(self) -> Any: ...
        async def __aexit__(self, *args: Any) -> Any: ...


#: Reads the getter of a proxy: the slot's own C function, because `self.x` would come back to `__getattribute__`.
_get = cast("Callable[[Any], Callable[[], Any]]", LocalProxy.__dict__["_LocalProxy__get"].__get__)
_source = LocalProxy.__dict__["_LocalProxy__source"].__get__


def _current(proxy: Any) -> Any:
    return _get(proxy)()


def _own_or_bound(proxy: Any, name: str) -> Any:
    """Answer for names that tools ask of unbound proxies too (``isinstance``, documentation, test collection)."""
    try:
        value = _get(proxy)()
    except RuntimeError:
        return type(proxy) if name == "__class__" else getattr(type(proxy), name)
    return getattr(value, name)


#: Attributes that the proxy answers itself; every other name goes to the object.
_OWN: dict[str, Callable[[Any, str], Any]] = {
    "_get_current_object": lambda proxy, name: _get(proxy),
    "__wrapped__": lambda proxy, name: _source(proxy),
    "__class__": _own_or_bound,
    "__doc__": _own_or_bound,
    "__module__": _own_or_bound,
    # Asked of the instance by pprint, copy and contextlib, but answered by the operator table.
    **dict.fromkeys(("__repr__", "__dir__", "__copy__", "__deepcopy__"), object.__getattribute__),
}


def _getattribute(self: Any, name: str) -> Any:
    # 150 ns on CPython 3.11 against 770 ns for a failed lookup followed by __getattr__.
    if name in _OWN:
        return _OWN[name](self, name)
    return getattr(_get(self)(), name)


def _setattr(self: Any, name: str, value: Any) -> None:
    if name != "__orig_class__":  # what `LocalProxy[int](...)` sets on every new instance is not for the object
        setattr(_get(self)(), name, value)


for _name, _method in proxy_methods(_current):
    setattr(LocalProxy, _name, _method)
LocalProxy.__getattribute__ = _getattribute  # type: ignore[method-assign]
LocalProxy.__setattr__ = _setattr  # type: ignore[method-assign]
del _name, _method
