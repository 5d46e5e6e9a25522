"""A server for tests, asked over the wire: by method, query, headers, body, in order, once, wrongly."""

import json
import re
import urllib.error
import urllib.request

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


def view(request: Request) -> Response:
    return Response(
        f"{request.method} {request.path} {sorted(request.args.items())} {request.get_json(silent=True)}", 202
    )


def ask(path, method="GET", data=None, **headers):
    request = urllib.request.Request(server.url_for(path), data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        kept = {key: value for key, value in answer.headers.items() if key not in {"Date", "Server"}}
        print(method, path, answer.status, kept, re.sub(r"0x\w+|localhost:\d+", "", answer.read().decode()))


with HTTPServer() as server:
    server.expect_request("/json", method="GET", query_string={"a": "1"}).respond_with_json(
        {"a": 1}, headers={"X-A": "b"}
    )
    server.expect_request(re.compile("^/view/"), headers={"X-Key": "k"}).respond_with_handler(view)
    server.expect_request("/body", json={"x": [1]}).respond_with_data("seen", status=201, content_type="text/x")
    server.expect_oneshot_request("/once").respond_with_data("once")
    server.expect_ordered_request("/first").respond_with_data("first")
    server.expect_ordered_request("/second").respond_with_data("second")
    ask("/first")
    ask("/second")
    ask("/json?a=1")
    ask("/json?a=2")
    ask("/view/x?q=%C3%A9", "PUT", json.dumps({"k": 1}).encode(), **{"X-Key": "k", "Content-Type": "application/json"})
    ask("/view/x")
    ask("/body", "POST", json.dumps({"x": [1]}).encode(), **{"Content-Type": "application/json"})
    ask("/once")
    ask("/once")
    print(len(server.log), [(request.method, request.path, response.status_code) for request, response in server.log])
    try:
        server.check_assertions()
    except AssertionError as error:
        print(str(error)[:45])
