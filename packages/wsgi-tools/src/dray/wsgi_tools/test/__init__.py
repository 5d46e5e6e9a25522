"""Testing WSGI applications without a server: environs, a client with cookies and redirects, multipart bodies.

This file only puts the parts together.
"""

from __future__ import annotations

from .client import Client, ClientRedirectError
from .cookies import Cookie
from .environ import EnvironBuilder, create_environ
from .multipart import encode_multipart, stream_encode_multipart
from .response import TestResponse
from .run import run_wsgi_app

__all__ = [
    "Client",
    "ClientRedirectError",
    "Cookie",
    "EnvironBuilder",
    "TestResponse",
    "create_environ",
    "encode_multipart",
    "run_wsgi_app",
    "stream_encode_multipart",
]
