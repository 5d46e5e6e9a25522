"""Constructors for Python's syntax tree. They know no template.

A place is a span ``(line, column, end line, end column)``, columns in UTF-8 bytes as Python counts them. Names that the
compiler makes begin with a dot, so that no template's name can meet them; ``compile`` doesn't mind.

A node is made by ``__new__`` and a ready ``__dict__``: 0.4 us, 1.0 us through its constructor. So every list field
has to be given. The commonest kinds write their dict in one piece, which saves its growth: another 0.15 us each.
"""

from __future__ import annotations

import _ast as py

from dray.safe_strings import Markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeVar

    NodeT = TypeVar("NodeT", bound=py.AST)
    Span = tuple[int, int, int, int]

LOAD, STORE = py.Load(), py.Store()
_new = py.AST.__new__


def make(cls: type[NodeT], span: Span, fields: dict[str, Any]) -> NodeT:
    """Return a node with these fields at this place."""
    node = _new(cls)
    fields["lineno"], fields["col_offset"], fields["end_lineno"], fields["end_col_offset"] = span
    node.__dict__ = fields
    return node


def name(identifier: str, span: Span) -> py.Name:
    """Return a variable that is read."""
    node = _new(py.Name)
    line, column, end_line, end_column = span
    node.__dict__ = {
        "id": identifier, "ctx": LOAD,
        "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
    }  # fmt: skip
    return node


def store(identifier: str, span: Span) -> py.Name:
    """Return a variable that is assigned to."""
    return make(py.Name, span, {"id": identifier, "ctx": STORE})


#: The classes of Python's own constants.
_PLAIN = frozenset({str, int, float, bool, complex, bytes, type(None), type(Ellipsis)})


def const(value: Any, span: Span) -> py.expr:
    """Return a constant; containers become displays, safe text a call.

    :param value: anything that :func:`dray.templating.nodes.expressions.has_safe_repr` accepts
    """
    kind = value.__class__
    if kind in _PLAIN:
        node = _new(py.Constant)
        line, column, end_line, end_column = span
        node.__dict__ = {
            "value": value, "kind": None,
            "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
        }  # fmt: skip
        return node
    if kind is Markup:
        return call(name(".Markup", span), [const(str.__str__(value), span)], span)
    return _display(value, span)


def _display(value: Any, span: Span) -> py.expr:
    """Return an expression that makes a container."""
    kind = type(value)
    if kind is dict:
        keys = [const(key, span) for key in value]
        return make(py.Dict, span, {"keys": keys, "values": [const(item, span) for item in value.values()]})
    if kind is range:
        return call(name(".range", span), [const(n, span) for n in (value.start, value.stop, value.step)], span)
    if value is NotImplemented:
        return name(".NotImplemented", span)
    items = [const(item, span) for item in value]
    if kind is tuple:
        return make(py.Tuple, span, {"elts": items, "ctx": LOAD})
    if kind is list:
        return make(py.List, span, {"elts": items, "ctx": LOAD})
    if kind is set and items:
        return make(py.Set, span, {"elts": items})
    sequence = make(py.List, span, {"elts": items, "ctx": LOAD})
    return call(name(".frozenset" if kind is frozenset else ".set", span), [sequence], span)


def call(function: py.expr, args: Sequence[py.expr], span: Span, keywords: Sequence[py.keyword] = ()) -> py.Call:
    """Return a call."""
    node = _new(py.Call)
    line, column, end_line, end_column = span
    node.__dict__ = {
        "func": function, "args": list(args), "keywords": list(keywords),
        "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
    }  # fmt: skip
    return node


def keyword(key: str | None, value: py.expr, span: Span) -> py.keyword:
    """Return a keyword argument; ``None`` as key is ``**value``."""
    return make(py.keyword, span, {"arg": key, "value": value})


def helper(identifier: str, args: Sequence[py.expr], span: Span, keywords: Sequence[py.keyword] = ()) -> py.Call:
    """Return a call of one of the compiler's own names."""
    return call(name(identifier, span), args, span, keywords)


def attribute(value: py.expr, attr: str, span: Span) -> py.Attribute:
    """Return an attribute that is read."""
    node = _new(py.Attribute)
    line, column, end_line, end_column = span
    node.__dict__ = {
        "value": value, "attr": attr, "ctx": LOAD,
        "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
    }  # fmt: skip
    return node


def item(value: py.expr, index: py.expr, span: Span) -> py.Subscript:
    """Return an item that is read."""
    return make(py.Subscript, span, {"value": value, "slice": index, "ctx": LOAD})


def sequence(items: Sequence[py.expr], span: Span) -> py.Tuple:
    """Return a tuple."""
    return make(py.Tuple, span, {"elts": list(items), "ctx": LOAD})


def mapping(items: dict[str, py.expr], span: Span) -> py.Dict:
    """Return a dict with constant keys."""
    return make(py.Dict, span, {"keys": [const(key, span) for key in items], "values": list(items.values())})


def compare(left: py.expr, operator: py.cmpop, right: py.expr, span: Span) -> py.Compare:
    """Return a comparison."""
    return make(py.Compare, span, {"left": left, "ops": [operator], "comparators": [right]})


IS, IS_NOT, IN, EQ = py.Is(), py.IsNot(), py.In(), py.Eq()


def either(test: py.expr, body: py.expr, orelse: py.expr, span: Span) -> py.IfExp:
    """Return ``body if test else orelse``."""
    return make(py.IfExp, span, {"test": test, "body": body, "orelse": orelse})


def wait(value: py.expr, span: Span) -> py.Await:
    """Return ``await value``."""
    return make(py.Await, span, {"value": value})


def text(parts: Sequence[str | py.expr], span: Span) -> py.expr:
    """Return the parts joined: text as it stands, expressions that have to be ``str`` already.

    :param parts: at least one
    """
    if len(parts) == 1:
        return const(parts[0], span) if isinstance(parts[0], str) else parts[0]
    values: list[py.expr] = []
    for part in parts:
        if isinstance(part, str):
            values.append(const(part, span))
        elif isinstance(part, (py.FormattedValue, py.Constant)):
            values.append(part)
        else:
            node = _new(py.FormattedValue)
            line, column, end_line, end_column = span
            node.__dict__ = {
                "value": part, "conversion": -1, "format_spec": None,
                "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
            }  # fmt: skip
            values.append(node)
    return make(py.JoinedStr, span, {"values": values})


def statement(value: py.expr, span: Span) -> py.Expr:
    """Return an expression as a statement."""
    node = _new(py.Expr)
    line, column, end_line, end_column = span
    node.__dict__ = {
        "value": value, "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
    }  # fmt: skip
    return node


def assign(target: py.expr, value: py.expr, span: Span) -> py.Assign:
    """Return an assignment."""
    node = _new(py.Assign)
    line, column, end_line, end_column = span
    node.__dict__ = {
        "targets": [target], "value": value, "type_comment": None,
        "lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column,
    }  # fmt: skip
    return node


def put(identifier: str, value: py.expr, span: Span) -> py.Assign:
    """Return an assignment to a variable."""
    return assign(store(identifier, span), value, span)


def when(test: py.expr, body: list[py.stmt], orelse: list[py.stmt], span: Span) -> py.If:
    """Return a condition; an empty body becomes ``pass``."""
    return make(py.If, span, {"test": test, "body": body or [nothing(span)], "orelse": orelse})


def attempt(body: py.stmt, errors: str, otherwise: py.stmt, span: Span) -> py.Try:
    """Return ``try: body except errors: otherwise``.

    :param errors: variable with the classes of errors
    """
    handler = make(py.ExceptHandler, span, {"type": name(errors, span), "name": None, "body": [otherwise]})
    return make(py.Try, span, {"body": [body], "handlers": [handler], "orelse": [], "finalbody": []})


def loop(target: py.expr, iterable: py.expr, body: list[py.stmt], span: Span, is_async: bool = False) -> py.stmt:
    """Return a loop; an empty body becomes ``pass``."""
    fields = {"target": target, "iter": iterable, "body": body or [nothing(span)], "orelse": [], "type_comment": None}
    return make(py.AsyncFor if is_async else py.For, span, fields)


def nothing(span: Span) -> py.Pass:
    """Return ``pass``."""
    return make(py.Pass, span, {})


def give_back(value: py.expr, span: Span) -> py.Return:
    """Return ``return value``."""
    return make(py.Return, span, {"value": value})


def function(
    identifier: str,
    params: Sequence[tuple[str, py.expr | None]],
    body: list[py.stmt],
    span: Span,
    is_async: bool = False,
) -> py.stmt:
    """Return a function definition.

    :param params: names with their defaults; those with one come last
    """
    arguments = _new(py.arguments)
    arguments.__dict__ = {
        "posonlyargs": [],
        "args": [make(py.arg, span, {"arg": param, "annotation": None, "type_comment": None}) for param, _ in params],
        "vararg": None,
        "kwonlyargs": [],
        "kw_defaults": [],
        "kwarg": None,
        "defaults": [default for _, default in params if default is not None],
    }
    fields = {
        "name": identifier,
        "args": arguments,
        "body": body or [nothing(span)],
        "decorator_list": [],
        "returns": None,
        "type_comment": None,
        "type_params": [],
    }
    return make(py.AsyncFunctionDef if is_async else py.FunctionDef, span, fields)


def module(body: list[py.stmt]) -> py.Module:
    """Return a module."""
    node = _new(py.Module)
    node.__dict__ = {"body": body, "type_ignores": []}
    return node
