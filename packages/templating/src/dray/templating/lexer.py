"""The lexer: a template's text to tokens.

One function per state (text, comment, raw, tag). Two readers share them: :meth:`Lexer.tokenize` wants converted
tokens for the parser, :meth:`Lexer.tokeniter` every piece of the text as it stands. The lexer knows a
:class:`~dray.templating._settings.Syntax`, no environment. Time is linear in the length of the text.
"""

from __future__ import annotations

import re

from . import _tokens
from ._lru import register_cache
from ._rules import Rules, opening_rules
from ._settings import Syntax
from ._tokens import *  # noqa: F403 - the token names are part of this module's interface
from ._tokens import TokenStream
from .exceptions import TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ._tokens import Item, Token

_OPERATOR_TYPES = _tokens.operators
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = frozenset("()[]{}")
_SIGNS = frozenset("-+")
#: What Python converts to a number, however it is set up.
_USUAL_DIGITS = 600


class Failure:
    """Raises an error when it is called: a rule that stands for something that must not be there.

    :param message: the error's text
    :param cls: the error's class
    """

    def __init__(self, message: str, cls: type[TemplateSyntaxError] = TemplateSyntaxError) -> None:
        self.message = message
        self.error_class = cls

    def __call__(self, lineno: int, filename: str | None) -> None:
        """Raise the error for a line."""
        raise self.error_class(self.message, lineno, filename)


class OptionalLStrip(tuple):  # type: ignore[type-arg]
    """A tuple of token types whose first may lose its white space on the right."""

    __slots__ = ()

    def __new__(cls, *members: Any, **kwargs: Any) -> OptionalLStrip:
        """Make the tuple of its members."""
        return tuple.__new__(cls, members)


def compile_rules(environment: Any) -> list[tuple[str, str]]:
    """Return ``(token type, pattern)`` for the openings of tags, comments and line statements, the longest first.

    :param environment: an environment or a :class:`~dray.templating._settings.Syntax`
    """
    return opening_rules(Syntax.of(environment))


def unescape_string(literal: str) -> str:
    """Return the value of a string literal's inside: Python's backslash escapes, everything else as it stands.

    :param literal: the text between the quotes
    :raises ValueError: if an escape is malformed
    """
    if "\\" not in literal:
        return literal
    return (
        re.sub(_ESCAPE, _as_python_means, literal, flags=re.DOTALL)
        .encode("ascii", "backslashreplace")
        .decode("unicode-escape")
    )


_ESCAPE = r"\\([4-7][0-7]{2}|.)"
_ESCAPES = frozenset("\n\\'\"abfnrtv01234567xNuU")


def _as_python_means(found: re.Match[str]) -> str:
    """Return an escape so that Python doesn't warn about it: what is none stays text, octals may be large."""
    escape = found[1]
    if len(escape) == 3:
        return chr(int(escape, 8))
    return found[0] if escape in _ESCAPES or not escape.isascii() else "\\" + found[0]


def convert_integer(text: str) -> int:
    """Return the value of an integer literal, underscores and base prefix allowed.

    :raises ValueError: if it has more digits than Python converts
    """
    return int(text.replace("_", ""), 0)


def convert_float(text: str) -> float:
    """Return the value of a float literal, underscores allowed."""
    return float(text.replace("_", ""))


class _Run:
    """The state of one pass over one text."""

    __slots__ = ("bol", "error", "filename", "items", "line", "name", "pos", "rules", "source", "verbose")

    def __init__(self, source: str, name: str | None, filename: str | None, verbose: bool) -> None:
        self.source = source
        self.name = name
        self.filename = filename
        self.verbose = verbose
        self.items: list[Item] = []
        #: what ended it before the text did
        self.error: TemplateSyntaxError | None = None
        #: the expressions for what stands in tags, once there was one that isn't read the quick way
        self.rules: Rules | None = None
        self.pos = 0
        self.line = 1
        self.bol = 0

    def advance(self, end: int) -> None:
        """Move to *end* and keep the line count."""
        self.line, self.bol = _line_at(self.source, self.pos, end, self.line, self.bol)
        self.pos = end

    def emit(self, kind: str, value: Any, end: int) -> None:
        """Add an item that reaches from here to *end*, and move there."""
        column = self.pos - self.bol
        self.items.append((kind, value, self.line, column, column + end - self.pos))
        self.advance(end)

    def failure(self, message: str, start: int, end: int | None = None) -> TemplateSyntaxError:
        """Return an error at *start*."""
        self.advance(start)
        column = start - self.bol
        width = 1 if end is None else end - start
        return TemplateSyntaxError(message, self.line, self.name, self.filename).at(column, column + width)


class Lexer:
    """Splits templates of one syntax into tokens.

    :param environment: an environment or a :class:`~dray.templating._settings.Syntax`
    """

    def __init__(self, environment: Any) -> None:
        self.syntax = Syntax.of(environment)
        self.lstrip_blocks = self.syntax.lstrip_blocks
        self.newline_sequence = self.syntax.newline_sequence
        self.keep_trailing_newline = self.syntax.keep_trailing_newline
        self.rules = Rules(self.syntax)
        self._marked = self.rules
        as_it_stands = self.newline_sequence == "\n" and not self.lstrip_blocks and not self.syntax.trim_blocks
        self._usual = as_it_stands and bool(self.rules.tags)

    def tokenize(
        self, source: str, name: str | None = None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        """Return the tokens that the parser reads.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        :param state: ``"variable"`` or ``"block"`` to begin inside a tag
        :return: a stream that raises :exc:`.TemplateSyntaxError` where it comes to a piece of the text that is no token
        """
        cls = type(self)
        if cls.tokeniter is not Lexer.tokeniter or cls.wrap is not Lexer.wrap:
            pieces = self.tokeniter(source, name, filename, state)
            return TokenStream(self.wrap(pieces, name, filename), name, filename)
        run = self._scan(source, name, filename, state, verbose=False)
        return TokenStream.of_items(run.items, name, filename, run.error)

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        """Yield every piece of the text, comments and white space too, as ``(line, type, text)``.

        :param source: the template's text
        :param name: its name, for errors
        :param filename: its file, for errors
        :param state: ``"variable"`` or ``"block"`` to begin inside a tag
        :raises TemplateSyntaxError: if a piece of the text is no token
        """
        run = self._scan(source, name, filename, state, verbose=True)
        for kind, value, lineno, _, _ in run.items:
            yield lineno, kind, value
        if run.error is not None:
            raise run.error

    def wrap(
        self, stream: Iterable[tuple[int, str, str]], name: str | None = None, filename: str | None = None
    ) -> Iterator[Token]:
        """Turn the pieces of :meth:`tokeniter` into tokens: values converted, comments and white space left out.

        :param stream: pieces of text
        :param name: the template's name, for errors
        :param filename: the template's file, for errors
        """
        for lineno, piece, text in stream:
            kind = _PIECES.get(piece, piece)
            if not kind:
                continue
            value: Any = text
            if kind in {"data", "string"}:
                value = text = self._normalize_newlines(text)
            if kind in _CONVERTERS:
                kind, value = _convert(kind, text, lineno, name, filename)
            elif kind == "keyword":
                kind = text
            yield _tokens.Token(lineno, kind, value)

    def _normalize_newlines(self, value: str) -> str:
        return value if self.newline_sequence == "\n" else value.replace("\n", self.newline_sequence)

    def _scan(self, source: str, name: str | None, filename: str | None, state: str | None, verbose: bool) -> _Run:
        """Run over the text, up to its end or to what is no token: that error is kept, for whoever gets so far."""
        source = str.__str__(source)  # without the class that markup has
        if "\r" in source:
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        if not self.keep_trailing_newline and source.endswith("\n"):
            source = source[:-1]
        run = _Run(source, name, filename, verbose)
        if state not in {None, "root", "variable", "block"}:
            raise ValueError(f"the state to begin in is 'variable' or 'block', not {state!r}")
        try:
            if state is not None and state != "root":
                self._scan_tag(run, state + "_end")
            end = len(source)
            usual = self._usual and not verbose
            while run.pos < end:
                if usual:
                    self._scan_usual(run)
                self._scan_text(run)
        except TemplateSyntaxError as error:
            run.error = error.with_traceback(None)
        return run

    def _scan_usual(self, run: _Run) -> None:
        """Read text and tags for as long as all is as usual: a tag is in ASCII, and its end is the first that looks so.
        Whatever else comes is left to :meth:`_scan_text`, errors among it.

        (3 us a tag in place of 12.)
        """
        source, items, pos, line, bol = run.source, run.items, run.pos, run.line, run.bol
        while True:
            found = self._usual_tag(source, pos)
            if found is None:
                return
            start, begin, stop, end, kind, closing = found
            text, data = source[begin:stop], source[pos:start]
            if text[:1] in _SIGNS or text[-1:] in _SIGNS:
                data, begin, stop, end = _without_signs(source, data, begin, stop, end)
                text = source[begin:stop]
            word = text.strip()
            if word == "raw" or not text.isascii() or (source[stop] == "+" and kind == "variable_begin"):
                return
            kept = len(items)
            if data:
                items.append(("data", data, line, pos - bol, pos - bol + len(data)))
            line, bol = _line_at(source, pos, start, line, bol)
            items.append((kind, source[start:begin], line, start - bol, begin - bol))
            if not self._add_inside(items, text, word, line, begin - bol):
                del items[kept:]
                return
            if "\n" in text:
                line, bol = _line_at(source, begin, stop, line, bol)
            delimiter = source[stop:end]
            items.append((closing, delimiter, line, stop - bol, end - bol))
            if "\n" in delimiter:
                line, bol = _line_at(source, stop, end, line, bol)
            run.pos, run.line, run.bol = pos, line, bol = end, line, bol

    def _usual_tag(self, source: str, pos: int) -> tuple[int, int, int, int, str, str] | None:
        """Return where the next tag's delimiters begin and end, and the types of their tokens."""
        rules = self.rules
        start = source.find(rules.first, pos)
        opening = ""
        for width in rules.widths:
            opening = source[start : start + width]
            if opening in rules.tags:
                break
        tag = rules.tags.get(opening)
        if start < 0 or tag is None:
            return None
        kind, closing, delimiter = tag
        begin = start + len(opening)
        stop = source.find(delimiter, begin)
        return None if stop < 0 else (start, begin, stop, stop + len(delimiter), kind, closing)

    def _add_inside(self, items: list[Item], text: str, word: str, line: int, column: int) -> bool:
        """Add the tokens of a tag, and say whether that was possible.

        :param text: the tag's inside
        :param word: the same without white space around it
        :param line: the line that it begins in
        :param column: where it begins
        """
        if "\n" in text or not word.isidentifier():
            return _add_pieces(items, self.rules.pieces.findall(text.rstrip()), line, column)
        column += text.index(word)
        items.append(("name", word, line, column, column + len(word)))
        return True

    def _scan_text(self, run: _Run) -> None:
        """Read text up to the next opening delimiter, and what that opens."""
        found = self.rules.find_opening(run.source, run.pos)
        if found is None:
            self._emit_data(run, run.source[run.pos :], len(run.source))
            return
        kind = found.lastgroup or ""
        start, end = found.span()
        if kind == "raw_begin":
            sign = found["raw_sign"]
        else:
            sign = run.source[end : end + 1]
            if sign not in _SIGNS:
                sign = ""
            end += len(sign)
        if start > run.pos:
            self._emit_data(run, self._strip_right(run, start, sign, kind), start)
        if kind in {"block_begin", "variable_begin", "linestatement_begin"}:
            opening = "block_begin" if kind == "linestatement_begin" and not run.verbose else kind
            run.emit(opening, run.source[start:end], end)
            self._scan_tag(run, kind.replace("begin", "end"))
        elif kind == "raw_begin":
            self._scan_raw(run, end)
        elif kind == "comment_begin":
            self._scan_comment(run, end)
        else:
            self._scan_line_comment(run, end)

    def _strip_right(self, run: _Run, start: int, sign: str, kind: str) -> str:
        """Return the text before a delimiter without the white space that the delimiter takes away."""
        text = run.source[run.pos : start]
        if sign == "-":
            return text.rstrip()
        if sign != "+" and self.lstrip_blocks and text and kind in _LSTRIPPED:
            line_start = text.rfind("\n") + 1
            at_line_start = line_start > 0 or run.pos == 0 or run.source[run.pos - 1] == "\n"
            if at_line_start and text[line_start:].isspace():
                return text[:line_start]
        return text

    def _emit_data(self, run: _Run, text: str, end: int) -> None:
        """Add a run of text, if there is any, and move to *end*."""
        if text:
            value = text if run.verbose else self._normalize_newlines(text)
            column = run.pos - run.bol
            run.items.append(("data", value, run.line, column, column + len(text)))
        run.advance(end)

    def _scan_raw(self, run: _Run, end: int) -> None:
        """Read ``{% raw %}`` to ``{% endraw %}``."""
        start = run.pos
        found = self.rules.raw_end.search(run.source, end)
        if found is None:
            raise run.failure("Missing end of raw directive", start, end)
        if run.verbose:
            run.emit("raw_begin", run.source[start:end], end)
        else:
            run.advance(end)
        self._emit_data(run, self._strip_right(run, found.start(), found["sign"], "raw_end"), found.start())
        if run.verbose:
            run.emit("raw_end", found.group(), found.end())
        else:
            run.advance(found.end())

    def _scan_comment(self, run: _Run, end: int) -> None:
        """Read a comment."""
        start = run.pos
        found = self.rules.comment_end.search(run.source, end)
        if found is None:
            raise run.failure("Missing end of comment tag", start, end)
        if run.verbose:
            run.emit("comment_begin", run.source[start:end], end)
            if found.start() > end:
                run.emit("comment", run.source[end : found.start()], found.start())
            run.emit("comment_end", found.group(), found.end())
        else:
            run.advance(found.end())

    def _scan_line_comment(self, run: _Run, end: int) -> None:
        """Read a comment that ends with its line."""
        stop = run.source.find("\n", end)
        stop = len(run.source) if stop < 0 else stop
        if run.verbose:
            run.emit("linecomment_begin", run.source[run.pos : end], end)
            if stop > end:
                run.emit("linecomment", run.source[end:stop], stop)
            run.emit("linecomment_end", "", stop)
        else:
            run.advance(stop)

    def _scan_tag(self, run: _Run, closing: str) -> None:
        """Read the tokens of a tag up to its end, or up to the end of the text."""
        rules = run.rules
        if rules is None:
            rules = run.rules = self.rules if run.source.isascii() else self._rules_for(run.source)
        if closing == "linestatement_end" or run.verbose:
            self._scan_pieces(run, closing, rules)
        else:
            self._scan_tokens(run, closing, rules)

    def _rules_for(self, source: str) -> Rules:
        """Return expressions that know all characters which names of a text can have."""
        from ._identifier import marks_in  # noqa: PLC0415 - few tags have more than ASCII

        marks, rules = marks_in(source), self._marked
        if not marks <= rules.marks:
            rules = self._marked = Rules(self.syntax, marks | rules.marks)
        return rules

    def _scan_tokens(self, run: _Run, closing: str, rules: Rules) -> None:
        """Read a tag for the parser: no white space, values converted."""
        open_brackets: list[tuple[str, int]] = []
        source, add = run.source, run.items.append
        outside = (rules.block if closing == "block_end" else rules.variable).match
        pos, line, bol = run.pos, run.line, run.bol
        while True:
            found = (rules.inside.match if open_brackets else outside)(source, pos)
            if found is None:
                run.pos = pos
                self._refuse(run)
                return
            kind: str = found.lastgroup  # type: ignore[assignment]
            start, end = found.span(found.lastindex or 0)
            text = source[start:end]
            if start - pos > 1 or (start > pos and source[pos] == "\n"):
                run.pos = pos
                run.advance(start)
                line, bol = run.line, run.bol
            if kind == "name" and text.isascii():
                add((kind, text, line, start - bol, end - bol))
            elif kind == "operator":
                if text in _BRACKETS:
                    run.pos = start
                    _balance(run, open_brackets, text, start)
                add((_OPERATOR_TYPES[text], text, line, start - bol, end - bol))
            else:
                run.pos = start
                if kind == "end":
                    run.emit(closing, text, end)
                    return
                kind, value = self._converted(run, kind, text)
                run.emit(kind, value, end)
                line, bol = run.line, run.bol
            pos = end

    def _converted(self, run: _Run, kind: str, text: str) -> tuple[str, Any]:
        """Return a literal's token type and value."""
        return _convert_at(run, kind, self._normalize_newlines(text) if kind == "string" else text)

    def _scan_pieces(self, run: _Run, closing: str, rules: Rules) -> None:
        """Read a tag piece by piece, white space too, or a line statement."""
        open_brackets: list[tuple[str, int]] = []
        outside = rules.inside  # a line statement ends elsewhere
        if closing == "block_end":
            outside = rules.block
        elif closing == "variable_end":
            outside = rules.variable
        source, size = run.source, len(run.source)
        is_line = closing == "linestatement_end"
        while run.pos < size or (is_line and not open_brackets):
            if is_line and not open_brackets:
                found = rules.linestatement_end.match(source, run.pos)
                if found is not None:
                    run.emit(closing if run.verbose else "block_end", found.group(), found.end())
                    return
            found = (rules.inside if open_brackets else outside).match(source, run.pos)
            if found is None:
                self._refuse(run)
                return
            kind: str = found.lastgroup  # type: ignore[assignment]
            start, end = found.span(kind)
            self._skip_white_space(run, start)
            text = source[start:end]
            if kind == "end":
                run.emit(closing, text, end)
                return
            if kind == "operator" and text in _BRACKETS:
                _balance(run, open_brackets, text, start)
            value: Any = text
            if not run.verbose:
                kind, value = self._converted(run, kind, text)
            run.emit(kind, value, end)

    def _skip_white_space(self, run: _Run, start: int) -> None:
        """Move over the white space before a token, and keep it if everything is kept."""
        if start == run.pos:
            return
        if run.verbose:
            run.emit("whitespace", run.source[run.pos : start], start)
        else:
            run.advance(start)

    def _refuse(self, run: _Run) -> None:
        """Raise for a character that begins no token; blanks at the end of the text are none."""
        source = run.source
        rest = source[run.pos :].lstrip()
        place = len(source) - len(rest)
        if run.verbose and place > run.pos:
            run.emit("whitespace", source[run.pos : place], place)
        if rest:
            raise run.failure(f"unexpected char {source[place]!r} at {place}", place)
        run.advance(place)


def _without_signs(source: str, data: str, begin: int, stop: int, end: int) -> tuple[str, int, int, int]:
    """Return what the signs at a tag's delimiters leave: of the text before it, and of the tag where its inside begins,
    where its end begins and where that ends.

    :param data: the text before the tag
    :param begin: where the opening delimiter ends
    :param stop: where the closing one begins
    :param end: where that ends
    """
    if begin < stop and source[begin] in _SIGNS:
        data = data.rstrip() if source[begin] == "-" else data
        begin += 1
    if begin < stop and source[stop - 1] in _SIGNS:
        stop -= 1
        while source[stop] == "-" and source[end : end + 1].isspace():
            end += 1
    return data, begin, stop, end


def _line_at(source: str, start: int, end: int, line: int, bol: int) -> tuple[int, int]:
    """Return the number and the beginning of the line at *end*, from those at *start*."""
    breaks = source.count("\n", start, end)
    return (line + breaks, source.rfind("\n", start, end) + 1) if breaks else (line, bol)


def _add_pieces(items: list[Item], pieces: list[tuple[str, str, str, str]], line: int, column: int) -> bool:
    """Add the tokens of a tag, and say whether that was possible: no bracket is missing and no piece is unusual.

    :param pieces: for each token the white space before it, and its text as a name, an operator or a literal
    :param line: the line that the first one is in
    :param column: where it begins
    """
    open_brackets = []
    add = items.append
    for space, name, operator, literal in pieces:
        if space:
            column += len(space)
            if "\n" in space:
                line += space.count("\n")
                column = len(space) - space.rindex("\n") - 1
        if name:
            end = column + len(name)
            add(("name", name, line, column, end))
        elif operator:
            end = column + len(operator)
            add((_OPERATOR_TYPES[operator], operator, line, column, end))
            if operator in _CLOSING:
                open_brackets.append(_CLOSING[operator])
            elif operator in _BRACKETS and not (open_brackets and open_brackets.pop() == operator):
                return False
        else:
            end = column + len(literal)
            if literal[0] in "'\"" and len(literal) > 1 and "\n" not in literal:
                add(("string", literal[1:-1], line, column, end))
            elif literal == "0" or (literal.isdecimal() and literal[0] != "0" and len(literal) <= _USUAL_DIGITS):
                add(("integer", int(literal), line, column, end))
            else:
                return False
        column = end
    return not open_brackets


def _balance(run: _Run, stack: list[tuple[str, int]], bracket: str, place: int) -> None:
    """Keep the stack of open brackets."""
    if bracket in _CLOSING:
        stack.append((_CLOSING[bracket], place))
        return
    if not stack:
        raise run.failure(f"unexpected {bracket!r}", place)
    expected, _ = stack.pop()
    if expected != bracket:
        raise run.failure(f"unexpected {bracket!r}, expected {expected!r}", place)


def _convert_string(text: str) -> tuple[str, Any]:
    return "string", unescape_string(text[1:-1])


def _convert_name(text: str) -> tuple[str, Any]:
    if not text.isidentifier():
        raise ValueError("Invalid character in identifier")
    return "name", text


_CONVERTERS: dict[str, Callable[[str], tuple[str, Any]]] = {
    "name": _convert_name,
    "string": _convert_string,
    "integer": lambda text: ("integer", convert_integer(text)),
    "float": lambda text: ("float", convert_float(text)),
    "operator": lambda text: (_OPERATOR_TYPES[text], text),
}
#: Pieces that come to the parser under another type, or (the empty type) not at all.
_PIECES = {
    "linestatement_begin": "block_begin",
    "linestatement_end": "block_end",
    "raw_begin": "",
    "raw_end": "",
    **dict.fromkeys(_tokens.ignored_tokens, ""),
}
#: Delimiters that ``lstrip_blocks`` is for.
_LSTRIPPED = frozenset({"block_begin", "comment_begin", "raw_begin", "raw_end"})


def _conversion_message(kind: str, text: str, error: Exception) -> str:
    if kind == "integer":
        return f"integer of {len(text)} digits is too long"
    return str(error).split(":")[-1].strip()


def _convert(kind: str, text: str, lineno: int, name: str | None, filename: str | None) -> tuple[str, Any]:
    """Convert a piece of which only the line is known."""
    try:
        return _CONVERTERS[kind](text)
    except ValueError as error:
        raise TemplateSyntaxError(_conversion_message(kind, text, error), lineno, name, filename) from None


def _convert_at(run: _Run, kind: str, text: str) -> tuple[str, Any]:
    """Convert a piece that stands where *run* is."""
    try:
        return _CONVERTERS[kind](text)
    except ValueError as error:
        raise run.failure(_conversion_message(kind, text, error), run.pos, run.pos + len(text)) from None


#: The lexers that were asked for, by their syntax. Programs have one or two; what has had many more begins anew.
_lexers: dict[Syntax, Lexer] = {}
_MOST_LEXERS = 50
register_cache(_lexers.clear)


def get_lexer(environment: Any) -> Lexer:
    """Return the lexer for an environment's syntax; lexers are shared.

    :param environment: an environment or a :class:`~dray.templating._settings.Syntax`
    """
    syntax = Syntax.of(environment)
    lexer = _lexers.get(syntax)
    if lexer is None:
        if len(_lexers) >= _MOST_LEXERS:
            _lexers.clear()
        lexer = _lexers[syntax] = Lexer(syntax)
    return lexer
