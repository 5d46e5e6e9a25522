"""ASGI beside WSGI, on the same core: scopes, messages in, messages out.

A scope becomes the values that a request is made of, what ``receive`` gives is counted by ``sansio.body``, and what
goes to ``send`` was decided by ``sansio.start``.
"""

from .body import BodyReader, BodyStream, read_ahead
from .environ import environ_from_scope
from .scope import (
    Message,
    Receive,
    Scope,
    Send,
    content_length_of,
    request_arguments,
    split_path,
)
from .send import Prepared, ResponseLike, at_once, prepare, send_prepared, send_response

__all__ = [
    "BodyReader",
    "BodyStream",
    "Message",
    "Prepared",
    "Receive",
    "ResponseLike",
    "Scope",
    "Send",
    "at_once",
    "content_length_of",
    "environ_from_scope",
    "prepare",
    "read_ahead",
    "request_arguments",
    "send_prepared",
    "send_response",
    "split_path",
]
