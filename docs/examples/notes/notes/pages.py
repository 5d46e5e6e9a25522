"""The pages: list and search, read, write, delete."""

from __future__ import annotations

from typing import Any

from dray.framework import App, Blueprint, abort, flash, g, redirect, render_template, request, url_for

from . import store
from .auth import login_required

pages = Blueprint("pages", __name__)


@pages.get("/")
@login_required
def index() -> Any:
    """List the notes, or those that a search finds."""
    query = request.args.get("q", "").strip()
    return render_template("index.html", notes=store.find(g.user["id"], query), query=query)


@pages.get("/notes/<int:note_id>")
@login_required
def show(note_id: int) -> Any:
    """Show a note."""
    return render_template("note.html", note=own_note(note_id))


@pages.route("/notes/new", methods=["GET", "POST"])
@login_required
def create() -> Any:
    """Write a new note."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        title, body, errors = read_form()
        if not errors:
            note_id = store.add(g.user["id"], title, body)
            flash(f"“{title}” is saved.", "success")
            return redirect(url_for(".show", note_id=note_id))
    return render_template("edit.html", note=None, errors=errors), 422 if errors else 200


@pages.route("/notes/<int:note_id>/edit", methods=["GET", "POST"])
@login_required
def edit(note_id: int) -> Any:
    """Change a note."""
    note = own_note(note_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        title, body, errors = read_form()
        if not errors:
            store.change(note_id, title, body)
            flash(f"“{title}” is saved.", "success")
            return redirect(url_for(".show", note_id=note_id))
    return render_template("edit.html", note=note, errors=errors), 422 if errors else 200


@pages.post("/notes/<int:note_id>/delete")
@login_required
def delete(note_id: int) -> Any:
    """Delete a note."""
    note = own_note(note_id)
    store.remove(note_id)
    flash(f"“{note['title']}” is deleted.")
    return redirect(url_for(".index"))


def own_note(note_id: int) -> Any:
    """Give a note of the user; somebody else's is as unknown as one that doesn't exist."""
    note = store.get(g.user["id"], note_id)
    if note is None:
        abort(404)
    return note


def read_form() -> tuple[str, str, dict[str, str]]:
    """Read title and body, and say what is wrong with them by field."""
    title, body = request.form["title"].strip(), request.form["body"]
    errors = {}
    if not title:
        errors["title"] = "Give the note a title."
    elif len(title) > 120:
        errors["title"] = f"A title has at most 120 characters; this one has {len(title)}."
    return title, body, errors


def init_app(app: App) -> None:
    """Register the pages."""
    app.register_blueprint(pages)
