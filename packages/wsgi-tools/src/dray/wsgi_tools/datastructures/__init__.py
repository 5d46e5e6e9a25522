"""Containers for what HTTP carries: forms, headers, and one class for each kind of structured header.

They stand on the grammar in ``_http`` and know no request and no response.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._http.cookies import Cookie
from ._combined import CombinedMultiDict
from ._dicts import CallbackDict, ImmutableDict, ImmutableList, ImmutableTypeConversionDict, TypeConversionDict
from ._header_set import HeaderSet
from ._multi_dict import ImmutableMultiDict, MultiDict, iter_multi_items
from .accept import Accept, CharsetAccept, LanguageAccept, MIMEAccept
from .auth import Authorization, WWWAuthenticate
from .cache_control import RequestCacheControl, ResponseCacheControl
from .csp import ContentSecurityPolicy
from .etag import ETags
from .file_storage import FileMultiDict, FileStorage
from .headers import EnvironHeaders, Headers
from .mixins import (
    ImmutableDictMixin,
    ImmutableHeadersMixin,
    ImmutableListMixin,
    ImmutableMultiDictMixin,
    UpdateDictMixin,
)
from .range import ContentRange, IfRange, Range

__all__ = [
    "Accept",
    "Authorization",
    "CallbackDict",
    "CharsetAccept",
    "CombinedMultiDict",
    "ContentRange",
    "ContentSecurityPolicy",
    "Cookie",
    "ETags",
    "EnvironHeaders",
    "FileMultiDict",
    "FileStorage",
    "HeaderSet",
    "Headers",
    "IfRange",
    "ImmutableDict",
    "ImmutableDictMixin",
    "ImmutableHeadersMixin",
    "ImmutableList",
    "ImmutableListMixin",
    "ImmutableMultiDict",
    "ImmutableMultiDictMixin",
    "ImmutableTypeConversionDict",
    "LanguageAccept",
    "MIMEAccept",
    "MultiDict",
    "Range",
    "RequestCacheControl",
    "ResponseCacheControl",
    "TypeConversionDict",
    "UpdateDictMixin",
    "WWWAuthenticate",
    "iter_multi_items",
]


if not TYPE_CHECKING:  # else a checker would believe in every name

    def __getattr__(name: str) -> Any:
        """Give the deprecated classes to those who still ask for them."""
        from ._ordered import deprecated  # noqa: PLC0415 - nobody else pays for them

        return deprecated(__name__, name)
