"""The variables of one template while it runs, and the objects behind ``self`` and ``super``."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from dray.safe_strings import Markup

from .._settings import EvalContext
from ..utils import PASS_CONTEXT, PASS_ENVIRONMENT, PASS_EVAL_CONTEXT, internalcode, missing, passed_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Callable,
        ItemsView,
        Iterable,
        Iterator,
        KeysView,
        MutableMapping,
        ValuesView,
    )
    from typing import Any

    from .undefined import Undefined

    BlockFunction = Callable[..., Any]


class Context:
    """The variables a template sees.

    Look-ups try ``vars``, what the template itself set at its top level, and then ``parent``, what it was given and the
    globals.

    :param environment: the environment
    :param parent: the variables given and the globals
    :param name: the template's name
    :param blocks: the template's block functions
    :param globals: the template's globals, to know what an import has to hand on
    """

    def __init__(
        self,
        environment: Any,
        parent: dict[str, Any],
        name: str | None,
        blocks: Mapping[str, BlockFunction],
        globals: MutableMapping[str, Any] | None = None,
    ) -> None:
        self.parent = parent
        self.vars: dict[str, Any] = {}
        self.environment = environment
        self.exported_vars: set[str] = set()
        self.name = name
        self._globals = globals
        #: What :attr:`blocks` shows, as generated code calls it.
        self._blocks: dict[str, list[BlockFunction]] | _OpenBlocks = (
            {key: [block] for key, block in blocks.items()} if blocks else {}
        )
        #: The templates that were extended with this context.
        self._parents: list[str] | None = None
        self._eval_ctx: EvalContext | None = None

    @property
    def globals_keys(self) -> set[str]:
        """The names of the template's globals."""
        return set() if self._globals is None else set(self._globals)

    @property
    def blocks(self) -> dict[str, list[BlockFunction]]:
        """Block functions by name, the most derived template's first. A program may put its own there.

        Each takes a context, and returns an iterator over the output's pieces.
        """
        blocks = self._blocks
        if not isinstance(blocks, _OpenBlocks):
            blocks = self._blocks = _OpenBlocks(blocks)
        for functions in blocks.shown.values():
            functions[:] = map(returning_pieces, functions)
        return blocks.shown

    @blocks.setter
    def blocks(self, value: dict[str, list[BlockFunction]]) -> None:
        self._blocks = _OpenBlocks(value)

    def _stream_blocks(self, blocks: Mapping[str, BlockFunction]) -> None:
        """Take the block functions that yield; what a program has seen, and maybe changed, stays as it is."""
        if not isinstance(self._blocks, _OpenBlocks):
            self._blocks = {name: [function] for name, function in blocks.items()}

    @property
    def eval_ctx(self) -> EvalContext:
        """The evaluation context: whether output is escaped at the moment."""
        if self._eval_ctx is None:
            self._eval_ctx = EvalContext(self.environment, self.name)
        return self._eval_ctx

    @eval_ctx.setter
    def eval_ctx(self, value: EvalContext) -> None:
        self._eval_ctx = value

    def super(self, name: str, current: BlockFunction) -> BlockReference | Undefined:
        """Return the block of this name in the parent template.

        :param name: the block's name
        :param current: the block function to start from
        """
        blocks = self._blocks.get(name, [])
        depth = index_of(blocks, current) + 1
        if 0 < depth < len(blocks):
            return BlockReference(name, self, blocks, depth)
        hint = f"there is no parent block called {name!r}."
        return self.environment.undefined(hint, name="super")  # type: ignore[no-any-return]

    def get(self, key: str, default: Any = None) -> Any:
        """Return a variable, or *default*.

        :param key: its name
        """
        try:
            return self[key]
        except KeyError:
            return default

    def resolve(self, key: str) -> Any:
        """Return a variable, or an undefined value.

        :param key: its name
        """
        value = self.resolve_or_missing(key)
        if value is missing:
            return self.environment.undefined(name=key)
        return value

    def resolve_or_missing(self, key: str) -> Any:
        """Return a variable, or ``missing``. A subclass may override this to supply variables.

        :param key: its name
        """
        if key in self.vars:
            return self.vars[key]
        if key in self.parent:  # not get(): a class of mappings may have its own way to these two
            return self.parent[key]
        return missing

    def get_exported(self) -> dict[str, Any]:
        """Return the variables that an import of this template gets."""
        return {name: self.vars[name] for name in self.exported_vars}

    def get_all(self) -> dict[str, Any]:
        """Return all variables. The dict may be the context's own: don't change it."""
        if not self.vars:
            return self.parent
        if not self.parent:
            return self.vars
        return {**self.parent, **self.vars}

    @internalcode
    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call something from a template: hand it what it was marked to get.

        Its own parameters have names that no keyword argument of a template can meet.

        :return: the result; an undefined value if the callable raises ``StopIteration``
        """
        loop_vars, block_vars = kwargs.pop("_loop_vars", None), kwargs.pop("_block_vars", None)
        if passed_argument(__obj) == PASS_CONTEXT:
            context = __self
            for local in (loop_vars, block_vars):
                if local:
                    context = context.derived(local)
            return call(context, __obj, *args, **kwargs)
        return call(__self, __obj, *args, **kwargs)

    def derived(self, locals: dict[str, Any] | None = None) -> Context:
        """Return a context with these variables and more.

        :param locals: the further variables
        """
        context = new_context(self.environment, self.name, {}, self.get_all(), True, None, locals)
        context.eval_ctx = self.eval_ctx
        context._blocks.update((name, list(functions)) for name, functions in self._blocks.items())
        return context

    def _export(self, name: str, value: Any) -> Any:
        """Set a variable at the top level, and return its value."""
        self.vars[name] = value
        if name[0] != "_":
            self.exported_vars.add(name)
        return value

    def _import_name(self, name: str, value: Any) -> Any:
        """Set a variable that came by an import, which is seen and not handed on, and return its value."""
        self.vars[name] = value
        self.exported_vars.discard(name)
        return value

    def keys(self) -> KeysView[str]:
        """The names of all variables."""
        return self.get_all().keys()

    def values(self) -> ValuesView[Any]:
        """The values of all variables."""
        return self.get_all().values()

    def items(self) -> ItemsView[str, Any]:
        """The names and values of all variables."""
        return self.get_all().items()

    def __contains__(self, name: str) -> bool:
        return name in self.vars or name in self.parent

    def __getitem__(self, key: str) -> Any:
        value = self.resolve_or_missing(key)
        if value is missing:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.get_all())

    def __len__(self) -> int:
        return len(self.get_all())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.get_all()!r} of {self.name!r}>"


Mapping.register(Context)


@internalcode
def call(context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call *function* for a template: what :meth:`Context.call` does, without its hooks.

    :param context: the active context
    :param function: the callable
    :return: its result; an undefined value if it raises ``StopIteration``
    """
    mark = passed_argument(function)
    if mark is not None:
        if mark == PASS_CONTEXT:
            args = (context, *args)
        elif mark == PASS_EVAL_CONTEXT:
            args = (context.eval_ctx, *args)
        elif mark == PASS_ENVIRONMENT:
            args = (context.environment, *args)
    try:
        return function(*args, **kwargs)
    except StopIteration:
        hint = "value was undefined because a callable raised a StopIteration exception"
        return context.environment.undefined(hint)


def _flat(globals: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return globals as a new dict; the usual chain of maps by its parts, which is ten times as quick as through it."""
    if globals.__class__ is not ChainMap:
        return dict(globals)
    maps = globals.maps
    flat = dict(maps[-1])
    for mapping in maps[-2::-1]:
        flat.update(mapping)
    return flat


def with_locals(variables: dict[str, Any], locals: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dict of variables, and of those of a place over them; what has no value yet is left out.

    :param variables: the variables
    :param locals: those of the place
    """
    return {**variables, **{name: value for name, value in locals.items() if value is not missing}}


def new_context(
    environment: Any,
    template_name: str | None,
    blocks: Mapping[str, BlockFunction],
    vars: dict[str, Any] | None = None,
    shared: bool = False,
    globals: MutableMapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
) -> Context:
    """Make a context.

    :param environment: supplies the class
    :param template_name: the template's name
    :param blocks: its block functions
    :param vars: the variables given
    :param shared: *vars* is complete: the globals are in it, and it is used without a copy
    :param globals: the template's globals
    :param locals: variables of the place that the template is used at, over all others
    """
    variables = {} if vars is None else vars
    if shared:
        parent = variables
    else:
        parent = _flat(globals) if globals else {}
        parent.update(variables)
    if locals:
        parent = with_locals(parent, locals)
    return environment.context_class(environment, parent, template_name, blocks, globals)  # type: ignore[no-any-return]


#: What marks the code of a coroutine function (``inspect.CO_COROUTINE``).
_CO_COROUTINE = 0x80


def render_pieces(function: BlockFunction, context: Context) -> Any:
    """Return the output's pieces of a render function, in whichever form its code is.

    :param function: a block or root function of a template that isn't asynchronous
    :param context: the context to render in
    """
    if _yields(function):
        return function(context)
    out: list[Any] = []
    function(context, out)
    return out


def _yields(function: BlockFunction) -> bool:
    """Say whether a render function takes only the context: all that don't append to a list."""
    code = getattr(function, "__code__", None)
    return code is None or bool(code.co_argcount < 2)


#: The attribute of a function in both forms that has the one it was made of.
_FORM_OF = "dray_form_of"


def returning_pieces(function: BlockFunction) -> BlockFunction:
    """Return a render function as a program sees it: one that takes a context and returns an iterator over the pieces.

    With a list it does what generated code expects, so that it may stand for the function in a context.

    :param function: a block or root function, or what this made of one; one of a program's own stays as it is
    """
    return function if _yields(function) else kept_in_both_forms(function)


def kept_in_both_forms(function: BlockFunction) -> BlockFunction:
    """Return a template's own function as :func:`in_both_forms` made it, each time the same.

    :param function: a block or root function
    """
    if hasattr(function, _FORM_OF):
        return function
    both: BlockFunction | None = function.__dict__.get("dray_both_forms")
    if both is None:
        both = function.__dict__["dray_both_forms"] = in_both_forms(function)
    return both


def in_both_forms(function: BlockFunction) -> BlockFunction:
    """Return a render function that appends to a list if it gets one, and otherwise returns an iterator.

    :param function: a block or root function in any form, a program's own as well
    """
    if hasattr(function, _FORM_OF):
        return function
    yields = _yields(function)

    def render(context: Context, out: list[Any] | None = None) -> Any:
        if not yields and out is not None:
            return function(context, out)
        context.blocks  # noqa: B018 - from here on they are there in both forms
        if out is None:
            return function(context) if yields else _each_piece(function, context)
        if context.environment.is_async:
            return _append_pieces(function, context, out)
        return out.extend(function(context))

    setattr(render, _FORM_OF, function)
    return render


def _each_piece(function: BlockFunction, context: Context) -> Any:
    """Return an iterator over the pieces of a function that appends."""
    return pieces(function, context) if context.environment.is_async else _render_at_first(function, context)


def _render_at_first(function: BlockFunction, context: Context) -> Iterator[Any]:
    """Yield the output of a function that appends, rendered when the first piece is asked for."""
    yield from render_pieces(function, context)


async def _append_pieces(function: BlockFunction, context: Context, out: list[Any]) -> None:
    """Append the output of an asynchronous function that yields."""
    async for part in pieces(function, context):
        out.append(part)


class _OpenBlocks:
    """The block functions of a context that a program has seen: generated code finds all in both forms.

    :param shown: what the program sees, and may change
    """

    __slots__ = ("shown",)

    def __init__(self, shown: dict[str, list[BlockFunction]]) -> None:
        self.shown = shown

    def __getitem__(self, name: str) -> list[BlockFunction]:
        return list(map(in_both_forms, self.shown[name]))

    def get(self, name: str, default: list[BlockFunction]) -> list[BlockFunction]:
        """Return the functions of a block, or *default*."""
        return self[name] if name in self.shown else default

    def setdefault(self, name: str, default: list[BlockFunction]) -> list[BlockFunction]:
        """Return the list to add functions of a block to."""
        return self.shown.setdefault(name, default)

    def items(self) -> Iterator[tuple[str, list[BlockFunction]]]:
        """Yield names and functions."""
        return ((name, self[name]) for name in self.shown)

    def update(self, blocks: Iterable[tuple[str, list[BlockFunction]]]) -> None:
        """Take names and functions."""
        self.shown.update(blocks)


def index_of(blocks: list[BlockFunction], current: BlockFunction) -> int:
    """Return where a block's function stands in a stack of them, by itself or as :func:`in_both_forms` made it.

    :return: -1 if it doesn't
    """
    current = getattr(current, _FORM_OF, current)
    for index, block in enumerate(blocks):
        if block is current or getattr(block, _FORM_OF, None) is current:
            return index
    for index, block in enumerate(blocks):  # a sandbox puts its own around them
        if getattr(getattr(block, _FORM_OF, block), "__wrapped__", None) is current:
            return index
    return -1


async def pieces(function: BlockFunction, context: Context) -> AsyncIterator[Any]:
    """Yield the output of a render function of an asynchronous template, in whichever form its code is.

    :param function: a block or root function
    :param context: the context to render in
    """
    code = getattr(function, "__code__", None)
    if code is not None and code.co_flags & _CO_COROUTINE:
        out: list[Any] = []
        await function(context, out)
        for part in out:
            yield part
        return
    generator = function(context)
    try:
        async for part in generator:
            yield part
    finally:
        if hasattr(generator, "aclose"):  # a program's own may return any asynchronous iterator
            await generator.aclose()


class TemplateReference:
    """``self`` in a template: its blocks as items.

    :param context: the template's context
    """

    def __init__(self, context: Context) -> None:
        self.__context = context

    def __getitem__(self, name: str) -> Any:
        blocks = self.__context._blocks[name]
        return BlockReference(name, self.__context, blocks, 0)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__context.name!r}>"


class BlockReference:
    """One block of a template, to be rendered by calling it.

    :param name: the block's name
    :param context: the context to render it in
    :param stack: the block functions of this name, the most derived template's first
    :param depth: which of them
    """

    def __init__(self, name: str, context: Context, stack: list[BlockFunction], depth: int) -> None:
        self.name = name
        self._context = context
        self._stack = stack
        self._depth = depth

    @property
    def super(self) -> BlockReference | Undefined:
        """The same block in the parent template."""
        if self._depth + 1 < len(self._stack):
            return BlockReference(self.name, self._context, self._stack, self._depth + 1)
        hint = f"there is no parent block called {self.name!r}."
        return self._context.environment.undefined(hint, name="super")  # type: ignore[no-any-return]

    def _finish(self, text: str) -> str:
        return Markup(text) if self._context.eval_ctx.autoescape else text

    async def _call_async(self) -> str:
        environment = self._context.environment
        parts = [part async for part in pieces(self._stack[self._depth], self._context)]
        return self._finish(environment.concat(parts))

    @internalcode
    def __call__(self) -> Any:
        """Render the block; in an asynchronous environment the result has to be awaited."""
        environment = self._context.environment
        if environment.is_async:
            return self._call_async()
        return self._finish(environment.concat(render_pieces(self._stack[self._depth], self._context)))
