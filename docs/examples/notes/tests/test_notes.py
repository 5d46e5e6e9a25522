"""The notes application, driven through its test client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dray.framework import App
from dray.framework.testing import AppClient
from notes import create_app
from notes.db import init_db
from notes.text import to_html


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Make the application on a database of its own."""
    app = create_app({"TESTING": True, "SECRET_KEY": "test", "DATABASE": str(tmp_path / "notes.sqlite3")})
    init_db(app)
    return app


@pytest.fixture
def client(app: App) -> Iterator[AppClient]:
    """Make a visitor."""
    yield app.test_client()


def register(client: AppClient, name: str = "ada") -> None:
    response = client.post("/register", data={"name": name, "password": "correct horse"})
    assert response.status_code == 302


def write(client: AppClient, title: str, body: str = "") -> str:
    response = client.post("/notes/new", data={"title": title, "body": body})
    assert response.status_code == 302
    return response.location


def test_visitors_are_sent_to_the_login_and_back(client: AppClient) -> None:
    """Whoever isn't logged in comes back to the page they asked for."""
    register(client)
    client.post("/logout")
    response = client.get("/notes/new")

    assert response.status_code == 302
    assert response.location == "/login?next=/notes/new"

    response = client.post(response.location, data={"name": "ada", "password": "correct horse"})

    assert response.location == "/notes/new"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_login_leads_to_this_site_only(client: AppClient, target: str) -> None:
    """A link that leads elsewhere after the login is replaced."""
    register(client)
    response = client.post("/login", query_string={"next": target}, data={"name": "ada", "password": "correct horse"})

    assert response.location == "/"


def test_a_note_is_written_shown_searched_changed_and_deleted(client: AppClient) -> None:
    """The life of a note."""
    register(client)
    url = write(client, "Shopping", "- eggs\n- milk")
    page = client.get(url).text

    assert "<h1>Shopping</h1>" in page
    assert "<ul><li>eggs</li><li>milk</li></ul>" in page
    assert "“Shopping” is saved." in page
    assert "Shopping" in client.get("/?q=EGGS").text
    assert "Nothing contains “cheese”" in client.get("/?q=cheese").text

    client.post(f"{url}/edit", data={"title": "Shopping list", "body": "- eggs"})

    assert "Shopping list" in client.get("/").text

    response = client.post(f"{url}/delete", follow_redirects=True)

    assert "“Shopping list” is deleted." in response.text
    assert "No notes yet" in response.text


def test_what_users_write_is_escaped(client: AppClient) -> None:
    """A script in title and body is shown, not run."""
    register(client)
    url = write(client, "<script>alert(1)</script>", "**<script>alert(2)</script>**")
    for page in (client.get(url).text, client.get("/").text, client.get(f"{url}/edit").text):
        assert "<script>" not in page
        assert "&lt;script&gt;alert(" in page


def test_wrong_input_names_the_field_and_keeps_what_was_typed(client: AppClient) -> None:
    """The form comes back with the error beside the field, and without the password."""
    response = client.post("/register", data={"name": 'a"<', "password": "short"})

    assert response.status_code == 422
    assert 'value="a&#34;&lt;"' in response.text
    assert re.search(r'<input id="password"[^>]*aria-describedby="password-error"', response.text)
    assert "at least 8 characters" in response.text
    assert "short" not in response.text

    register(client)
    response = client.post("/notes/new", data={"title": " ", "body": "kept text"})

    assert response.status_code == 422
    assert "Give the note a title." in response.text
    assert "kept text" in response.text


def test_a_taken_name_is_said(client: AppClient) -> None:
    """Names are taken whatever their case."""
    register(client, "ada")
    response = client.post("/register", data={"name": "ADA", "password": "correct horse"})

    assert "The name ADA is taken." in response.text


def test_a_wrong_password_does_not_log_in(client: AppClient) -> None:
    """The answer doesn't tell which of the two was wrong."""
    register(client)
    client.post("/logout", follow_redirects=True)
    texts = [
        client.post("/login", data={"name": name, "password": "wrong password"}).text for name in ("ada", "nobody")
    ]

    assert "Name and password don&#39;t fit together." in texts[0]
    assert texts[0].replace("ada", "nobody") == texts[1]


@pytest.mark.parametrize("path", ["/notes/1", "/notes/99999999999999999999", "/notes/x", "/nowhere"])
def test_an_unknown_note_is_a_designed_404(client: AppClient, path: str) -> None:
    """The error page is the application's own."""
    register(client)
    response = client.get(path)

    assert response.status_code == 404
    assert '<p class="code">404</p>' in response.text


def test_notes_of_others_are_unknown(app: App, client: AppClient) -> None:
    """Nobody sees, changes or deletes what somebody else wrote."""
    register(client)
    url = write(client, "Secret")
    other = app.test_client()
    register(other, "eve")

    assert other.get(url).status_code == 404
    assert other.post(f"{url}/delete").status_code == 404
    assert "Secret" not in other.get("/").text
    assert other.get("/api/notes").json == []
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "eyJ1c2VyX2lkIjoxfQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_forged_session_is_not_logged_in(client: AppClient, cookie: str) -> None:
    """A cookie that this application didn't sign names nobody."""
    register(client)
    client.set_cookie("session", cookie)

    assert client.get("/").status_code == 302


def test_scripts_get_json(client: AppClient) -> None:
    """The same notes, errors included."""
    assert client.get("/api/notes").json == {"error": "Unauthorized", "status": 401}

    register(client)
    write(client, "Ideas", "one")

    assert [note["title"] for note in client.get("/api/notes").json] == ["Ideas"]
    assert client.get("/api/notes/1").json["body"] == "one"
    assert client.get("/api/notes/2").json == {"error": "Not Found", "status": 404}


def test_a_missing_field_is_a_bad_request(app: App, client: AppClient) -> None:
    """A form without its fields gets the error page, not a traceback."""
    response = client.post("/login")

    assert response.status_code == 400


def test_too_much_text_is_refused(client: AppClient) -> None:
    """A body over the limit is a 413 with its own page."""
    register(client)
    response = client.post("/notes/new", data={"title": "x", "body": "x" * 1_100_000})

    assert response.status_code == 413
    assert "more than a note may hold" in response.text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p>\n<p>c</p>"),
        ("# Plan **B**", "<h2>Plan <strong>B</strong></h2>"),
        ("`<b>` *x*", "<p><code>&lt;b&gt;</code> <em>x</em></p>"),
        ('"https://a.b/?x=1&y=2".', '<p>&#34;<a href="https://a.b/?x=1&amp;y=2" rel="nofollow">https://a.b/?x=1&amp;y=2</a>&#34;.</p>'),
        ('javascript:alert(1) "><script>', "<p>javascript:alert(1) &#34;&gt;&lt;script&gt;</p>"),
    ],
)  # fmt: skip
def test_text_becomes_safe_html(text: str, html: str) -> None:
    """Markup is added around escaped text."""
    assert html == to_html(text)


def test_init_db_keeps_what_is_there(app: App, client: AppClient) -> None:
    """The command makes the database once, and says so the second time."""
    register(client)
    write(client, "Keep me")
    result = app.test_cli_runner().invoke(args=["init-db"])

    assert result.exit_code == 0
    assert "nothing was changed" in result.output
    assert "Keep me" in client.get("/").text


def test_init_db_makes_the_database(tmp_path: Path) -> None:
    """The command makes folder, database and secret key."""
    app = create_app({"DATABASE": str(tmp_path / "new" / "notes.sqlite3"), "SECRET_KEY": "test"})
    result = app.test_cli_runner().invoke(args=["init-db"])

    assert result.exit_code == 0
    assert "Created" in result.output
    assert (tmp_path / "new" / "notes.sqlite3").is_file()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """No traceback: what is wrong, and what to do."""
    (tmp_path / "file").write_text("")
    app = create_app({"DATABASE": str(tmp_path / "file" / "notes.sqlite3"), "SECRET_KEY": "test"})
    result = app.test_cli_runner().invoke(args=["init-db"])

    assert result.exit_code == 1
    assert "can't be written" in result.output
    assert "NOTES_DATABASE" in result.output
