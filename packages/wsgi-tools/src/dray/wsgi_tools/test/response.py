"""The response that a test client returns: any response class, with the request that led to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..datastructures import Headers
from ..wrappers import Response

if TYPE_CHECKING:
    from ..wrappers import Request


class TestResponse(Response):
    """A response together with its request and the redirects that were followed.

    :param response: The body.
    :param status: The status line.
    :param headers: The headers.
    :param request: The request that this answers.
    :param history: The redirects before it, oldest first.
    """

    __test__ = False  # pytest: no test case

    default_mimetype = None
    #: The request that this answers.
    request: Request
    #: The redirects that were followed before it, oldest first.
    history: tuple[TestResponse, ...]

    def __init__(
        self,
        response: Iterable[bytes],
        status: str,
        headers: Headers,
        request: Request,
        history: tuple[TestResponse, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(response, status, headers, **kwargs)
        self.request = request
        self.history = history

    @property
    def text(self) -> str:
        """The body as text."""
        return str(self.get_data(as_text=True))


def response_class(wrapper: type[Response]) -> type[TestResponse]:
    """Combine a response class with :class:`TestResponse`."""
    if issubclass(wrapper, TestResponse):
        return wrapper
    return type("WrapperTestResponse", (TestResponse, wrapper), {"__doc__": wrapper.__doc__})
