"""Rules about several parameters at once: only one of them, at least one of them, one needs another.

Rules are checked after all parameters are processed, and shown on the help page. It must not know commands.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from ..exceptions import UsageError
from .source import COMMANDLINE, ENVIRONMENT, PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .context import Context
    from .parameter import Parameter

__all__ = ["Constraint", "Exclusion", "Requirement", "Section"]

# What somebody gave for this call; a configuration file only says what holds where nothing is given.
_GIVEN = frozenset({COMMANDLINE, ENVIRONMENT, PROMPT})


def _label(param: Parameter) -> str:
    longest = max(param.opts, key=len) if param.param_type_name == "option" else param.human_readable_name
    return f"'{longest}'"


def _join(params: Iterable[Parameter]) -> str:
    return ", ".join(map(_label, params))


class Constraint:
    """A rule about some parameters of a command.

    :param names: names of the parameters, or their spellings.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = list(names)

    def concerns(self, param: Parameter) -> bool:
        """Say whether the rule is about a parameter.

        :param param: the parameter.
        """
        return param.name in self.names or any(opt in self.names for opt in (*param.opts, *param.secondary_opts))

    def members(self, params: Sequence[Parameter]) -> list[Parameter]:
        """Return the parameters that the rule is about.

        :param params: those of the command.
        """
        return [param for param in params if self.concerns(param)]

    def given(self, ctx: Context, params: Sequence[Parameter]) -> list[Parameter]:
        """Return those of them that were given: on the command line, in the environment, or as an answer.

        :param ctx: the context.
        :param params: the parameters of the command.
        """
        return [param for param in self.members(params) if ctx._parameter_source.get(param.name or "") in _GIVEN]

    def check(self, ctx: Context, params: Sequence[Parameter]) -> None:
        """Check the rule.

        :param ctx: the context, with all parameters processed.
        :param params: the parameters of the command.
        :raises UsageError: the rule is broken.
        """
        raise NotImplementedError

    def note(self, param: Parameter, params: Sequence[Parameter]) -> str | None:
        """Return what the help page says beside a parameter, or None.

        :param param: the parameter.
        :param params: the parameters of the command.
        """
        return None

    def excludes(self, ctx: Context, param: Parameter, params: Sequence[Parameter]) -> bool:
        """Say whether a parameter can't be given any more, for completion.

        :param ctx: the context.
        :param param: the parameter.
        :param params: the parameters of the command.
        """
        return False


class Exclusion(Constraint):
    """Only one of some parameters can be given.

    :param names: names or spellings of the parameters.
    :param required: one of them has to be given.
    """

    def __init__(self, names: Sequence[str] = (), required: bool = False) -> None:
        super().__init__(names)
        self.required = required

    def check(self, ctx: Context, params: Sequence[Parameter]) -> None:
        """Check that at most one was given, or exactly one."""
        given = self.given(ctx, params)
        if len(given) > 1:
            raise UsageError(_("{names} can't be used together.").format(names=_join(given)), ctx)
        if self.required and not given:
            message = _("Missing one of {names}.").format(names=_join(self.members(params)))
            raise UsageError(message, ctx)

    def note(self, param: Parameter, params: Sequence[Parameter]) -> str | None:
        """Name the others."""
        if not self.concerns(param):
            return None
        others = [max(other.opts, key=len) for other in self.members(params) if other is not param]
        return _("not with {names}").format(names=", ".join(others)) if others else None

    def excludes(self, ctx: Context, param: Parameter, params: Sequence[Parameter]) -> bool:
        """Say whether another one was given."""
        return self.concerns(param) and any(other is not param for other in self.given(ctx, params))


class Requirement(Constraint):
    """Where one parameter is given, others have to be given too.

    :param name: name or spelling of the parameter.
    :param others: those of the others.
    """

    def __init__(self, name: str, others: Sequence[str]) -> None:
        super().__init__([name])
        self.others = Constraint(others)

    def check(self, ctx: Context, params: Sequence[Parameter]) -> None:
        """Check that the others have a value."""
        given = self.given(ctx, params)
        missing = [param for param in self.others.members(params) if not _has_value(ctx, param)]
        if given and missing:
            message = _("{name} also needs {names}.").format(name=_join(given), names=_join(missing))
            raise UsageError(message, ctx)

    def note(self, param: Parameter, params: Sequence[Parameter]) -> str | None:
        """Name the others."""
        if not self.concerns(param):
            return None
        names = [max(other.opts, key=len) for other in self.others.members(params)]
        return _("needs {names}").format(names=", ".join(names)) if names else None


def _has_value(ctx: Context, param: Parameter) -> bool:
    value = ctx.params.get(param.name or "")
    return value is not None and value is not False and value != ()


class Section(Exclusion):
    """Options with a section of their own on the help page, and perhaps a rule.

    :param title: the heading.
    :param help: a text below it.
    :param exclusive: only one of them can be given.
    :param required: one of them has to be given.
    :param requires: names or spellings of parameters that have to be given where one of them is.
    """

    def __init__(
        self,
        title: str,
        help: str | None = None,
        *,
        exclusive: bool = False,
        required: bool = False,
        requires: Sequence[str] = (),
    ) -> None:
        super().__init__((), required)
        self.title = title
        self.help = help
        self.exclusive = exclusive
        self.requires = Constraint(requires)

    def concerns(self, param: Parameter) -> bool:
        """Say whether a parameter was declared in this group."""
        return getattr(param, "_section", None) is self

    @property
    def heading(self) -> str:
        """The heading with the rule."""
        if self.exclusive:
            return f"{self.title} ({_('exactly one') if self.required else _('only one')})"
        return f"{self.title} ({_('at least one')})" if self.required else self.title

    def check(self, ctx: Context, params: Sequence[Parameter]) -> None:
        """Check the rules."""
        given = self.given(ctx, params)
        if self.exclusive or self.required and not given:
            super().check(ctx, params)
        missing = [param for param in self.requires.members(params) if not _has_value(ctx, param)]
        if given and missing:
            message = _("{name} also needs {names}.").format(name=_join(given), names=_join(missing))
            raise UsageError(message, ctx)

    def note(self, param: Parameter, params: Sequence[Parameter]) -> str | None:
        """Say nothing: the heading does."""
        return None

    def excludes(self, ctx: Context, param: Parameter, params: Sequence[Parameter]) -> bool:
        """Say whether another one of an exclusive group was given."""
        return self.exclusive and super().excludes(ctx, param, params)
