"""A generated module as Python source text, for people and for modules compiled ahead of time.

Text needs names that Python can spell: a template's variable ``x`` becomes ``v_x``, the compiler's ``.t1`` becomes
``_t1``. The module says what it has in ``template`` and ``stream``; its one function, ``load(names)``, makes the render
functions out of what it is given.
"""

from __future__ import annotations

import ast
import re
from keyword import iskeyword
from unicodedata import normalize

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as py
    from typing import Any

_NO_WORD = re.compile(r"\W")
#: Names that stand at the top level: what the module says about itself, in its two forms.
_ABOUT = {".template": "template", ".stream": "stream"}


class _Speller(ast.NodeTransformer):
    """Gives every name a spelling, and notes which names the module expects to be given."""

    def __init__(self) -> None:
        self.spellings: dict[str, str] = {}
        self.taken: set[str] = {"names", "load"}
        self.stored: set[str] = set()
        self.loaded: dict[str, None] = {}

    def spell(self, name: str) -> str:
        """Return the spelling of a name."""
        spelling = self.spellings.get(name)
        if spelling is None:
            base, dot, level = name.partition(".")
            if not base:
                wanted = "_" + name[1:]
            elif '"' in name:
                wanted = name
            else:
                wanted = f"v{level if dot else ''}_{base}"
            # In the form that Python gives to names in a text, so that two that become one don't meet.
            wanted = unique = _NO_WORD.sub("_", normalize("NFKC", wanted))
            count = 1
            while unique in self.taken:
                count += 1
                unique = f"{wanted}_{count}"
            self.taken.add(unique)
            spelling = self.spellings[name] = unique
        return spelling

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if isinstance(node.ctx, ast.Store):
            self.stored.add(node.id)
        else:
            self.loaded[node.id] = None
        return ast.copy_location(ast.Name(self.spell(node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        self.stored.add(node.arg)
        if node.arg == "depth":  # handed over by name
            self.spellings["depth"] = "depth"
        return ast.copy_location(ast.arg(self.spell(node.arg), None, None), node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.stored.add(node.name)
        name = self.spell(node.name)
        params = node.args  # functions may share them
        node.args = ast.arguments([], list(params.args), None, [], [], None, list(params.defaults))
        self.generic_visit(node)
        node.name = name
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """Hand over what Python's grammar takes for a word of its own in a mapping: ``f(class=1)``."""
        self.generic_visit(node)
        if node.arg is None or not (iskeyword(node.arg) or node.arg == "__debug__"):
            return node
        pair = ast.Dict([ast.Constant(node.arg)], [node.value])
        return ast.copy_location(ast.keyword(None, ast.copy_location(pair, node)), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Leave slices that stand in brackets."""
        node.value = self.visit(node.value)
        if isinstance(node.slice, ast.Slice):
            self.generic_visit(node.slice)
        else:
            node.slice = self.visit(node.slice)
        return node

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        """Spell a slice that stands elsewhere."""
        self.generic_visit(node)
        parts = [part or ast.Constant(None) for part in (node.lower, node.upper, node.step)]
        return ast.copy_location(ast.Call(ast.Name("slice", ast.Load()), parts, []), node)

    visit_FunctionDef = _function
    visit_AsyncFunctionDef = _function


def _without_keywords(about: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a module says about itself: its macros can't be handed keywords, whose names are spelled anew."""
    root, is_direct, blocks, macros, *rest = about
    return root, is_direct, blocks, tuple((*definition[:-1], False) for definition in macros), *rest


def to_source(module: py.Module, name: str | None) -> str:
    """Return the source text of a generated module.

    :param module: the module, which is used up
    :param name: the template's name
    """
    speller = _Speller()
    abouts: list[Any] = [getattr(statement, "targets", [None])[0] for statement in module.body]
    abouts = [about and about.id for about in abouts]
    functions: list[Any] = [name for name in (getattr(statement, "name", None) for statement in module.body) if name]
    # Lines of the template, before unparsing forgets them.
    tree = speller.visit(module)
    wanted = [loaded for loaded in speller.loaded if loaded not in speller.stored and loaded.startswith(".")]
    head = [f"# compiled from the template {name!r}", f"name = {name!r}"]
    lines = ["", "", "def load(names):"]
    lines += [f"    {speller.spell(given)} = names[{given!r}]" for given in wanted]
    for statement, about in zip(tree.body, abouts, strict=True):
        if about is None:
            lines += ["    " + line for line in ast.unparse(ast.fix_missing_locations(statement)).splitlines()]
        else:
            head.append(f"{_ABOUT[about]} = {_without_keywords(statement.value.value)!r}")
    results = "".join([f", {function!r}: {speller.spell(function)}" for function in functions])
    lines = [*head, *lines, f"    return {{**names{results}}}"]
    return "\n".join(lines) + "\n"
