"""How templates use each other while they run: extends, include, import.

Generated code calls these. They know contexts, and of an environment only its loading methods; a template is whatever
those return. Endless circles end in an error that names the chain.
"""

from __future__ import annotations

from dray.safe_strings._choose import escape_to_str

from ..exceptions import TemplateNotFound, TemplateRuntimeError
from ..utils import internalcode, missing
from .circles import STACK_ERRORS, check_parents, note_link
from .context import index_of, with_locals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Any, NoReturn

    from .context import Context

    IncludeHow = tuple[str | None, bool, bool, str]
    ImportHow = tuple[str | None, bool, bool, str, tuple[tuple[str, str], ...]]


@internalcode
def load_parent(context: Context, name: Any, how: tuple[str | None, bool]) -> Any:
    """Load the template that is extended, and put its blocks behind those of its children.

    :param context: the child's context
    :param name: the parent's name
    :param how: the child's name, and whether the code that yields is wanted
    :return: the parent's root function
    """
    own_name, stream = how
    template = context.environment.get_template(name, own_name)
    root, blocks = template._functions(stream)
    for block_name, function in blocks.items():
        context._blocks.setdefault(block_name, []).append(function)
    _note_parent(context, template)
    return root


def _note_parent(context: Context, template: Any) -> None:
    """Note that *template* is extended.

    :raises TemplateRuntimeError: if it is in a circle
    """
    chain = context._parents
    if chain is None:
        chain = context._parents = [context.name or "<template>"]
    chain.append(template.name or "<template>")
    check_parents(chain)


@internalcode
def find_template(context: Context, target: Any, how: IncludeHow) -> Any:
    """Load the template that is included.

    :param target: a name, several names, or a template
    :param how: what :func:`include` is told
    :return: the template, or ``None`` if there is none and that is allowed
    """
    try:
        return getattr(context.environment, how[3])(target, how[0])
    except TemplateNotFound:
        if how[1]:
            return None
        raise


def _included_context(context: Context, template: Any, with_context: bool, locals: Mapping[str, Any] | None) -> Context:
    if with_context:
        return template.new_context(context.get_all(), True, locals)  # type: ignore[no-any-return]
    return template.new_context({}, False, locals)  # type: ignore[no-any-return]


def _included_stream(context: Context, template: Any, how: IncludeHow, locals: Mapping[str, Any] | None) -> Any:
    """Return what yields the output of a template that is included."""
    root, blocks = template._functions(True)
    child = _included_context(context, template, how[2], locals)
    child._stream_blocks(blocks)
    return root(child)


@internalcode
def include(
    context: Context, target: Any, how: IncludeHow, out: list[Any], locals: Mapping[str, Any] | None = None
) -> None:
    """Render another template into *out*; one that needs no context of its own gets none.

    :param context: the context of the template that includes
    :param target: a name, several names, or a template
    :param how: the name of the template that includes, whether to do nothing if there is no such template, whether
        the other sees the variables of this one, and the method of the environment that loads it
    :param out: the list to append to
    :param locals: variables of the place
    """
    with_context = how[2]
    template = target
    try:
        template = find_template(context, target, how)
        if template is None:
            return
        direct = template._direct
        if direct is None:
            template._functions(False)[0](_included_context(context, template, with_context, locals), out)
        else:
            variables = context.get_all() if with_context else {}
            resolve = template._resolve_undefined if with_context else template._resolve_global
            out.append(direct(with_locals(variables, locals) if locals else variables, resolve))
    except STACK_ERRORS as error:
        note_link(error, how[0], "include", template)
        raise


@internalcode
async def include_async(
    context: Context, target: Any, how: IncludeHow, out: list[Any], locals: Mapping[str, Any] | None = None
) -> None:
    """Do what :func:`include` does, in an asynchronous environment."""
    with_context = how[2]
    template = target
    try:
        template = find_template(context, target, how)
        if template is not None:
            await template._functions(False)[0](_included_context(context, template, with_context, locals), out)
    except STACK_ERRORS as error:
        note_link(error, how[0], "include", template)
        raise


@internalcode
def include_stream(
    context: Context, target: Any, how: IncludeHow, locals: Mapping[str, Any] | None = None
) -> Iterator[Any]:
    """Do what :func:`include` does, piece by piece."""
    template = target
    try:
        template = find_template(context, target, how)
        if template is not None:
            yield from _included_stream(context, template, how, locals)
    except STACK_ERRORS as error:
        note_link(error, how[0], "include", template)
        raise


@internalcode
async def include_stream_async(
    context: Context, target: Any, how: IncludeHow, locals: Mapping[str, Any] | None = None
) -> AsyncIterator[Any]:
    """Do what :func:`include` does, piece by piece in an asynchronous environment."""
    template = target
    generator = None
    try:
        template = find_template(context, target, how)
        if template is None:
            return
        generator = _included_stream(context, template, how, locals)
        async for piece in generator:
            yield piece
    except STACK_ERRORS as error:
        note_link(error, how[0], "include", template)
        raise
    finally:
        if generator is not None:
            await generator.aclose()


@internalcode
def import_module(
    context: Context, target: Any, how: tuple[str | None, bool], locals: Mapping[str, Any] | None = None
) -> Any:
    """Return another template as a module.

    :param context: the context of the template that imports
    :param target: the other's name
    :param how: the name of the template that imports, and whether the other sees the variables of this one
    :param locals: variables of the place
    """
    own_name, with_context = how
    template = target
    try:
        template = context.environment.get_template(target, own_name)
        if with_context:
            return template.make_module(context.get_all(), True, locals)
        return template._get_default_module(context)
    except STACK_ERRORS as error:
        note_link(error, own_name, "import", template)
        raise


@internalcode
async def import_module_async(
    context: Context, target: Any, how: tuple[str | None, bool], locals: Mapping[str, Any] | None = None
) -> Any:
    """Do what :func:`import_module` does, in an asynchronous environment."""
    own_name, with_context = how
    template = target
    try:
        template = context.environment.get_template(target, own_name)
        if with_context:
            return await template.make_module_async(context.get_all(), True, locals)
        return await template._get_default_module_async(context)
    except STACK_ERRORS as error:
        note_link(error, own_name, "import", template)
        raise


@internalcode
def import_names(context: Context, target: Any, how: ImportHow, locals: Mapping[str, Any] | None = None) -> list[Any]:
    """Return some of another template's names.

    :param context: the context of the template that imports
    :param target: the other's name
    :param how: what :func:`import_module` is told, then: whether the rest of the template sees the names by way of its
        context, where the import stands, as words, and the names with what they are called here
    :param locals: variables of the place
    """
    module = import_module(context, target, how[:2], locals)
    return _take_names(context, module, *how[2:])


@internalcode
async def import_names_async(
    context: Context, target: Any, how: ImportHow, locals: Mapping[str, Any] | None = None
) -> list[Any]:
    """Do what :func:`import_names` does, in an asynchronous environment."""
    module = await import_module_async(context, target, how[:2], locals)
    return _take_names(context, module, *how[2:])


def _take_names(
    context: Context, module: Any, toplevel: bool, place: str, names: tuple[tuple[str, str], ...]
) -> list[Any]:
    values = [_imported_name(context, module, name, place) for name, _ in names]
    if toplevel:
        for (_, alias), value in zip(names, values, strict=True):
            context._import_name(alias, value)
    return values


def _imported_name(context: Context, module: Any, name: str, place: str) -> Any:
    """Return what a module has under a name, or an undefined value that says what is missing."""
    names = getattr(module, "__dict__", None)
    value = getattr(module, name, missing) if names is None else names.get(name, missing)
    if value is missing:
        exporter = getattr(module, "__name__", None)
        hint = f"the template {exporter!r} (imported on {place}) does not export the requested name {name!r}"
        return context.environment.undefined(hint, name=name)
    return value


def require_block(context: Context, name: str) -> None:
    """Refuse a required block that no child template fills.

    :raises TemplateRuntimeError: if there is only the required one
    """
    if len(context._blocks[name]) <= 1:
        raise TemplateRuntimeError(f"Required block {name!r} not found")


def refuse_second_parent() -> NoReturn:
    """Refuse a second ``extends``.

    :raises TemplateRuntimeError: always
    """
    raise TemplateRuntimeError("extended multiple times")


def parent_block(context: Context, name: str, current: Any) -> Any:
    """Return the function of the same block in the parent template.

    :param context: the context
    :param name: the block's name
    :param current: the function of the block that calls ``super()``
    :raises UndefinedError: if there is none, and undefined values can't be called
    """
    blocks = context._blocks.get(name, [])
    index = index_of(blocks, current) + 1
    if 0 < index < len(blocks):
        return blocks[index]
    undefined = context.environment.undefined(f"there is no parent block called {name!r}.", name="super")
    return _writing(undefined(), context.environment.is_async)


def _writing(value: Any, is_async: bool) -> Any:
    """Return a block function that writes one value."""

    def write(context: Context, out: list[Any]) -> None:
        out.append(escape_to_str(value) if context.eval_ctx.autoescape else str(value))

    async def write_async(context: Context, out: list[Any]) -> None:
        write(context, out)

    return write_async if is_async else write
