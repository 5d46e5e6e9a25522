"""The syntax tree of a template.

This package only re-exports: :mod:`.base` has the root of all nodes, the others the kinds. Nothing in it knows the
environment; nodes carry a reference to it for extensions, and constant folding asks an :class:`.EvalContext`. The
nodes of operators, and those that no template text stands for, are imported when a tree first has one.
"""

from dray.safe_strings import Markup as Markup

from .._late import late_names
from .._settings import EvalContext
from .base import Expr, Helper, Impossible, Node, NodeType, Stmt, get_eval_context
from .expressions import (
    Call,
    CondExpr,
    Const,
    Dict,
    Filter,
    Getattr,
    Getitem,
    Keyword,
    List,
    Literal,
    Name,
    NSRef,
    Pair,
    Slice,
    TemplateData,
    Test,
    Tuple,
    args_as_const,
)
from .statements import (
    Assign,
    AssignBlock,
    Block,
    CallBlock,
    Extends,
    FilterBlock,
    For,
    FromImport,
    If,
    Import,
    Include,
    Macro,
    Output,
    Template,
    With,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .internal import (
        AssignOuter,
        Break,
        ContextReference,
        Continue,
        DerivedContextReference,
        EnvironmentAttribute,
        EvalContextModifier,
        ExprStmt,
        ExtensionAttribute,
        ImportedName,
        IncludeWith,
        InternalName,
        MarkSafe,
        MarkSafeIfAutoescape,
        OverlayScope,
        Scope,
        ScopedEvalContextModifier,
    )
    from .operators import (
        Add,
        And,
        BinExpr,
        Compare,
        Concat,
        Div,
        FloorDiv,
        Mod,
        Mul,
        Neg,
        Not,
        Operand,
        Or,
        Pos,
        Pow,
        Sub,
        UnaryExpr,
    )

__all__ = [
    "Add", "And", "Assign", "AssignBlock", "AssignOuter", "BinExpr", "Block", "Break", "Call", "CallBlock",
    "Compare", "Concat", "CondExpr", "Const", "ContextReference", "Continue", "DerivedContextReference", "Dict",
    "Div", "EnvironmentAttribute", "EvalContext", "EvalContextModifier", "Expr", "ExprStmt", "Extends",
    "ExtensionAttribute", "Filter", "FilterBlock", "FloorDiv", "For", "FromImport", "Getattr", "Getitem", "Helper",
    "If", "Import", "ImportedName", "Impossible", "Include", "IncludeWith", "InternalName", "Keyword", "List",
    "Literal", "Macro", "MarkSafe", "MarkSafeIfAutoescape", "Mod", "Mul", "NSRef", "Name", "Neg", "Node",
    "NodeType", "Not", "Operand", "Or", "Output", "OverlayScope", "Pair", "Pos", "Pow", "Scope",
    "ScopedEvalContextModifier", "Slice", "Stmt", "Sub", "Template", "TemplateData", "Test", "Tuple", "UnaryExpr",
    "With", "args_as_const", "get_eval_context",
]  # fmt: skip

if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(
        globals(),
        {
            **dict.fromkeys(
                (
                    "Add", "And", "BinExpr", "Compare", "Concat", "Div", "FloorDiv", "Mod", "Mul", "Neg", "Not",
                    "Operand", "Or", "Pos", "Pow", "Sub", "UnaryExpr",
                ),
                f"{__name__}.operators",
            ),
            **dict.fromkeys(
                (
                    "AssignOuter", "Break", "ContextReference", "Continue", "DerivedContextReference",
                    "EnvironmentAttribute", "EvalContextModifier", "ExprStmt", "ExtensionAttribute", "ImportedName",
                    "IncludeWith", "InternalName", "MarkSafe", "MarkSafeIfAutoescape", "OverlayScope", "Scope",
                    "ScopedEvalContextModifier",
                ),
                f"{__name__}.internal",
            ),
        },
    )  # fmt: skip
