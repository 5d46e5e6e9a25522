"""Credentials and challenges: ``Authorization`` and ``WWW-Authenticate`` (RFC 9110 section 11, RFC 7617, RFC 7616).

Both have a scheme and either a token or parameters; nothing here checks them.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._http.lists import dump_header, parse_dict_header
from .._http.quoting import quote_header_value
from .._http.tokens import OWS
from .._types import Text
from ._dicts import CallbackDict

if TYPE_CHECKING:
    from typing import Self


def _split_scheme(value: str) -> tuple[str, str]:
    scheme, _, rest = value.partition(" ")
    return scheme.lower(), rest.strip(OWS)


def _is_token68(rest: str) -> bool:
    """Say whether what follows the scheme is one token: ``=`` may only stand at its end (RFC 9110 section 11.2)."""
    return "=" not in rest.rstrip("=")


class _SchemeAndParameters:
    """What credentials and challenges share: a scheme, and a token or parameters that are looked up."""

    if TYPE_CHECKING:
        type: str
        token: Text
        parameters: dict[str, Text]

    def get(self, key: str, default: Text = None) -> Text:
        """Return a parameter, or the default if it is missing."""
        return self.parameters.get(key, default)

    def __getitem__(self, key: str) -> Text:
        return self.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self.parameters

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented

        return self._state() == other._state()

    __hash__ = None  # type: ignore[assignment]

    def _state(self) -> tuple[Any, ...]:
        return self.type, self.token, self.parameters

    def to_header(self) -> str:
        """Write the header's value."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} {self.to_header()}>"


class Authorization(_SchemeAndParameters):
    """The credentials that a client sends.

    Parameters are also attributes and items; a missing one is ``None``.

    :param auth_type: the scheme: ``"basic"``, ``"digest"``, ``"bearer"``, …
    :param data: the parameters; of the basic scheme ``username`` and ``password``.
    :param token: the token, for a scheme that has one in place of parameters.
    """

    def __init__(
        self,
        auth_type: str,
        data: Mapping[str, Text] | None = None,
        token: Text = None,
    ) -> None:
        #: The scheme.
        self.type = auth_type
        #: The parameters.
        self.parameters: dict[str, Text] = {} if data is None else dict(data)
        #: The token, ``None`` if there are parameters.
        self.token = token

    def __getattr__(self, name: str) -> Text:
        if name[:2] == "__" or name == "parameters":
            raise AttributeError(name)

        return self.parameters.get(name)

    @classmethod
    def from_header(cls, value: Text) -> Self | None:
        """Read a header's value; ``None`` if it isn't there, or has basic credentials that can't be decoded."""
        if not value:
            return None

        scheme, rest = _split_scheme(value)

        if scheme == "basic":
            try:
                text = a2b_base64(rest, strict_mode=True).decode()
            except ValueError:
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
            return f"Basic {b2a_base64(text.encode(), newline=False).decode('ascii')}"

        if self.token is not None:
            return f"{self.type.title()} {self.token}"

        return f"{self.type.title()} {dump_header(self.parameters)}"


#: Parameters of a digest challenge that are always quoted (RFC 7616 section 3.3).
_QUOTED = frozenset({"realm", "domain", "nonce", "opaque", "qop"})

#: "For historical reasons, a sender MUST only generate the quoted-string syntax" (RFC 9110 section 11.5).
_REALM = frozenset({"realm"})

_OWN_ATTRIBUTES = frozenset({"_type", "_parameters", "_token", "_on_update", "type", "token", "parameters"})


class WWWAuthenticate(_SchemeAndParameters):
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
        values: Mapping[str, Text] | None = None,
        token: Text = None,
    ) -> None:
        self._on_update = None
        self._type = auth_type.lower()
        self._parameters = self._tracked(values)
        self._token = token

    def _tracked(self, values: Mapping[str, Text] | None) -> CallbackDict[str, Text]:
        return CallbackDict(values, lambda _: self._trigger_on_update())

    def _trigger_on_update(self) -> None:
        if self._on_update is not None:
            self._on_update(self)

    def _change(self, attribute: str, value: Any) -> None:
        setattr(self, attribute, value)
        self._trigger_on_update()

    if not TYPE_CHECKING:
        type = property(
            lambda self: self._type,
            lambda self, value: self._change("_type", value.lower()),
            doc="The scheme, in lower case.",
        )
        token = property(
            lambda self: self._token,
            lambda self, value: self._change("_token", value),
            doc="The token, ``None`` if there are parameters.",
        )
        parameters = property(
            lambda self: self._parameters,
            lambda self, value: self._change("_parameters", self._tracked(value)),
            doc="The parameters.",
        )

    def __setitem__(self, key: str, value: Text) -> None:
        if value is not None:
            self._parameters[key] = value
        else:
            del self[key]

    def __delitem__(self, key: str) -> None:
        self._parameters.pop(key, None)

    def __getattr__(self, name: str) -> Text:
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

    @classmethod
    def from_header(cls, value: Text) -> Self | None:
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

        quoted = _QUOTED if self._type == "digest" else _REALM
        parts = [
            f"{key}={quote_header_value(value, allow_token=False)}"
            if key in quoted and value is not None
            else dump_header({key: value})
            for key, value in self._parameters.items()
        ]
        return f"{scheme} {', '.join(parts)}".rstrip()
