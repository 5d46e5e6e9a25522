"""The settings an application starts with, and what each is for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

DEFAULT_CONFIG: dict[str, Any] = {
    # Running
    "DEBUG": None,
    "TESTING": False,
    "PROPAGATE_EXCEPTIONS": None,  # None: while testing or debugging
    "TRAP_HTTP_EXCEPTIONS": False,
    "TRAP_BAD_REQUEST_ERRORS": None,  # None: missing form fields, while debugging
    # Secrets and sessions
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,  # older keys that still verify
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,  # None: this host only
    "SESSION_COOKIE_PATH": None,  # None: APPLICATION_ROOT
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_PARTITIONED": False,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_COOKIE_SIZE": 4093,  # bytes; browsers may drop larger ones
    # Where it is served
    "SERVER_NAME": None,
    "APPLICATION_ROOT": "/",
    "PREFERRED_URL_SCHEME": "http",
    "TRUSTED_HOSTS": None,  # None: every host
    # Limits of requests
    "MAX_CONTENT_LENGTH": None,  # bytes
    "MAX_FORM_MEMORY_SIZE": 500_000,  # bytes of a field
    "MAX_FORM_PARTS": 1_000,
    # ASGI: waiting, in seconds, and what is kept in memory or on disk meanwhile
    "ASYNC_SYNC_WORKERS": 32,  # threads for views and hooks that are plain functions
    "MAX_READ_AHEAD": 16 * 1024 * 1024,  # bytes of a body that are read before the view runs
    "BODY_TIMEOUT": 60,  # for a body, and a second more for each 500 bytes of it
    "RESPONSE_TIMEOUT": 60,  # for the client to take a piece of a response
    "STARTUP_TIMEOUT": 60,
    "SHUTDOWN_TIMEOUT": 60,
    "BACKGROUND_TASK_SHUTDOWN_TIMEOUT": 5,
    "WEBSOCKET_MAX_MESSAGE_SIZE": 1024 * 1024,  # bytes, or characters of a text
    "WEBSOCKET_QUEUE_SIZE": 32,  # messages that are taken in while the view does something else
    "WEBSOCKET_CLOSE_TIMEOUT": 5,  # for a view to end after its client went
    # Responses
    "USE_X_SENDFILE": False,
    "SEND_FILE_MAX_AGE_DEFAULT": None,  # seconds or a timedelta; None: ask again each time
    "PROVIDE_AUTOMATIC_OPTIONS": True,
    # Templates
    "TEMPLATES_AUTO_RELOAD": None,  # None: while debugging
    "EXPLAIN_TEMPLATE_LOADING": False,
}
