"""Credentials and challenges: ``Authorization`` and ``WWW-Authenticate`` (RFC 9110 section 11, RFC 7617, RFC 7616).

Both have a scheme and either a token or parameters; nothing here checks them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._http.lists import dump_header, parse_dict_header
from .._http.quoting import quote_header_value
from .._http.tokens import OWS
from ._dicts import CallbackDict

if TYPE_CHECKING:
    from typing import Self


def _split_scheme(value: str) -> tuple[str, str]:
    scheme, _, rest = value.partition(" ")
    return scheme.lower(), rest.strip(OWS)


def _is_token68(rest: str) -> bool:
    """Say whether what follows the scheme is one token: ``=`` may only stand at its end (RFC 9110 section 11.2)."""
    return "=" not in rest.rstrip("=")


class Authorization:
    """The credentials that a client sends.

    Parameters are also attributes and items; a missing one is ``None``.

    :param auth_type: the scheme: ``"basic"``, ``"digest"``, ``"bearer"``, …
    :param data: the parameters; of the basic scheme ``username`` and ``password``.
    :param token: the token, for a scheme that has one in place of parameters.
    """

    def __init__(
        self,
        auth_type: str,
        data: Mapping[str, str | None] | None = None,
        token: str | None = None,
    ) -> None:
        #: The scheme.
        self.type = auth_type
        #: The parameters.
        self.parameters: dict[str, str | None] = {} if data is None else dict(data)
        #: The token, ``None`` if there are parameters.
        self.token = token

    def __getattr__(self, name: str) -> str | None:
        if name[:2] == "__" or name == "parameters":
            raise AttributeError(name)

        return self.parameters.get(name)

    def __getitem__(self, name: str) -> str | None:
        return self.parameters.get(name)

    def get(self, key: str, default: str | None = None) -> str | None:
        """Return a parameter, or the default if it is missing."""
        return self.parameters.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self.parameters

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Authorization):
            return NotImplemented

        return (other.type, other.token, other.parameters) == (self.type, self.token, self.parameters)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def from_header(cls, value: str | None) -> Self | None:
        """Read a header's value; ``None`` if it isn't there, or has basic credentials that can't be decoded."""
        if not value:
            return None

        scheme, rest = _split_scheme(value)

        if scheme == "basic":
            try:
                text = base64.b64decode(rest, validate=True).decode()
            except (binascii.Error, ValueError):
                return None

            username, _, password = text.partition(":")
            return cls(scheme, {"username": username, "password": password})

        if _is_token68(rest):
            return cls(scheme, None, rest)

        return cls(scheme, parse_dict_header(rest), None)

    def to_header(self) -> str:
        """Write the header's value."""
        if self.type == "basic":
            text = f"{self.username}:{self.password}"
            return f"Basic {base64.b64encode(text.encode()).decode('ascii')}"

        if self.token is not None:
            return f"{self.type.title()} {self.token}"

        return f"{self.type.title()} {dump_header(self.parameters)}"

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.to_header()}>"


#: Parameters of a digest challenge that are always quoted (RFC 7616 section 3.3).
_QUOTED = frozenset({"realm", "domain", "nonce", "opaque", "qop"})

_OWN_ATTRIBUTES = frozenset({"_type", "_parameters", "_token", "_on_update", "type", "token", "parameters"})


class WWWAuthenticate:
    """A challenge that a server sends.

    Parameters are also attributes and items; a missing one is ``None``, and setting one to ``None`` removes it.

    :param auth_type: the scheme.
    :param values: the parameters.
    :param token: the token, for a scheme that has one in place of parameters.
    """

    _on_update: Callable[[WWWAuthenticate], None] | None

    def __init__(
        self,
        auth_type: str,
        values: Mapping[str, str | None] | None = None,
        token: str | None = None,
    ) -> None:
        self._on_update = None
        self._type = auth_type.lower()
        self._parameters = self._tracked(values)
        self._token = token

    def _tracked(self, values: Mapping[str, str | None] | None) -> CallbackDict[str, str | None]:
        return CallbackDict(values, lambda _: self._trigger_on_update())

    def _trigger_on_update(self) -> None:
        if self._on_update is not None:
            self._on_update(self)

    @property
    def type(self) -> str:
        """The scheme, in lower case."""
        return self._type

    @type.setter
    def type(self, value: str) -> None:
        self._type = value.lower()
        self._trigger_on_update()

    @property
    def parameters(self) -> dict[str, str | None]:
        """The parameters."""
        return self._parameters

    @parameters.setter
    def parameters(self, value: Mapping[str, str | None]) -> None:
        self._parameters = self._tracked(value)
        self._trigger_on_update()

    @property
    def token(self) -> str | None:
        """The token, ``None`` if there are parameters."""
        return self._token

    @token.setter
    def token(self, value: str | None) -> None:
        self._token = value
        self._trigger_on_update()

    def __getitem__(self, key: str) -> str | None:
        return self.parameters.get(key)

    def __setitem__(self, key: str, value: str | None) -> None:
        if value is None:
            self._parameters.pop(key, None)
        else:
            self._parameters[key] = value

    def __delitem__(self, key: str) -> None:
        self._parameters.pop(key, None)

    def __getattr__(self, name: str) -> str | None:
        if name[:2] == "__" or name in _OWN_ATTRIBUTES:
            raise AttributeError(name)

        return self._parameters.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN_ATTRIBUTES:
            super().__setattr__(name, value)
        else:
            self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def __contains__(self, key: object) -> bool:
        return key in self._parameters

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WWWAuthenticate):
            return NotImplemented

        return (other.type, other.token, other.parameters) == (self.type, self.token, self.parameters)

    __hash__ = None  # type: ignore[assignment]

    def get(self, key: str, default: str | None = None) -> str | None:
        """Return a parameter, or the default if it is missing."""
        return self._parameters.get(key, default)

    @classmethod
    def from_header(cls, value: str | None) -> Self | None:
        """Read a header's value; ``None`` if it isn't there."""
        if not value:
            return None

        scheme, rest = _split_scheme(value)

        if _is_token68(rest):
            return cls(scheme, None, rest)

        return cls(scheme, parse_dict_header(rest), None)

    def to_header(self) -> str:
        """Write the header's value."""
        scheme = self._type.title()

        if self._token is not None:
            return f"{scheme} {self._token}"

        if self._type == "digest":
            parts = [
                key if value is None else f"{key}={quote_header_value(value, allow_token=key not in _QUOTED)}"
                for key, value in self._parameters.items()
            ]
            return f"{scheme} {', '.join(parts)}".rstrip()

        return f"{scheme} {dump_header(self._parameters)}".rstrip()

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.to_header()}>"
