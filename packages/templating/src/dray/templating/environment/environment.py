"""The environment: settings, filters, tests and globals, and the way from a name or a text to a template.

The way from a text to code is in :mod:`.compiling`, the one from a name to a template in :mod:`.loading`; rendering is
the template's business.
"""

from __future__ import annotations

from collections import ChainMap
from functools import cached_property

from .._settings import EvalContext, Syntax, Traits
from ..defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    DEFAULT_NAMESPACE,
    DEFAULT_POLICIES,
    KEEP_TRAILING_NEWLINE,
    LINE_COMMENT_PREFIX,
    LINE_STATEMENT_PREFIX,
    LSTRIP_BLOCKS,
    NEWLINE_SEQUENCE,
    TRIM_BLOCKS,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)
from ..exceptions import TemplateRuntimeError
from ..runtime.context import Context, new_context
from ..runtime.undefined import STOCK_CLASSES, Undefined
from ..utils import (
    PASS_CONTEXT,
    PASS_ENVIRONMENT,
    PASS_EVAL_CONTEXT,
    is_undefined,
    missing,
    passed_argument,
)
from .compiling import TemplateCompiling
from .loading import TemplateLoading
from .options import (
    attribute_for_item,
    check_configuration,
    copy_cache,
    create_cache,
    item_for_attribute,
    load_extensions,
    make_lookups,
    undefined_attribute,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
    from typing import Any, NoReturn, Self

    from .. import nodes
    from .template import RenderFunctions, Template

    #: A setting of an overlay: of the type that the class's argument of the same name has.
    Setting = Any
    Piece = tuple[int, str, str]
    Positional = Sequence[Any] | None
    Keywords = Mapping[str, Any] | None


class Environment(TemplateLoading, TemplateCompiling):
    """The settings that templates share, and the templates loaded with them.

    Change it before the first template is loaded; afterwards only ``globals``, ``filters`` and ``tests`` may grow.

    :param block_start_string: begins a tag
    :param block_end_string: ends a tag
    :param variable_start_string: begins a print statement
    :param variable_end_string: ends a print statement
    :param comment_start_string: begins a comment
    :param comment_end_string: ends a comment
    :param line_statement_prefix: makes a line a tag
    :param line_comment_prefix: makes the rest of a line a comment
    :param trim_blocks: drop the first line break behind a tag
    :param lstrip_blocks: drop blanks between the beginning of a line and a tag
    :param newline_sequence: what line breaks of the text become
    :param keep_trailing_newline: keep the line break at the end of the text
    :param extensions: extension classes, or their import paths
    :param optimized: fold constants
    :param undefined: the class of undefined values
    :param finalize: is applied to every value before it is output
    :param autoescape: escape output: a flag, or a function of the template's name
    :param loader: finds templates
    :param cache_size: most templates kept; 0 for none, negative for no limit
    :param auto_reload: look before each use whether a template has changed
    :param bytecode_cache: keeps compiled templates
    :param enable_async: compile asynchronous templates
    """

    sandboxed = False
    overlayed = False
    linked_to: Environment | None = None
    shared = False

    concat = "".join
    context_class: type[Context] = Context
    template_class: type[Template]

    def __init__(
        self,
        block_start_string: str = BLOCK_START_STRING,
        block_end_string: str = BLOCK_END_STRING,
        variable_start_string: str = VARIABLE_START_STRING,
        variable_end_string: str = VARIABLE_END_STRING,
        comment_start_string: str = COMMENT_START_STRING,
        comment_end_string: str = COMMENT_END_STRING,
        line_statement_prefix: str | None = LINE_STATEMENT_PREFIX,
        line_comment_prefix: str | None = LINE_COMMENT_PREFIX,
        trim_blocks: bool = TRIM_BLOCKS,
        lstrip_blocks: bool = LSTRIP_BLOCKS,
        newline_sequence: str = NEWLINE_SEQUENCE,
        keep_trailing_newline: bool = KEEP_TRAILING_NEWLINE,
        extensions: Sequence[str | type[Any]] = (),
        optimized: bool = True,
        undefined: type[Undefined] = Undefined,
        finalize: Callable[..., Any] | None = None,
        autoescape: bool | Callable[[str | None], bool] = False,
        loader: Any = None,
        cache_size: int = 400,
        auto_reload: bool = True,
        bytecode_cache: Any = None,
        enable_async: bool = False,
    ) -> None:
        settings = dict(locals())
        for name in ("self", "extensions", "cache_size", "enable_async"):
            settings.pop(name, None)
        settings.pop("__class__", None)
        self.__dict__.update(settings)
        for name in ("filters", "tests"):  # each is made when it is first asked for
            self.__dict__.pop(name, None)
        self.undefined: type[Undefined] = undefined
        self.loader = loader
        self.globals: MutableMapping[str, Any] = DEFAULT_NAMESPACE.copy()
        self.cache = create_cache(cache_size)
        self.policies: dict[str, Any] = DEFAULT_POLICIES.copy()
        self.is_async = enable_async
        self.extensions: dict[str, Any] = load_extensions(self, extensions)
        check_configuration(self)

    if TYPE_CHECKING:
        autoescape: bool | Callable[[str | None], bool]
        finalize: Callable[..., Any] | None
        optimized: bool
        auto_reload: bool
        bytecode_cache: Any

    # -- settings

    @cached_property
    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters by name. The first use imports those that every environment has."""
        from ..filters import FILTERS  # noqa: PLC0415 - a program may do without filters

        # Another thread that asks in the same moment gets the same one.
        return self.__dict__.setdefault("filters", FILTERS.copy())  # type: ignore[no-any-return]

    @cached_property
    def tests(self) -> dict[str, Callable[..., Any]]:
        """The tests by name. The first use imports those that every environment has."""
        from ..tests import TESTS  # noqa: PLC0415 - a program may do without tests

        return self.__dict__.setdefault("tests", TESTS.copy())  # type: ignore[no-any-return]

    def add_extension(self, extension: str | type[Any]) -> None:
        """Add an extension.

        :param extension: a class, or its import path
        """
        self.extensions.update(load_extensions(self, [extension]))

    def extend(self, **attributes: Any) -> None:
        """Set attributes that aren't there yet; for extensions.

        :param attributes: names and values
        """
        for name, value in attributes.items():
            if not hasattr(self, name):
                setattr(self, name, value)

    def overlay(
        self,
        block_start_string: Setting = missing,
        block_end_string: Setting = missing,
        variable_start_string: Setting = missing,
        variable_end_string: Setting = missing,
        comment_start_string: Setting = missing,
        comment_end_string: Setting = missing,
        line_statement_prefix: Setting = missing,
        line_comment_prefix: Setting = missing,
        trim_blocks: Setting = missing,
        lstrip_blocks: Setting = missing,
        newline_sequence: Setting = missing,
        keep_trailing_newline: Setting = missing,
        extensions: Setting = missing,
        optimized: Setting = missing,
        undefined: Setting = missing,
        finalize: Setting = missing,
        autoescape: Setting = missing,
        loader: Setting = missing,
        cache_size: Setting = missing,
        auto_reload: Setting = missing,
        bytecode_cache: Setting = missing,
        enable_async: Setting = missing,
    ) -> Self:
        """Make an environment that differs in some settings and shares filters, tests, globals and the rest.

        The arguments are those of the class; what isn't given stays the same.
        """
        changed = {name: value for name, value in locals().items() if value is not missing and name != "self"}
        for name in ("extensions", "cache_size", "enable_async", "__class__"):
            changed.pop(name, None)
        self.filters, self.tests  # noqa: B018 - made now, to be shared
        other = object.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.overlayed = True
        other.linked_to = self
        other.__dict__.update(changed)
        other.cache = copy_cache(self.cache) if cache_size is missing else create_cache(cache_size)
        other.extensions = {key: extension.bind(other) for key, extension in self.extensions.items()}
        if extensions is not missing:
            other.extensions.update(load_extensions(other, extensions))
        if enable_async is not missing:
            other.is_async = enable_async
        return check_configuration(other)  # type: ignore[no-any-return]

    def iter_extensions(self) -> Iterator[Any]:
        """Return an iterator over the extensions in order of their priority."""
        if not self.extensions:
            return iter(())
        return iter(sorted(self.extensions.values(), key=lambda extension: extension.priority))

    def _traits(self) -> Traits:
        """Return what generated code may take for granted."""
        context = self.context_class
        plain_lookup = self._has_stock_lookup()
        plain_call = context.call is Context.call and not self.sandboxed
        plain_undefined = (
            self.undefined in STOCK_CLASSES
            and context.resolve is Context.resolve
            and context.resolve_or_missing is Context.resolve_or_missing
        )
        plain_output = self.finalize is None and self._has_stock_concat()
        return Traits(plain_lookup, plain_call, plain_undefined, plain_output, self.sandboxed)

    def _has_stock_lookup(self) -> bool:
        """Say whether nobody overrides how attributes and items are looked up."""
        cls = type(self)
        return (
            cls.getattr is Environment.getattr
            and cls.getitem is Environment.getitem
            and not {"getattr", "getitem"} & self.__dict__.keys()
        )

    def _has_stock_concat(self) -> bool:
        """Say whether nobody overrides how the pieces of output are joined."""
        return self.concat is Environment.concat

    def _has_stock_errors(self) -> bool:
        """Say whether nobody overrides what becomes of errors."""
        return type(self).handle_exception is Environment.handle_exception and "handle_exception" not in self.__dict__

    def _code_fingerprint(self, name: str | None) -> str:
        """Return what generated code depends on besides the text, as text."""
        autoescape = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        extensions = sorted(self.extensions)
        settings = (
            tuple(Syntax.of(self)), tuple(self._traits()), self.is_async, self.optimized, bool(autoescape), extensions,
            self._generator_path(),
        )  # fmt: skip
        return f"\0{settings!r}"

    # -- look-ups and calls, for generated code and filters

    def getitem(self, obj: Any, argument: str | Any) -> Any:
        """Return an item, or else the attribute of that name, or else an undefined value.

        :param obj: what is looked into
        :param argument: the key
        """
        try:
            return obj[argument]
        except (AttributeError, TypeError, LookupError):
            return attribute_for_item(self, obj, argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute, or else the item of that name, or else an undefined value.

        :param obj: what is looked into
        :param attribute: the attribute's name
        """
        try:
            return getattr(obj, attribute)
        except AttributeError as error:
            cause = error
        try:
            return item_for_attribute(self, obj, attribute, cause)
        finally:
            del cause  # it has this frame, which would have it

    def _attribute_only(self, obj: Any, name: str) -> Any:
        """Return an attribute, never an item, for the filter ``attr``; a sandbox guards it."""
        try:
            value = getattr(obj, name)
        except AttributeError as error:
            return undefined_attribute(self, obj, name, error)
        return value if self._has_stock_lookup() else self.getattr(obj, name)

    def _call_function(
        self, kind: str, functions: Mapping[str, Callable[..., Any]], name: str | Undefined, value: Any,
        args: Sequence[Any] | None, kwargs: Mapping[str, Any] | None, context: Context | None,
        eval_ctx: EvalContext | None,
    ) -> Any:  # fmt: skip
        """Call a filter or test by name."""
        function = functions.get(name)  # type: ignore[arg-type]
        if function is None:
            message = f"No {kind} named {name!r}."
            if is_undefined(name):
                message = f"{message} ({name._undefined_message})"  # type: ignore[union-attr]
            raise TemplateRuntimeError(message)
        positional = [value, *(args or ())]
        mark = passed_argument(function)
        if mark == PASS_CONTEXT:
            if context is None:
                raise TemplateRuntimeError(f"Attempted to invoke a context {kind} without context.")
            positional.insert(0, context)
        elif mark == PASS_EVAL_CONTEXT:
            if eval_ctx is None:
                eval_ctx = EvalContext(self) if context is None else context.eval_ctx
            positional.insert(0, eval_ctx)
        elif mark == PASS_ENVIRONMENT:
            positional.insert(0, self)
        return function(*positional, **(kwargs or {}))

    def call_filter(
        self,
        name: str,
        value: Any,
        args: Positional = None,
        kwargs: Keywords = None,
        context: Context | None = None,
        eval_ctx: EvalContext | None = None,
    ) -> Any:
        """Apply a filter.

        :param name: the filter's name
        :param value: what is filtered
        :param args: further arguments
        :param kwargs: keyword arguments
        :param context: the active context, for filters that want it
        :param eval_ctx: the active evaluation context, for filters that want it
        :raises TemplateRuntimeError: if there is no such filter, or no context for one that wants it
        """
        return self._call_function("filter", self.filters, name, value, args, kwargs, context, eval_ctx)

    def call_test(
        self,
        name: str,
        value: Any,
        args: Positional = None,
        kwargs: Keywords = None,
        context: Context | None = None,
        eval_ctx: EvalContext | None = None,
    ) -> Any:
        """Apply a test.

        :param name: the test's name
        :param value: what is tested
        :param args: further arguments
        :param kwargs: keyword arguments
        :param context: the active context, for tests that want it
        :param eval_ctx: the active evaluation context, for tests that want it
        :raises TemplateRuntimeError: if there is no such test, or no context for one that wants it
        """
        return self._call_function("test", self.tests, name, value, args, kwargs, context, eval_ctx)

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise the error that is being handled again, its traceback beginning in the template.

        :param source: the template's text, for a syntax error
        """
        from ..debug import rewrite_traceback_stack  # noqa: PLC0415 - only for errors

        raise rewrite_traceback_stack(source=source)

    def _note_place(self) -> None:
        """Note on the error that is being handled where in a template it happened."""
        from ..debug import note_place  # noqa: PLC0415 - only for errors

        note_place()

    # -- loading

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,
        template_class: type[Template] | None = None,
    ) -> Template:
        """Make a template of a text.

        :param source: the text, or a tree
        :param globals: more globals for it
        :param template_class: its class
        """
        own = self.make_globals(globals)
        cls = template_class or self.template_class
        return cls.from_code(self, self.compile(source), own, None)  # type: ignore[arg-type]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: its own before those of the environment, which may still grow.

        :param d: its own
        """
        return ChainMap({} if d is None else d, self.globals)

    # -- what generated code finds in its module

    def _generated_globals(self) -> dict[str, Any]:
        """Return the names of generated code that depend on the environment."""
        lookup, attribute, subscript = make_lookups(self)

        def unset(name: str) -> Any:
            return self.undefined(name=name)

        return {
            ".environment": self,
            ".concat": self.concat,
            ".undefined": self.undefined,
            ".unset": unset,
            ".lookup": lookup,
            ".attribute": attribute,
            ".subscript": subscript,
            ".getattr": self.getattr,
            ".getitem": self.getitem,
            ".note_place": self._note_place,
            ".find_filter": lambda name: _find(self.filters, "filter", name),
            ".find_test": lambda name: _find(self.tests, "test", name),
            **self._sandbox_globals(),
        }

    def _guard_functions(self, functions: RenderFunctions, stream: bool) -> RenderFunctions:
        """Return the functions of a template, in a sandbox as ones that count what they do.

        :param functions: the root function, and the block functions by name
        :param stream: they yield their output
        """
        return functions

    def _sandbox_globals(self) -> dict[str, Any]:
        """Return the names that a sandbox adds or replaces."""
        return {}


def _find(functions: Mapping[str, Callable[..., Any]], kind: str, name: str) -> Callable[..., Any]:
    """Return a filter or test that wasn't known when the template was compiled; without one, a function that says
    so."""
    function = functions.get(name)
    if function is not None:
        return function

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise TemplateRuntimeError(f"No {kind} named {name!r} found.")

    return refuse


__all__ = ["Environment", "new_context"]
