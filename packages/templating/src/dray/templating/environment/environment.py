"""The environment: settings, filters, tests and globals, and the way from a name or a text to a template.

It joins lexer, parser, optimizer and compiler, and keeps loaded templates. Rendering is the template's business.
"""

from __future__ import annotations

import gc
from collections import ChainMap

from .. import nodes
from ..codegen.traits import Traits
from ..compiler import CodeGenerator, compile_tree, to_code
from ..defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    DEFAULT_FILTERS,
    DEFAULT_NAMESPACE,
    DEFAULT_POLICIES,
    DEFAULT_TESTS,
    KEEP_TRAILING_NEWLINE,
    LINE_COMMENT_PREFIX,
    LINE_STATEMENT_PREFIX,
    LSTRIP_BLOCKS,
    NEWLINE_SEQUENCE,
    TRIM_BLOCKS,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)
from ..exceptions import TemplateRuntimeError, TemplateSyntaxError
from ..lexer import Lexer, TokenStream, get_lexer
from ..optimizer import optimize
from ..parser import Parser
from ..runtime.context import Context, new_context
from ..runtime.undefined import STOCK_CLASSES, Undefined
from ..syntax import Syntax
from ..utils import (
    PASS_CONTEXT,
    PASS_ENVIRONMENT,
    PASS_EVAL_CONTEXT,
    internalcode,
    is_undefined,
    missing,
    passed_argument,
)
from .loading import TemplateLoading
from .modules import TemplateExpression
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
    import os
    from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
    from types import CodeType
    from typing import Any, NoReturn, Self

    from .template import Template

    #: A setting of an overlay: of the type that the class's argument of the same name has.
    Setting = Any
    Piece = tuple[int, str, str]
    Positional = Sequence[Any] | None
    Keywords = Mapping[str, Any] | None


class Environment(TemplateLoading):
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

    code_generator_class: type[CodeGenerator] = CodeGenerator
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
        self.undefined: type[Undefined] = undefined
        self.loader = loader
        self.filters: dict[str, Callable[..., Any]] = DEFAULT_FILTERS.copy()
        self.tests: dict[str, Callable[..., Any]] = DEFAULT_TESTS.copy()
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

    @property
    def lexer(self) -> Lexer:
        """The lexer for this environment's syntax."""
        return get_lexer(self)

    def iter_extensions(self) -> Iterator[Any]:
        """Return an iterator over the extensions in order of their priority."""
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
        plain_output = self.finalize is None and self.concat is Environment.concat
        return Traits(plain_lookup, plain_call, plain_undefined, plain_output, self.sandboxed)

    def _has_stock_lookup(self) -> bool:
        """Say whether nobody overrides how attributes and items are looked up."""
        cls = type(self)
        return (
            cls.getattr is Environment.getattr
            and cls.getitem is Environment.getitem
            and not {"getattr", "getitem"} & self.__dict__.keys()
        )

    def _code_fingerprint(self, name: str | None) -> str:
        """Return what generated code depends on besides the text, as text."""
        autoescape = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        extensions = sorted(self.extensions)
        generator = self.code_generator_class
        settings = (
            tuple(Syntax.of(self)), tuple(self._traits()), self.is_async, self.optimized, bool(autoescape), extensions,
            generator.__module__, generator.__qualname__,
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
        return item_for_attribute(self, obj, attribute, cause)

    def _attribute_only(self, obj: Any, name: str) -> Any:
        """Return an attribute, never an item, for the filter ``attr``; a sandbox guards it."""
        try:
            return getattr(obj, str(name))
        except AttributeError as error:
            return undefined_attribute(self, obj, name, error)

    def _call_function(
        self, kind: str, functions: Mapping[str, Callable[..., Any]], name: str | Undefined, value: Any,
        args: Sequence[Any] | None, kwargs: Mapping[str, Any] | None, context: Context | None,
        eval_ctx: nodes.EvalContext | None,
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
                eval_ctx = nodes.EvalContext(self) if context is None else context.eval_ctx
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
        eval_ctx: nodes.EvalContext | None = None,
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
        eval_ctx: nodes.EvalContext | None = None,
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

    # -- from text to code

    @internalcode
    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Return the tree of a template.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        :raises TemplateSyntaxError: if the text is no template
        """
        try:
            return self._parse(source, name, filename)
        except TemplateSyntaxError:
            self.handle_exception(source=source)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse without the handling of errors; extensions that parse override this."""
        tree = Parser(self, source, name, filename).parse()
        tree._source = source  # type: ignore[attr-defined]
        return tree

    def lex(self, source: str, name: str | None = None, filename: str | None = None) -> Iterator[Piece]:
        """Yield the pieces of a template's text as ``(line, type, text)``.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        """
        source = str(source)
        try:
            return self.lexer.tokeniter(source, name, filename)
        except TemplateSyntaxError:
            self.handle_exception(source=source)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Return the text after all extensions had their way with it.

        :param source: the template's text
        :param name: its name
        :param filename: its file
        """
        text = str(source)
        for extension in self.iter_extensions():
            text = extension.preprocess(text, name, filename)
        return text

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        """Return the tokens for the parser, preprocessed and filtered by extensions."""
        source = self.preprocess(source, name, filename)
        stream: Any = self.lexer.tokenize(source, name, filename, state)
        for extension in self.iter_extensions():
            stream = extension.filter_stream(stream)
            if not isinstance(stream, TokenStream):
                stream = TokenStream(stream, name, filename)
        return stream  # type: ignore[no-any-return]

    def _generator(self, name: str | None, filename: str | None, defer_init: bool = False) -> CodeGenerator:
        return self.code_generator_class(self, name, filename, defer_init=defer_init, optimized=self.optimized)

    def _compile_tree(self, tree: nodes.Template, name: str | None, filename: str | None, stream: bool) -> Any:
        """Return the Python tree of a template in one of its two forms."""
        return compile_tree(self._generator(name, filename), tree, stream)

    @internalcode
    def compile(
        self,
        source: str | nodes.Template,
        name: str | None = None,
        filename: str | None = None,
        raw: bool = False,
        defer_init: bool = False,
    ) -> str | CodeType:
        """Compile a template.

        :param source: its text, or its tree
        :param name: its name
        :param filename: its file
        :param raw: return Python source text in place of code
        :param defer_init: kept for the interface
        :raises TemplateSyntaxError: if the text is no template
        """
        paused = gc.isenabled()
        if paused:
            # A tree is many objects that all live until it is code: collecting in between finds nothing and takes a
            # quarter of the time. They are gone again when the method below returns.
            gc.disable()
        try:
            return self._compiled(source, name, filename, raw)
        except TemplateSyntaxError:
            self.handle_exception(source=source if isinstance(source, str) else None)
        except RecursionError:
            raise TemplateSyntaxError("the template is nested too deeply", 1, name, filename) from None
        finally:
            if paused:
                gc.enable()

    def _compiled(
        self, source: str | nodes.Template, name: str | None, filename: str | None, raw: bool
    ) -> str | CodeType:
        """Return a template as code, or as Python source text."""
        tree: Any = self._parse(source, name, filename) if isinstance(source, str) else source
        if self.optimized:
            tree = optimize(tree, self)
        module = self._compile_tree(tree, name, filename, False)
        text = source if isinstance(source, str) else None
        if raw or text is None:
            # Nothing to compile the other form from later.
            module.body.extend(self._compile_tree(tree, name, filename, True).body)
        if raw:
            from ..codegen.source import to_source  # noqa: PLC0415 - only for text output

            return to_source(module, name)
        return self._finish(with_metadata(module, name, text), name, filename or "<template>")

    def _finish(self, module: Any, name: str | None, filename: str) -> CodeType:
        """Return the code of a generated module; a subclass that overrides :meth:`_compile` gets source text."""
        if type(self)._compile is Environment._compile:
            return to_code(module, name, filename)
        from ..codegen.source import to_source  # noqa: PLC0415 - only for text output

        return self._compile(to_source(module, name), filename)

    def _compile(self, source: Any, filename: str) -> CodeType:
        """Compile Python source text; extensions that want to see it override this."""
        return compile(source, filename, "exec", dont_inherit=True)

    def _compile_stream(self, source: str, name: str | None, filename: str | None) -> CodeType:
        """Compile the form of a template that yields its output."""
        tree: Any = self._parse(source, name, filename)
        if self.optimized:
            tree = optimize(tree, self)
        return to_code(self._compile_tree(tree, name, filename, True), name, filename or "<template>")

    @internalcode
    def compile_expression(self, source: str, undefined_to_none: bool = True) -> TemplateExpression:
        """Make a function of an expression.

        :param source: the expression's text
        :param undefined_to_none: whether it returns ``None`` for an undefined value
        :return: a function that takes the variables as ``dict`` would
        :raises TemplateSyntaxError: if the text is no expression
        """
        try:
            parser = Parser(self, source, state="variable")
            expression = parser.parse_expression()
            if not parser.stream.eos:
                parser.fail("chunk after expression")
            expression.set_environment(self)
        except TemplateSyntaxError:
            self.handle_exception(source=source)
        assignment = nodes.Assign(nodes.Name("result", "store"), expression, lineno=1)
        template = self.from_string(nodes.Template([assignment], lineno=1))
        return TemplateExpression(template, undefined_to_none)

    def compile_templates(
        self,
        target: str | os.PathLike[str],
        extensions: Collection[str] | None = None,
        filter_func: Callable[[str], bool] | None = None,
        zip: str | None = "deflated",
        log_function: Callable[[str], None] | None = None,
        ignore_errors: bool = True,
    ) -> None:
        """Compile all templates of the loader to Python modules, for a :class:`~dray.templating.ModuleLoader`.

        :param target: the folder, or the zip file, to write
        :param extensions: only templates with these file extensions
        :param filter_func: only templates for whose name it returns true
        :param zip: ``deflated``, ``stored``, or ``None`` for a folder
        :param log_function: gets a line for each template
        :param ignore_errors: go on after a syntax error
        """
        from .._compile_all import compile_all  # noqa: PLC0415 - only for compiling ahead of time

        names = self.list_templates(extensions, filter_func)
        compile_all(self, names, os_path(target), zip, log_function or (lambda line: None), ignore_errors)

    def list_templates(
        self, extensions: Collection[str] | None = None, filter_func: Callable[[str], bool] | None = None
    ) -> list[str]:
        """Return the names of the loader's templates.

        :param extensions: only those with these file extensions
        :param filter_func: only those for which it returns true; not together with *extensions*
        :raises TypeError: if both are given, or the loader can't list
        """
        assert self.loader is not None, "No loader configured."
        names: list[str] = self.loader.list_templates()
        if extensions is not None:
            if filter_func is not None:
                raise TypeError("either extensions or filter_func can be passed, but not both")

            def filter_func(name: str) -> bool:
                return "." in name and name.rsplit(".", 1)[1] in extensions

        return names if filter_func is None else [name for name in names if filter_func(name)]

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise the error that is being handled again, its traceback beginning in the template.

        :param source: the template's text, for a syntax error
        """
        from ..debug import rewrite_traceback_stack  # noqa: PLC0415 - only for errors

        raise rewrite_traceback_stack(source=source)

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
        cls = template_class or self.template_class
        return cls.from_code(self, self.compile(source), self.make_globals(globals), None)  # type: ignore[arg-type]

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
            ".find_filter": lambda name: _find(self.filters, "filter", name),
            ".find_test": lambda name: _find(self.tests, "test", name),
            **self._sandbox_globals(),
        }

    def _begin_render(self) -> Any:
        """Begin a render; a sandbox begins to count."""
        return None

    def _end_render(self, token: Any, out: list[Any] | None) -> None:
        """End a render."""

    def _budgeted(self, pieces: Iterator[str]) -> Iterator[str]:
        """Return the pieces of a stream; a sandbox counts them."""
        return pieces

    def _budgeted_async(self, pieces: Any) -> Any:
        """Return the pieces of an asynchronous stream; a sandbox counts them."""
        return pieces

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


def with_metadata(module: Any, name: str | None, source: str | None) -> Any:
    """Add the template's name and text to its module: the other form of the code is compiled from the text when it is
    needed."""
    from ..codegen.build import const, put  # noqa: PLC0415 - placed here to keep the class free of Python's tree

    place = (1, 0, 1, 0)
    module.body.append(put(".name", const(name, place), place))
    module.body.append(put(".source", const(source, place), place))
    return module


def os_path(target: str | os.PathLike[str]) -> str:
    """Return a path as text."""
    return target if isinstance(target, str) else target.__fspath__()


__all__ = ["Environment", "new_context"]
