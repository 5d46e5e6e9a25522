"""From a status code to the exception that is raised for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, cast

from . import client, server
from .base import HTTPException

if TYPE_CHECKING:
    from ..sansio.response import Response as Answer

#: The class of each status code: the one that brings the code, not those that narrow it down.
default_exceptions: dict[int, type[HTTPException]] = {
    kind.code: kind
    for module in (client, server)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, HTTPException) and vars(kind).get("code") is not None and kind.code
}


class Aborter:
    """Raise the exception that belongs to a status code.

    :param mapping: the class of each code, in place of :data:`default_exceptions`.
    :param extra: more classes, or others for the same codes.
    """

    def __init__(
        self,
        mapping: Mapping[int, type[HTTPException]] | None = None,
        extra: Mapping[int, type[HTTPException]] | None = None,
    ) -> None:
        self.mapping: dict[int, type[HTTPException]] = dict(default_exceptions if mapping is None else mapping)

        if extra is not None:
            self.mapping.update(extra)

    def __call__(self, code: int | Answer, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise.

        :param code: a status code, or a response to answer with as it is.
        :param args: arguments of the exception's class.
        :raises LookupError: if no class belongs to the code.
        """
        if hasattr(code, "status_code"):
            raise HTTPException(response=cast("Answer", code))

        kind = self.mapping.get(code)  # type: ignore[arg-type, unused-ignore]

        if kind is None:
            raise LookupError(f"no exception for {code!r}")

        raise kind(*args, **kwargs)


_aborter = Aborter()


def abort(status: int | Answer, *args: Any, **kwargs: Any) -> NoReturn:
    """Raise the exception that belongs to a status code.

    ``abort(404)`` raises :class:`NotFound`; ``abort(response)`` ends the request with that response.

    :param status: a status code, or a response.
    :param args: arguments of the exception's class.
    :raises LookupError: if no class belongs to the code.
    """
    _aborter(status, *args, **kwargs)
