"""From a template's text to code: joins lexer, extensions, parser, optimizer and code generator.

A mixin of :class:`.Environment`. The stages are half of the package, so they are imported when the first template is
compiled: a program that imports the package and renders nothing, or finds all its templates in a bytecode cache, never
waits for them.
"""

from __future__ import annotations

from functools import cache

from ..exceptions import TemplateSyntaxError
from ..utils import internalcode

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterator
    from types import CodeType
    from typing import Any, NoReturn

    from .. import nodes
    from ..compiler import CodeGenerator
    from ..lexer import Lexer, TokenStream
    from .modules import TemplateExpression
    from .template import Template

    Piece = tuple[int, str, str]


#: The file of templates that have none.
NO_FILE = "<template>"


def name_as_file(name: str | None) -> str:
    """Return what stands for a template's file where it has none.

    Behind it Python looks for the text of a line with the template's loader, which it wouldn't for a name wholly in
    angle brackets.

    :param name: the template's name
    """
    return f"{NO_FILE}/{name}" if isinstance(name, str) and name and name.isprintable() else NO_FILE


@cache
def _compiler() -> Any:
    """Return the module that joins the stages."""
    from .. import compiler  # noqa: PLC0415 - see the first paragraph of this file

    return compiler


#: What stands for the path of the code generator of environments that choose none.
_STOCK = "stock"


class _StockGenerator:
    """The code generator of environments that don't choose one."""

    def __get__(self, instance: Any, owner: type) -> type[CodeGenerator]:
        return _compiler().CodeGenerator  # type: ignore[no-any-return]


class TemplateCompiling:
    """Compiles templates."""

    #: The class that turns a template's tree into Python's.
    code_generator_class: Any = _StockGenerator()
    optimized: bool
    loader: Any
    extensions: dict[str, Any]

    if TYPE_CHECKING:

        def iter_extensions(self) -> Iterator[Any]:
            """See :meth:`.Environment.iter_extensions`."""

        def handle_exception(self, source: str | None = None) -> NoReturn:
            """See :meth:`.Environment.handle_exception`."""

        def from_string(self, source: Any) -> Template:
            """See :meth:`.Environment.from_string`."""

    @property
    def lexer(self) -> Lexer:
        """The lexer for this environment's syntax."""
        return _compiler().get_lexer(self)  # type: ignore[no-any-return]

    @internalcode
    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Return the tree of a template.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        :raises TemplateSyntaxError: if the text is no template
        """
        return self._reported(source, self._parse, source, name, filename)  # type: ignore[no-any-return]

    def _reported(self, source: str, step: Callable[..., Any], *args: Any) -> Any:
        """Return what a step of the way returns; its syntax errors get the text, to show the line."""
        try:
            return step(*args)
        except TemplateSyntaxError:
            self.handle_exception(source=source)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse without the handling of errors; extensions that parse override this."""
        text: Any = source
        if not isinstance(text, str):
            text = str(text)
        return _compiler().parse(self, text, name, filename, self._splits_as_usual())  # type: ignore[no-any-return]

    def _splits_as_usual(self) -> bool:
        """Say whether nobody has a say in how a text becomes tokens."""
        cls: Any = type(self)
        return (
            not self.extensions
            and cls._tokenize is TemplateCompiling._tokenize
            and cls.preprocess is TemplateCompiling.preprocess
            and cls.lexer is TemplateCompiling.lexer
            and not {"_tokenize", "preprocess"} & self.__dict__.keys()
        )

    def lex(self, source: str, name: str | None = None, filename: str | None = None) -> Iterator[Piece]:
        """Yield the pieces of a template's text as ``(line, type, text)``.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        """
        text = str(source)
        return self._reported(text, self.lexer.tokeniter, text, name, filename)  # type: ignore[no-any-return]

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
        stream = self.lexer.tokenize(source, name, filename, state)
        for extension in self.iter_extensions():
            stream = _compiler().as_stream(extension.filter_stream(stream), name, filename)
        return stream

    def _generator_path(self) -> str:
        """Return the import path of the code generator's class, without importing the stock one."""
        if "code_generator_class" not in self.__dict__:
            for base in type(self).__mro__:
                if "code_generator_class" in base.__dict__:
                    break
            if base is TemplateCompiling:
                return _STOCK
        generator = self.code_generator_class
        return f"{generator.__module__}.{generator.__qualname__}"

    def _generator(self, name: str | None, filename: str | None, defer_init: bool = False) -> Any:
        is_stock = self._generator_path() == _STOCK
        cls = _compiler().stock_generator() if is_stock else self.code_generator_class
        return cls(self, name, filename, defer_init=defer_init, optimized=self.optimized)

    def _compile_tree(
        self, tree: nodes.Template, name: str | None, filename: str | None, stream: bool, source: str | None = None
    ) -> Any:
        """Return the Python tree of a template in one of its two forms; it keeps the text."""
        return _compiler().compile_tree(self._generator(name, filename), tree, stream, source)

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
        try:
            return self._within_stack(self._compiled, source, name, filename, raw, defer_init)  # type: ignore[no-any-return]
        except TemplateSyntaxError:
            self.handle_exception(source=source if isinstance(source, str) else None)

    def _within_stack(
        self, step: Callable[..., Any], source: str | nodes.Template, name: str | None, filename: str | None, *args: Any
    ) -> Any:
        """Return what a step returns; where the stack is too small for it, say where the template is deepest."""
        try:
            return step(source, name, filename, *args)
        except RecursionError:
            tree = self._parse(source, name, filename) if isinstance(source, str) else source
            raise _compiler().too_deep(tree, name, filename) from None

    def _compiled(
        self, source: str | nodes.Template, name: str | None, filename: str | None, raw: bool, defer_init: bool,
        plain: bool = False,
    ) -> str | CodeType:  # fmt: skip
        """Return a template as code, or as Python source text.

        :param plain: take away what names have of subclasses of ``str``, which Python refuses
        """
        tree = self._tree(source, name, filename, plain)
        if raw or type(self)._generate is not TemplateCompiling._generate:
            code = self._generate(tree, name, filename, defer_init=defer_init)
            return code if raw else self._compile(code, filename or NO_FILE)
        if isinstance(source, str):
            module = self._compile_tree(tree, name, filename, False, str.__str__(source))
        else:
            module = self._both_forms(tree, name, filename)
        del tree  # 12 nodes a line: not needed while Python compiles its own
        try:
            return self._finish(module, name, filename or name_as_file(name))
        except TypeError:
            if plain:
                raise
        return self._compiled(source, name, filename, raw, defer_init, plain=True)

    def _tree(
        self, source: str | nodes.Template, name: str | None, filename: str | None, plain: bool = False
    ) -> nodes.Template:
        """Return the tree to generate code from, its constants folded, if they are to be and the parser saw any.

        :param plain: see :meth:`_compiled`
        """
        own = isinstance(source, str) and type(self)._parse is TemplateCompiling._parse
        tree = self._parse(source, name, filename) if isinstance(source, str) else _compiler().as_template(source)
        folds = self.optimized and getattr(tree, "_may_fold", True)
        if folds:
            tree = _compiler().fold(self, tree, keep=not (own or getattr(tree, "_is_ours", False)))
        if plain:
            tree = _compiler().copied(tree, self)
        tree._fresh = own and not (folds or plain) and getattr(tree, "_noted", False)
        return tree

    def _both_forms(self, tree: nodes.Template, name: str | None, filename: str | None) -> Any:
        """Return the module of a template whose text isn't there to compile the other form from later."""
        module = self._compile_tree(tree, name, filename, False)
        module.body.extend(self._compile_tree(tree, name, filename, True).body)
        return module

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Return the Python source text for a template's tree; who wants to change it overrides this.

        :param source: the tree
        :param name: the template's name
        :param filename: its file
        :param defer_init: kept for the interface
        """
        from ..codegen.source import to_source  # noqa: PLC0415 - only for text output

        return to_source(self._both_forms(source, name, filename), name)

    def _finish(self, module: Any, name: str | None, filename: str) -> CodeType:
        """Return the code of a generated module; a subclass that overrides :meth:`_compile` gets source text."""
        if type(self)._compile is TemplateCompiling._compile:
            return _compiler().to_code(module, name, filename)  # type: ignore[no-any-return]
        from ..codegen.source import to_source  # noqa: PLC0415 - only for text output

        return self._compile(to_source(module, name), filename)

    def _compile(self, source: Any, filename: str) -> CodeType:
        """Compile Python source text; extensions that want to see it override this."""
        return compile(source, filename, "exec", dont_inherit=True)

    def _compile_stream(self, source: str, name: str | None, filename: str | None) -> CodeType:
        """Compile the form of a template that yields its output."""
        return self._within_stack(self._stream_form, source, name, filename)  # type: ignore[no-any-return]

    def _stream_form(self, source: str, name: str | None, filename: str | None, plain: bool = False) -> CodeType:
        """Compile without looking after the stack.

        :param plain: see :meth:`_compiled`
        """
        module = self._compile_tree(self._tree(source, name, filename, plain), name, filename, True)
        try:
            return _compiler().to_code(module, name, filename or name_as_file(name))  # type: ignore[no-any-return]
        except TypeError:
            if plain:
                raise
        return self._stream_form(source, name, filename, plain=True)

    @internalcode
    def compile_expression(self, source: str, undefined_to_none: bool = True) -> TemplateExpression:
        """Make a function of an expression.

        :param source: the expression's text
        :param undefined_to_none: whether it returns ``None`` for an undefined value
        :return: a function that takes the variables as ``dict`` would
        :raises TemplateSyntaxError: if the text is no expression
        """
        from .modules import TemplateExpression  # noqa: PLC0415 - most environments are for texts

        tree = self._reported(source, _compiler().parse_expression, self, source)
        return TemplateExpression(self.from_string(tree), undefined_to_none)

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
        path = target if isinstance(target, str) else target.__fspath__()
        compile_all(self, names, path, zip, log_function or (lambda line: None), ignore_errors)

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
