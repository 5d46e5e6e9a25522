"""Entries: everybody reads them, members write them, and only who wrote one changes or deletes it."""

from __future__ import annotations

import sqlite3
from typing import Any

from dray.framework import Blueprint, abort, g, redirect, render_template, request, url_for

from .database import connection
from .members import members_only

blueprint = Blueprint("entries", __name__)

QUERY = "SELECT entry.*, member.name AS author FROM entry JOIN member ON member.id = entry.author_id"


@blueprint.get("/")
def index() -> Any:
    """List the entries, the newest first."""
    entries = connection().execute(f"{QUERY} ORDER BY entry.id DESC").fetchall()
    return render_template("index.html", entries=entries)


@blueprint.route("/write", methods=["GET", "POST"])
@members_only
def write() -> Any:
    """Write a new entry."""
    problem = None
    if request.method == "POST":
        heading, text, problem = read_form()
        if problem is None:
            statement = "INSERT INTO entry (author_id, heading, text) VALUES (?, ?, ?)"
            with connection() as database:
                database.execute(statement, [g.member["id"], heading, text])
            return redirect(url_for(".index"), 303)
    return render_template("write.html", entry=None, problem=problem), 422 if problem else 200


@blueprint.route("/<int:number>/change", methods=["GET", "POST"])
@members_only
def change(number: int) -> Any:
    """Change an entry of one's own."""
    entry, problem = own(number), None
    if request.method == "POST":
        heading, text, problem = read_form()
        if problem is None:
            with connection() as database:
                database.execute("UPDATE entry SET heading = ?, text = ? WHERE id = ?", [heading, text, number])
            return redirect(url_for(".index"), 303)
    return render_template("write.html", entry=entry, problem=problem), 422 if problem else 200


@blueprint.post("/<int:number>/delete")
@members_only
def delete(number: int) -> Any:
    """Delete an entry of one's own."""
    own(number)
    with connection() as database:
        database.execute("DELETE FROM entry WHERE id = ?", [number])
    return redirect(url_for(".index"), 303)


def own(number: int) -> sqlite3.Row:
    """Give an entry that the member has written; the request ends here if there is none."""
    entry: sqlite3.Row | None = None
    if number < 2**63:  # what SQLite can count to
        entry = connection().execute(f"{QUERY} WHERE entry.id = ?", [number]).fetchone()
    if entry is None:
        abort(404, f"There is no entry {number}.")
    if entry["author_id"] != g.member["id"]:
        abort(403, f"Entry {number} is {entry['author']}'s.")
    return entry


def read_form() -> tuple[str, str, str | None]:
    """Give heading and text, and what is wrong with them."""
    heading, text = request.form["heading"].strip(), request.form["text"]
    return heading, text, None if heading else "An entry needs a heading."
