"""The test client: asks an application directly, keeps cookies, follows redirects.

It knows the environ builder and the response; it runs the application through :func:`~.run.run_wsgi_app` and never
opens a socket.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from .._internal import _wsgi_decoding_dance
from ..datastructures import Headers
from ..urls import iri_to_uri
from ..wrappers import Request, Response
from .cookies import Cookie, CookieJar
from .environ import EnvironBuilder
from .response import TestResponse, response_class
from .run import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

#: Where requests go, and so where cookies are for, when nothing else is said.
_HOST, _ROOT = "localhost", "/"
_Wrapper = type[Response] | None
_REDIRECTS = frozenset({301, 302, 303, 305, 307, 308})
#: Redirects after which method and body stay what they were (RFC 9110, sections 15.4.8 and 15.4.9).
_KEEPING = frozenset({307, 308})


class ClientRedirectError(Exception):
    """A redirect led back to where the client had been."""


class Client:
    """Asks a WSGI application as a browser would.

    :param application: The application.
    :param response_wrapper: A class for the responses; they have the attributes of :class:`TestResponse` too.
    :param use_cookies: Keep cookies between requests.
    :param allow_subdomain_redirects: Follow redirects to subdomains of the host.
    """

    def __init__(
        self,
        application: WSGIApplication,
        response_wrapper: _Wrapper = None,
        use_cookies: bool = True,
        allow_subdomain_redirects: bool = False,
    ) -> None:
        self._cookies: CookieJar | None = CookieJar() if use_cookies else None
        self.allow_subdomain_redirects = allow_subdomain_redirects
        self.response_wrapper = response_class(response_wrapper or TestResponse)
        self.application = application

    def _jar(self) -> CookieJar:
        if self._cookies is None:
            raise TypeError("Cookies are disabled. Create a client with 'use_cookies=True'.")
        return self._cookies

    def get_cookie(self, key: str, domain: str = _HOST, path: str = _ROOT) -> Cookie | None:
        """Return a cookie, or ``None``.

        :param key: The name.
        :param domain: The host it is for.
        :param path: The path it is for.
        :raises TypeError: The client keeps no cookies.
        """
        return self._jar().get((domain, path, key))

    def set_cookie(
        self,
        key: str,
        value: str = "",
        *,
        domain: str = _HOST,
        origin_only: bool = True,
        path: str = _ROOT,
        **kwargs: Any,
    ) -> None:
        """Set a cookie.

        :param key: The name.
        :param value: The value.
        :param domain: The host it is for.
        :param origin_only: Whether subdomains don't get it.
        :param path: The path it is for.
        :param kwargs: As for :func:`~dray.wsgi_tools.http.dump_cookie`.
        :raises TypeError: The client keeps no cookies.
        """
        self._jar().put(key, value, domain=domain, origin_only=origin_only, path=path, options=kwargs)

    def delete_cookie(self, key: str, *, domain: str = _HOST, path: str = _ROOT) -> None:
        """Forget a cookie, if it is there.

        :param key: The name.
        :param domain: The host it is for.
        :param path: The path it is for.
        :raises TypeError: The client keeps no cookies.
        """
        self._jar().pop((domain, path, key), None)

    def _add_cookies_to_wsgi(self, environ: WSGIEnvironment) -> None:
        if self._cookies is None:
            return
        server_name, path = _place(environ)
        header = self._cookies.header_for(server_name, path) if self._cookies else ""
        if header:
            environ["HTTP_COOKIE"] = header
        else:
            environ.pop("HTTP_COOKIE", None)

    def _update_cookies_from_response(self, server_name: str, path: str, headers: list[str]) -> None:
        if self._cookies is not None:
            self._cookies.receive(headers, server_name, path)

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Call the application with the client's cookies, and keep those that it sets.

        :param environ: The environ; gets the cookies.
        :param buffered: As for :func:`~dray.wsgi_tools.test.run_wsgi_app`.
        :return: Body, status line and headers.
        """
        self._add_cookies_to_wsgi(environ)
        answer = run_wsgi_app(self.application, environ, buffered=buffered)
        self._keep_cookies(environ, answer[2])
        return answer

    def _keep_cookies(self, environ: WSGIEnvironment, headers: Headers) -> None:
        if self._cookies is not None:
            cookies = headers.getlist("Set-Cookie")
            if cookies:
                self._update_cookies_from_response(*_place(environ), cookies)

    def _request_from_builder_args(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request:
        builder = EnvironBuilder(*args, **kwargs)
        try:
            return builder.get_request()
        finally:
            builder.close()

    def _as_request(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request:
        if len(args) == 1 and set(kwargs) <= {"method"}:
            (source,) = args
            if isinstance(source, EnvironBuilder):
                return source.get_request()
            if isinstance(source, dict):
                return EnvironBuilder.from_environ(source).get_request()
            if isinstance(source, Request):
                return source
        return self._request_from_builder_args(args, kwargs)

    def open(self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any) -> TestResponse:
        """Send a request.

        :param args: A builder, an environ or a request; or the arguments of :class:`EnvironBuilder`.
        :param buffered: Read the whole body and close it before returning.
        :param follow_redirects: Follow redirects until another answer comes.
        :param kwargs: More arguments of :class:`EnvironBuilder`.
        :return: The answer; with redirects the last one, the others are in its ``history``.
        :raises ClientRedirectError: The redirects go in a circle.
        :raises RuntimeError: A redirect leads to another host.
        """
        request = self._as_request(args, kwargs)
        if follow_redirects:
            _make_repeatable(request.environ)
        response = self._send(request, buffered, ())
        if not follow_redirects:
            return response
        redirects: set[tuple[str, int]] = set()
        while response.status_code in _REDIRECTS:
            if not buffered:
                response.make_sequence()
                response.close()
            step = (response.location or "", response.status_code)
            if step in redirects:
                raise ClientRedirectError(
                    f"Loop detected: A {response.status_code} redirect to {response.location} was already made."
                )
            redirects.add(step)
            following = self.resolve_redirect(response, buffered=buffered)
            following.history = (*response.history, response)
            response = following
        return response

    def _send(self, request: Request, buffered: bool, history: tuple[TestResponse, ...]) -> TestResponse:
        body, status, headers = self.run_wsgi_app(request.environ, buffered=buffered)
        return self.response_wrapper(body, status, headers, request=request, history=history)

    def resolve_redirect(self, response: TestResponse, buffered: bool = False) -> TestResponse:
        """Send the request that a redirect asks for.

        :param response: The redirect.
        :param buffered: As for :meth:`open`.
        :raises RuntimeError: It leads to another host.
        """
        environ = response.request.environ
        current = urlsplit(response.request.url)
        target = urlsplit(iri_to_uri(urljoin(current.geturl(), response.location or "")))
        _check_host(current.netloc, target.netloc, self.allow_subdomain_redirects)
        root = urlsplit(response.request.root_url).path.rstrip("/")
        path = target.path or "/"
        if not f"{path}/".startswith(f"{root}/"):
            root = ""  # out of where the application was mounted
        changes: dict[str, Any] = {
            "base_url": f"{target.scheme}://{target.netloc}{root}",
            "path": path[len(root) :],
            "query_string": target.query,
        }
        body = environ["wsgi.input"]
        if response.status_code not in _KEEPING:
            body = BytesIO()
            changes.update(content_type=None, content_length=None)
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
                changes["method"] = "GET"
        elif hasattr(body, "seek"):
            body.seek(0)
        builder = EnvironBuilder.from_environ(environ, input_stream=body, **changes)
        if "content_type" in changes:
            builder.headers.pop("Transfer-Encoding", None)
            builder.input_stream = None
        return self.open(builder, buffered=buffered)

    def get(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``GET``."""
        kw["method"] = "GET"
        return self.open(*args, **kw)

    def post(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``POST``."""
        kw["method"] = "POST"
        return self.open(*args, **kw)

    def put(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``PUT``."""
        kw["method"] = "PUT"
        return self.open(*args, **kw)

    def delete(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``DELETE``."""
        kw["method"] = "DELETE"
        return self.open(*args, **kw)

    def patch(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``PATCH``."""
        kw["method"] = "PATCH"
        return self.open(*args, **kw)

    def options(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``OPTIONS``."""
        kw["method"] = "OPTIONS"
        return self.open(*args, **kw)

    def head(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``HEAD``."""
        kw["method"] = "HEAD"
        return self.open(*args, **kw)

    def trace(self, *args: Any, **kw: Any) -> TestResponse:
        """Call :meth:`open` with ``TRACE``."""
        kw["method"] = "TRACE"
        return self.open(*args, **kw)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.application!r}>"


def _place(environ: WSGIEnvironment) -> tuple[str, str]:
    """Return host and path of a request, which its cookies depend on."""
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
    name = host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name, _wsgi_decoding_dance(f"{environ.get('SCRIPT_NAME', '').rstrip('/')}{environ['PATH_INFO']}")


def _check_host(current: str, target: str, allow_subdomains: bool) -> None:
    host, new = current.partition(":")[0].lower(), target.partition(":")[0].lower()
    if new == host:
        return
    if not new.endswith(f".{host}"):
        raise RuntimeError("Following external redirects is not supported.")
    if not allow_subdomains:
        raise RuntimeError("Following subdomain redirects is not enabled.")


def _make_repeatable(environ: WSGIEnvironment) -> None:
    """Keep a body that can't be read twice in memory, in case a redirect asks for it again."""
    stream = environ["wsgi.input"]
    if not getattr(stream, "seekable", lambda: False)():
        environ["wsgi.input"] = BytesIO(stream.read())
