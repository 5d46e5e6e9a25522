"""Errors that explain the usual mistakes. They appear in debug mode only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dray.templating import BaseLoader

from ._binding import _cv_app

if TYPE_CHECKING:
    from dray.wsgi_tools.routing import RequestRedirect

    from ._template_env import Attempt
    from .sansio.app import App
    from .wrappers import Request


class UnexpectedUnicodeError(AssertionError, UnicodeError):
    """Bytes came where text was expected, or the other way round."""


class DebugFilesKeyError(KeyError, AssertionError):
    """A file was asked for, but the form sent only its name.

    :param request: that has the name as a field.
    :param key: the field.
    """

    def __init__(self, request: Request, key: str) -> None:
        names = request.form.getlist(key)
        message = (
            f"You tried to access the file {key!r} in the request.files dictionary, but it doesn't exist. The mimetype"
            f" of the request is {request.mimetype!r} instead of 'multipart/form-data', so no file contents were sent."
            ' Give the form enctype="multipart/form-data".'
        )
        if names:
            sent = ", ".join(map(repr, names))
            message += f" The browser sent these file names instead: {sent}."
        super().__init__(message)
        self.msg = message

    def __str__(self) -> str:
        return self.msg


class FormDataRoutingRedirect(AssertionError):
    """A redirect to the right URL would lose the form data that was sent.

    :param request: that is redirected.
    """

    def __init__(self, request: Request) -> None:
        error: RequestRedirect = request.routing_exception  # type: ignore[assignment]
        message = (
            f"A request was sent to {request.url!r}, but routing redirects it to the canonical URL {error.new_url!r}."
        )
        if error.new_url.partition("?")[0] == f"{request.base_url}/":
            message += " The rule has a trailing slash, and a URL without one is redirected to it."
        message += (
            f"\n\nSend {request.method} requests directly to the canonical URL, or redirect with status 307 or 308."
            " Browsers don't send the data again otherwise.\n\nThis exception is only raised in debug mode."
        )
        super().__init__(message)


def attach_enctype_error_multidict(request: Request) -> None:
    """Make ``request.files[...]`` say what the form lacks, where a field of that name came without a file."""
    plain = type(request.files)

    class ExplainingFiles(plain):  # type: ignore[misc, valid-type]
        def __getitem__(self, key: str) -> Any:
            try:
                return super().__getitem__(key)
            except KeyError as error:
                if key not in request.form:
                    raise
                raise DebugFilesKeyError(request, key).with_traceback(error.__traceback__) from None

    ExplainingFiles.__name__ = plain.__name__
    ExplainingFiles.__module__ = plain.__module__
    request.files.__class__ = ExplainingFiles


def _describe(loader: BaseLoader) -> list[str]:
    lines = [f"class: {type(loader).__module__}.{type(loader).__name__}"]
    for key, value in sorted(vars(loader).items()):
        if key.startswith("_"):
            continue
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            lines.append(f"{key}:")
            lines.extend(f"  - {item}" for item in value)
        elif isinstance(value, (str, int, float, bool)):
            lines.append(f"{key}: {value!r}")
    return lines


def explain_template_loading_attempts(app: App, template: str, attempts: list[Attempt]) -> None:
    """Log what every loader said about a template.

    :param attempts: loaders, whose they are, and the source they gave or ``None``.
    """
    lines = [f"Locating template {template!r}:"]
    found = 0
    ctx = _cv_app.get(None)
    blueprint = ctx.request.blueprint if ctx is not None and ctx.has_request else None
    for number, (loader, owner, source) in enumerate(attempts, 1):
        kind = "application" if owner is app else "blueprint"
        lines.append(f"{number:5}: trying loader of {kind} {owner.name!r}")
        lines.extend(f"       {line}" for line in _describe(loader))
        if source is None:
            lines.append("       -> no match")
        else:
            found += 1
            lines.append(f"       -> found ({source[1] or '<string>'!r})")
    if not found:
        lines.append("Error: the template could not be found.")
    elif found > 1:
        lines.append("Warning: several loaders have a template of that name; the first one is used.")
    if blueprint is not None and found != 1:
        lines.append(f"  It was looked up from an endpoint of the blueprint {blueprint!r}.")
        lines.append("  Did you put it into the wrong folder?")
    app.logger.info("\n".join(lines))
