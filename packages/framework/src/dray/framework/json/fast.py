"""JSON providers on compiled libraries, for applications that read and write much of it.

They write what the default provider writes, and the same types; where a library can't do something, the class says so.
"""

from __future__ import annotations

from typing import Any

from .provider import DefaultJSONProvider

#: A value of a class that derives from one of these is written as a value of it.
_PLAIN: tuple[Any, ...] = (str, int, float, dict, list, tuple)


class _CompiledProvider(DefaultJSONProvider):
    ensure_ascii = False

    def _write_other(self, obj: Any) -> Any:
        """Give an object that the library can't write as one that it can."""
        if type(obj) not in _PLAIN:
            for kind in _PLAIN:
                if isinstance(obj, kind):
                    return kind(obj)
        return self.default(obj)


class OrjsonProvider(_CompiledProvider):
    """JSON by orjson; needs the extra ``orjson``.

    .. code-block:: python

        app.json = OrjsonProvider(app)

    Text outside ASCII is written as it is. Integers have up to 64 bits.
    """

    def dumps(self, obj: Any, *, indent: int | None = None, sort_keys: bool | None = None, **kwargs: Any) -> str:
        """Give an object as JSON text.

        :param indent: spaces to indent by: ``None`` or 2.
        :param sort_keys: write keys in order; :attr:`sort_keys` by default.
        :raises TypeError: for an object that can't be written.
        """
        import orjson  # noqa: PLC0415 - needs the extra "orjson"

        options = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
        if self.sort_keys if sort_keys is None else sort_keys:
            options |= orjson.OPT_SORT_KEYS
        if indent:
            options |= orjson.OPT_INDENT_2
        return orjson.dumps(obj, self._write_other, options).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read an object from JSON.

        :raises ValueError: when it isn't JSON.
        """
        import orjson  # noqa: PLC0415 - needs the extra "orjson"

        return orjson.loads(s)


class MsgspecProvider(_CompiledProvider):
    """JSON by msgspec; needs the extra ``msgspec``. Its structs are written as objects.

    .. code-block:: python

        app.json = MsgspecProvider(app)

    Text outside ASCII is written as it is.
    """

    def dumps(self, obj: Any, *, indent: int | None = None, sort_keys: bool | None = None, **kwargs: Any) -> str:
        """Give an object as JSON text.

        :param indent: spaces to indent by.
        :param sort_keys: write keys in order; :attr:`sort_keys` by default.
        :raises TypeError: for an object that can't be written.
        """
        from msgspec import json  # noqa: PLC0415 - needs the extra "msgspec"

        order: Any = "sorted" if (self.sort_keys if sort_keys is None else sort_keys) else None
        data = json.encode(self._with_dates(obj), enc_hook=self._write_other, order=order)
        return (json.format(data, indent=indent) if indent else data).decode()

    def _with_dates(self, obj: Any) -> Any:
        """Give an object with its dates as the default provider writes them: msgspec has a format of its own."""
        if isinstance(obj, dict):
            return {key: self._with_dates(value) for key, value in obj.items()}
        if isinstance(obj, (list, tuple)):
            return [self._with_dates(value) for value in obj]
        return self.default(obj) if hasattr(obj, "isoformat") else obj

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read an object from JSON.

        :raises ValueError: when it isn't JSON.
        """
        from msgspec import json  # noqa: PLC0415 - needs the extra "msgspec"

        return json.decode(s)
