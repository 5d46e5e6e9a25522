"""Headers whose value is one of a few words.

Cross-origin policies (HTML standard, sections 7.1.3 and 7.1.4) and fetch metadata (W3C Fetch Metadata Request Headers).
"""

from __future__ import annotations

from enum import Enum


class COEP(Enum):
    """Values of ``Cross-Origin-Embedder-Policy``."""

    UNSAFE_NONE = "unsafe-none"
    REQUIRE_CORP = "require-corp"
    CREDENTIALLESS = "credentialless"


class COOP(Enum):
    """Values of ``Cross-Origin-Opener-Policy``."""

    UNSAFE_NONE = "unsafe-none"
    SAME_ORIGIN_ALLOW_POPUPS = "same-origin-allow-popups"
    SAME_ORIGIN = "same-origin"
    NOOPENER_ALLOW_POPUPS = "noopener-allow-popups"


class CORP(Enum):
    """Values of ``Cross-Origin-Resource-Policy``."""

    SAME_SITE = "same-site"
    SAME_ORIGIN = "same-origin"
    CROSS_ORIGIN = "cross-origin"


class SecFetchSite(Enum):
    """Values of ``Sec-Fetch-Site``: how the requesting origin and ours are related."""

    CROSS_SITE = "cross-site"
    SAME_ORIGIN = "same-origin"
    SAME_SITE = "same-site"
    NONE = "none"


class SecFetchMode(Enum):
    """Values of ``Sec-Fetch-Mode``: the mode of the request."""

    CORS = "cors"
    NAVIGATE = "navigate"
    NO_CORS = "no-cors"
    SAME_ORIGIN = "same-origin"
    WEBSOCKET = "websocket"


class SecFetchDest(Enum):
    """Values of ``Sec-Fetch-Dest``: what the response will be used as."""

    AUDIO = "audio"
    AUDIOWORKLET = "audioworklet"
    DOCUMENT = "document"
    EMBED = "embed"
    EMPTY = "empty"
    FENCEDFRAME = "fencedframe"
    FONT = "font"
    FRAME = "frame"
    IFRAME = "iframe"
    IMAGE = "image"
    JSON = "json"
    MANIFEST = "manifest"
    OBJECT = "object"
    PAINTWORKLET = "paintworklet"
    REPORT = "report"
    SCRIPT = "script"
    SERVICEWORKER = "serviceworker"
    SHAREDWORKER = "sharedworker"
    STYLE = "style"
    TEXT = "text"
    TRACK = "track"
    VIDEO = "video"
    WEBIDENTITY = "webidentity"
    WORKER = "worker"
    XSLT = "xslt"
