"""Extensions: tags and filters on text and tokens that an environment can be given.

The small extensions that come with the package stand here; the base is :mod:`._extension`, translation :mod:`._i18n`.
"""

from __future__ import annotations

from dray.safe_strings import Markup

from . import defaults, nodes
from ._extension import Extension
from ._i18n import GETTEXT_FUNCTIONS, InternationalizationExtension, babel_extract, extract_from_ast
from ._more_syntax import IncludeArgumentsExtension, IndentationExtension, OuterAssignmentExtension
from .environment import Environment
from .exceptions import TemplateAssertionError, TemplateSyntaxError
from .runtime import Context, Undefined
from .utils import concat, import_string, pass_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .parser import Parser


class ExprStmtExtension(Extension):
    """Adds ``{% do expression %}``: evaluate, and output nothing."""

    tags = {"do"}

    def parse(self, parser: Parser) -> nodes.ExprStmt:
        """Parse the tag."""
        token = next(parser.stream)
        return nodes.ExprStmt(parser.parse_tuple(), lineno=token.lineno)


class LoopControlExtension(Extension):
    """Adds ``{% break %}`` and ``{% continue %}``."""

    tags = {"break", "continue"}

    def parse(self, parser: Parser) -> nodes.Break | nodes.Continue:
        """Parse the tags."""
        token = next(parser.stream)
        node = nodes.Break() if token.value == "break" else nodes.Continue()
        node.lineno = token.lineno
        if token.column is not None and token.end_column is not None:
            node.span = (token.lineno, token.column, token.lineno, token.end_column)
        return node


class DebugExtension(Extension):
    """Adds ``{% debug %}``: output the context and the names of all filters and tests."""

    tags = {"debug"}

    def parse(self, parser: Parser) -> nodes.Output:
        """Parse the tag."""
        lineno = next(parser.stream).lineno
        call = self.call_method("_render", [nodes.ContextReference(lineno=lineno)], lineno=lineno)
        return nodes.Output([call], lineno=lineno)

    def _render(self, context: Any) -> str:
        from pprint import pformat  # noqa: PLC0415 - only for debugging

        shown = {
            "context": context.get_all(),
            "filters": sorted(self.environment.filters),
            "tests": sorted(self.environment.tests),
        }
        return pformat(shown, depth=3, compact=True)


#: Short names, for ``extensions=["dray.templating.ext.do"]``.
i18n = InternationalizationExtension
do = ExprStmtExtension
loopcontrols = LoopControlExtension
debug = DebugExtension
include_arguments = IncludeArgumentsExtension
indentation = IndentationExtension
set_outer = OuterAssignmentExtension

__all__ = [
    "Context", "Environment", "GETTEXT_FUNCTIONS", "DebugExtension", "ExprStmtExtension", "Extension",
    "InternationalizationExtension", "Markup", "TemplateAssertionError", "TemplateSyntaxError", "Undefined",
    "IncludeArgumentsExtension", "IndentationExtension", "LoopControlExtension", "OuterAssignmentExtension",
    "babel_extract", "concat", "debug", "defaults", "do", "extract_from_ast", "i18n",
    "include_arguments", "import_string", "indentation", "loopcontrols", "pass_context", "set_outer",
]  # fmt: skip
