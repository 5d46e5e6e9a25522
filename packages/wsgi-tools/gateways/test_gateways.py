"""What an application may rely on under every server: one list of checks for all of them."""

from __future__ import annotations

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from typing import Any

import pytest
from conftest import Gateway, ask

FILE = bytes(range(256)) * 12_000
PIECE = bytes(range(256)) * 256
LONG = PIECE * 48
SECRET = b"a secret that no answer may hold"
FORM = "application/x-www-form-urlencoded"


def answer(response: HTTPResponse) -> Any:
    """Return what an answer says as JSON."""
    assert response.status == 200, response.body
    return json.loads(response.body)


def summary(data: bytes) -> dict[str, Any]:
    """Return what the application says of a body."""
    return {"length": len(data), "digest": hashlib.sha256(data).hexdigest()}


@pytest.fixture
def name() -> str:
    """A name for the signs of one test."""
    return uuid.uuid4().hex


class TestRequests:
    """What arrives."""

    def test_the_judge_finds_nothing(self, gateway: Gateway) -> None:
        """The standard library's validator accepts the server's environ and the application's answer."""
        if not gateway.is_validated:
            pytest.skip("Only the WSGI application of wsgi-tools has the validator around it")
        assert answer(gateway.ask("GET", "/validated/address?a=1"))["root"] == "/validated"
        assert answer(gateway.ask("POST", "/validated/pieces", b"x" * 5000)) == summary(b"x" * 5000)
        assert gateway.ask("GET", "/validated/long?name=judged").body == LONG

    def test_address(self, gateway: Gateway) -> None:
        """Path, query, host and client are what was asked for, decoded."""
        host = f"127.0.0.1:{gateway.port}"
        found = answer(gateway.ask("GET", "/address/caf%C3%A9/a%20b?x=%C3%BC&x=2&y=a+b"))
        assert found == {
            "method": "GET",
            "url": f"http://{host}/address/café/a%20b?x=ü&x=2&y=a+b",
            "root": "",
            "path": "/address/café/a b",
            "args": {"x": ["ü", "2"], "y": ["a b"]},
            "remote": "127.0.0.1",
            "secure": False,
        }

    def test_headers(self, gateway: Gateway) -> None:
        """Headers and cookies arrive in text, several with one name as a list."""
        head = b"GET /headers?name=X-One&name=Accept HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n"
        head += b'X-One: 1\r\nAccept: a/b\r\nAccept: c/d\r\nCookie: plain=1; quoted="a\\073b"\r\n\r\n'
        with gateway.raw(head) as connection:
            response = HTTPResponse(connection)
            response.begin()
            found = json.loads(response.read())
        assert found["headers"]["X-One"] == "1"
        assert found["headers"]["Accept"].replace(" ", "") == "a/b,c/d"
        assert found["cookies"] == {"plain": "1", "quoted": "a;b"}

    def test_forms(self, gateway: Gateway) -> None:
        """Fields arrive in order and in full."""
        found = answer(gateway.ask("POST", "/form", "a=1&a=%C3%BC&b=x+y&empty=", Content_Type=FORM))
        assert found["form"] == {"a": ["1", "ü"], "b": ["x y"], "empty": [""]}

    def test_uploads(self, gateway: Gateway) -> None:
        """A file of 3 MB arrives as it was, beside a field."""
        parts = [
            b'--frontier\r\nContent-Disposition: form-data; name="title"\r\n\r\nA caf\xc3\xa9',
            b'\r\n--frontier\r\nContent-Disposition: form-data; name="data"; filename="d\xc3\xa4.bin"\r\n',
            b"Content-Type: application/x-test\r\n\r\n" + FILE + b"\r\n--frontier--\r\n",
        ]
        found = answer(
            gateway.ask("POST", "/form", b"".join(parts), Content_Type="multipart/form-data; boundary=frontier")
        )
        digest = hashlib.sha256(FILE).hexdigest()
        assert found == {"form": {"title": ["A café"]}, "files": {"data": ["dä.bin", "application/x-test", digest]}}

    @pytest.mark.parametrize("path", ["/body", "/pieces"])
    @pytest.mark.parametrize("length", [0, 1, 70_000, 3_000_000])
    def test_bodies(self, gateway: Gateway, path: str, length: int) -> None:
        """A body is read to its end, at once or in pieces, and not further."""
        data = (PIECE * 50)[:length]
        assert answer(gateway.ask("POST", path, data)) == summary(data)

    @pytest.mark.needs("chunked request")
    @pytest.mark.parametrize("path", ["/body", "/pieces"])
    def test_chunked_bodies(self, gateway: Gateway, path: str) -> None:
        """A body of unknown length is read to its end, too."""
        found = answer(gateway.ask("POST", path, iter([b"one", b"two", PIECE])))
        assert found == summary(b"onetwo" + PIECE)

    def test_no_body_at_all(self, gateway: Gateway) -> None:
        """Without length and chunks there is no body; nobody waits for one."""
        head = b"POST /body HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
        with gateway.raw(head) as connection:
            response = HTTPResponse(connection)
            response.begin()
            assert json.loads(response.read()) == summary(b"")

    def test_expectations(self, gateway: Gateway) -> None:
        """A client that waits for ``100 Continue`` gets its answer."""
        head = b"POST /body HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: 4\r\n"
        with gateway.raw(head + b"Expect: 100-continue\r\n\r\n") as connection:
            connection.settimeout(3)
            try:
                interim = connection.recv(1000)
            except TimeoutError:
                interim = b""  # a server may leave it out (RFC 9110 section 10.1.1), and then the client just goes on
            assert not interim or interim.startswith(b"HTTP/1.1 100 ")
            connection.settimeout(20)
            connection.sendall(b"body")
            response = HTTPResponse(connection)
            response.begin()
            assert json.loads(response.read()) == summary(b"body")

    @pytest.mark.parametrize("length", [1000, 1001, 3_000_000])
    def test_limits(self, gateway: Gateway, length: int) -> None:
        """A body that is too long is refused by the application, and the server goes on."""
        try:
            response = gateway.ask("POST", "/limited", (PIECE * 50)[:length])
        except (ConnectionError, HTTPException):
            assert length > 1000  # the server closed the connection while the body was still being sent
        else:
            assert response.status == (200 if length <= 1000 else 413)
        assert gateway.ask("GET", "/address").status == 200

    @pytest.mark.parametrize("length", [10, 200_000])
    def test_unread_bodies(self, gateway: Gateway, length: int) -> None:
        """What an application leaves unread is never taken for the next request."""
        hidden = b"GET /refused HTTP/1.1\r\nHost: a.example\r\n\r\n"
        body = hidden * (length // len(hidden) + 1)
        connection = gateway.connect()
        try:
            assert ask(connection, "POST", "/ignore", body).body == b"ignored"
            for _ in range(3):
                assert ask(connection, "GET", "/address").status == 200
        finally:
            connection.close()


class TestResponses:
    """What is sent."""

    def test_cookies_and_headers(self, gateway: Gateway) -> None:
        """Both cookies arrive, and a header outside ASCII."""
        response = gateway.ask("GET", "/headers")
        cookies = response.headers.get_all("Set-Cookie")
        assert cookies == ['first="a b\\073 \\303\\274"; HttpOnly; Path=/', "second=2; Path=/; SameSite=Lax"]
        if "bytes of a header" not in gateway.server.lacks:
            assert response.headers["X-Latin"] == "caf\xe9"

    @pytest.mark.parametrize("path", ["/address", "/file", "/long?name=head"])
    def test_head(self, gateway: Gateway, path: str) -> None:
        """HEAD has the headers of GET and no content, and the connection goes on."""
        connection = gateway.connect()
        try:
            head = ask(connection, "HEAD", path)
            get = ask(connection, "GET", path)
        finally:
            connection.close()
        assert head.status == get.status == 200
        assert head.body == b"" != get.body
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
        if path == "/file":
            assert head.headers["Content-Length"] == str(len(FILE))

    @pytest.mark.parametrize("code", [200, 201, 204, 304, 404, 418, 500, 503])
    def test_status(self, gateway: Gateway, code: int) -> None:
        """Each status arrives, and those that can't have content have none, on a connection that goes on."""
        connection = gateway.connect()
        try:
            response = ask(connection, "GET", f"/status?code={code}")
            assert response.status == code
            assert response.body == (b"" if code in {204, 304} else b"content")
            if code == 204:
                assert "Content-Length" not in response.headers
            assert ask(connection, "GET", "/address").status == 200
        finally:
            connection.close()

    def test_files(self, gateway: Gateway) -> None:
        """A file arrives as it is, however the server sends it."""
        response = gateway.ask("GET", "/file")
        assert response.body == FILE
        assert response.headers["Content-Length"] == str(len(FILE))
        etag = response.headers["ETag"]
        assert gateway.ask("GET", "/file", If_None_Match=etag).status == 304
        assert gateway.ask("GET", "/file", If_Match='"other"').status == 412

    @pytest.mark.parametrize(
        "value, start, stop",
        [("0-0", 0, 1), ("100-299", 100, 300), ("1000000-", 1_000_000, len(FILE)), ("-5", len(FILE) - 5, len(FILE))],
    )
    def test_ranges(self, gateway: Gateway, value: str, start: int, stop: int) -> None:
        """A part of a file is that part."""
        response = gateway.ask("GET", "/file", Range=f"bytes={value}")
        assert response.status == 206
        assert response.body == FILE[start:stop]
        assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(FILE)}"
        assert response.headers["Content-Length"] == str(stop - start)

    def test_impossible_ranges(self, gateway: Gateway) -> None:
        """A part behind the end is refused."""
        response = gateway.ask("GET", "/file", Range=f"bytes={len(FILE)}-")
        assert (response.status, response.headers["Content-Range"]) == (416, f"bytes */{len(FILE)}")

    def test_redirect(self, gateway: Gateway) -> None:
        """A redirect leads to where it says."""
        response = gateway.ask("GET", "/moved")
        assert (response.status, response.headers["Location"]) == (302, "/address?from=moved")
        assert answer(gateway.ask("GET", response.headers["Location"]))["args"] == {"from": ["moved"]}

    def test_errors(self, gateway: Gateway) -> None:
        """Errors of HTTP are answers with their pages."""
        assert b"Not like this." in gateway.ask("GET", "/refused").body
        missing, wrong = gateway.ask("GET", "/nowhere"), gateway.ask("DELETE", "/form", b"")
        assert missing.status == 404
        assert (wrong.status, {item.strip() for item in wrong.headers["Allow"].split(",")} - {"OPTIONS"}) == (
            405,
            {"POST"},
        )

    def test_mistakes(self, gateway: Gateway) -> None:
        """An error of the application is a 500 that tells nothing, and the server goes on."""
        try:
            response = gateway.ask("GET", "/broken")
        except RemoteDisconnected:
            assert "error page" in gateway.server.lacks
        else:
            assert response.status == 500
            assert SECRET not in response.body
        assert gateway.ask("GET", "/address").status == 200

    @pytest.mark.needs("error page")
    def test_no_header_in_a_header(self, gateway: Gateway) -> None:
        """What a client gives can't become a header of its own."""
        response = gateway.ask("GET", "/split?value=a%0D%0AX-Evil:%20b")
        assert response.status == 500
        assert "X-Evil" not in response.headers


class TestStreams:
    """Answers that are made while they are sent."""

    def test_all_of_it(self, gateway: Gateway, name: str) -> None:
        """A long answer arrives in full; then it is closed, and what waits for that is called."""
        assert gateway.ask("GET", f"/long?name={name}").body == LONG
        assert gateway.waits_for(f"closed-{name}")
        assert gateway.waits_for(f"called-{name}")

    def test_piece_by_piece(self, gateway: Gateway, name: str) -> None:
        """The first piece is sent before the second is made."""
        connection = gateway.connect()
        try:
            connection.request("GET", f"/held?name={name}")
            response = connection.getresponse()
            assert response.read(6) == b"first;"
            (gateway.folder / f"go-{name}").touch()
            assert response.read() == b"second"
        finally:
            connection.close()

    def test_head_makes_nothing(self, gateway: Gateway, name: str) -> None:
        """For HEAD nothing is sent, but the answer is closed."""
        assert gateway.ask("HEAD", f"/held?name={name}").body == b""
        assert gateway.waits_for(f"closed-{name}")

    def test_a_client_that_goes(self, gateway: Gateway, name: str) -> None:
        """When the client goes, the answer ends before it would, it is closed, and the server goes on."""
        head = f"GET /endless?name={name} HTTP/1.1\r\nHost: a.example\r\n\r\n"
        with gateway.raw(head.encode()) as connection:
            assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
        assert gateway.waits_for(f"closed-{name}")
        assert gateway.waits_for(f"called-{name}")
        assert not gateway.waits_for(f"endured-{name}", 0)
        assert gateway.ask("GET", "/address").status == 200

    def test_an_error_on_the_way(self, gateway: Gateway, name: str) -> None:
        """An error in a stream closes it, tells nothing, and the server goes on."""
        try:
            data = gateway.ask("GET", f"/failing?name={name}").body
        except HTTPException as error:  # the client can tell that something is missing
            data = getattr(error, "partial", b"")
        assert SECRET not in data
        assert gateway.waits_for(f"closed-{name}")
        assert gateway.waits_for(f"called-{name}")
        assert gateway.ask("GET", "/address").status == 200


class TestSideBySide:
    """Several requests at a time."""

    def test_everybody_has_their_own(self, gateway: Gateway) -> None:
        """A value that one request keeps isn't seen by another, whatever carries them."""
        values = [str(number) for number in range(24)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda value: gateway.ask("GET", f"/own?value={value}").body.decode(), values))
        assert answers == values

    def test_one_after_the_other(self, gateway: Gateway) -> None:
        """Requests on one connection don't mix, whatever their answers are."""
        connection = gateway.connect()
        try:
            for number in range(5):
                assert answer(ask(connection, "GET", f"/address?n={number}"))["args"] == {"n": [str(number)]}
                assert answer(ask(connection, "POST", "/body", b"x" * number)) == summary(b"x" * number)
                assert ask(connection, "GET", f"/long?name=row{number}").body == LONG
        finally:
            connection.close()
