"""Print how long httpbin takes for each kind of request, as a WSGI server would ask it: the best of some batches."""

import io
import json
import time

from httpbin import app

KINDS = {
    "JSON of a query": ("GET", "/get?a=1&b=2", {}),
    "A page from a template": ("GET", "/forms/post", {}),
    "A form": (
        "POST",
        "/post",
        {"CONTENT_TYPE": "application/x-www-form-urlencoded", "BODY": b"name=Ada&size=large&x=1"},
    ),
    "JSON": ("POST", "/anything", {"CONTENT_TYPE": "application/json", "BODY": b'{"a": [1, 2, 3], "b": {"c": null}}'}),
    "Cookies": ("GET", "/cookies", {"HTTP_COOKIE": "a=1; b=2; session=abcdefghij"}),
    "A cookie and a redirect": ("GET", "/cookies/set?a=1", {}),
    "Basic authentication": ("GET", "/basic-auth/a/b", {"HTTP_AUTHORIZATION": "Basic YTpi"}),
    "A conditional request": ("GET", "/etag/x", {"HTTP_IF_NONE_MATCH": '"x"'}),
    "No such page": ("GET", "/nowhere", {}),
}
BATCHES, REQUESTS = 12, 60


def environ(method, target, more):
    path, _, query = target.partition("?")
    body = more.get("BODY", b"")
    given = {key: value for key, value in more.items() if key != "BODY"}
    return {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_USER_AGENT": "Mozilla/5.0", "HTTP_ACCEPT": "text/html,application/json;q=0.9,*/*;q=0.8",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False, **given,
    }  # fmt: skip


def ask(given):
    answer = app(given, lambda status, headers, exc_info=None: None)
    size = sum(map(len, answer))
    if hasattr(answer, "close"):
        answer.close()
    return size


results = {}
for kind, (method, target, more) in KINDS.items():
    best = float("inf")
    for _ in range(BATCHES):
        environs = [environ(method, target, more) for _ in range(REQUESTS)]
        started = time.perf_counter()
        for given in environs:
            ask(given)
        best = min(best, (time.perf_counter() - started) / REQUESTS)
    results[kind] = best
print(json.dumps(results))
