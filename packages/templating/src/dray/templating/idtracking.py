"""Which name lives where.

Every scope of a template has :class:`Symbols`: for each name the Python variable it lives in, how that variable gets
its first value, and which names the scope assigns to. Variables keep the template's names where they can, so that
debuggers show them; ``name.2`` is the variable of the scope on level 2 that hides an outer one.

A name that a scope only reads and nobody outside defines is looked up where the scope begins; within loops, once before
the outermost of them (:class:`Names`), not in every round.
"""

from __future__ import annotations

from . import nodes
from .visitor import NodeVisitor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Self

VAR_LOAD_PARAMETER = "param"
VAR_LOAD_RESOLVE = "resolve"
VAR_LOAD_ALIAS = "alias"
VAR_LOAD_UNDEFINED = "undefined"

#: Names that Python refuses to assign to although a template may.
_RESERVED = frozenset({"__debug__"})


class Names:
    """The variables of one outermost function: what is taken, and which ones hold what loops want looked up before they
    begin.

    :param level: for a scope that sees nothing around it, its level: its variables have names that none around has
    """

    __slots__ = ("late", "level", "rebound", "taken")

    def __init__(self, level: int = 0) -> None:
        self.level = level
        self.taken: set[str] = set(_RESERVED)
        #: What was looked up before a loop.
        self.late: set[str] = set()
        #: Variables that get another value while their scope lasts.
        self.rebound: set[str] = set()

    def look_up_late(self, name: str, wanted: dict[str, str]) -> str:
        """Return the variable that will hold *name* when the loop begins, and add the two to what is *wanted* there."""
        target = wanted.get(name)
        if target is None:
            free = not self.level and name not in self.taken
            target = wanted[name] = name if free else f"{name}.w{len(self.taken)}"
            self.late.add(name)
            self.taken.add(target)
        return target


def find_symbols(nodes: Iterable[nodes.Node], parent_symbols: Symbols | None = None) -> Symbols:
    """Return the symbols of a scope made of these nodes.

    :param nodes: the nodes
    :param parent_symbols: the symbols of the scope around
    """
    symbols = Symbols(parent=parent_symbols)
    visitor = FrameSymbolVisitor(symbols)
    for node in nodes:
        visitor.visit(node)
    return symbols


def symbols_for_node(node: nodes.Node, parent_symbols: Symbols | None = None) -> Symbols:
    """Return the symbols of the scope that a node opens.

    :param node: the node
    :param parent_symbols: the symbols of the scope around
    """
    symbols = Symbols(parent=parent_symbols)
    symbols.analyze_node(node)
    return symbols


class Symbols:
    """The names of one scope.

    :param parent: the scope around
    :param level: how deep the scope is, by default one more than the scope around
    """

    def __init__(self, parent: Symbols | None = None, level: int | None = None) -> None:
        if level is None:
            level = 0 if parent is None else parent.level + 1
        self.level: int = level
        self.parent = parent
        #: For a branch, the symbols that it branches off.
        self.trunk: Symbols | None = None
        self.names: Names = Names(self.level) if parent is None else parent.names
        #: What is to be looked up before the outermost loop around, if names that are only read wait for that.
        self.wanted: dict[str, str] | None = None if parent is None else parent.wanted
        #: Template name to Python variable.
        self.refs: dict[str, str] = {}
        #: Python variable to how it gets its first value.
        self.loads: dict[str, tuple[str, str | None]] = {}
        #: Template names that the scope assigns to.
        self.stores: set[str] = set()

    def analyze_node(self, node: nodes.Node, **kwargs: Any) -> None:
        """Add the names of the scope that *node* opens."""
        visitor = RootVisitor(self)
        opener = _OPENERS.get(node.__class__)
        if opener is not None:
            opener(visitor, node, **kwargs)
        else:
            visitor.visit(node, **kwargs)

    def _define(self, name: str, load: tuple[str, str | None]) -> str:
        """Give a name a variable of this scope."""
        names = self.names
        hidden = bool(names.level) or name in names.late or name in _RESERVED
        if self.parent is not None and not hidden:
            outer = self.outer
            hidden = outer is not None and outer.find_ref(name) is not None
        target = f"{name}.{self.level}" if hidden else name
        names.taken.add(target)
        self.refs[name] = target
        self.loads[target] = load
        return target

    def branch(self) -> Symbols:
        """Return symbols for one branch of a condition: they see these, and keep what the branch adds apart."""
        other = Symbols.__new__(Symbols)
        other.level = self.level
        other.parent = self
        other.trunk = self
        other.names = self.names
        other.wanted = self.wanted
        other.refs, other.loads, other.stores = {}, {}, set()
        return other

    @property
    def outer(self) -> Symbols | None:
        """The scope around; a branch is in no scope of its own."""
        symbols = self
        while symbols.trunk is not None:
            symbols = symbols.trunk
        return symbols.parent

    def _known(self, name: str) -> str | None:
        """Return the variable that a name has in this scope, not in one around."""
        symbols: Symbols | None = self
        while symbols is not None:
            if name in symbols.refs:
                return symbols.refs[name]
            symbols = symbols.trunk
        return None

    def _has_load(self, target: str) -> bool:
        """Say whether a variable belongs to this scope."""
        symbols: Symbols | None = self
        while symbols is not None:
            if target in symbols.loads:
                return True
            symbols = symbols.trunk
        return False

    def find_load(self, target: str) -> Any | None:
        """Return how a variable gets its first value, here or in a scope around; ``None`` if it is unknown.

        :param target: the variable
        """
        symbols: Symbols | None = self
        while symbols is not None:
            if target in symbols.loads:
                return symbols.loads[target]
            symbols = symbols.parent
        return None

    def find_ref(self, name: str) -> str | None:
        """Return the variable of a name, here or in a scope around; ``None`` if it has none.

        :param name: the template's name
        """
        symbols: Symbols | None = self
        while symbols is not None:
            if name in symbols.refs:
                return symbols.refs[name]
            symbols = symbols.parent
        return None

    def ref(self, name: str) -> str:
        """Return the variable of a name.

        :param name: the template's name
        :raises AssertionError: if the analysis didn't see the name
        """
        target = self.refs.get(name) or self.find_ref(name)
        if target is None:
            raise AssertionError(f"the name {name!r} was not seen by the analysis of its scope")
        return target

    def copy(self) -> Self:
        """Return symbols that can be changed without changing these."""
        other = object.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.refs = self.refs.copy()
        other.loads = self.loads.copy()
        other.stores = self.stores.copy()
        return other

    def store(self, name: str) -> None:
        """Note an assignment.

        :param name: the template's name
        """
        self.stores.add(name)
        known = self._known(name)
        if known is None:
            around = self.outer
            outer = None if around is None else around.find_ref(name)
            self._define(name, (VAR_LOAD_UNDEFINED, None) if outer is None else (VAR_LOAD_ALIAS, outer))
        elif not self._has_load(known):
            # So far only read, in the variable that is looked up before the loop: the scope gets one of its own.
            self._define(name, (VAR_LOAD_ALIAS, known))
        else:
            self.names.rebound.add(known)

    def declare_parameter(self, name: str) -> str:
        """Note a name that gets its value from outside: an argument, or the target of a loop.

        :param name: the template's name
        :return: its variable
        """
        self.stores.add(name)
        return self._define(name, (VAR_LOAD_PARAMETER, None))

    def load(self, name: str) -> None:
        """Note that a name is read.

        :param name: the template's name
        """
        if name in self.refs or (self.parent is not None and self.find_ref(name) is not None):
            return
        if self.wanted is None:
            self._define(name, (VAR_LOAD_RESOLVE, name))
        else:
            self.refs[name] = self.names.look_up_late(name, self.wanted)

    def _outside_value(self, name: str) -> tuple[str, str | None]:
        """Return how a variable of this scope gets the value that a name has outside of it."""
        outer = self.outer
        known = None if outer is None else outer.find_ref(name)
        if known is None and self.wanted is not None:
            known = self.names.look_up_late(name, self.wanted)
        return (VAR_LOAD_RESOLVE, name) if known is None else (VAR_LOAD_ALIAS, known)

    def branch_update(self, branch_symbols: Sequence[Symbols]) -> None:
        """Take over what the branches of a condition do.

        A name that only some of them assign keeps its outside value in the others.

        :param branch_symbols: the symbols of all branches, copies of these
        """
        if not [branch for branch in branch_symbols if branch.refs or branch.stores]:
            return
        assigned = {name for branch in branch_symbols for name in branch.stores if not self._is_stored(name)}
        for name in sorted(assigned):
            target = self._known(name)
            if target is None or not self._has_load(target):
                target = next(branch.refs[name] for branch in branch_symbols if name in branch.stores)
                loads = [branch.loads[target] for branch in branch_symbols if target in branch.loads]
                read = [load for load in loads if load[0] != VAR_LOAD_UNDEFINED]
                everywhere = all(name in branch.stores for branch in branch_symbols)
                self.loads[target] = read[0] if read else loads[0] if everywhere else self._outside_value(name)
            self.refs[name] = target
        for branch in branch_symbols:
            for name, target in branch.refs.items():
                self.refs.setdefault(name, target)
            for target, load in branch.loads.items():
                if not self._has_load(target):
                    self.loads[target] = load
            self.stores |= branch.stores

    def _is_stored(self, name: str) -> bool:
        """Say whether this scope assigned a name before."""
        symbols: Symbols | None = self
        while symbols is not None:
            if name in symbols.stores:
                return True
            symbols = symbols.trunk
        return False

    def dump_stores(self) -> dict[str, str]:
        """Return the names assigned here and in the scopes around, with their variables."""
        found: dict[str, str] = {}
        symbols: Symbols | None = self
        while symbols is not None:
            for name in sorted(symbols.stores):
                if name not in found:
                    found[name] = symbols.ref(name)
            symbols = symbols.parent
        return found

    def dump_param_targets(self) -> set[str]:
        """Return the variables that are parameters, here and in the scopes around."""
        found: set[str] = set()
        symbols: Symbols | None = self
        while symbols is not None:
            found.update(target for target, (kind, _) in symbols.loads.items() if kind == VAR_LOAD_PARAMETER)
            symbols = symbols.parent
        return found


class RootVisitor(NodeVisitor):
    """Adds the names of the scope that a node opens: it looks into the node, and no further into other scopes.

    :param symbols: the scope's symbols
    """

    def __init__(self, symbols: Symbols) -> None:
        self.sym_visitor = FrameSymbolVisitor(symbols)

    def _visit_all(self, children: Iterable[nodes.Node]) -> None:
        self.sym_visitor.visit_all(children)

    def _simple_visit(self, node: nodes.Node, **kwargs: Any) -> None:
        self._visit_all(node.children())

    def _visit_body(self, node: nodes.Template | nodes.Block, **kwargs: Any) -> None:
        self._visit_all(node.body)

    visit_Template = _visit_body
    visit_Block = _visit_body
    visit_Macro = _simple_visit
    visit_FilterBlock = _simple_visit
    visit_Scope = _simple_visit
    visit_If = _simple_visit
    visit_ScopedEvalContextModifier = _simple_visit

    def visit_AssignBlock(self, node: nodes.AssignBlock, **kwargs: Any) -> None:
        """Look into the body and the filter."""
        self._visit_all(node.iter_child_nodes(exclude=("target",)))

    def visit_CallBlock(self, node: nodes.CallBlock, **kwargs: Any) -> None:
        """Look into everything but the call, which is made outside."""
        self._visit_all(node.iter_child_nodes(exclude=("call",)))

    def visit_OverlayScope(self, node: nodes.OverlayScope, **kwargs: Any) -> None:
        """Look into the body."""
        self._visit_all(node.body)

    def visit_For(self, node: nodes.For, for_branch: str = "body", **kwargs: Any) -> None:
        """Look into one part of a loop.

        :param for_branch: ``body``, ``else`` or ``test``
        """
        if for_branch == "else":
            self._visit_all(node.else_)
            return
        if for_branch not in {"body", "test"}:
            raise RuntimeError(f"a loop has no branch {for_branch!r}")
        if node.target.__class__ is nodes.Name:
            self.sym_visitor.symbols.declare_parameter(node.target.name)
        else:
            self.sym_visitor.visit(node.target, store_as_param=True)
        if for_branch == "body":
            self._visit_all(node.body)
        elif node.test is not None:
            self.sym_visitor.visit(node.test)

    def visit_With(self, node: nodes.With, **kwargs: Any) -> None:
        """Look into the targets and the body."""
        self._visit_all(node.targets)
        self._visit_all(node.body)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> None:
        """Refuse a node that opens no scope."""
        raise NotImplementedError(f"{type(node).__name__} opens no scope")


def _methods(visitor: type[NodeVisitor]) -> dict[type[nodes.Node], Callable[..., None]]:
    """Return the methods of a visitor by the class of node, which is quicker than by name."""
    names = [name.removeprefix("visit_") for name in vars(visitor) if name.startswith("visit_")]
    known = vars(nodes)  # others than those are imported late, and found by name
    return {known[name]: getattr(visitor, f"visit_{name}") for name in names if name in known}


#: The symbols of a branch in which nothing stands.
_UNTOUCHED = Symbols()
#: The methods for nodes that open a scope.
_OPENERS = _methods(RootVisitor)
_NAMELESS = frozenset({nodes.TemplateData, nodes.Const})


class FrameSymbolVisitor(NodeVisitor):
    """Adds the names of nodes to the symbols of the scope they stand in; it doesn't look into inner scopes.

    :param symbols: the scope's symbols
    """

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Visit one node. Expressions open no scopes: their names are found without a visit of each node."""
        if kwargs or self.__class__ is not FrameSymbolVisitor:
            super().visit(node, *args, **kwargs)
            return
        method = _STATEMENTS.get(node.__class__)
        if method is not None:
            method(self, node)
        elif isinstance(node, nodes.Expr):
            self._visit_expression(node)
        else:
            super().visit(node)

    def visit_all(self, children: Iterable[nodes.Node]) -> None:
        """Visit some nodes, one after the other."""
        if self.__class__ is not FrameSymbolVisitor:
            for child in children:
                self.visit(child)
            return
        for child in children:
            method = _STATEMENTS.get(child.__class__)
            if method is not None:
                method(self, child)
            else:
                self.visit(child)

    def _visit_expression(self, node: nodes.Expr) -> None:
        """Note the names of an expression in their order."""
        pending: list[nodes.Node] = [node]
        while pending:
            part = pending.pop()
            cls = part.__class__
            if cls is nodes.Name:
                self.visit_Name(part)  # type: ignore[arg-type]
            elif cls is nodes.Getattr:
                pending.append(part.node)  # type: ignore[attr-defined]
            elif cls is nodes.NSRef:
                self.visit_NSRef(part)  # type: ignore[arg-type]
            elif cls not in _NAMELESS:
                pending += part.children()[::-1]

    def visit_Block(self, node: nodes.Block, **kwargs: Any) -> None:
        """Stay outside."""

    def visit_Scope(self, node: nodes.Scope, **kwargs: Any) -> None:
        """Stay outside."""

    def visit_OverlayScope(self, node: nodes.OverlayScope, **kwargs: Any) -> None:
        """Look at the mapping; the body is inside."""
        self.visit(node.context, **kwargs)

    def visit_Name(self, node: nodes.Name, store_as_param: bool = False, **kwargs: Any) -> None:
        """Note how a name is used."""
        if store_as_param or node.ctx == "param":
            self.symbols.declare_parameter(node.name)
        elif node.ctx == "store":
            self.symbols.store(node.name)
        elif node.ctx == "load":
            self.symbols.load(node.name)

    def visit_Output(self, node: nodes.Output, **kwargs: Any) -> None:
        """Note the names that output reads, without looking again if they are known."""
        names = getattr(node, "_names", None)
        if names is None:
            self.generic_visit(node, **kwargs)
            return
        load = self.symbols.load
        for name in names:
            load(name)

    def visit_NSRef(self, node: nodes.NSRef, **kwargs: Any) -> None:
        """Note the namespace: assigning to its attribute reads it."""
        self.symbols.load(node.name)

    def visit_Assign(self, node: nodes.Assign, **kwargs: Any) -> None:
        """Note the value's names before the target's."""
        self.visit(node.node, **kwargs)
        self.visit(node.target, **kwargs)

    def visit_AssignOuter(self, node: nodes.AssignOuter, **kwargs: Any) -> None:
        """Note the value's names, and that the name is one of a scope around."""
        self.visit(node.node, **kwargs)
        self.symbols.load(node.name)

    def visit_AssignBlock(self, node: nodes.AssignBlock, **kwargs: Any) -> None:
        """Look at the target; the rest is inside."""
        self.visit(node.target, **kwargs)

    def visit_With(self, node: nodes.With, **kwargs: Any) -> None:
        """Look at the values; the rest is inside."""
        for value in node.values:
            self.visit(value, **kwargs)

    def visit_If(self, node: nodes.If, **kwargs: Any) -> None:
        """Look at each branch as if it was the only one, then join them."""
        self.visit(node.test, **kwargs)
        before = self.symbols
        branches = []
        chain = [node.body]
        for branch in node.elif_:
            self.symbols = before
            self.visit(branch.test, **kwargs)
            chain.append(branch.body)
        for body in (*chain, node.else_):
            if not body:
                branches.append(_UNTOUCHED)
                continue
            self.symbols = before.branch()
            self.visit_all(body)
            branches.append(self.symbols)
        self.symbols = before
        before.branch_update(branches)

    def visit_For(self, node: nodes.For, **kwargs: Any) -> None:
        """Look at what is iterated over; the rest is inside."""
        self.visit(node.iter, **kwargs)

    def visit_Macro(self, node: nodes.Macro, **kwargs: Any) -> None:
        """Note the macro's name."""
        self.symbols.store(node.name)

    def visit_CallBlock(self, node: nodes.CallBlock, **kwargs: Any) -> None:
        """Look at the call; the rest is inside."""
        self.visit(node.call, **kwargs)

    def visit_FilterBlock(self, node: nodes.FilterBlock, **kwargs: Any) -> None:
        """Look at the filter; the rest is inside."""
        self.visit(node.filter, **kwargs)

    def visit_Import(self, node: nodes.Import, **kwargs: Any) -> None:
        """Note the module's name."""
        self.generic_visit(node, **kwargs)
        self.symbols.store(node.target)

    def visit_FromImport(self, node: nodes.FromImport, **kwargs: Any) -> None:
        """Note the imported names."""
        self.generic_visit(node, **kwargs)
        for name in node.names:
            self.symbols.store(name[1] if isinstance(name, tuple) else name)


#: The methods for statements; expressions go another way.
_STATEMENTS = {cls: method for cls, method in _methods(FrameSymbolVisitor).items() if not issubclass(cls, nodes.Expr)}
