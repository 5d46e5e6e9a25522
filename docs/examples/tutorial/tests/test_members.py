"""Members join, log in and log out."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("page", "heading"), [("join", "<h1>Join</h1>"), ("login", "<h1>Log in</h1>")])
def test_forms(client, page, heading):
    """The forms are shown."""
    assert heading in client.get(f"/members/{page}").text


def test_session(member):
    """Who joined can log in; who logs out is a visitor again."""
    client = member("Ada")
    assert "Log Ada out" in client.get("/").text
    assert client.post("/members/logout").location == "/"
    assert "Log in" in client.get("/").text


@pytest.mark.parametrize(
    ("name", "password", "problem"),
    [
        (" ", "long enough", "1 to 30 characters"),
        ("x" * 31, "long enough", "1 to 30 characters"),
        ("Grace", "short", "8 characters or more"),
        ("ada", "long enough", "Somebody is called ada already"),
    ],
)
def test_join_refused(client, member, name, password, problem):
    """What is wrong is said, and what was typed stays, except for the password."""
    member("Ada")
    answer = client.post("/members/join", data={"name": name, "password": password})
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{name}"' in answer.text
    assert password not in answer.text


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong one"), ("Grace", "nobody has this one")])
def test_login_refused(client, member, name, password):
    """A wrong password and an unknown name get the same answer, and no session."""
    member("Ada")
    answer = client.post("/members/login", data={"name": name, "password": password})
    assert answer.status_code == 422
    assert "don&#39;t belong together" in answer.text
    with client.session_transaction() as session:
        assert "member" not in session


def test_passwords_are_hashed(app, member):
    """The database doesn't hold what a member typed."""
    member("Ada")
    assert b"long enough" not in app.config["DATABASE"].read_bytes()


def test_forgotten_member(client):
    """A session of a member who is gone is a visitor's."""
    with client.session_transaction() as session:
        session["member"] = 7
    assert "Log in" in client.get("/").text
