"""What the code generator knows at one place of a template: the scope, where output goes, and which function is being
made."""

from __future__ import annotations

from ..idtracking import Symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as py
    from typing import Self

    from .. import nodes
    from .build import Span


class MacroRef:
    """What a macro's body uses besides its arguments.

    :param node: the macro or call block
    """

    def __init__(self, node: nodes.Macro | nodes.CallBlock) -> None:
        self.node = node
        self.accesses_caller = False
        self.accesses_kwargs = False
        self.accesses_varargs = False
        #: Whether the parameters of its function have the names of its arguments.
        self.plain = False

    def special_names(self) -> list[str]:
        """Return which of ``caller``, ``kwargs`` and ``varargs`` its function takes, in their order."""
        flags = (("caller", self.accesses_caller), ("kwargs", self.accesses_kwargs), ("varargs", self.accesses_varargs))
        return [name for name, used in flags if used]


class Unit:
    """One Python function in the making.

    :param nested: whether it stands in another one, as macros and recursive loops do
    """

    def __init__(self, nested: bool = False) -> None:
        self.nested = nested
        #: Whether the code refers to the context.
        self.uses_context = False
        #: Local variables that hold filters and tests: variable to (``filters`` or ``tests``, name, is it known).
        self.functions: dict[str, tuple[str, str, bool]] = {}
        #: Such variables that there would be for what was looked up in its place.
        self.functions_once: set[str] = set()
        #: Those of them that are called as a method of plain text: variable to the method's name.
        self.text_methods: dict[str, str] = {}
        #: How deep the loops stand in each other: Python allows 20 blocks in one function.
        self.loops = self.deepest = 0
        #: Targets of the loops around to the variables that say whether their value is a plain dict, and which of those
        #: are used.
        self.dict_flags: dict[str, str] = {}
        self.used_flags: set[str] = set()
        #: The place of the outermost loop, what is made once, before it begins, and what is looked up there: names to
        #: variables.
        self.loop_span: Span = (1, 0, 1, 0)
        self.before_loop: list[py.stmt] = []
        self.wanted: dict[str, str] = {}
        #: The statements that look variables up in the context.
        self.lookups: list[py.stmt] = []
        #: The calls that write by way of the variable that holds the ``append`` of the function's list.
        self.writes: list[py.Call] = []
        #: Variables that are read where they may still have the value that they got when their scope began.
        self.read_early: set[str] = set()

    def is_hot(self) -> bool:
        """Say whether the code probably runs more than once: in a loop, or in a macro."""
        return self.nested or self.loops > 0


class LoweredLoop:
    """A loop whose ``loop`` is not an object but plain integers in local variables.

    :param level: of the scope, to make the variables' names
    """

    #: What can be computed from the two integers.
    ATTRIBUTES = frozenset({
        "index", "index0", "first", "last", "length", "revindex", "revindex0", "depth", "depth0", "cycle", "changed",
    })  # fmt: skip
    #: What is a whole number.
    NUMBERS = frozenset({"index", "index0", "length", "revindex", "revindex0", "depth", "depth0"})
    #: What needs the length.
    SIZED = frozenset({"last", "length", "revindex", "revindex0"})

    def __init__(self, level: int, used: set[str]) -> None:
        self.index0 = f".i{level}"
        self.last0 = f".l{level}"
        self.changes = f".c{level}"
        self.used = used
        self.needs_length = bool(used & self.SIZED)


class Frame:
    """One scope of the template while its code is generated.

    :param eval_ctx: whether output is escaped, as far as it is known
    :param parent: the frame around
    :param level: the level of the scope's symbols
    """

    #: Whether output has to ask first if the template extends another one.
    require_output_check = False
    #: The list that output is appended to; ``None``: it is yielded.
    buffer: str | None = None
    #: The name of the block.
    block: str | None = None
    #: Whether assignments are exported.
    toplevel = False
    #: Whether the code runs in any case, not only under a condition.
    rootlevel = False
    loop_frame = False
    block_frame = False
    #: Whether it only runs under a condition, so that unknown filters are an error only when it does.
    soft_frame = False
    #: Variable holding what the loop or block assigned, for functions that get the context.
    local_vars: str | None = None
    #: The text that a filter block filters.
    filter_input: py.expr | None = None

    def __init__(self, eval_ctx: nodes.EvalContext, parent: Frame | None = None, level: int | None = None) -> None:
        self.eval_ctx = eval_ctx
        self.parent = parent
        if parent is None:
            self.symbols = Symbols(level=level)
            self.unit = self.outermost = Unit()
            #: Variables that have a value for sure, so that they needn't be checked.
            self.assigned: set[str] = set()
        else:
            self.symbols = Symbols(parent.symbols, level=level)
            self.unit = parent.unit
            #: The function that is no other's, which prepares what all within it use.
            self.outermost = parent.outermost
            self.require_output_check = parent.require_output_check
            self.buffer = parent.buffer
            self.block = parent.block
            self.soft_frame = parent.soft_frame
            self.assigned = set(parent.assigned)

    def copy(self) -> Self:
        """Return a frame that can be changed without changing this one."""
        other = object.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.symbols = self.symbols.copy()
        other.assigned = set(self.assigned)
        return other

    def inner(self, isolated: bool = False) -> Frame:
        """Return the frame of a scope inside this one.

        :param isolated: whether nothing outside is seen
        """
        if isolated:
            frame = Frame(self.eval_ctx, level=self.symbols.level + 1)
            frame.unit, frame.outermost = self.unit, self.outermost
            return frame
        return Frame(self.eval_ctx, self)

    def soft(self) -> Self:
        """Return a frame of the same scope whose code only runs under a condition."""
        other = object.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.assigned = set(self.assigned)
        other.rootlevel = False
        other.soft_frame = True
        return other

    __copy__ = copy
