"""Environments for templates that come from people who are not trusted.

The sandbox decides by type what a template may reach, wherever a value came from: methods bound and unbound, of text
and of safe text, by filters and by ``|attr``. Budgets bound what a render may use. It is one wall; the operating
system has to be the other.
"""

from __future__ import annotations

from functools import partial
from string import Formatter
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    TracebackType,
)

from dray.safe_strings import EscapeFormatter, Markup
from dray.safe_strings._choose import escape_to_str

from ._sandbox_attributes import (
    MUTATOR_NAMES,
    UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
    UNSAFE_COROUTINE_ATTRIBUTES,
    UNSAFE_FUNCTION_ATTRIBUTES,
    UNSAFE_GENERATOR_ATTRIBUTES,
    UNSAFE_METHOD_ATTRIBUTES,
    calls_mutator,
    is_internal_attribute,
    modifies_known_mutable,
    owner_and_name,
)
from ._sandbox_budgets import active, guarded, guarded_stream, make_steps, with_an_end
from ._sandbox_filters import check_filter
from ._sandbox_runtime import (
    SandboxedAsyncLoop,
    SandboxedLoop,
    SandboxedMacro,
    linking_names,
    make_macro,
    sized,
    to_list,
    within_call,
)
from ._sandbox_sizes import GUARDED_TYPES, SHORT_TYPES, SizeGuard, size_of
from ._settings import Traits
from .environment import Environment
from .exceptions import SecurityError
from .filters import FILTERS
from .runtime.context import Context
from .runtime.context import call as context_call
from .runtime.undefined import Undefined
from .utils import internalcode, passed_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeVar

    from .environment.template import RenderFunctions

    F = TypeVar("F", bound=Callable[..., Any])
else:
    F = None

__all__ = [
    "Context", "F", "ImmutableSandboxedEnvironment", "MAX_RANGE", "SandboxedEnvironment", "SandboxedEscapeFormatter",
    "SandboxedFormatter", "UNSAFE_ASYNC_GENERATOR_ATTRIBUTES", "UNSAFE_COROUTINE_ATTRIBUTES",
    "UNSAFE_FUNCTION_ATTRIBUTES", "UNSAFE_GENERATOR_ATTRIBUTES", "UNSAFE_METHOD_ATTRIBUTES", "RangeBudgetError",
    "is_internal_attribute", "modifies_known_mutable", "safe_range", "unsafe", "Undefined",
]  # fmt: skip

#: Most numbers of a range.
MAX_RANGE = 100000


class RangeBudgetError(SecurityError, OverflowError):
    """A range is too big."""


def safe_range(*args: int) -> range:
    """Return a range that isn't too big; takes what ``range`` takes.

    :raises RangeBudgetError: if it has more than :data:`MAX_RANGE` numbers
    """
    return _bounded_range(MAX_RANGE, *args)


def _bounded_range(limit: int, *args: int) -> range:
    numbers = range(*args)
    try:
        size = len(numbers)
    except OverflowError:
        size = limit + 1
    if size > limit:
        raise RangeBudgetError(f"Range too big. The sandbox blocks ranges larger than max_range ({limit}).")
    return numbers


def unsafe(f: F) -> F:
    """Mark a function or method as one that no sandboxed template may call.

    :param f: the function
    :return: the same function
    """
    f.unsafe_callable = True  # type: ignore[attr-defined]
    return f


def _format_method(function: Any) -> tuple[str | None, str | None]:
    """Return the text that a ``format`` or ``format_map`` method is bound to, and the method's name.

    For an unbound method the text is ``None``: it comes as the first argument.
    """
    owner, name = owner_and_name(function)
    if name not in {"format", "format_map"}:
        return None, None
    if isinstance(owner, str):
        return owner, name
    if isinstance(owner, type) and issubclass(owner, str):
        return None, name
    return None, None


class SandboxedFormatter(Formatter):
    """Formats text with look-ups by the sandbox's rules.

    :param env: the sandboxed environment
    """

    def __init__(self, env: Environment, **kwargs: Any) -> None:
        self._env = env
        self._guard: SizeGuard | None = getattr(env, "_guard", None)
        #: How many characters of values there are so far.
        self._size = 0
        super().__init__(**kwargs)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Return the value of a field such as ``user.name`` or ``rows[0]``.

        :param field_name: the field
        :param args: the positional values
        :param kwargs: the values by name
        """
        from _string import formatter_field_name_split  # type: ignore[import-not-found]  # noqa: PLC0415

        first, rest = formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = self._env.getattr(value, key) if is_attribute else self._env.getitem(value, key)
        return value, first

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Make text of a value where a field says so; too long a text is refused."""
        if self._guard is not None and conversion is not None:
            self._guard.check_text(value)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Format one value; a width that is too large is refused, and too long a text."""
        guard = self._guard
        if guard is None:
            return super().format_field(value, format_spec)
        guard.check_widths(format_spec)
        guard.check_text(value)
        text = super().format_field(value, format_spec)
        self._size += len(text)
        guard.check(self._size)
        return text


class SandboxedEscapeFormatter(SandboxedFormatter, EscapeFormatter):
    """The same for safe text: values are escaped."""


class SandboxedEnvironment(Environment):
    """An environment whose templates can't reach the inside of Python, or use more than their budgets.

    Takes the arguments of :class:`.Environment` and:

    :param max_output: most characters that one render writes: what macros, blocks and ``set`` write into variables
        counts as well, and once more where it is output
    :param max_loop_steps: most rounds of all loops in one render; a call of a macro, block or function, an include and
        an import count as one
    :param max_recursion: most calls, includes and imports within each other
    :param max_range: most numbers of a range
    :param max_size: most characters, items or bits of one value that operators, methods of built-in types and the
        engine's filters make; what is larger when the template gets it stays as it is
    :raises TypeError: if one of these is no whole number
    """

    sandboxed = True

    #: Operators by their symbols, for :meth:`call_binop`.
    default_binop_table: dict[str, Callable[[Any, Any], Any]] = {
        "+": lambda left, right: left + right,
        "-": lambda left, right: left - right,
        "*": lambda left, right: left * right,
        "/": lambda left, right: left / right,
        "//": lambda left, right: left // right,
        "**": lambda left, right: left**right,
        "%": lambda left, right: left % right,
    }
    #: Operators by their symbols, for :meth:`call_unop`.
    default_unop_table: dict[str, Callable[[Any], Any]] = {"+": lambda value: +value, "-": lambda value: -value}
    #: Binary operators that go through :meth:`call_binop`.
    intercepted_binops: frozenset[str] = frozenset()
    #: Unary operators that go through :meth:`call_unop`.
    intercepted_unops: frozenset[str] = frozenset()

    def __init__(
        self,
        *args: Any,
        max_output: int = 10_000_000,
        max_loop_steps: int = 10_000_000,
        max_recursion: int = 100,
        max_range: int | None = None,
        max_size: int = 1_000_000,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.limits = {
            "max_output": max_output,
            "max_loop_steps": max_loop_steps,
            "max_recursion": max_recursion,
            "max_range": MAX_RANGE if max_range is None else max_range,
            "max_size": max_size,
        }
        for name, limit in self.limits.items():
            if not isinstance(limit, int):
                raise TypeError(f"{name} has to be a whole number, not {limit!r}")
        self._guard = SizeGuard(max_size)
        self.globals["range"] = safe_range if max_range is None else partial(_bounded_range, max_range)
        self.globals["lipsum"] = _bounded_lorem(self._guard, self.globals["lipsum"])
        self.binop_table = self.default_binop_table.copy()
        self.unop_table = self.default_unop_table.copy()

    # -- what may be overridden

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Say whether a template may have an attribute.

        :param obj: the object
        :param attr: the attribute's name
        :param value: its value
        """
        return not (attr.startswith("_") or is_internal_attribute(obj, attr))

    def is_safe_callable(self, obj: Any) -> bool:
        """Say whether a template may call something.

        :param obj: the callable
        """
        return not (getattr(obj, "unsafe_callable", False) or getattr(obj, "alters_data", False))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the value of a binary operator in :attr:`intercepted_binops`.

        :param context: the active context
        :param operator: its symbol
        :param left: what stands before it
        :param right: what stands behind it
        """
        return self.binop_table[operator](left, right)

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Return the value of a unary operator in :attr:`intercepted_unops`.

        :param context: the active context
        :param operator: its symbol
        :param arg: what stands behind it
        """
        return self.unop_table[operator](arg)

    # -- look-ups

    def getitem(self, obj: Any, argument: str | Any) -> Any | Undefined:
        """Return an item, or else a safe attribute.

        :param obj: what is looked into
        :param argument: the key
        """
        try:
            return obj[argument]
        except (TypeError, LookupError):
            if isinstance(argument, str):
                found, value = self._safe_attribute(obj, str(argument))
                if found:
                    return value
        return self.undefined(obj=obj, name=argument)

    def getattr(self, obj: Any, attribute: str) -> Any | Undefined:
        """Return a safe attribute, or else the item of that name.

        :param obj: what is looked into
        :param attribute: the attribute's name
        """
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            try:
                return obj[attribute]
            except (TypeError, LookupError):
                return self.undefined(obj=obj, name=attribute)
        return self._checked(obj, attribute, value)

    def _attribute_only(self, obj: Any, name: str) -> Any:
        """Return a safe attribute, never an item."""
        text = str.__str__(name)  # whatever a subclass says that it is
        found, value = self._safe_attribute(obj, text)
        if not found:
            return self.undefined(obj=obj, name=name)
        return value if type(self).getattr is SandboxedEnvironment.getattr else self.getattr(obj, text)

    def _safe_attribute(self, obj: Any, name: str) -> tuple[bool, Any]:
        """Say whether there is an attribute, and return what a template gets for it."""
        try:
            value = getattr(obj, name)
        except AttributeError:
            return False, None
        return True, self._checked(obj, name, value)

    def _checked(self, obj: Any, name: str, value: Any) -> Any:
        """Return what a template gets for an attribute: ``format`` wrapped, an unsafe one undefined."""
        wrapped = self.wrap_str_format(value)
        if wrapped is not None:
            return wrapped
        if self.is_safe_attribute(obj, name, value):
            return value
        return self.unsafe_undefined(obj, name)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Return the undefined value for an unsafe attribute: its use raises a security error.

        :param obj: the object
        :param attribute: the attribute's name
        """
        hint = f"access to attribute {attribute!r} of {type(obj).__name__!r} object is unsafe."
        return self.undefined(hint, name=attribute, obj=obj, exc=SecurityError)

    # -- calls

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a safe stand-in for a text's ``format`` or ``format_map``, bound or not; ``None`` for anything else.

        :param value: a callable
        """
        if not isinstance(value, (MethodType, BuiltinFunctionType, MethodDescriptorType)) and not callable(value):
            return None
        text, name = _format_method(value)
        if name is None:
            return None

        def format(*args: Any, **kwargs: Any) -> str:
            subject = text
            if subject is None:
                subject, args = args[0], args[1:]
            return self._format(subject, name == "format_map", args, kwargs)

        format.__name__ = name
        return format

    def _format(self, text: str, by_mapping: bool, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """Format a text by the sandbox's rules."""
        formatter: SandboxedFormatter
        if isinstance(text, Markup):
            formatter = SandboxedEscapeFormatter(self, escape=text.escape)
        else:
            formatter = SandboxedFormatter(self)
        if by_mapping:
            if kwargs or len(args) != 1:
                raise TypeError(f"format_map() takes exactly one argument {len(args) + bool(kwargs)} given")
            return type(text)(formatter.vformat(text, (), args[0]))
        return type(text)(formatter.vformat(text, args, kwargs))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call something for a template, if that is safe.

        :raises SecurityError: if it isn't
        """
        while isinstance(__obj, partial):
            args, kwargs = (*__obj.args, *args), {**__obj.keywords, **kwargs}
            __obj = __obj.func
        wrapped = __self.wrap_str_format(__obj)
        if wrapped is not None:
            __obj = wrapped
        elif not __self.is_safe_callable(__obj):
            raise SecurityError(f"{__obj!r} is not safely callable")
        call_with = type(__context).call
        if call_with is Context.call:
            call_with = context_call
        if __obj.__class__ is SandboxedMacro:  # counts itself
            return call_with(__context, __obj, *args, **kwargs)
        owner, name = owner_and_name(__obj)
        if isinstance(owner, GUARDED_TYPES) or (isinstance(owner, type) and issubclass(owner, GUARDED_TYPES)):
            return __self._guard.call_method(owner, name, partial(call_with, __context, __obj), args, kwargs)
        budget = active.get()
        if budget is None:
            return call_with(__context, __obj, *args, **kwargs)
        budget.enter()
        try:
            result = call_with(__context, __obj, *args, **kwargs)
        finally:
            budget.leave()
        return within_call(result, budget) if result.__class__ is CoroutineType else result

    # -- what generated code uses

    def _has_stock_lookup(self) -> bool:
        cls = type(self)
        return (
            cls.getattr is SandboxedEnvironment.getattr
            and cls.getitem is SandboxedEnvironment.getitem
            and not {"getattr", "getitem"} & self.__dict__.keys()
        )

    def _sandbox_globals(self) -> dict[str, Any]:
        """Return the names of generated code that the sandbox adds or replaces."""
        guard = self._guard
        steps, steps_async = make_steps(self.limits)
        names: dict[str, Any] = {
            ".call": self.call,
            ".call_within": self._call_within,
            ".call_binop": self.call_binop,
            ".call_unop": self.call_unop,
            ".lookup": self._make_lookup(),
            ".attribute": self.getattr,
            ".subscript": self._subscript,
            ".steps": steps,
            ".steps_async": steps_async,
            ".guard *": guard.multiply,
            ".guard **": guard.power,
            ".guard +": guard.add,
            ".guard %": guard.modulo,
            ".guard ~": guard.join,
            ".escape": guard.escape,
            ".str": guard.text,
            ".short_types": SHORT_TYPES,
            ".escape_short": escape_to_str,
            ".str_short": str,
            ".make_macro": make_macro,
            ".LoopContext": SandboxedLoop,
            ".AsyncLoopContext": SandboxedAsyncLoop,
            ".sized": sized,
            ".auto_to_list": to_list,
        }
        names.update(linking_names(self.is_async))
        return names

    def _make_lookup(self) -> Callable[[Any, str], Any]:
        """Return the function for ``.``: the harmless cases quickly, the others by the environment."""
        environment = self
        stock = _has_stock_rules(type(self)) and not {"is_safe_attribute", "wrap_str_format"} & self.__dict__.keys()
        harmless: set[type] = set()
        harmless_names: set[str] = set()

        def lookup(obj: Any, name: str) -> Any:
            cls = type(obj)
            if name in harmless_names and cls in harmless:
                value = getattr(obj, name, environment)
                if type(value) in _DATA_TYPES or (value is not environment and type(value) in harmless):
                    return value
                if value is not environment:  # a property is asked once
                    return environment._checked(obj, name, value)
            elif cls is dict:
                if name in obj:
                    return obj[name]
            elif stock and len(harmless) < _MOST_KEPT and len(harmless_names) < _MOST_KEPT:
                if not issubclass(cls, _GUARDED_TYPES):
                    harmless.add(cls)
                if not name.startswith("_") and name not in MUTATOR_NAMES:
                    harmless_names.add(name)
            return environment.getattr(obj, name)

        return lookup

    def _subscript(self, obj: Any, key: Any) -> Any:
        """Return what ``[]`` finds."""
        if obj.__class__ in _PLAIN:
            try:
                return obj[key]
            except (TypeError, LookupError):
                pass
        return self.getitem(obj, key)

    def _call_within(self, context: Context, local: dict[str, Any], function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something where loop or block assigned variables that a context function should see."""
        if local and passed_argument(function) == "context":
            context = context.derived(local)
        return self.call(context, function, *args, **kwargs)

    def call_filter(
        self, name: Any, value: Any, args: Any = None, kwargs: Any = None, context: Any = None, eval_ctx: Any = None
    ) -> Any:
        """Apply a filter; see :meth:`.Environment.call_filter`."""
        function = self.filters.get(name)
        if function is None or function is not FILTERS.get(name):
            return super().call_filter(name, value, args, kwargs, context, eval_ctx)
        guard = self._guard
        if name in _READING_FILTERS:
            value = with_an_end(value)
        size = size_of(value)
        value, args, kwargs = check_filter(guard, self, name, value, tuple(args or ()), kwargs or {})
        result = super().call_filter(name, value, args, kwargs, context, eval_ctx)
        if result.__class__ is CoroutineType:
            return _checked_later(guard, size, result)
        guard.check_grown(size, result)
        return result

    # -- renders

    def concat(self, pieces: Any) -> Any:
        """Join pieces of output, which count.

        :param pieces: the pieces
        """
        budget = active.get()
        if budget is None:
            return super().concat(pieces)
        pieces = pieces if isinstance(pieces, list) else list(pieces)
        joined = super().concat(pieces)
        budget.finish_output(pieces, joined)
        return joined

    def _traits(self) -> Traits:
        plain_lookup, plain_call, plain_undefined, _, sandboxed = super()._traits()
        joins = super().concat
        plain_output = self.finalize is None and joins is Environment.concat
        return Traits(plain_lookup, plain_call, plain_undefined, plain_output, sandboxed)

    def _guard_functions(self, functions: RenderFunctions, stream: bool) -> RenderFunctions:
        guard = guarded_stream if stream else guarded
        root, blocks = functions
        counting = {name: guard(function, self.limits, self.is_async) for name, function in blocks.items()}
        return guard(root, self.limits, self.is_async), counting


@internalcode
async def _checked_later(guard: SizeGuard, size: int, waiting: Any) -> Any:
    """Return what a coroutine of a filter returns, if it isn't too large."""
    result = await waiting
    guard.check_grown(size, result)
    return result


#: Types some of whose attributes lead to the inside of Python, and those of methods, which may have to be wrapped.
_GUARDED_TYPES = (
    type, FunctionType, MethodType, BuiltinFunctionType, MethodDescriptorType, partial, CodeType, TracebackType,
    FrameType, GeneratorType, CoroutineType, AsyncGeneratorType,
)  # fmt: skip
#: Types of attributes that are data: no method is among them.
_DATA_TYPES: frozenset[Any] = frozenset({str, int, float, bool, list, dict, tuple, set, frozenset, type(None), Markup})
#: So that a program which makes classes or names without an end doesn't keep them all alive.
_MOST_KEPT = 1000


def _has_stock_rules(cls: type[Any]) -> bool:
    """Say whether an environment's class decides about attributes as this module does."""
    rules = (SandboxedEnvironment.is_safe_attribute, ImmutableSandboxedEnvironment.is_safe_attribute)
    return cls.is_safe_attribute in rules and cls.wrap_str_format is SandboxedEnvironment.wrap_str_format


_PLAIN: frozenset[Any] = frozenset({dict, list, tuple, str})


#: Filters that read all items of what they get, or can.
_READING_FILTERS = frozenset({
    "batch", "first", "groupby", "join", "list", "map", "max", "min", "reject", "rejectattr", "select", "selectattr",
    "slice", "sort", "sum", "unique",
})  # fmt: skip


def _bounded_lorem(guard: SizeGuard, lorem: Callable[..., str]) -> Callable[..., str]:
    """Return the placeholder text's function with a limit."""

    def lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:
        guard.check(n * (8 * max if max > 0 else 0) + 8 * n)
        return lorem(n, html, min, max)

    return lipsum


class ImmutableSandboxedEnvironment(SandboxedEnvironment):
    """A sandbox whose templates can't change the collections they are given."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Say whether a template may have an attribute: a method that changes a collection is none.

        :param obj: the object
        :param attr: the attribute's name
        :param value: its value
        """
        return super().is_safe_attribute(obj, attr, value) and not modifies_known_mutable(obj, attr)

    def is_safe_callable(self, obj: Any) -> bool:
        """Say whether a template may call something: a method that changes a collection is refused, bound or not.

        :param obj: the callable
        """
        return super().is_safe_callable(obj) and not calls_mutator(obj)
