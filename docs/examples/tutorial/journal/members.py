"""Members: registration, login, logout, and a guard for views that are for members only."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from typing import Any

from dray.framework import Blueprint, flash, g, redirect, render_template, request, session, url_for
from dray.wsgi_tools.security import check_password_hash, generate_password_hash

from .database import connection

blueprint = Blueprint("members", __name__, url_prefix="/members")

#: What a password is compared with when there is no such member: the answer takes as long as for one.
NOBODY = generate_password_hash("nobody has this one")


@blueprint.before_app_request
def load_member() -> None:
    """Look up who is logged in."""
    g.member = None
    if "member" in session:
        query = "SELECT id, name FROM member WHERE id = ?"
        g.member = connection().execute(query, [session["member"]]).fetchone()


def members_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guard a view: who isn't logged in is asked to."""

    @functools.wraps(view)
    def guarded(**arguments: Any) -> Any:
        if g.member is None:
            flash("Please log in first.")
            return redirect(url_for("members.login"), 303)
        return view(**arguments)

    return guarded


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Any:
    """Become a member."""
    problem = None
    if request.method == "POST":
        name, password = request.form["name"].strip(), request.form["password"]
        problem = check_new(name, password)
        if problem is None:
            problem = add(name, password)
        if problem is None:
            flash("Welcome! Please log in.")
            return redirect(url_for(".login"), 303)
    return render_template("join.html", problem=problem), 422 if problem else 200


def check_new(name: str, password: str) -> str | None:
    """Say what is wrong with a name and a password, if anything is."""
    if not 1 <= len(name) <= 30:
        return "A name has 1 to 30 characters."
    if len(password) < 8:
        return "A password has 8 characters or more."
    return None


def add(name: str, password: str) -> str | None:
    """Add a member, or say why that can't be done."""
    statement = "INSERT INTO member (name, password_hash) VALUES (?, ?)"
    try:
        with connection() as database:
            database.execute(statement, [name, generate_password_hash(password)])
    except sqlite3.IntegrityError:
        return f"Somebody is called {name} already."
    return None


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Any:
    """Begin a session."""
    problem = None
    if request.method == "POST":
        query = "SELECT id, password_hash FROM member WHERE name = ?"
        member = connection().execute(query, [request.form["name"].strip()]).fetchone()
        expected = NOBODY if member is None else member["password_hash"]
        if check_password_hash(expected, request.form["password"]) and member is not None:
            session.clear()
            session["member"] = member["id"]
            return redirect(url_for("entries.index"), 303)
        problem = "That name and that password don't belong together."
    return render_template("login.html", problem=problem), 422 if problem else 200


@blueprint.post("/logout")
def logout() -> Any:
    """End the session."""
    session.clear()
    return redirect(url_for("entries.index"), 303)
