"""Arguments: parameters that are told by their position.

It must not know commands or options.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, UNSET
from .helps import clean_help, with_deprecation_label
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..parser import _OptionParser
    from .context import Context

__all__ = ["Argument"]


class Argument(Parameter["Any"]):
    """A parameter that is told by its position.

    :param param_decls: the name.
    :param required: it has to be given; by default unless it has a default or takes any number of words.
    :param help: the text for the help page.
    :param attrs: as for parameters.
    """

    param_type_name = "argument"
    _stock = True

    def __init__(
        self, param_decls: Sequence[str], required: bool | None = None, help: str | None = None, **attrs: Any
    ) -> None:
        can_be_left_out = attrs.get("default", UNSET) is not UNSET or attrs.get("nargs", 1) == -1
        needed = not can_be_left_out if required is None else required
        if "multiple" in attrs:
            raise TypeError("__init__() got an unexpected keyword argument 'multiple'.")
        super().__init__(param_decls, required=needed, help=clean_help(help) if help else help, **attrs)
        if self.deprecated:
            self.help = with_deprecation_label(self.help or "", self.deprecated)

    @property
    def human_readable_name(self) -> str:
        """The metavar, or the name in capitals."""
        if self.metavar is not None:
            return self.metavar
        return (self.name or "").upper()

    def get_help_record(self, ctx: Context) -> tuple[str, str]:
        """Return the metavar and the help text."""
        return self.make_metavar(ctx), self.help or ""

    @property
    def _warned_name(self) -> str | None:
        return self.human_readable_name

    def make_metavar(self, ctx: Context) -> str:
        """Return what stands for the value in the usage line: in brackets if it can be left out."""
        if (metavar := self.metavar) is not None:
            return metavar
        metavar = self.type.get_metavar(self, ctx=ctx) or (self.name or "").upper()
        # The choices of an optional argument stand in brackets already.
        bracketed = metavar[:1] == "[" and metavar[-1:] == "]"
        if self.deprecated:
            metavar += "!"
        if not self.required and not bracketed:
            metavar = f"[{metavar}]"
        return f"{metavar}..." if self.nargs != 1 else metavar

    def _parse_decls(self, decls: Sequence[str], expose_value: bool) -> tuple[str | None, list[str], list[str]]:
        if not decls:
            if expose_value:
                raise TypeError("Argument is marked as exposed, but does not have a name.")
            return None, [], []
        if len(decls) > 1:
            raise TypeError(f"Arguments take exactly one parameter declaration, got {len(decls)}: {list(decls)}.")
        declared = decls[0]
        return declared.replace("-", "_").lower(), [declared], []

    def get_error_hint(self, ctx: Context | None) -> str:
        """Return the metavar in quotes."""
        return f"'{self.make_metavar(ctx)}'" if ctx is not None else f"'{self.human_readable_name}'"

    def add_to_parser(self, parser: _OptionParser, ctx: Context) -> None:
        """Tell the parser about this argument."""
        parser.add_argument(self, self.name, nargs=self.nargs)

    def get_usage_pieces(self, ctx: Context) -> list[str]:
        """Return the metavar."""
        return [self.make_metavar(ctx)]
