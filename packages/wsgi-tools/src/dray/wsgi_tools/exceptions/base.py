"""The base of all errors that are answers: an exception that is a WSGI application and renders its own page.

Knows how a page and its headers look. It must not know a response class: the one that carries the page is imported when
an answer is really made, because responses stand above exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dray.safe_strings import Markup, escape

from .._http.status import HTTP_STATUS_CODES
from .._internal import _get_environ

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ..sansio.response import Response as Answer
    from ..wrappers.request import Request as WSGIRequest
    from ..wrappers.response import Response as WSGIResponse

_BREAK = Markup("<br>")


@lru_cache(1)
def _response_class() -> type[WSGIResponse]:
    """Return the response class that carries an error's page."""
    from ..wrappers.response import Response  # noqa: PLC0415 - stands above, and no error is raised before it is loaded

    return Response


@lru_cache(256)
def _paragraph(description: str) -> str:
    """Return a description as HTML. Most are those of the classes; the long ones of programs aren't kept."""
    return f"<p>{escape(description).replace(chr(10), _BREAK)}</p>"


@lru_cache(256)
def _page_start(code: int | None, name: str) -> str:
    title = escape(name)
    return f"<!doctype html>\n<html lang=en>\n<title>{code} {title}</title>\n<h1>{title}</h1>\n"


class HTTPException(Exception):
    """An error that is answered with a status code and a page.

    Raise it in a view, or call it: it is a WSGI application.

    :param description: what went wrong, for the page; plain text is escaped, :class:`~dray.safe_strings.Markup` isn't.
    :param response: a finished answer to send in place of the page.
    """

    #: The status code.
    code: int | None = None

    #: What the page says when the exception was raised without a description.
    description: str | None = None

    def __init_subclass__(cls, *, code: int | None = None, description: str | None = None, **kwargs: Any) -> None:
        """Make a class for a status code.

        :param code: the status code; attributes in the body of the class do as well.
        :param description: what the page says.
        """
        super().__init_subclass__(**kwargs)

        if code is not None:
            cls.code = code

        if description is not None:
            cls.description = description

    def __init__(self, description: str | None = None, response: Answer | None = None) -> None:
        super().__init__()

        if description is not None:
            self.description = description

        self.response = response

    @property
    def name(self) -> str:
        """The reason phrase of the status code."""
        return HTTP_STATUS_CODES.get(self.code, "Unknown Error")  # type: ignore[arg-type]

    def get_description(self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None) -> str:
        """Return the description as HTML: one paragraph, with line breaks kept."""
        description = self.description

        if description is None:
            return "<p></p>"

        # A Markup is equal to the text that it isn't: it has no place in the cache.
        render = _paragraph if type(description) is str and len(description) < 400 else _paragraph.__wrapped__
        return render(description)

    def get_body(self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None) -> str:
        """Return the page as HTML."""
        return f"{_page_start(self.code, self.name)}{self.get_description(environ, scope)}\n"

    def get_headers(
        self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the page, and those that the status code asks for."""
        return [("Content-Type", "text/html; charset=utf-8"), *self._own_headers()]

    def _own_headers(self) -> list[tuple[str, str]]:
        """Return the headers that the status code asks for; the hook of the classes here."""
        return []

    def get_response(
        self,
        environ: WSGIEnvironment | WSGIRequest | None = None,
        scope: dict[str, Any] | None = None,
    ) -> WSGIResponse | Answer:
        """Make the answer.

        :param environ: the WSGI environ of the request, or the request itself.
        :param scope: the ASGI scope of the request.
        :return: the response that was given to the exception, or one with its page.
        """
        if self.response is not None:
            return self.response

        if environ is not None:
            environ = _get_environ(environ)

        body = self.get_body(environ, scope)

        if type(self).get_headers is _plain_headers and not self._own_headers():
            # The one header that all pages have, which the response makes in half the time.
            return _response_class()(body, self.code, mimetype="text/html")

        return _response_class()(body, self.code, self.get_headers(environ, scope))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request as a WSGI application."""
        response: Any = self.get_response(environ)
        return response(environ, start_response)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        code = "???" if self.code is None else self.code
        return f"{code} {self.name}: {self.description}"

    def __repr__(self) -> str:
        code = "???" if self.code is None else self.code
        return f"<{type(self).__name__} '{code}: {self.name}'>"


# What a class that changes the headers doesn't have any more, be it that it overrides the method or that it is patched.
_plain_headers = HTTPException.get_headers
