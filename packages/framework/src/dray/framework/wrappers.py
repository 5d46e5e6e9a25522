"""The request and response of the framework: HTTP's, and what they know of the application that handles them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from dray.wsgi_tools.exceptions import BadRequest, HTTPException
from dray.wsgi_tools.wrappers import Request as RequestBase
from dray.wsgi_tools.wrappers import Response as ResponseBase

from . import json
from ._binding import _cv_app
from .sansio.records import blueprints_of

if TYPE_CHECKING:
    from dray.wsgi_tools.routing import Rule


def _limit(setting: str, doc: str) -> Any:
    """Make a property for a limit: of this request if it was set, else the application's, else the class's."""
    name = f"_own_{setting.lower()}"
    inherited = setting.lower()

    def fget(self: Any) -> int | None:
        if name in self.__dict__:
            return self.__dict__[name]  # type: ignore[no-any-return]
        ctx = _cv_app.get(None)
        if ctx is None:
            return getattr(RequestBase, inherited)  # type: ignore[no-any-return]
        return ctx.app.config[setting]  # type: ignore[no-any-return]

    def fset(self: Any, value: int | None) -> None:
        self.__dict__[name] = value

    return property(fget, fset, doc=doc)


class Request(RequestBase):
    """An HTTP request and what it was matched to."""

    json_module: Any = json

    #: The rule that matched, or ``None``.
    url_rule: Rule | None = None
    #: The values of the URL's variables, or ``None``.
    view_args: dict[str, Any] | None = None
    #: Why no rule matched; raised when the view would be called.
    routing_exception: HTTPException | None = None

    max_content_length = _limit("MAX_CONTENT_LENGTH", "The most bytes that are read of a body; ``None``: no limit.")
    max_form_memory_size = _limit(
        "MAX_FORM_MEMORY_SIZE", "The most bytes of form fields that are kept in memory; ``None``: no limit."
    )
    max_form_parts = _limit("MAX_FORM_PARTS", "The most fields that a form may have; ``None``: no limit.")

    @property
    def endpoint(self) -> str | None:
        """The endpoint that matched, or ``None``."""
        return None if self.url_rule is None else self.url_rule.endpoint

    @property
    def blueprint(self) -> str | None:
        """The full name of the blueprint that it belongs to, or ``None``."""
        names = blueprints_of(self.endpoint)
        return names[0] if names else None

    @property
    def blueprints(self) -> list[str]:
        """The names of the blueprint and its parents, innermost first."""
        return list(blueprints_of(self.endpoint))

    async def load_body(self) -> None:
        """Read the rest of the body, so that ``form``, ``files``, ``data`` and ``get_json`` don't wait for it.

        For a coroutine under ASGI whose view takes the body as it comes, or that has raised
        :attr:`max_content_length`. Under WSGI it does nothing.

        :raises RequestEntityTooLarge: if it is longer than :attr:`max_content_length`.
        :raises ClientDisconnected: if the client goes before the end.
        :raises RequestTimeout: if it comes too slowly.
        """
        if hasattr(self.stream, "load"):
            await self.stream.load()

    def _release(self) -> None:
        """Close what is open, at the end of its context."""
        self.close()
        if "asgi.scope" in self.environ:
            self.environ["wsgi.input"].close()

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # A form that forgot its enctype sends names instead of files: in debug mode, the error for it says so.
        ctx = _cv_app.get(None)
        if ctx is not None and ctx.app.debug and self.mimetype != "multipart/form-data" and not self.files:
            from .debughelpers import attach_enctype_error_multidict  # noqa: PLC0415 - debug mode only

            attach_enctype_error_multidict(self)

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Refuse a body that isn't JSON: 400, or 415 for another content type; in debug mode with the reason."""
        try:
            return super().on_json_loading_failed(e)
        except BadRequest as error:
            ctx = _cv_app.get(None)
            if ctx is not None and ctx.app.debug:
                raise
            _hide_reason(error)


def _hide_reason(error: BadRequest) -> NoReturn:
    raise BadRequest() from error


class Response(ResponseBase):
    """An HTTP response; HTML unless something else is said."""

    default_mimetype: str | None = "text/html"
    json_module = json
    autocorrect_location_header = False

    @property
    def max_cookie_size(self) -> int:  # type: ignore[override]
        """The size in bytes above which a cookie gives a warning: the setting ``MAX_COOKIE_SIZE``; 0 for none."""
        ctx = _cv_app.get(None)
        if ctx is not None:
            return ctx.app.config["MAX_COOKIE_SIZE"]  # type: ignore[no-any-return]
        return super().max_cookie_size
