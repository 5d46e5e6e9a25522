"""Sign data, hand it to someone you don't trust, and know it again when it comes back.

This package only re-exports; each name lives in the module that is called like it.
"""

from .encoding import base64_decode, base64_encode, want_bytes
from .exc import BadData, BadHeader, BadPayload, BadSignature, BadTimeSignature, SignatureExpired
from .serializer import Serializer
from .signer import HMACAlgorithm, NoneAlgorithm, Signer
from .timed import TimedSerializer, TimestampSigner
from .url_safe import URLSafeSerializer, URLSafeTimedSerializer

__all__ = [
    "BadData",
    "BadHeader",
    "BadPayload",
    "BadSignature",
    "BadTimeSignature",
    "HMACAlgorithm",
    "NoneAlgorithm",
    "Serializer",
    "SignatureExpired",
    "Signer",
    "TimedSerializer",
    "TimestampSigner",
    "URLSafeSerializer",
    "URLSafeTimedSerializer",
    "base64_decode",
    "base64_encode",
    "want_bytes",
]
