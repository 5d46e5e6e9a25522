"""JSON without the spaces that nobody reads."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class _CompactJSON:
    """:mod:`json` with its shortest separators."""

    @staticmethod
    def loads(payload: str | bytes) -> Any:
        return _decode(payload) if isinstance(payload, str) else json.loads(payload)

    @staticmethod
    def dumps(obj: Any, **kwargs: Any) -> str:
        if not kwargs:
            return _encode(obj)
        kwargs.setdefault("ensure_ascii", False)
        kwargs.setdefault("separators", (",", ":"))
        return json.dumps(obj, **kwargs)
