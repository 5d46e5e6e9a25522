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
    # Responses
    "USE_X_SENDFILE": False,
    "SEND_FILE_MAX_AGE_DEFAULT": None,  # seconds or a timedelta; None: ask again each time
    "PROVIDE_AUTOMATIC_OPTIONS": True,
    # Templates
    "TEMPLATES_AUTO_RELOAD": None,  # None: while debugging
    "EXPLAIN_TEMPLATE_LOADING": False,
}
