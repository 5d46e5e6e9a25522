"""Translation: the ``trans`` tag, the functions behind it, and finding the messages of a template.

The tag becomes a call of ``gettext`` or its kin. In the old style the translated text is filled in by ``%`` in the
template, in the new style by the functions themselves.
"""

from __future__ import annotations

import re

from dray.safe_strings import Markup

from . import nodes
from ._extension import Extension
from .exceptions import TemplateAssertionError, TemplateSyntaxError
from .utils import import_string, pass_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

    from ._tokens import Token
    from .environment import Environment
    from .parser import Parser
    from .runtime.context import Context

    Message = tuple[int, str, str | None | tuple[str | None, ...]]

#: The functions whose calls are messages.
GETTEXT_FUNCTIONS: tuple[str, ...] = ("_", "gettext", "ngettext", "pgettext", "npgettext")
_BLANKS = re.compile(r"\s*\n\s*")


@pass_context
def _gettext_alias(context: Context, *args: Any, **kwargs: Any) -> Any:
    """Call ``gettext``, whichever the context has."""
    return context.call(context.resolve("gettext"), *args, **kwargs)


def _new_style(func: Callable[..., Any], called: str, fixed: tuple[str | None, ...]) -> Callable[..., Any]:
    """Return a translating function that fills in variables itself.

    :param func: the plain function
    :param called: what templates call it
    :param fixed: for each positional argument, the variable that it is available as
    """

    @pass_context
    def translate(__context: Context, *args: Any, **variables: Any) -> str:
        if len(args) != len(fixed):
            raise TypeError(f"{called}() takes {len(fixed)} arguments besides variables by name, got {len(args)}")
        for name, value in zip(fixed, args, strict=True):
            if name is not None:
                variables.setdefault(name, value)
        text = __context.call(func, *args)
        if __context.eval_ctx.autoescape:
            text = Markup(text)
        # Always a format string, also without variables: how translators see a percent sign doesn't depend on those.
        return text % variables  # type: ignore[no-any-return]

    return translate


class _Trans:
    """One ``trans`` tag while it is parsed."""

    def __init__(self) -> None:
        self.context: str | None = None
        self.variables: dict[str, nodes.Expr] = {}
        self.trimmed: bool | None = None
        self.count: nodes.Expr | None = None
        self.count_is_num = False
        self.assignment: nodes.Assign | None = None
        self.singular = ""
        self.plural: str | None = None
        self.referenced: dict[str, nodes.Name] = {}


def _variable(token: Token) -> nodes.Name:
    """Return the node for a variable that a tag names."""
    node = nodes.Name(token.value, "load", lineno=token.lineno)
    if token.column is not None and token.end_column is not None:
        node.span = (token.lineno, token.column, token.lineno, token.end_column)
    return node


def _refuse_constants(parser: Parser, variables: dict[str, nodes.Expr]) -> None:
    """Raise the error for a variable that has the name of a constant."""
    for value in variables.values():
        if isinstance(value, nodes.Name) and value.name in {"True", "False", "None"}:
            line, column, _, end = value.span or (value.lineno, 0, value.lineno, 0)
            parser.fail_at(f"{value.name} is a constant, no variable", ("name", value.name, line, column, end))


class InternationalizationExtension(Extension):
    """Adds ``{% trans %}…{% pluralize %}…{% endtrans %}`` and methods on the environment that install translations."""

    tags = {"trans"}

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals["_"] = _gettext_alias
        environment.extend(
            install_gettext_translations=self._install,
            install_null_translations=self._install_null,
            install_gettext_callables=self._install_callables,
            uninstall_gettext_translations=self._uninstall,
            extract_translations=self._extract,
            newstyle_gettext=False,
        )

    # -- the functions behind the tag

    def _install(self, translations: Any, newstyle: bool | None = None) -> None:
        """Use the translations of an object such as ``gettext.GNUTranslations``."""
        gettext = getattr(translations, "ugettext", None) or translations.gettext
        ngettext = getattr(translations, "ungettext", None) or translations.ngettext
        self._install_callables(
            gettext,
            ngettext,
            newstyle,
            getattr(translations, "pgettext", None),
            getattr(translations, "npgettext", None),
        )

    def _install_null(self, newstyle: bool | None = None) -> None:
        """Use the messages themselves."""
        import gettext  # noqa: PLC0415 - gettext costs start-up time

        self._install(gettext.NullTranslations(), newstyle)

    def _install_callables(
        self,
        gettext: Callable[[str], str],
        ngettext: Callable[[str, str, int], str],
        newstyle: bool | None = None,
        pgettext: Callable[[str, str], str] | None = None,
        npgettext: Callable[[str, str, str, int], str] | None = None,
    ) -> None:
        """Use these functions."""
        environment: Any = self.environment
        if newstyle is not None:
            environment.newstyle_gettext = newstyle
        functions: dict[str, Any] = {
            "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext,
        }  # fmt: skip
        if environment.newstyle_gettext:
            fixed = {
                "gettext": (None,),
                "ngettext": (None, None, "num"),
                "pgettext": ("context", None),
                "npgettext": ("context", None, None, "num"),
            }
            functions = {
                name: None if function is None else _new_style(function, name, fixed[name])
                for name, function in functions.items()
            }
        environment.globals.update(functions)

    def _uninstall(self, translations: Any) -> None:
        """Take the functions away again."""
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            self.environment.globals.pop(name, None)

    def _extract(
        self, source: str | nodes.Template, gettext_functions: Sequence[str] = GETTEXT_FUNCTIONS
    ) -> Iterator[Message]:
        """Find the messages of a template."""
        tree = self.environment.parse(source) if isinstance(source, str) else source
        return extract_from_ast(tree, gettext_functions)

    # -- the tag

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Parse the tag with its body.

        ``trans: "trans" string? (name ("=" expression)? ("," …)*)? body ("pluralize" name? body)? "endtrans"``
        """
        lineno = next(parser.stream).lineno
        trans = _Trans()
        context = parser.stream.next_if("string")
        if context is not None:
            trans.context = context.value
        self._parse_variables(parser, trans)
        parser.stream.expect("block_end")
        names, trans.singular = self._parse_body(parser, allow_pluralize=True)
        trans.referenced.update(names)
        if trans.count is None and names:
            first, trans.count = next(iter(names.items()))
            trans.count_is_num = first == "num"
        self._parse_plural(parser, trans)
        for name, variable in trans.referenced.items():
            trans.variables.setdefault(name, variable)
        _refuse_constants(parser, trans.variables)
        trimmed = self.environment.policies["ext.i18n.trimmed"] if trans.trimmed is None else trans.trimmed
        if trimmed:
            trans.singular = self._trim_whitespace(trans.singular)
            trans.plural = trans.plural and self._trim_whitespace(trans.plural)
        output = self._make_output(trans)
        output.set_lineno(lineno)
        if trans.assignment is None:
            return output
        trans.assignment.set_lineno(lineno)
        return [trans.assignment, output]

    def _parse_variables(self, parser: Parser, trans: _Trans) -> None:
        """Parse the variables in the opening tag."""
        stream = parser.stream
        while stream.current.type != "block_end":
            if trans.variables:
                stream.expect("comma")
            if stream.skip_if("colon"):
                break
            token = stream.expect("name")
            if token.value in trans.variables:
                parser.fail(
                    f"translatable variable {token.value!r} defined twice.", token.lineno, TemplateAssertionError
                )
            if trans.trimmed is None and token.value in {"trimmed", "notrimmed"} and stream.current.type != "assign":
                trans.trimmed = token.value == "trimmed"
                continue
            value: nodes.Expr = _variable(token)
            if stream.skip_if("assign"):
                value = parser.parse_expression()
            trans.variables[token.value] = value
            if trans.count is None:
                if isinstance(value, nodes.Call):
                    # Called once, though its result is used twice.
                    trans.assignment = nodes.Assign(nodes.Name("_trans", "store"), value, lineno=token.lineno)
                    value = trans.variables[token.value] = nodes.Name("_trans", "load", lineno=token.lineno)
                trans.count = value
                trans.count_is_num = token.value == "num"

    def _parse_plural(self, parser: Parser, trans: _Trans) -> None:
        """Parse what stands between ``pluralize`` and the end, if there is anything."""
        stream = parser.stream
        if not next(stream).test("name:pluralize"):
            trans.count = None
            return
        if stream.current.type != "block_end":
            token = stream.expect("name")
            if token.value not in trans.variables:
                parser.fail(f"unknown variable {token.value!r} for pluralization", token.lineno, TemplateAssertionError)
            trans.count = trans.variables[token.value]
            trans.count_is_num = token.value == "num"
        stream.expect("block_end")
        names, trans.plural = self._parse_body(parser, allow_pluralize=False)
        stream.skip()
        trans.referenced.update({name: variable for name, variable in names.items() if name not in trans.referenced})
        if trans.count is None:
            parser.fail("pluralize without variables")

    def _trim_whitespace(self, string: str, _ws_re: re.Pattern[str] = _BLANKS) -> str:
        """Return a text with each line break, and the blanks around it, as one blank."""
        return _ws_re.sub(" ", string.strip())

    def _parse_body(self, parser: Parser, allow_pluralize: bool) -> tuple[dict[str, nodes.Name], str]:
        """Parse text and plain variables.

        :return: the variables in their order, each at its first place, and the text as a format string
        """
        stream = parser.stream
        names: dict[str, nodes.Name] = {}
        parts: list[str] = []
        while True:
            token = stream.current
            if token.type == "eof":
                parser.fail("unclosed translation block")
            stream.skip()
            if token.type == "data":
                parts.append(token.value.replace("%", "%%"))
            elif token.type == "variable_begin":
                name = stream.expect("name")
                names.setdefault(name.value, _variable(name))
                parts.append(f"%({name.value})s")
                stream.expect("variable_end")
            elif self._ends_body(parser, allow_pluralize):
                return names, "".join(parts)

    def _ends_body(self, parser: Parser, allow_pluralize: bool) -> bool:
        """Say whether the current tag ends a translatable text; no other tag is allowed in one."""
        tag = parser.stream.current
        if tag.test("name:endtrans") or (allow_pluralize and tag.test("name:pluralize")):
            return True
        if tag.test("name:pluralize"):
            parser.fail("a translatable section can have only one pluralize section")
        if tag.test("name:trans"):
            parser.fail("trans blocks can't be nested; did you mean `endtrans`?")
        return parser.fail(f"control structures in translatable sections are not allowed; saw `{tag.value}`")

    def _make_output(self, trans: _Trans) -> nodes.Output:
        """Return the node that writes the translation."""
        newstyle = self.environment.newstyle_gettext  # type: ignore[attr-defined]
        texts = [trans.singular] if trans.plural is None else [trans.singular, trans.plural]
        if not trans.referenced and not newstyle:
            texts = [text.replace("%%", "%") for text in texts]
        args: list[nodes.Expr] = [nodes.Const(text) for text in texts]
        function = "gettext"
        if trans.plural is not None:
            function = "n" + function
            assert trans.count is not None
            args.append(trans.count)
        if trans.context is not None:
            function = "np" + function[1:] if trans.plural is not None else "p" + function
            args.insert(0, nodes.Const(trans.context))
        call = nodes.Call(nodes.Name(function, "load"), args, [], None, None)
        if newstyle:
            for name, value in trans.variables.items():
                if not (trans.plural is not None and trans.count_is_num and name == "num"):
                    call.kwargs.append(nodes.Keyword(name, value))
            return nodes.Output([call])
        translated: nodes.Expr = nodes.MarkSafeIfAutoescape(call)
        if trans.variables:
            pairs = [nodes.Pair(nodes.Const(name), value) for name, value in trans.variables.items()]
            translated = nodes.Mod(translated, nodes.Dict(pairs))
        return nodes.Output([translated])


# -- finding messages


def extract_from_ast(
    ast: nodes.Template, gettext_functions: Sequence[str] = GETTEXT_FUNCTIONS, babel_style: bool = True
) -> Iterator[Message]:
    """Yield the messages of a template as line, function and texts.

    :param ast: the template
    :param gettext_functions: the functions whose calls are messages
    :param babel_style: give ``None`` for arguments that are no text, and one text without a tuple; otherwise only calls
        with nothing but texts, always as a tuple
    """
    for call in ast.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in gettext_functions:
            continue
        texts: list[str | None] = [
            arg.value if isinstance(arg, nodes.Const) and isinstance(arg.value, str) else None for arg in call.args
        ]
        others = len(call.kwargs) + (call.dyn_args is not None) + (call.dyn_kwargs is not None)
        if babel_style:
            texts += [None] * others
            yield call.lineno, call.node.name, texts[0] if len(texts) == 1 else tuple(texts)
        else:
            known = tuple(text for text in texts if text is not None)
            if known:
                yield call.lineno, call.node.name, known


class _Comments:
    """The comments of a template that carry one of some tags, to be found by line."""

    def __init__(self, tokens: Sequence[tuple[int, str, str]], tags: Sequence[str]) -> None:
        self.tokens = tokens
        self.tags = tags
        self.position = 0
        self.last_line = 0

    def before(self, line: int) -> list[str]:
        """Return the tagged comments that belong to a message on *line*: those that stand directly before it."""
        if not self.tags or self.last_line > line:
            return []
        start = self.position
        end = start
        while end < len(self.tokens) and self.tokens[end][0] <= line:
            end += 1
        self.position = end
        self.last_line = line
        found: list[str] = []
        for _, kind, text in reversed(self.tokens[start:end]):
            if kind in {"comment", "linecomment"}:
                prefix, _, rest = text.strip().partition(" ")
                if prefix in self.tags:
                    return [rest.strip()]
        return found


_TRUE = frozenset({"1", "on", "yes", "true"})


def _babel_environment(options: Mapping[str, str]) -> Any:
    """Return an environment with the settings of an extraction."""
    from .environment import Environment  # noqa: PLC0415 - the environment knows extensions only by their import path

    def flag(name: str, default: bool = False) -> bool:
        return options.get(name, str(default)).lower() in _TRUE

    extensions: list[Any] = [
        import_string(name.strip()) for name in options.get("extensions", "").split(",") if name.strip()
    ]
    if InternationalizationExtension not in extensions:
        extensions.append(InternationalizationExtension)
    texts = {
        name: options[name]
        for name in (
            "block_start_string", "block_end_string", "variable_start_string", "variable_end_string",
            "comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix",
        )
        if options.get(name)
    }  # fmt: skip
    environment: Any = Environment(
        **texts,  # type: ignore[arg-type]
        trim_blocks=flag("trim_blocks"),
        lstrip_blocks=flag("lstrip_blocks"),
        keep_trailing_newline=flag("keep_trailing_newline"),
        extensions=extensions,
        cache_size=0,
        auto_reload=False,
    )
    if flag("trimmed"):
        environment.policies["ext.i18n.trimmed"] = True
    if flag("newstyle_gettext"):
        environment.newstyle_gettext = True
    return environment


def babel_extract(
    fileobj: BinaryIO, keywords: Sequence[str], comment_tags: Sequence[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, str | None | tuple[str | None, ...], list[str]]]:
    """Yield the messages of a template for Babel, as line, function, texts and comments.

    :param fileobj: the template's file
    :param keywords: the functions whose calls are messages
    :param comment_tags: words that mark a comment for translators
    :param options: the settings of an environment as text, ``encoding``, ``silent``, ``trimmed``, ``newstyle_gettext``
    """
    silent = options.get("silent", "true").lower() in _TRUE
    environment = _babel_environment(options)
    source = fileobj.read().decode(options.get("encoding", "utf-8"))
    try:
        tree = environment.parse(source)
        tokens = list(environment.lex(environment.preprocess(source)))
    except TemplateSyntaxError:
        if not silent:
            raise
        return
    comments = _Comments(tokens, comment_tags)
    for lineno, function, texts in extract_from_ast(tree, keywords):
        yield lineno, function, texts, comments.before(lineno)
