"""Templates that use each other without an end: how they are told from templates that only use up the stack, and the
error that names them.
"""

from __future__ import annotations

from ..exceptions import TemplateRuntimeError, TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    #: Who uses, how, and what: a name, or ``None`` where there is none.
    Link = tuple[str, str, str]

#: What includes and imports end in that use up the interpreter's stack: compiling a template may be what comes last.
STACK_ERRORS = (RecursionError, TemplateSyntaxError)
#: So often a template may well include itself, for a tree.
_FEW = 30
#: Shorter chains of parents aren't looked at.
_MANY_PARENTS = 100
_FEWEST_SHOWN, _MOST_SHOWN = 6, 20


def note_link(error: BaseException, name: str | None, verb: str, target: Any) -> None:
    """Note on an error that used up the stack that it came through one template's use of another.

    :param error: the error; others than those of the stack take no notes
    :param name: the template that uses the other
    :param verb: what it does: ``include`` or ``import``
    :param target: the other template, or its name if it wasn't loaded
    :raises TemplateRuntimeError: if it came through the same ones often enough to be a circle
    :raises RecursionError: if it came through many templates, in place of an error that blames the last one
    """
    if not isinstance(error, RecursionError) and not isinstance(error.__context__, RecursionError):
        return
    links: list[Link] = error.__dict__.setdefault("_links", [])
    used = target if isinstance(target, str) else getattr(target, "name", None)
    links.append((name or _NAMELESS, verb, used or _NAMELESS))
    if _may_be_circle(links):
        verbs = {verb for _, verb, _ in links}
        names = _names(links)
        # Where one isn't used by the one before it, there is a parent or a macro in between.
        _fail(names, verbs.pop() if len(verbs) == 1 and len(names) == len(links) + 1 else "use")
    if len(links) > _FEW and isinstance(error, TemplateSyntaxError):  # not the template's fault that is named there
        exhausted = RecursionError(
            f"more than {_FEW} templates use each other in turn, and the stack is too small to compile {error.name!r}: "
            "make the chain shorter, or raise sys.setrecursionlimit()"
        )
        exhausted.__dict__["_links"] = links
        raise exhausted from None


_NAMELESS = "<template>"


def _may_be_circle(chain: list[Any]) -> bool:
    return len(chain) > 2 * len(set(chain)) + _FEW


def _names(links: list[Link]) -> list[str]:
    """Return the templates of a chain, the outermost first.

    :param links: the innermost first
    """
    names: list[str] = []
    for user, _, used in reversed(links):
        if not names or names[-1] != user:
            names.append(user)
        names.append(used)
    return names


def check_parents(chain: list[str]) -> None:
    """Refuse a chain of templates each of which extends the next, if it is a circle.

    :param chain: their names, the child first
    :raises TemplateRuntimeError: if it is long, and made of the same templates over and over
    """
    if len(chain) > _MANY_PARENTS and _may_be_circle(chain):
        _fail(chain, "extend")


def _fail(names: list[str], verb: str) -> NoReturn:
    """Raise the error for a circle.

    :param names: the templates, the outermost first
    :param verb: what they do to each other
    """
    tail = names[-min(max(_FEWEST_SHOWN, len(set(names)) + 1), _MOST_SHOWN) :]
    shown = " -> ".join((["…"] if len(names) > len(tail) else []) + tail)
    raise TemplateRuntimeError(f"templates {verb} each other without an end: {shown}") from None
