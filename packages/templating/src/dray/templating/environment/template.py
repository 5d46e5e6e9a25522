"""A compiled template: rendering it, streaming it, and using it as a module.

The list form of its code is there from the beginning; the form that yields is compiled when somebody asks for it.
"""

from __future__ import annotations

from collections import ChainMap

from ..defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    KEEP_TRAILING_NEWLINE,
    LINE_COMMENT_PREFIX,
    LINE_STATEMENT_PREFIX,
    LSTRIP_BLOCKS,
    NEWLINE_SEQUENCE,
    TRIM_BLOCKS,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)
from ..exceptions import printable
from ..runtime.context import Context, in_both_forms, kept_in_both_forms, new_context
from ..runtime.generated import COMMON, LINKING, provide
from ..runtime.undefined import Undefined
from ..utils import internalcode
from .compiling import NO_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, MutableMapping, Sequence
    from types import CodeType
    from typing import Any, NoReturn, Self

    from .. import nodes
    from .environment import Environment
    from .modules import TemplateModule
    from .stream import TemplateStream

    RenderFunctions = tuple[Callable[..., Any], Mapping[str, Callable[..., Any]]]


class Template:
    """A compiled template.

    Calling the class compiles a text in an environment that is shared by all templates with the same options.

    :param source: the text, or a tree
    :param options: the arguments that :class:`.Environment` has as well
    """

    environment_class: type[Environment]
    environment: Environment
    globals: MutableMapping[str, Any]
    name: str | None
    filename: str | None
    _uptodate: Callable[[], bool] | None
    _namespace: dict[str, Any]
    _module: TemplateModule | None
    _direct: Callable[..., str] | None
    _direct_stream: Callable[..., Any] | None
    _list_functions: RenderFunctions
    _stream_functions: RenderFunctions | None
    #: The root function that a program put in the place of the template's.
    _own_root: Callable[..., Any] | None
    #: The block functions, once a program has seen them.
    _blocks: _OpenBlocks | None

    def __new__(
        cls,
        source: str | nodes.Template,
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
        enable_async: bool = False,
    ) -> Any:
        """Compile a text in the shared environment for these options."""
        from .spontaneous import get_spontaneous_environment  # noqa: PLC0415 - most templates are an environment's

        environment = get_spontaneous_environment(
            cls.environment_class,
            block_start_string, block_end_string, variable_start_string, variable_end_string, comment_start_string,
            comment_end_string, line_statement_prefix, line_comment_prefix, trim_blocks, lstrip_blocks,
            newline_sequence, keep_trailing_newline, frozenset(extensions), optimized, undefined, finalize, autoescape,
            None, 0, False, None, enable_async,
        )  # fmt: skip
        return environment.from_string(source, template_class=cls)

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> Self:
        """Make a template of what :meth:`.Environment.compile` returned.

        :param environment: the environment
        :param code: the code
        :param globals: its globals, from :meth:`.Environment.make_globals`
        :param uptodate: says whether the source is still the same
        """
        provide(code, environment.is_async)
        namespace = cls._new_namespace(environment, code.co_filename)
        exec(code, namespace)
        if ".template" in namespace:
            _define(environment, namespace, namespace[".template"])
            if ".stream" in namespace:  # compiled from a tree
                _define(environment, namespace, namespace[".stream"])
        else:  # compiled from source text
            _add_parts(environment, namespace, None)
            namespace = cls._loaded(environment, namespace, namespace)
        template = cls._from_namespace(environment, namespace, globals)
        template._uptodate = uptodate
        return template

    @classmethod
    def from_module_dict(
        cls, environment: Environment, module_dict: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> Self:
        """Make a template of a module that :meth:`.Environment.compile_templates` wrote.

        :param environment: the environment
        :param module_dict: the module's names
        :param globals: its globals
        """
        provide(None, environment.is_async)
        namespace = cls._new_namespace(environment, module_dict["__file__"])
        return cls._from_namespace(environment, cls._loaded(environment, namespace, module_dict), globals)

    @staticmethod
    def _loaded(environment: Environment, namespace: dict[str, Any], module: Mapping[str, Any]) -> dict[str, Any]:
        """Return the names of a module that is Python source text."""
        for form in ("template", "stream"):
            if form in module:
                namespace[f".{form}"] = module[form]
                _define(environment, namespace, module[form])
        return module["load"](namespace)  # type: ignore[no-any-return]

    @staticmethod
    def _new_namespace(environment: Environment, filename: str) -> dict[str, Any]:
        """Return the names that a template's code runs with."""
        return {
            **COMMON,
            **LINKING[environment.is_async],
            **environment._generated_globals(),
            "environment": environment,
            "__file__": filename,
        }

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: dict[str, Any], globals: MutableMapping[str, Any]
    ) -> Self:
        self: Self = object.__new__(cls)
        self.environment = environment
        self.globals = globals
        root, is_direct, blocks, _, _, self.name, source = namespace[".template"]
        filename = namespace["__file__"]
        self.filename = NO_FILE if filename.startswith(NO_FILE) else filename
        self._uptodate = None
        self._namespace = namespace
        self._module = None
        root = namespace[root]
        self._direct = root if is_direct and self._allows_direct() else None
        if is_direct:
            root = _root_of_direct(root)
        self._list_functions = (root, {
            name: namespace[function] if function is not None else _write_nothing for name, function in blocks
        })  # fmt: skip
        if environment.sandboxed:
            self._list_functions = environment._guard_functions(self._list_functions, stream=False)
        self._stream_functions = self._direct_stream = self._own_root = self._blocks = None
        if ".stream" in namespace:
            self._take_stream_functions(namespace)
        namespace[".name"], namespace[".source"] = self.name, source
        namespace["__name__"] = self.name or "<template>"
        namespace["__loader__"] = _SourceFinder(source)
        return self

    def _allows_direct(self) -> bool:
        """Say whether rendering may do without a context."""
        environment: Any = self.environment
        plain = type(self).new_context is Template.new_context and environment._has_stock_concat()
        return plain and environment.context_class is Context and not environment.sandboxed

    # -- the two forms of the code

    def _take_stream_functions(self, namespace: dict[str, Any]) -> RenderFunctions:
        """Take the functions that yield out of a module's names.

        One that needs no context is what :meth:`generate` returns, if nobody has a say in what becomes of errors.
        """
        root, is_direct, blocks, *_ = namespace[".stream"]
        root = namespace[root]
        if is_direct:
            if self._direct is not None and self.environment._has_stock_errors():
                self._direct_stream = root
            root = _stream_root_of_direct(root)
        functions: RenderFunctions = (root, {name: namespace[function] for name, function in blocks})
        if self.environment.sandboxed:
            functions = self.environment._guard_functions(functions, stream=True)
        self._stream_functions = functions
        return functions

    def _functions(self, stream: bool) -> RenderFunctions:
        """Return the root function and the block functions.

        :param stream: those that yield, not those that append
        """
        if not stream:
            return self._list_functions
        root, blocks = self._stream_functions or self._compile_stream()
        if self._own_root is not None:
            root = self._own_root
        return root, blocks if self._blocks is None else self._blocks.streaming(blocks)

    def _compile_stream(self) -> RenderFunctions:
        """Compile the functions that yield, when they are asked for."""
        environment, namespace = self.environment, self._namespace
        filename = None if self.filename == NO_FILE else self.filename
        code = environment._compile_stream(namespace[".source"], self.name, filename)
        _add_parts(environment, namespace, code)
        exec(code, namespace)
        _define(environment, namespace, namespace[".stream"])
        return self._take_stream_functions(namespace)

    @property
    def root_render_func(self) -> Callable[..., Any]:
        """The function that renders the template: takes a context, returns an iterator over the output's pieces.

        A program may put its own there.
        """
        if self._own_root is not None:
            return self._own_root
        return kept_in_both_forms(self._list_functions[0])

    @root_render_func.setter
    def root_render_func(self, function: Callable[..., Any]) -> None:
        self._own_root = function
        self._list_functions = (in_both_forms(function), self._list_functions[1])
        self._direct = self._direct_stream = None

    @property
    def blocks(self) -> dict[str, Callable[..., Any]]:
        """The functions that render the blocks, by name: take a context, return an iterator over the output's pieces.

        A program may put its own there.
        """
        blocks = self._blocks
        if blocks is None:
            functions = self._list_functions[1]
            first = {name: kept_in_both_forms(function) for name, function in functions.items()}
            blocks = self._put_blocks(first)
            blocks.first = first
        return blocks

    @blocks.setter
    def blocks(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._put_blocks(functions)

    def _put_blocks(self, functions: Mapping[str, Callable[..., Any]]) -> _OpenBlocks:
        """Let a program see and change the block functions, and return what it gets."""
        blocks = self._blocks = _OpenBlocks(functions)
        self._list_functions = (self._list_functions[0], blocks)
        return blocks

    # -- rendering

    @internalcode
    def _resolve_global(self, name: str) -> Any:
        """Return a global, or an undefined value."""
        try:
            return self.globals[name]
        except KeyError:
            return self.environment.undefined(name=name)

    @internalcode
    def _resolve_undefined(self, name: str) -> Any:
        """Return an undefined value for a variable that an included template doesn't find in the other's context."""
        return self.environment.undefined(name=name)

    @internalcode
    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the template's output.

        :param args: what ``dict`` takes: the variables
        """
        direct = self._direct
        try:
            if direct is not None:
                return direct(dict(*args, **kwargs) if args else kwargs, self._resolve_global)
            if self.environment.is_async:
                return self._render_in_loop(args, kwargs)
            return self.environment.concat(self._render_list(dict(*args, **kwargs) if args else kwargs))
        except StopIteration as error:
            self._handle_stop(error)
        except Exception:
            self.environment.handle_exception()

    def _handle_stop(self, error: StopIteration) -> NoReturn:
        """Raise an error again that would end a loop of the program as if it had no more items."""
        try:
            raise _stopped(error) from error
        except RuntimeError:
            self.environment.handle_exception()

    @internalcode
    def _render_list(self, variables: dict[str, Any]) -> list[Any]:
        """Return the pieces of the output."""
        out: list[Any] = []
        self._list_functions[0](self.new_context(variables), out)
        return out

    def _render_in_loop(self, args: Any, kwargs: Any) -> str:
        """Render an asynchronous template from code that isn't, on an event loop of its own."""
        import asyncio  # noqa: PLC0415 - asyncio costs start-up time

        return asyncio.run(self.render_async(*args, **kwargs))

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """Return the output of an asynchronous template.

        :param args: what ``dict`` takes: the variables
        :raises RuntimeError: if the environment isn't asynchronous
        """
        self._require_async()
        context = self.new_context(dict(*args, **kwargs))
        out: list[Any] = []
        try:
            await self._list_functions[0](context, out)
        except Exception:
            return self.environment.handle_exception()
        return self.environment.concat(out)

    def _require_async(self) -> None:
        if not self.environment.is_async:
            raise RuntimeError("The environment was not created with async mode enabled.")

    def stream(self, *args: Any, **kwargs: Any) -> TemplateStream:
        """Return the output piece by piece, with tools to join pieces and to write files.

        :param args: what ``dict`` takes: the variables
        """
        from .stream import TemplateStream  # noqa: PLC0415 - most templates are rendered to text

        return TemplateStream(self.generate(*args, **kwargs))

    def _stream_context(self, args: Any, kwargs: Any) -> tuple[Callable[..., Any], Context]:
        """Return the root function that yields, and a context with the blocks that do."""
        root, blocks = self._functions(True)
        context = self.new_context(dict(*args, **kwargs))
        context._stream_blocks(blocks)
        return root, context

    def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]:
        """Yield the output piece by piece, while it comes to be.

        :param args: what ``dict`` takes: the variables
        """
        direct = self._direct_stream
        if direct is None or args:
            return self._generate(args, kwargs)
        return direct(kwargs, self._resolve_global)  # type: ignore[no-any-return]

    @internalcode
    def _generate(self, args: Any, kwargs: Any) -> Iterator[str]:
        """Do what :meth:`generate` does, with everything that may be needed for it."""
        if self.environment.is_async:
            yield from self._generate_in_loop(args, kwargs)
            return
        try:
            root, context = self._stream_context(args, kwargs)
            yield from root(context)
        except Exception:
            yield self.environment.handle_exception()

    def _generate_in_loop(self, args: Any, kwargs: Any) -> list[str]:
        """Return the pieces of an asynchronous template, made on an event loop of its own."""
        import asyncio  # noqa: PLC0415 - asyncio costs start-up time

        async def collect() -> list[str]:
            return [piece async for piece in self.generate_async(*args, **kwargs)]

        return asyncio.run(collect())

    async def generate_async(self, *args: Any, **kwargs: Any) -> AsyncGenerator[str, object]:
        """Yield the output of an asynchronous template piece by piece, while it comes to be.

        :param args: what ``dict`` takes: the variables
        :raises RuntimeError: if the environment isn't asynchronous
        """
        self._require_async()
        try:
            root, context = self._stream_context(args, kwargs)
            generator = root(context)
            try:
                async for piece in generator:
                    yield piece
            finally:
                await generator.aclose()
        except Exception:
            yield self.environment.handle_exception()

    # -- contexts and modules

    def new_context(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> Context:
        """Make a context for this template.

        :param vars: the variables
        :param shared: *vars* has the globals already
        :param locals: variables over all others
        """
        return new_context(self.environment, self.name, self._list_functions[1], vars, shared, self.globals, locals)

    def make_module(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> TemplateModule:
        """Render the template and return it as a module of its exported names.

        :param vars: the variables
        :param shared: *vars* has the globals already
        :param locals: variables over all others
        """
        if self.environment.is_async:
            import asyncio  # noqa: PLC0415 - asyncio costs start-up time

            return asyncio.run(self.make_module_async(vars, shared, locals))
        context = self.new_context(vars, shared, locals)
        out: list[Any] = []
        try:
            self._list_functions[0](context, out)
        except StopIteration as error:
            raise _stopped(error) from error
        return _new_module(self, context, out)

    async def make_module_async(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> TemplateModule:
        """Do what :meth:`make_module` does, for an asynchronous template.

        :param vars: the variables
        :param shared: *vars* has the globals already
        :param locals: variables over all others
        """
        context = self.new_context(vars, shared, locals)
        out: list[Any] = []
        await self._list_functions[0](context, out)
        return _new_module(self, context, out)

    def _globals_of(self, context: Context | None) -> dict[str, Any] | None:
        """Return the globals of the template that imports, which this one lacks."""
        if context is None or _adds_nothing(context._globals, self.globals):
            return None
        keys = context.globals_keys - self.globals.keys()
        return {key: context.parent[key] for key in keys} if keys else None

    @internalcode
    def _get_default_module(self, context: Context | None = None) -> TemplateModule:
        """Return the template as a module without variables; it is made once.

        :param context: the context of the template that imports, for globals that this one lacks
        """
        if self.environment.is_async:
            raise RuntimeError("Module is not available in async mode.")
        more = self._globals_of(context)
        if more is not None:
            return self.make_module(more)
        if self._module is None:
            self._module = self.make_module()
        return self._module

    async def _get_default_module_async(self, context: Context | None = None) -> TemplateModule:
        """Do what :meth:`_get_default_module` does, for an asynchronous template."""
        more = self._globals_of(context)
        if more is not None:
            return await self.make_module_async(more)
        if self._module is None:
            self._module = await self.make_module_async()
        return self._module

    @property
    def module(self) -> TemplateModule:
        """The template as a module without variables."""
        return self._get_default_module()

    # -- about the source

    @property
    def is_up_to_date(self) -> bool:
        """Whether the source is still the one that was compiled, as far as the loader can say."""
        return True if self._uptodate is None else self._uptodate()

    def get_corresponding_lineno(self, lineno: int) -> int:
        """Return the line of the template for a line of its code: they are the same.

        :param lineno: the 1-based line
        """
        return lineno

    @property
    def debug_info(self) -> list[tuple[int, int]]:
        """Pairs of template line and code line, for every line that has code."""
        root, _, blocks, *_ = self._namespace[".template"]
        functions = (root, *(function for _, function in blocks if function is not None))
        pending = [self._namespace[function].__code__ for function in functions]
        lines: set[int] = set()
        for code in pending:
            lines.update(line for _, _, line in code.co_lines() if line)
            pending.extend(const for const in code.co_consts if hasattr(const, "co_lines"))
        return [(line, line) for line in sorted(lines)]

    def __repr__(self) -> str:
        name = f"memory:{id(self):x}" if self.name is None else repr(self.name)
        return f"<{type(self).__name__} {name}>"


class _OpenBlocks(dict):  # type: ignore[type-arg]
    """The block functions of a template as a program sees and changes them.

    :param functions: the functions by name
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(functions)
        #: Those that are the template's, not a program's own.
        self.first: dict[str, Callable[..., Any]] = {}

    def items(self) -> Any:
        """Return names and functions as generated code calls them: in both forms."""
        return {name: in_both_forms(function) for name, function in super().items()}.items()

    def streaming(self, functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
        """Return the functions for a stream: the template's, where they are the ones that were there first.

        :param functions: the template's functions that yield
        """
        return {
            name: functions[name] if name in functions and self.first.get(name) is self[name] else function
            for name, function in self.items()
        }


def _new_module(template: Template, context: Context, pieces: list[Any]) -> TemplateModule:
    """Return a rendered template as a module."""
    from .modules import TemplateModule  # noqa: PLC0415 - most templates are rendered to text

    return TemplateModule(template, context, pieces)


def _stopped(error: StopIteration) -> RuntimeError:
    """Return the error that a generator makes of one that would end it (PEP 479)."""
    return RuntimeError("generator raised StopIteration").with_traceback(error.__traceback__)


def _adds_nothing(theirs: Any, ours: Any) -> bool:
    """Say at a glance that one template's globals have no names that another's lack: none of their own."""
    if theirs is None or theirs is ours:
        return True
    if theirs.__class__ is not ChainMap or ours.__class__ is not ChainMap:
        return False
    own, *shared = theirs.maps
    return not own and len(shared) == 1 and shared[0] is ours.maps[-1]


def _add_parts(environment: Environment, namespace: dict[str, Any], code: CodeType | None) -> None:
    """Put what code needs into a module that was made before.

    :param code: the code; ``None`` for everything that any could need
    """
    provide(code, environment.is_async)
    for name, value in (COMMON | LINKING[environment.is_async]).items():
        namespace.setdefault(name, value)


def _define(environment: Environment, namespace: dict[str, Any], about: tuple[Any, ...]) -> None:
    """Put what the macros of a module are made of where its code finds it."""
    for variable, *definition in about[3]:
        namespace[variable] = namespace[".MacroSpec"](environment, *definition)
    for variable, (hint, name) in about[4]:
        namespace[variable] = environment.undefined(hint, name=name)


def _stream_root_of_direct(direct: Callable[..., Any]) -> Callable[..., Any]:
    """Return the usual root function that yields for one that needs no context."""

    def root(context: Context) -> Iterator[str]:
        return direct({}, context.resolve)  # type: ignore[no-any-return]

    root.__code__ = root.__code__.replace(co_name=direct.__name__)
    return root


class _SourceFinder:
    """Answers for the source of a template that has no file, so that tracebacks can show its lines."""

    __slots__ = ("_source",)

    def __init__(self, source: str | None) -> None:
        self._source = source

    def get_source(self, name: str) -> str | None:
        """Return the text, as it can be printed."""
        return self._source and printable(self._source)


def _write_nothing(context: Context, out: list[Any]) -> None:
    """Render an empty block."""


def _root_of_direct(direct: Callable[..., str]) -> Callable[..., Any]:
    """Return the usual root function for one that needs no context."""

    def root(context: Context, out: list[Any]) -> None:
        out.append(direct({}, context.resolve))

    root.__code__ = root.__code__.replace(co_name=direct.__name__)
    return root
