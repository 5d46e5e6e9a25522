"""The debugger: errors of an application as a page with source, variables and a console in each frame.

The console runs any code, so whoever reaches it owns the account that the server runs under. It is for one developer's
machine: requests must come for a trusted host name, and the visitor must log in with the PIN or the token that the
server prints. This file is the middleware; pages, consoles and logins are made by the modules beside it.
"""

from __future__ import annotations

import json
import pkgutil
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from multiprocessing import Value
from typing import TYPE_CHECKING, Any

from .._internal import _log
from ..exceptions import NotFound, SecurityError
from ..http import parse_cookie
from ..sansio.utils import host_is_trusted
from ..security import gen_salt, safe_join
from ..utils import send_file
from ..wrappers import Request, Response
from .console import Console
from .pin import (
    MAX_FAILURES,
    PIN_TIME,
    cookie_value,
    get_machine_id,
    get_pin_and_cookie_name,
    hash_pin,
    is_login,
    is_valid_cookie,
    new_token,
)
from .repr import DebugReprGenerator
from .tbtools import DebugFrameSummary, DebugTraceback, render_console_html

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["PIN_TIME", "DebuggedApplication", "get_machine_id", "get_pin_and_cookie_name", "hash_pin"]

#: Nothing but the page's own style and script, and its requests to the debugger.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: How many errors are kept for their consoles.
_KEPT_TRACEBACKS = 20


class _ConsoleFrame:
    """Looks like a frame, for the console without a traceback."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.console = Console(namespace)
        self.id = 0
        self.local_ns: dict[str, Any] = namespace

    def eval(self, code: str) -> Any:
        return self.console.eval(code)


class DebuggedApplication:
    """Shows errors of an application.

    :param app: The application.
    :param evalex: Give each frame a console.
    :param request_key: Key in the environ for the request of the console's page.
    :param console_path: Path of a console without an error; ``None`` for none.
    :param console_init_func: Makes the name space of that console.
    :param show_hidden_frames: Show frames that hide themselves.
    :param pin_security: Ask for a login.
    :param pin_logging: Print PIN and token.
    """

    _pin: str | None
    _pin_cookie: str | None

    def __init__(
        self,
        app: WSGIApplication,
        evalex: bool = False,
        request_key: str = "werkzeug.request",
        console_path: str = "/console",
        console_init_func: Callable[[], dict[str, Any]] | None = None,
        show_hidden_frames: bool = False,
        pin_security: bool = True,
        pin_logging: bool = True,
    ) -> None:
        self.app = app
        self.evalex = evalex
        self.frames: dict[int, DebugFrameSummary | _ConsoleFrame] = {}
        self.frame_contexts: dict[int, list[Any]] = {}
        self.request_key = request_key
        self.console_path: str | None = console_path
        self.console_init_func = console_init_func or dict
        self.show_hidden_frames = show_hidden_frames
        self.secret = gen_salt(20)
        self.token = new_token()
        #: Wrong logins so far, counted over all processes.
        self._failed_pin_auth = Value("B")
        self._tracebacks: list[list[int]] = []
        self.pin_logging = pin_logging
        #: Host names that requests may come for; a dot in front means all below it too.
        self.trusted_hosts: list[str] = [".localhost", "127.0.0.1"]
        if pin_security:
            self._announce()
        else:
            self.pin = None

    def _announce(self) -> None:
        if not (self.pin_logging and self.evalex):
            return
        _log("warning", " * Debugger is active!")
        if self.pin is None:
            _log("warning", " * Debugger PIN disabled. DEBUGGER UNSECURED!")
        else:
            _log("info", " * Debugger PIN: %s", self.pin)
            _log("info", " * Debugger token, for this run: %s", self.token)

    def _cache_pin(self) -> None:
        self._pin, self._pin_cookie = get_pin_and_cookie_name(self.app)

    @property
    def pin(self) -> str | None:
        """The PIN; ``None`` when no login is asked for."""
        if not hasattr(self, "_pin"):
            self._cache_pin()
        return self._pin

    @pin.setter
    def pin(self, value: str | None) -> None:
        if not hasattr(self, "_pin_cookie"):
            self._cache_pin()
        self._pin = value

    @property
    def pin_cookie_name(self) -> str:
        """Name of the cookie of a login."""
        if not hasattr(self, "_pin_cookie"):
            self._cache_pin()
        return self._pin_cookie or "__dray_debug"

    def debug_application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        """Run the application, and show the page when it fails.

        :param environ: The environ.
        :param start_response: The server's function.
        """
        contexts: list[Any] = []
        if self.evalex:
            # The application puts here what its consoles need around them.
            environ["werkzeug.debug.preserve_context"] = contexts.append
        started = False

        def watched_start(*args: Any) -> Any:
            nonlocal started
            started = True
            return start_response(*args)

        iterable: Iterable[bytes] | None = None
        try:
            iterable = self.app(environ, watched_start)
            yield from iterable
        except Exception as error:
            _close(iterable)
            iterable = None
            yield from self._page(error, environ, start_response, contexts, started)
        finally:
            _close(iterable)

    def _page(
        self,
        error: Exception,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        contexts: list[Any],
        started: bool,
    ) -> Iterator[bytes]:
        tb = DebugTraceback(error, skip=1, hide=not self.show_hidden_frames)
        self._keep(tb.all_frames, contexts)
        trusted = bool(self.check_pin_trust(environ))
        evalex = self.evalex and self.check_host_trust(environ)
        html = tb.render_debugger_html(evalex=evalex, secret=self.secret if evalex else "", evalex_trusted=trusted)
        response = _secured(Response(html, status=500, content_type="text/html; charset=utf-8"))
        exc_info: Any = (type(error), error, error.__traceback__)

        def restart(status: str, headers: list[tuple[str, str]], _: Any = None, /) -> Any:
            # The error replaces what was started (PEP 3333, "The start_response() Callable").
            return start_response(status, headers, exc_info) if started else start_response(status, headers)

        try:
            body = list(response(environ, restart))
        except Exception:
            # Headers were sent already: the page can't be shown any more.
            body = []
            environ["wsgi.errors"].write("The error came after the response had begun; it can't be shown as a page.\n")
        yield from body
        environ["wsgi.errors"].write("".join(tb.render_traceback_text()))

    def _keep(self, frames: list[DebugFrameSummary], contexts: list[Any]) -> None:
        """Keep frames for their consoles, and forget those of old errors."""
        for frame in frames:
            self.frames[id(frame)] = frame
            self.frame_contexts[id(frame)] = contexts
        self._tracebacks.append([id(frame) for frame in frames])
        while len(self._tracebacks) > _KEPT_TRACEBACKS:
            for old in self._tracebacks.pop(0):
                self.frames.pop(old, None)
                self.frame_contexts.pop(old, None)

    def execute_command(self, request: Request, command: str, frame: DebugFrameSummary | _ConsoleFrame) -> Response:
        """Run a command in the console of a frame.

        :param request: The request.
        :param command: The command.
        :param frame: The frame.
        """
        if not self.check_host_trust(request.environ):
            return _refusal()
        with ExitStack() as stack:
            for context in self.frame_contexts.get(id(frame), []):
                stack.enter_context(context)
            return _secured(Response(frame.eval(command), mimetype="text/html"))

    def show_locals(self, request: Request, frame: DebugFrameSummary | _ConsoleFrame) -> Response:
        """Show the variables of a frame.

        :param request: The request.
        :param frame: The frame.
        """
        if not self.check_host_trust(request.environ):
            return _refusal()
        names = {name: value for name, value in frame.local_ns.items() if not name.startswith("__")}
        return _secured(Response(DebugReprGenerator().dump_locals(names), mimetype="text/html"))

    def display_console(self, request: Request) -> Response:
        """Show the console without a traceback.

        :param request: The request.
        """
        if not self.check_host_trust(request.environ):
            return _refusal()
        if 0 not in self.frames:
            namespace = self.console_init_func()
            namespace.setdefault("app", self.app)
            self.frames[0] = _ConsoleFrame(namespace)
        trusted = bool(self.check_pin_trust(request.environ))
        return _secured(Response(render_console_html(self.secret, trusted), mimetype="text/html"))

    def get_resource(self, request: Request, filename: str) -> Response:
        """Return the style or the script of the page.

        :param request: The request.
        :param filename: Its name.
        """
        path = safe_join("shared", filename)
        data = None
        if path is not None:
            try:
                data = pkgutil.get_data(__package__, path)
            except OSError:
                data = None
        if data is None:
            return NotFound()  # type: ignore[return-value]
        return _secured(send_file(BytesIO(data), request.environ, download_name=filename, etag=False))

    def check_pin_trust(self, environ: WSGIEnvironment) -> bool | None:
        """Say whether the visitor is logged in; ``None`` when the login was for another PIN.

        :param environ: The environ.
        """
        if self.pin is None:
            return True
        cookie = parse_cookie(environ).get(self.pin_cookie_name)
        return is_valid_cookie(cookie, self.pin, time.time()) if cookie else False

    def check_host_trust(self, environ: WSGIEnvironment) -> bool:
        """Say whether the request is for a trusted host.

        A page elsewhere can make a name of its own point to this machine, and so get at what listens here; it can't
        make the browser send another name than its own.

        :param environ: The environ.
        """
        host = environ.get("HTTP_HOST")
        return host_is_trusted(host, self.trusted_hosts)

    def _fail_pin_auth(self) -> None:
        failures = self._failed_pin_auth
        with failures.get_lock():
            count = failures.value
            failures.value = min(count + 1, 255)
        # Guessing gets slower and slower, then ends.
        time.sleep(5.0 if count > 5 else 0.5)

    def pin_auth(self, request: Request) -> Response:
        """Log in: answer whether the PIN or the token was right, and set the cookie.

        :param request: The request, with the argument ``pin``.
        """
        if not self.check_host_trust(request.environ):
            return _refusal()
        trust = self.check_pin_trust(request.environ)
        authenticated = exhausted = False
        bad_cookie = trust is None
        if bad_cookie:
            self._fail_pin_auth()
        elif trust:
            authenticated = True
        elif self._failed_pin_auth.value >= MAX_FAILURES:
            exhausted = True
        elif is_login(request.args.get("pin", ""), self.pin or "", self.token):
            self._failed_pin_auth.value = 0
            authenticated = True
        else:
            self._fail_pin_auth()
        response = _secured(
            Response(json.dumps({"auth": authenticated, "exhausted": exhausted}), mimetype="application/json")
        )
        if authenticated and self.pin is not None:
            response.set_cookie(
                self.pin_cookie_name,
                cookie_value(self.pin, int(time.time())),
                httponly=True,
                samesite="Strict",
                secure=request.is_secure,
            )
        elif bad_cookie:
            response.delete_cookie(self.pin_cookie_name)
        return response

    def log_pin_request(self, request: Request) -> Response:
        """Print the PIN again, for a visitor who wants to log in.

        :param request: The request.
        """
        if not self.check_host_trust(request.environ):
            return _refusal()
        if self.pin_logging and self.pin is not None:
            _log("info", " * To unlock the debugger's console, enter the PIN or the token:")
            _log("info", " * Debugger PIN: %s", self.pin)
            _log("info", " * Debugger token, for this run: %s", self.token)
        return _secured(Response(""))

    def _has_secret(self, request: Request) -> bool:
        return secrets.compare_digest(request.args.get("s", "").encode(), self.secret.encode())

    def _command(self, request: Request) -> Any:
        """Return the answer to a request of the page, or ``None`` when it isn't one."""
        args = request.args
        command = args.get("cmd")
        if command == "resource" and "f" in args:
            return self.get_resource(request, args["f"])
        if not self._has_secret(request):
            return None
        if command == "pinauth":
            return self.pin_auth(request)
        if command == "printpin":
            return self.log_pin_request(request)
        frame = self.frames.get(args.get("frm", -1, type=int))
        if not self.evalex or frame is None or not self.check_pin_trust(request.environ):
            return None
        if args.get("do") == "locals":
            return self.show_locals(request, frame)
        return None if command is None else self.execute_command(request, command, frame)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        # Parsing the arguments is left out where they can't be the debugger's.
        if "__debugger__=yes" in environ.get("QUERY_STRING", ""):
            request = Request(environ)
            if request.args.get("__debugger__") == "yes":
                response = self._command(request)
                if response is not None:
                    return response(environ, start_response)  # type: ignore[no-any-return]
        elif self.evalex and self.console_path is not None and environ.get("PATH_INFO") == self.console_path:
            request = Request(environ)
            environ[self.request_key] = request
            return self.display_console(request)(environ, start_response)
        return self.debug_application(environ, start_response)


def _close(iterable: Iterable[bytes] | None) -> None:
    close = getattr(iterable, "close", None)
    if close is not None:
        close()


def _refusal() -> Response:
    """Return the answer to a request for a host that isn't trusted."""
    return SecurityError().get_response()  # type: ignore[return-value]


def _secured(response: Response) -> Response:
    """Add the headers that keep the page to itself."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    # In case a cross-site scripting filter of an old browser would "repair" the source of the error.
    response.headers["X-XSS-Protection"] = "0"
    return response
