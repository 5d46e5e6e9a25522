"""Entries are read by everybody, and written, changed and deleted by their author."""

from __future__ import annotations

import pytest

ENTRY = {"heading": "A wheel <broke>", "text": "Mended by noon."}


def test_write(client, member):
    """What a member writes, everybody reads, as text and not as markup."""
    assert "Nothing yet." in client.get("/").text
    ada = member("Ada")
    assert "<h1>Write an entry</h1>" in ada.get("/write").text
    assert ada.post("/write", data=ENTRY).location == "/"
    page = client.get("/").text
    assert "A wheel &lt;broke&gt;" in page
    assert "Ada, 20" in page
    assert "Change" not in page


def test_change(client, member):
    """The author finds the text in the form, and changes it."""
    ada = member("Ada")
    ada.post("/write", data=ENTRY)
    assert 'href="/1/change"' in ada.get("/").text
    assert "Mended by noon." in ada.get("/1/change").text
    assert ada.post("/1/change", data={"heading": "All well", "text": ""}).status_code == 303
    assert "All well" in client.get("/").text


def test_delete(member):
    """The author deletes an entry."""
    ada = member("Ada")
    ada.post("/write", data=ENTRY)
    assert ada.post("/1/delete").location == "/"
    assert "Nothing yet." in ada.get("/").text


@pytest.mark.parametrize("page", ["/write", "/1/change"])
def test_heading_is_needed(member, page):
    """An entry without a heading isn't saved, and what was typed stays."""
    ada = member("Ada")
    ada.post("/write", data=ENTRY)
    answer = ada.post(page, data={"heading": " ", "text": "Lost?"})
    assert answer.status_code == 422
    assert "An entry needs a heading." in answer.text
    assert "Lost?" in answer.text
    assert "Lost?" not in ada.get("/").text


@pytest.mark.parametrize(
    ("method", "page"), [("GET", "/write"), ("POST", "/write"), ("POST", "/1/change"), ("POST", "/1/delete")]
)
def test_members_only(client, member, method, page):
    """A visitor is sent to the login, and nothing happens."""
    member("Ada").post("/write", data=ENTRY)
    answer = client.open(page, method=method, data=ENTRY if method == "POST" else None, follow_redirects=True)
    assert "Please log in first." in answer.text
    assert client.get("/").text.count("<article") == 1


@pytest.mark.parametrize("action", ["change", "delete"])
@pytest.mark.parametrize(("number", "status"), [(1, 403), (2, 404), (2**64, 404)])
def test_not_ones_own(client, member, action, number, status):
    """Nobody touches what somebody else wrote, or what isn't there."""
    member("Ada").post("/write", data=ENTRY)
    assert member("Grace").post(f"/{number}/{action}", data=ENTRY).status_code == status
    assert client.get("/").text.count("<article") == 1
