"""The cookies of a test client: what a browser keeps, and when it sends it (RFC 6265, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from .._http.cookies import Cookie as ServerCookie
from .._http.cookies import dump_cookie, parse_set_cookie

_Date = datetime | None
_Seconds = int | None
_Flag = bool | None
#: Where a cookie belongs: domain, path and name.
_Key = tuple[str, str, str]


@dataclass
class Cookie:
    """A cookie that a client keeps.

    :param key: The name, as it is sent.
    :param value: The value, as it is sent.
    :param decoded_key: The name.
    :param decoded_value: The value with its quoting undone.
    :param expires: When it ends.
    :param max_age: Seconds until it ends.
    :param domain: The host it is for.
    :param origin_only: Whether it is for that host alone, not for those below it.
    :param path: The path it is for, and all below it.
    :param secure: Whether it is for HTTPS alone.
    :param http_only: Whether it is hidden from scripts.
    :param same_site: When it is sent with requests from other sites.
    """

    key: str
    value: str
    decoded_key: str
    decoded_value: str
    expires: _Date
    max_age: _Seconds
    domain: str
    origin_only: bool
    path: str
    secure: _Flag
    http_only: _Flag
    same_site: str | None

    @classmethod
    def _from_response_header(cls, server_name: str, path: str, header: str) -> Cookie | None:
        """Parse a ``Set-Cookie`` header.

        :param server_name: The host that sent it.
        :param path: The path that was asked for.
        :param header: The header's value.
        :return: The cookie, or ``None`` when it has no name.
        """
        parsed = parse_set_cookie(header)
        cookie = ServerCookie.from_header(header)
        if parsed is None or cookie is None:
            return None
        name, _, value = parsed[0].partition("=")
        return cls(
            name,
            value,
            cookie.key,
            cookie.value,
            expires=cast("_Date", cookie.expires),
            max_age=cast("_Seconds", cookie.max_age),
            domain=cookie.domain or server_name.lstrip("."),
            origin_only="domain" not in parsed[2],
            # A path that isn't one counts as none (RFC 6265, section 5.2.4).
            path=given if (given := cookie.path or "").startswith("/") else _default_path(path),
            secure=cookie.secure,
            http_only=cookie.httponly,
            same_site=cookie.samesite,
        )

    @property
    def _storage_key(self) -> _Key:
        return self.domain, self.path, self.decoded_key

    @property
    def _should_delete(self) -> bool:
        if self.max_age is not None:
            return self.max_age <= 0
        return self.expires is not None and self.expires <= datetime.now(UTC)

    def _matches_request(self, server_name: str, path: str) -> bool:
        if server_name != self.domain and (self.origin_only or not server_name.endswith(f".{self.domain}")):
            return False
        return path == self.path or path.startswith(self.path if self.path.endswith("/") else f"{self.path}/")

    def _to_request_header(self) -> str:
        return f"{self.key}={self.value}"


def _default_path(path: str) -> str:
    """Return the path of a cookie that names none: the folder of what was asked for (RFC 6265, section 5.1.4)."""
    return path.rpartition("/")[0] or "/"


class CookieJar(dict[_Key, Cookie]):
    """The cookies of one client, by domain, path and name."""

    def receive(self, headers: list[str], server_name: str, path: str) -> None:
        """Take in the ``Set-Cookie`` headers of a response; those that end now are removed."""
        for header in headers:
            cookie = Cookie._from_response_header(server_name, path, header)
            if cookie is None:
                continue
            if cookie._should_delete:
                self.pop(cookie._storage_key, None)
            else:
                self[cookie._storage_key] = cookie

    def header_for(self, server_name: str, path: str) -> str:
        """Write the ``Cookie`` header of a request; empty when no cookie is for it.

        Cookies with longer paths come first (RFC 6265, section 5.4).
        """
        found = [cookie for cookie in self.values() if cookie._matches_request(server_name, path)]
        found.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join([cookie._to_request_header() for cookie in found])

    def put(self, key: str, value: str, *, domain: str, origin_only: bool, path: str, options: dict[str, Any]) -> None:
        """Set a cookie as if a server had sent it."""
        header = dump_cookie(key, value, domain=domain, path=path, **options)
        cookie = Cookie._from_response_header(domain, path, header)
        if cookie is None:
            raise ValueError(f"a cookie needs a name, not {key!r}")
        cookie.origin_only = origin_only
        if cookie._should_delete:
            self.pop(cookie._storage_key, None)
        else:
            self[cookie._storage_key] = cookie
