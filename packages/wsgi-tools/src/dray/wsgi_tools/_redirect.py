"""The answer that sends a client elsewhere: one page, one header.

Stands below routing and :mod:`~dray.wsgi_tools.utils`, which both need it; knows only how a response class is called.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from dray.safe_strings import escape


def redirect_page(location: str) -> str:
    """Return the page for a location; those of short locations are kept, for most lead to a few places."""
    # A Markup is equal to the text that it isn't: it has no place in the cache.
    return _page(location) if type(location) is str and len(location) < _SHORT else _page.__wrapped__(location)


#: Characters of a location whose page is worth keeping.
_SHORT = 128


@lru_cache(128)
def _page(location: str) -> str:
    """Write the page for clients that don't follow the ``Location`` header by themselves (RFC 9110, 15.4)."""
    target = escape(location)
    return (
        "<!doctype html>\n"
        "<html lang=en>\n"
        "<title>Redirecting...</title>\n"
        "<h1>Redirecting...</h1>\n"
        "<p>You should be redirected automatically to the target URL: "
        f'<a href="{target}">{target}</a>. If not, click the link.\n'
    )


def redirect_response(location: str, code: int, response_class: Any) -> Any:
    """Make a redirect.

    :param location: Where to; escaped in the page, and in the header by the response.
    :param code: Status code.
    :param response_class: Called with the page, the code and a mimetype.
    """
    response = response_class(redirect_page(location), code, mimetype="text/html")
    response.headers["Location"] = location
    return response
