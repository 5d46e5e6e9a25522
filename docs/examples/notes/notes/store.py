"""Notes in the database. Knows nothing of requests."""

from __future__ import annotations

import sqlite3

from .db import connection


def find(user_id: int, query: str = "") -> list[sqlite3.Row]:
    """Give a user's notes that contain a text in title or body, the last changed first."""
    escaped = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sql = (
        "SELECT id, title, body, changed FROM note WHERE user_id = :user"
        " AND (title LIKE :text ESCAPE '\\' OR body LIKE :text ESCAPE '\\') ORDER BY changed DESC, id DESC"
    )
    return connection().execute(sql, {"user": user_id, "text": f"%{escaped}%"}).fetchall()


def get(user_id: int, note_id: int) -> sqlite3.Row | None:
    """Give one of a user's notes."""
    sql = "SELECT id, title, body, changed FROM note WHERE id = ? AND user_id = ?"
    try:
        row: sqlite3.Row | None = connection().execute(sql, (note_id, user_id)).fetchone()
    except OverflowError:  # the number in the URL is larger than any row's
        return None
    return row


def add(user_id: int, title: str, body: str) -> int | None:
    """Keep a new note and give its number."""
    with connection() as db:
        return db.execute("INSERT INTO note (user_id, title, body) VALUES (?, ?, ?)", (user_id, title, body)).lastrowid


def change(note_id: int, title: str, body: str) -> None:
    """Replace a note's text."""
    with connection() as db:
        db.execute(
            "UPDATE note SET title = ?, body = ?, changed = CURRENT_TIMESTAMP WHERE id = ?", (title, body, note_id)
        )


def remove(note_id: int) -> None:
    """Delete a note."""
    with connection() as db:
        db.execute("DELETE FROM note WHERE id = ?", (note_id,))
