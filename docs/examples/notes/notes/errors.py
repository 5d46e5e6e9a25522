"""Error pages: designed for people, JSON for scripts."""

from __future__ import annotations

from typing import Any

from dray.framework import App, render_template, request
from dray.wsgi_tools.exceptions import HTTPException

HINTS = {
    404: "There is no such page, or no such note of yours.",
    405: "The page doesn't take that kind of request.",
    413: "That is more than a note may hold.",
    500: "Something went wrong here. It is written down, and not your fault.",
}


def show(error: HTTPException) -> Any:
    """Answer an HTTP error."""
    code = error.code or 500
    if request.path.startswith("/api/"):
        return {"error": error.name, "status": code}, code
    return render_template("error.html", code=code, name=error.name, hint=HINTS.get(code, error.description)), code


def init_app(app: App) -> None:
    """Register the handler for all of them."""
    app.register_error_handler(HTTPException, show)
