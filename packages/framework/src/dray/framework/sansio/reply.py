"""What a view's return value means, as a response.

It knows the response class and how to make JSON as arguments, and nothing of the request but what it is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterator, Mapping
from typing import Any

from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.sansio.response import Response as BaseResponse


def split_reply(rv: Any, where: Callable[[], str]) -> tuple[Any, Any, Any]:
    """Take a return value apart into body, status and headers; what isn't given is ``None``.

    :param where: says which view gave it, for the error message.
    :raises TypeError: for a tuple of another shape.
    """
    if not isinstance(rv, tuple):
        return rv, None, None
    if len(rv) == 3:
        return rv
    if len(rv) == 2:
        body, second = rv
        if isinstance(second, (Headers, dict, tuple, list)):
            return body, None, second
        return body, second, None
    raise TypeError(
        f"{where()} did not return a valid response tuple: it has {len(rv)} items. Return (body, status, headers),"
        " (body, status) or (body, headers)."
    )


def make_reply(
    rv: Any,
    response_class: type[Any],
    json_response: Callable[[Any], Any],
    force_type: Callable[[Any], Any],
    where: Callable[[], str],
) -> Any:
    """Make a response of what a view gave.

    :param rv: text, bytes, an iterator of them, a dict or list for JSON, a response, an exception that is one, a WSGI
        application; or a tuple of one of these with a status, headers or both.
    :param response_class: what is made of text, bytes and iterators.
    :param json_response: makes the response of a dict or list.
    :param force_type: makes a ``response_class`` of another response or a WSGI application.
    :param where: says which view gave it, for error messages.
    :raises TypeError: for ``None``, and for anything else that is no response.
    """
    body, status, headers = split_reply(rv, where)
    if body is None:
        raise TypeError(
            f"{where()} did not return a valid response: it returned None, or ended without a return statement."
        )
    if not isinstance(body, response_class):
        if isinstance(body, (str, bytes, bytearray, Iterator, AsyncIterable)):
            response = response_class(body, status=status, headers=headers)
            status = headers = None
        elif isinstance(body, (Mapping, list)):
            response = json_response(body)
        else:
            response = _converted(body, force_type, where)
    else:
        response = body
    if status is not None:
        if isinstance(status, (str, bytes, bytearray)):
            response.status = status
        else:
            response.status_code = status
    if headers:
        response.headers.update(headers)
    return response


def _converted(body: Any, force_type: Callable[[Any], Any], where: Callable[[], str]) -> Any:
    if isinstance(body, BaseResponse) or callable(body):
        try:
            return force_type(body)
        except TypeError as error:
            raise TypeError(f"{error}\n{_expected(where)} It was {type(body).__name__}.") from error
    raise TypeError(f"{_expected(where)} It was {type(body).__name__}.")


def _expected(where: Callable[[], str]) -> str:
    return (
        f"{where()} did not return a valid response. It must be text, bytes, a dict, a list, an iterator of text or"
        " bytes, a response, a WSGI application, or a tuple of one of these with status or headers."
    )
