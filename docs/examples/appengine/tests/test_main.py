"""The application inside App Engine's wrapper, with a memcache that stands in for the real one."""

from __future__ import annotations

from typing import Any

import main
import pytest
from google.appengine.api import memcache
from google.appengine.runtime import context


class Memcache:
    """Counts, and notes what App Engine knows of the request meanwhile."""

    def __init__(self) -> None:
        self.count = 0
        self.hosts: list[str] = []

    def incr(self, key: str, initial_value: int) -> int:
        """Count."""
        self.hosts.append(context.get("HTTP_HOST"))
        self.count += 1
        return self.count


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Memcache:
    """Put the stand-in into its place."""
    counter = Memcache()
    monkeypatch.setattr(memcache, "incr", counter.incr)
    return counter


def test_visits_are_counted(counter: Memcache) -> None:
    """The services know the request, and the client is who the load balancer says."""
    client = main.app.test_client()
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "a.appspot.com"}
    answers: list[Any] = [client.get("/", headers=headers).json for _ in range(2)]

    assert answers == [{"from": "203.0.113.7", "secure": True, "visits": number} for number in (1, 2)]
    assert counter.hosts == ["localhost", "localhost"]


def test_it_is_served_on_asgi_too(counter: Memcache) -> None:
    """A wrapped WSGI callable is called by a worker."""
    assert main.app.test_client(gateway="asgi").get("/").json["visits"] == 1
