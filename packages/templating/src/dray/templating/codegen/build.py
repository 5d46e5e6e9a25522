"""Constructors for Python's syntax tree. They know no template.

A place is a span ``(line, column, end line, end column)``, columns in UTF-8 bytes as Python counts them. Names that the
compiler makes begin with a dot, so that no template's name can meet them; ``compile`` doesn't mind.

The commonest kinds of nodes are subclasses with slots, and with what never differs as attributes of the class: such a
node takes a third of the memory and half of the time, and is one object, not two, for the garbage collector.
(0.2 us each, 0.4 with a ``__dict__`` made at once, 1.0 through the constructor.)
"""

from __future__ import annotations

import _ast as py

from dray.safe_strings import Markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    NodeT = TypeVar("NodeT", bound=py.AST)
    Span = tuple[int, int, int, int]

LOAD, STORE = py.Load(), py.Store()
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_new = py.AST.__new__


class _Kind:
    """Answers for the class of a node when somebody asks for its name.

    ``compile`` asks each node up to 24 times what it is, and looks into the class that the node says it has, too. What
    is no class it leaves alone. (A tenth of the time that it takes.)
    """

    __slots__ = ("__name__",)

    def __init__(self, name: str) -> None:
        self.__name__ = name


def _slotted(base: type[NodeT], *fields: str, **same: Any) -> Callable[[], NodeT]:
    """Make the compact form of a class of nodes, whose fields are set one by one.

    :param fields: fields that differ from node to node
    :param same: fields that don't; what is a list here is never changed
    """
    own = {"__slots__": (*fields, *_PLACE), "__module__": __name__, "__class__": _Kind(base.__name__)}
    # Without the constructor of Python's nodes, which looks for arguments in all of the fields.
    return type(base.__name__, (base,), {**own, "__init__": object.__init__, **same})


_Read = _slotted(py.Name, "id", ctx=LOAD)
_Stored = _slotted(py.Name, "id", ctx=STORE)
_Constant = _slotted(py.Constant, "value", kind=None)
_Call = _slotted(py.Call, "func", "args", "keywords")
_PlainCall = _slotted(py.Call, "func", "args", keywords=[])
_Attribute = _slotted(py.Attribute, "value", "attr", ctx=LOAD)
_Item = _slotted(py.Subscript, "value", "slice", ctx=LOAD)
_Tuple = _slotted(py.Tuple, "elts", "ctx")
_Compare = _slotted(py.Compare, "left", "ops", "comparators")
_Binary = _slotted(py.BinOp, "left", "op", "right")
_Either = _slotted(py.IfExp, "test", "body", "orelse")
_Named = _slotted(py.NamedExpr, "target", "value")
_Joined = _slotted(py.JoinedStr, "values")
_Formatted = _slotted(py.FormattedValue, "value", "conversion", format_spec=None)
_Statement = _slotted(py.Expr, "value")
_Assign = _slotted(py.Assign, "targets", "value", type_comment=None)
_If = _slotted(py.If, "test", "body", "orelse")
_For = _slotted(py.For, "target", "iter", "body", orelse=[], type_comment=None)
_Try = _slotted(py.Try, "body", "handlers", orelse=[], finalbody=[])
_Handler = _slotted(py.ExceptHandler, "type", "body", name=None)
_Keyword = _slotted(py.keyword, "arg", "value")
_Argument = _slotted(py.arg, "arg", annotation=None, type_comment=None)
_Arguments = _slotted(
    py.arguments, "args", "defaults", posonlyargs=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None
)
_DEFINITION: dict[str, Any] = {"decorator_list": [], "returns": None, "type_comment": None, "type_params": []}
_Function = _slotted(py.FunctionDef, "name", "args", "body", **_DEFINITION)
_AsyncFunction = _slotted(py.AsyncFunctionDef, "name", "args", "body", **_DEFINITION)


def make(cls: type[NodeT], span: Span, fields: dict[str, Any]) -> NodeT:
    """Return a node of any kind with these fields, all of them, at this place."""
    node = _new(cls)
    fields["lineno"], fields["col_offset"], fields["end_lineno"], fields["end_col_offset"] = span
    node.__dict__ = fields
    return node


def name(identifier: str, span: Span) -> py.Name:
    """Return a variable that is read."""
    node = _Read()
    node.id = identifier
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def store(identifier: str, span: Span) -> py.Name:
    """Return a variable that is assigned to."""
    node = _Stored()
    node.id = identifier
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def stored(target: py.expr) -> py.expr:
    """Return what is assigned to; a name that an extension made for itself comes as one that is read."""
    if isinstance(target, py.Name) and target.ctx is LOAD:
        return store(target.id, (target.lineno, target.col_offset, target.end_lineno or 0, target.end_col_offset or 0))
    return target


#: The classes of Python's own constants.
PLAIN = frozenset({str, int, float, bool, complex, bytes, type(None), type(Ellipsis)})


def const(value: Any, span: Span) -> py.expr:
    """Return a constant; containers become displays, safe text a call.

    :param value: anything that :func:`dray.templating.nodes.expressions.has_safe_repr` accepts
    """
    kind = value.__class__
    if kind in PLAIN:
        node = _Constant()
        node.value = value
        node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
        return node
    if kind is Markup:
        return call(name(".Markup", span), [const(str.__str__(value), span)], span)
    return _display(value, span)


def constants(values: Any, span: Span) -> py.Constant:
    """Return a plain constant, or a tuple of such, as one constant."""
    node = _Constant()
    node.value = values
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


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
    if isinstance(value, str):  # of a subclass, in a node made by hand
        return constants(str.__str__(value), span)
    for base in (int, float, complex, bytes):
        if isinstance(value, base):
            plain: Any = base
            return constants(plain(value), span)
    items = [const(item, span) for item in value]
    if kind is tuple:
        return make(py.Tuple, span, {"elts": items, "ctx": LOAD})
    if kind is list:
        return make(py.List, span, {"elts": items, "ctx": LOAD})
    if kind is set and items:
        return make(py.Set, span, {"elts": items})
    sequence = make(py.List, span, {"elts": items, "ctx": LOAD})
    return call(name(".frozenset" if kind is frozenset else ".set", span), [sequence], span)


def call(function: py.expr, args: list[py.expr], span: Span, keywords: Sequence[py.keyword] = ()) -> py.Call:
    """Return a call.

    :param args: the positional arguments; the node keeps the list
    """
    if keywords:
        node = _Call()
        node.keywords = list(keywords)
    else:
        node = _PlainCall()
    node.func = function
    node.args = args
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def keyword(key: str | None, value: py.expr, span: Span) -> py.keyword:
    """Return a keyword argument; ``None`` as key is ``**value``."""
    node = _Keyword()
    node.arg = key
    node.value = value
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def helper(identifier: str, args: list[py.expr], span: Span, keywords: Sequence[py.keyword] = ()) -> py.Call:
    """Return a call of one of the compiler's own names."""
    function = _Read()
    function.id = identifier
    function.lineno, function.col_offset, function.end_lineno, function.end_col_offset = span
    return call(function, args, span, keywords)


def attribute(value: py.expr, attr: str, span: Span) -> py.Attribute:
    """Return an attribute that is read."""
    node = _Attribute()
    node.value = value
    node.attr = attr
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def item(value: py.expr, index: py.expr, span: Span) -> py.Subscript:
    """Return an item that is read."""
    node = _Item()
    node.value = value
    node.slice = index
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def sequence(items: Sequence[py.expr], span: Span, ctx: py.expr_context = LOAD) -> py.Tuple:
    """Return a tuple."""
    node = _Tuple()
    node.elts = list(items) if ctx is LOAD else [stored(item) for item in items]
    node.ctx = ctx
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def mapping(items: dict[str, py.expr], span: Span) -> py.Dict:
    """Return a dict with constant keys."""
    return make(py.Dict, span, {"keys": [const(key, span) for key in items], "values": list(items.values())})


def compare(left: py.expr, operator: py.cmpop, right: py.expr, span: Span) -> py.Compare:
    """Return a comparison."""
    node = _Compare()
    node.left = left
    node.ops = [operator]
    node.comparators = [right]
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


IS, IS_NOT, IN, EQ = py.Is(), py.IsNot(), py.In(), py.Eq()


def either(test: py.expr, body: py.expr, orelse: py.expr, span: Span) -> py.IfExp:
    """Return ``body if test else orelse``."""
    node = _Either()
    node.test = test
    node.body = body
    node.orelse = orelse
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def binary(left: py.expr, operator: py.operator, right: py.expr, span: Span) -> py.BinOp:
    """Return an operation of two values."""
    node = _Binary()
    node.left = left
    node.op = operator
    node.right = right
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def named(identifier: str, value: py.expr, span: Span) -> py.NamedExpr:
    """Return ``(identifier := value)``."""
    node = _Named()
    node.target = store(identifier, span)
    node.value = value
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def formatted(value: py.expr, span: Span, conversion: int = -1) -> py.FormattedValue:
    """Return a value as a part of a text.

    :param conversion: the character that stands for the conversion, -1 for none
    """
    node = _Formatted()
    node.value = value
    node.conversion = conversion
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def joined(values: list[py.expr], span: Span) -> py.JoinedStr:
    """Return a text made of constants and formatted values."""
    node = _Joined()
    node.values = values
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


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
        kind = type(part)
        if kind is _Formatted or kind is _Constant:
            values.append(part)  # type: ignore[arg-type]
        elif kind is str:
            values.append(const(part, span))
        else:
            values.append(formatted(part, span))  # type: ignore[arg-type]
    return joined(values, span)


def append(buffer: str, value: py.expr, span: Span) -> py.Expr:
    """Return ``buffer.append(value)`` as a statement."""
    owner = _Read()
    owner.id = buffer
    owner.lineno, owner.col_offset, owner.end_lineno, owner.end_col_offset = span
    method = _Attribute()
    method.value = owner
    method.attr = "append"
    method.lineno, method.col_offset, method.end_lineno, method.end_col_offset = span
    node = _Statement()
    node.value = call(method, [value], span)
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def look_up(found: str, quick: py.expr, slow: str, base: py.expr, key: py.expr, span: Span) -> py.Try:
    """Return ``try: found = quick except lookup_errors: found = slow(base, key)``."""
    handler = _Handler()
    handler.type = name(".lookup_errors", span)
    handler.body = [put(found, helper(slow, [base, key], span), span)]
    handler.lineno, handler.col_offset, handler.end_lineno, handler.end_col_offset = span
    node = _Try()
    node.body = [put(found, quick, span)]
    node.handlers = [handler]
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def statement(value: py.expr, span: Span) -> py.Expr:
    """Return an expression as a statement."""
    node = _Statement()
    node.value = value
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def assign(target: py.expr, value: py.expr, span: Span) -> py.Assign:
    """Return an assignment."""
    node = _Assign()
    node.targets = [stored(target) if target.ctx is LOAD else target]  # type: ignore[attr-defined]
    node.value = value
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def put(identifier: str, value: py.expr, span: Span) -> py.Assign:
    """Return an assignment to a variable."""
    target = _Stored()
    target.id = identifier
    target.lineno, target.col_offset, target.end_lineno, target.end_col_offset = span
    node = _Assign()
    node.targets = [target]
    node.value = value
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def when(test: py.expr, body: list[py.stmt], orelse: list[py.stmt], span: Span) -> py.If:
    """Return a condition; an empty body becomes ``pass``."""
    node = _If()
    node.test = test
    node.body = body or [nothing(span)]
    node.orelse = orelse
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def loop(target: py.expr, iterable: py.expr, body: list[py.stmt], span: Span, is_async: bool = False) -> py.stmt:
    """Return a loop; an empty body becomes ``pass``."""
    target = stored(target)
    if is_async:
        fields = {"target": target, "iter": iterable, "body": body or [nothing(span)], "orelse": []}
        return make(py.AsyncFor, span, fields)
    node = _For()
    node.target = target
    node.iter = iterable
    node.body = body or [nothing(span)]
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node


def nothing(span: Span) -> py.Pass:
    """Return ``pass``."""
    return make(py.Pass, span, {})


def give_back(value: py.expr, span: Span) -> py.Return:
    """Return ``return value``."""
    return make(py.Return, span, {"value": value})


def parameters(names: Sequence[str], defaults: list[py.expr], span: Span) -> py.arguments:
    """Return the parameters of a function.

    :param names: their names
    :param defaults: the defaults of the last ones
    """
    node = _Arguments()
    node.args = args = []
    for identifier in names:
        argument = _Argument()
        argument.arg = identifier
        argument.lineno, argument.col_offset, argument.end_lineno, argument.end_col_offset = span
        args.append(argument)
    node.defaults = defaults
    return node


def function(identifier: str, params: py.arguments, body: list[py.stmt], span: Span, is_async: bool = False) -> py.stmt:
    """Return a function definition."""
    node: Any = (_AsyncFunction if is_async else _Function)()
    node.name = identifier
    node.args = params
    node.body = body or [nothing(span)]
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = span
    return node  # type: ignore[no-any-return]


def module(body: list[py.stmt]) -> py.Module:
    """Return a module."""
    node = _new(py.Module)
    node.__dict__ = {"body": body, "type_ignores": []}
    return node
