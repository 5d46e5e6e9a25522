"""Sessions: what an application remembers of a client between requests.

A session interface opens the session of a request and saves it with the response. The one here keeps it in a signed
cookie: the client can read it, and can't change it. Where a session lives otherwise, another interface says.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

from dray.signing import BadSignature, URLSafeTimedSerializer
from dray.wsgi_tools.datastructures import CallbackDict

from .json.tag import TaggedJSONSerializer

if TYPE_CHECKING:
    from .app import App
    from .wrappers import Request, Response


class SessionMixin(MutableMapping[str, Any]):
    """A dict of what is remembered, and what happened to it."""

    #: The client had none before; not every interface knows.
    new = False
    #: It is to be saved. An interface that can't tell says ``True``.
    modified = True
    #: It was read or written, so that the response depends on it: ``Vary: Cookie``.
    accessed = False

    @property
    def permanent(self) -> bool:
        """Whether it outlives the browser, for ``PERMANENT_SESSION_LIFETIME``."""
        return self.get("_permanent", False)  # type: ignore[no-any-return]

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self["_permanent"] = bool(value)


class SecureCookieSession(CallbackDict[str, Any], SessionMixin):
    """A session in a signed cookie: it knows when it was read and when it was changed.

    A change inside a value isn't seen: set :attr:`modified` then.
    """

    #: It is to be saved.
    modified = False
    #: It was read or written.
    accessed = False

    def __init__(self, initial: Mapping[str, Any] | None = None) -> None:
        def on_update(self: Any) -> None:
            self.modified = True
            self.accessed = True

        super().__init__(initial, on_update)

    # Every way of looking at the content is an access: a response that depends on it must say so to caches.

    def __getitem__(self, key: str) -> Any:
        self.accessed = True
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Give a value, or the default if there is none."""
        self.accessed = True
        return super().get(key, default)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Give a value, set first if there is none."""
        self.accessed = True
        return super().setdefault(key, default)

    def __contains__(self, key: object) -> bool:
        self.accessed = True
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.accessed = True
        return super().__iter__()

    def __len__(self) -> int:
        self.accessed = True
        return super().__len__()

    def __bool__(self) -> bool:
        return len(self) > 0

    def keys(self) -> Any:
        """Give the names."""
        self.accessed = True
        return super().keys()

    def values(self) -> Any:
        """Give the values."""
        self.accessed = True
        return super().values()

    def items(self) -> Any:
        """Give names and values."""
        self.accessed = True
        return super().items()

    def copy(self) -> Any:
        """Give a plain copy."""
        self.accessed = True
        return dict(self)

    def __eq__(self, other: object) -> bool:
        self.accessed = True
        return dict.__eq__(self, other)

    __hash__ = None  # type: ignore[assignment]


class NullSession(SecureCookieSession):
    """What there is without a secret key: it can be read, is empty, and says what is missing when written."""

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError(
            "The session is unavailable because no secret key was set. Set app.secret_key to something unique and"
            " secret, for example the output of: python -c 'import secrets; print(secrets.token_hex())'"
        )

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail
    del _fail


class SessionInterface:
    """How sessions are opened and saved. Derive from it to keep them elsewhere.

    :meth:`open_session` and :meth:`save_session` are all that must be defined.
    """

    #: Made where a session can't be opened.
    null_session_class = NullSession
    #: Values in it are pickled, so anything can be.
    pickle_based = False

    def make_null_session(self, app: App) -> NullSession:
        """Make the session that explains why there is none."""
        return self.null_session_class()

    def is_null_session(self, obj: object) -> bool:
        """Tell whether a session is one of those, which are not saved."""
        return isinstance(obj, self.null_session_class)

    def get_cookie_name(self, app: App) -> str:
        """Give the cookie's name: the setting ``SESSION_COOKIE_NAME``."""
        return app.config["SESSION_COOKIE_NAME"]  # type: ignore[no-any-return]

    def get_cookie_domain(self, app: App) -> str | None:
        """Give the cookie's domain: the setting ``SESSION_COOKIE_DOMAIN``. Without one it is for this host only."""
        return app.config["SESSION_COOKIE_DOMAIN"]  # type: ignore[no-any-return]

    def get_cookie_path(self, app: App) -> str:
        """Give the cookie's path: the setting ``SESSION_COOKIE_PATH``, or else ``APPLICATION_ROOT``."""
        return app.config["SESSION_COOKIE_PATH"] or app.config["APPLICATION_ROOT"]  # type: ignore[no-any-return]

    def get_cookie_httponly(self, app: App) -> bool:
        """Tell whether scripts are kept from the cookie: the setting ``SESSION_COOKIE_HTTPONLY``."""
        return app.config["SESSION_COOKIE_HTTPONLY"]  # type: ignore[no-any-return]

    def get_cookie_secure(self, app: App) -> bool:
        """Tell whether the cookie is for HTTPS only: the setting ``SESSION_COOKIE_SECURE``."""
        return app.config["SESSION_COOKIE_SECURE"]  # type: ignore[no-any-return]

    def get_cookie_samesite(self, app: App) -> str | None:
        """Give ``Strict``, ``Lax`` or ``None``: the setting ``SESSION_COOKIE_SAMESITE``."""
        return app.config["SESSION_COOKIE_SAMESITE"]  # type: ignore[no-any-return]

    def get_cookie_partitioned(self, app: App) -> bool:
        """Tell whether the cookie is kept apart by top-level site: the setting ``SESSION_COOKIE_PARTITIONED``."""
        return app.config["SESSION_COOKIE_PARTITIONED"]  # type: ignore[no-any-return]

    def get_expiration_time(self, app: App, session: SessionMixin) -> datetime | None:
        """Give when a permanent session expires, in UTC; ``None`` for one that ends with the browser."""
        return datetime.now(UTC) + app.permanent_session_lifetime if session.permanent else None

    def should_set_cookie(self, app: App, session: SessionMixin) -> bool:
        """Tell whether the cookie is sent: when the session changed, or is permanent and refreshed each time."""
        return session.modified or (session.permanent and app.config["SESSION_REFRESH_EACH_REQUEST"])

    def open_session(self, app: App, request: Request) -> SessionMixin | None:
        """Give the session of a request; ``None`` where it can't be, which makes a null session."""
        raise NotImplementedError(f"{type(self).__name__} must define open_session(app, request).")

    def save_session(self, app: App, session: SessionMixin, response: Response) -> None:
        """Save the session with the response; not called for a null session."""
        raise NotImplementedError(f"{type(self).__name__} must define save_session(app, session, response).")


class _SessionSerializer(Protocol):
    def dumps(self, value: Any) -> str: ...
    def loads(self, value: str) -> Any: ...


def _lazy_sha1(string: bytes = b"") -> Any:
    """Make a SHA-1 hash when needed: a FIPS build of Python has none."""
    return hashlib.sha1(string)


#: Writes and reads what is in a session cookie.
session_json_serializer = TaggedJSONSerializer()


class SecureCookieSessionInterface(SessionInterface):
    """Keep the session in a cookie, signed with the secret key."""

    #: Tells session cookies from other things signed with the same key.
    salt = "cookie-session"
    #: The hash of the signature.
    digest_method = staticmethod(_lazy_sha1)
    #: How the signing key is made.
    key_derivation = "hmac"
    #: Writes and reads the content.
    serializer: _SessionSerializer = session_json_serializer
    session_class = SecureCookieSession

    #: What the serializers made last were made of, the one with all keys, and the one with the current key alone:
    #: deriving keys is dear, and they rarely change.
    _made: tuple[tuple[Any, ...], URLSafeTimedSerializer, URLSafeTimedSerializer] | None = None

    def get_signing_serializer(self, app: App) -> URLSafeTimedSerializer | None:
        """Give what signs and verifies; ``None`` without a secret key.

        ``SECRET_KEY`` signs; it and all of ``SECRET_KEY_FALLBACKS`` verify.
        """
        if not app.secret_key:
            return None
        keys = (*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key)
        made_of = (keys, self.salt, self.serializer, self.key_derivation, self.digest_method)
        if self._made is None or self._made[0] != made_of:
            self._made = made_of, self._make_serializer(list(keys)), self._make_serializer([app.secret_key])
        return self._made[1]

    def _make_serializer(self, keys: list[str | bytes]) -> URLSafeTimedSerializer:
        options = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        return URLSafeTimedSerializer(
            cast(list[bytes], keys), salt=self.salt, serializer=self.serializer, signer_kwargs=options
        )

    def _read(self, app: App, serializer: URLSafeTimedSerializer, value: str) -> SecureCookieSession:
        """Read a cookie; one that an older key has signed is signed anew with the response.

        :raises BadSignature: when no key has signed it, or it is too old.
        """
        max_age = int(app.permanent_session_lifetime.total_seconds())
        if app.config["SECRET_KEY_FALLBACKS"] and self._made is not None and serializer is self._made[1]:
            try:
                return self.session_class(self._made[2].loads(value, max_age=max_age))
            except BadSignature:
                session = self.session_class(serializer.loads(value, max_age=max_age))
                session.modified = True
                return session
        return self.session_class(serializer.loads(value, max_age=max_age))

    def open_session(self, app: App, request: Request) -> SecureCookieSession | None:
        """Give the session in the cookie; an empty one if there is no cookie, or it is forged or too old."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return self.session_class()
        try:
            return self._read(app, serializer, value)
        except BadSignature:
            return self.session_class()

    def save_session(self, app: App, session: SessionMixin, response: Response) -> None:
        """Set the cookie if it should be, remove it if the session was emptied, and tell caches of it."""
        if session.accessed:  # before looking inside counts as an access
            _vary_by_cookie(response)
        if not session:
            if session.modified:
                response.delete_cookie(self.get_cookie_name(app), **self._cookie_arguments(app))
                _vary_by_cookie(response)
            return
        if not self.should_set_cookie(app, session):
            return
        serializer = self.get_signing_serializer(app)
        assert serializer is not None, "A session that can be written has a key."
        arguments = self._cookie_arguments(app)
        arguments["expires"] = self.get_expiration_time(app, session)
        response.set_cookie(self.get_cookie_name(app), serializer.dumps(dict(session)), **arguments)
        _vary_by_cookie(response)

    def _cookie_arguments(self, app: App) -> dict[str, Any]:
        return {
            "domain": self.get_cookie_domain(app),
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "partitioned": self.get_cookie_partitioned(app),
            "samesite": self.get_cookie_samesite(app),
            "httponly": self.get_cookie_httponly(app),
        }


class EncryptedSessionInterface(SecureCookieSessionInterface):
    """Keep the session in an encrypted cookie: the client can neither change nor read it.

    The key is derived from the secret key; rotation works as for signed cookies. Needs the extra ``crypto``.

    .. code-block:: python

        app.session_interface = EncryptedSessionInterface()
    """

    #: Tells session cookies from other things encrypted with the same key.
    salt = "encrypted-session"

    def _make_serializer(self, keys: list[str | bytes]) -> Any:
        from dray.signing.sealed import SealedSerializer  # noqa: PLC0415 - needs the extra "crypto"

        return SealedSerializer([self._derive(key) for key in keys], salt=self.salt, serializer=self.serializer)

    def _derive(self, key: str | bytes) -> bytes:
        """Make a key of 32 bytes of a secret of any length (HMAC as in RFC 5869 section 2.2)."""
        secret = key.encode() if isinstance(key, str) else key
        return hmac.digest(self.salt.encode(), secret, "sha256")


def _vary_by_cookie(response: Response) -> None:
    """Tell caches that the response depends on the cookie."""
    vary = response.headers.get("Vary")
    if vary is None:
        response.headers["Vary"] = "Cookie"
    elif vary != "Cookie":
        response.vary.add("Cookie")
