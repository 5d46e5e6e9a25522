"""The notes as JSON, for scripts that have the session cookie."""

from __future__ import annotations

from typing import Any

from dray.framework import App, Blueprint, abort, g, request

from . import store

api = Blueprint("api", __name__, url_prefix="/api")


@api.before_request
def refuse_strangers() -> None:
    """Answer 401 instead of sending a script to a login page."""
    if g.user is None:
        abort(401)


@api.get("/notes")
def notes() -> Any:
    """List the notes, or those that a search finds."""
    return [dict(note) for note in store.find(g.user["id"], request.args.get("q", ""))]


@api.get("/notes/<int:note_id>")
def note(note_id: int) -> Any:
    """Give one note."""
    found = store.get(g.user["id"], note_id)
    if found is None:
        abort(404)
    return dict(found)


def init_app(app: App) -> None:
    """Register the endpoints."""
    app.register_blueprint(api)
