"""Who is logged in: registration, login, logout, and a guard for views."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from typing import Any

from dray.framework import App, Blueprint, flash, g, redirect, render_template, request, session, url_for
from dray.wsgi_tools.security import check_password_hash, generate_password_hash

from .db import connection

auth = Blueprint("auth", __name__)

MIN_PASSWORD = 8
#: Compared with when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = generate_password_hash("nobody")


@auth.before_app_request
def load_user() -> None:
    """Find the user that the session names; a forged session names nobody."""
    user_id = session.get("user_id")
    g.user = None
    if user_id is not None:
        g.user = connection().execute("SELECT id, name FROM user WHERE id = ?", (user_id,)).fetchone()


def login_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Send visitors who aren't logged in to the login page, and back to where they wanted to go."""

    @functools.wraps(view)
    def guarded(**kwargs: Any) -> Any:
        if g.user is None:
            return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
        return view(**kwargs)

    return guarded


@auth.route("/register", methods=["GET", "POST"])
def register() -> Any:
    """Make an account and log in."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        name = request.form["name"].strip()
        password = request.form["password"]
        if not 2 <= len(name) <= 40:
            errors["name"] = "Choose a name of 2 to 40 characters."
        if len(password) < MIN_PASSWORD:
            errors["password"] = f"Choose a password of at least {MIN_PASSWORD} characters."
        if not errors:
            try:
                with connection() as db:
                    cursor = db.execute(
                        "INSERT INTO user (name, password) VALUES (?, ?)", (name, generate_password_hash(password))
                    )
            except sqlite3.IntegrityError:
                errors["name"] = f"The name {name} is taken."
            else:
                log_in(cursor.lastrowid)
                flash(f"Welcome, {name}!", "success")
                return redirect(url_for("pages.index"))
    return render_template("register.html", errors=errors), 422 if errors else 200


@auth.route("/login", methods=["GET", "POST"])
def login() -> Any:
    """Log in with name and password."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        row = (
            connection()
            .execute("SELECT id, password FROM user WHERE name = ?", (request.form["name"].strip(),))
            .fetchone()
        )
        is_right = check_password_hash(row["password"] if row else _NOBODY, request.form["password"])
        if row is not None and is_right:
            log_in(row["id"])
            return redirect(own_page(request.args.get("next")))
        errors["password"] = "Name and password don't fit together."
    return render_template("login.html", errors=errors), 422 if errors else 200


@auth.post("/logout")
def logout() -> Any:
    """Forget who is logged in."""
    session.clear()
    flash("You are logged out.")
    return redirect(url_for("auth.login"))


def log_in(user_id: int | None) -> None:
    """Begin a new session for a user."""
    session.clear()
    session["user_id"] = user_id


def own_page(target: str | None) -> str:
    """Give a path of this site to go to; anything else is replaced by the start page."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return url_for("pages.index")


def init_app(app: App) -> None:
    """Register the pages."""
    app.register_blueprint(auth)
