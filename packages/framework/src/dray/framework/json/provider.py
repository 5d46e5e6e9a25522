"""How an application reads and writes JSON. A provider can be replaced as a whole, or one method of it."""

from __future__ import annotations

import json
import sys
import weakref
from collections.abc import Callable
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from dray.wsgi_tools.http import http_date

if TYPE_CHECKING:
    from dray.wsgi_tools.sansio.response import Response

    from ..sansio.app import App


class JSONProvider:
    """What an application needs of a JSON library: define :meth:`dumps` and :meth:`loads`.

    :param app: kept weakly; its ``response_class`` makes the responses.
    """

    _app: App

    def __init__(self, app: App) -> None:
        # The application holds its provider: a strong reference back would be a circle.
        self._app = weakref.proxy(app)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read an object from JSON.

        :raises ValueError: when it isn't JSON.
        """
        raise NotImplementedError(f"{type(self).__name__} must define loads(s).")

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Give an object as JSON text."""
        raise NotImplementedError(f"{type(self).__name__} must define dumps(obj).")

    def dump(self, obj: Any, fp: IO[str], **kwargs: Any) -> None:
        """Write an object as JSON to an open text file."""
        fp.write(self.dumps(obj, **kwargs))

    def load(self, fp: IO[Any], **kwargs: Any) -> Any:
        """Read an object from an open file of JSON."""
        return self.loads(fp.read(), **kwargs)

    def dumps_compactly(self, obj: Any) -> str:
        """Give an object as JSON text without spaces: what a session cookie holds."""
        return self.dumps(obj, separators=(",", ":"))

    def _prepare_response_obj(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Say what is serialized: one argument itself, several a list, keyword arguments a dict."""
        if args and kwargs:
            raise TypeError("Give either positional or keyword arguments to make JSON of, not both.")
        if kwargs or not args:
            return kwargs or None
        return args[0] if len(args) == 1 else args

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Make a JSON response of one object, of several as a list, or of keyword arguments as an object."""
        obj = self._prepare_response_obj(args, kwargs)
        return self._app.response_class(self.dumps(obj), mimetype="application/json")


def is_instance_of(o: Any, module: str, name: str) -> bool:
    """Tell whether an object is of a class in a module, which isn't loaded for that: if it never was, it isn't."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(o, getattr(loaded, name, ()))


def _default(o: Any) -> Any:
    """Give what :mod:`json` can't write in a form that it can.

    :raises TypeError: for a type that is not known here.
    """
    if isinstance(o, date):
        return http_date(o)
    if is_instance_of(o, "decimal", "Decimal") or is_instance_of(o, "uuid", "UUID"):
        return str(o)
    if hasattr(type(o), "__dataclass_fields__"):
        from dataclasses import asdict  # noqa: PLC0415 - start-up time; here it is loaded already

        return asdict(o)
    if hasattr(o, "__html__"):
        return str(o.__html__())
    raise TypeError(
        f"Object of type {type(o).__name__} is not JSON serializable."
        " Convert it first, or teach the application's JSON provider: override its default()."
    )


def _fast_encode(encoder: json.JSONEncoder) -> Callable[[Any], str]:
    """Give what ``encoder.encode`` does, by one C encoder that is kept: 0.4 us instead of 2 for a small object.

    It doesn't notice circles; where it runs into one, the encoder itself is asked, and says so.
    """
    make = json.encoder.c_make_encoder  # type: ignore[attr-defined]
    if make is None:
        return encoder.encode
    text = json.encoder.encode_basestring_ascii if encoder.ensure_ascii else json.encoder.encode_basestring
    encode = make(
        None, encoder.default, text, None, encoder.key_separator, encoder.item_separator, encoder.sort_keys, False, True
    )

    def encode_all(obj: Any) -> str:
        try:
            return "".join(encode(obj, 0))
        except RecursionError:
            return encoder.encode(obj)

    return encode_all


class DefaultJSONProvider(JSONProvider):
    """JSON by the standard library.

    Beyond what :mod:`json` knows, dates are written as HTTP dates, decimals and UUIDs as text, dataclasses as objects,
    and what has ``__html__`` as its HTML.
    """

    #: Writes other types; a plain function of one object.
    default = staticmethod(_default)
    #: Write characters outside ASCII as escapes.
    ensure_ascii = True
    #: Write keys in order, so that equal objects give equal bytes: caches like it.
    sort_keys = True
    #: Leave out spaces in responses; ``None``: unless in debug mode.
    compact: bool | None = None
    #: The content type of responses.
    mimetype = "application/json"
    #: What the encoder was made of, and how it encodes.
    _encoder: tuple[Any, Callable[[Any], str]] | None = None

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Give an object as JSON text; keyword arguments are those of :func:`json.dumps`."""
        own = {"default": self.default, "ensure_ascii": self.ensure_ascii, "sort_keys": self.sort_keys}
        return json.dumps(obj, **{**own, **kwargs})

    def _encode(self, obj: Any, indent: int | None, separators: tuple[str, str] | None) -> str:
        """Do what :meth:`dumps` does, with an encoder that is kept: making one costs more than a small object."""
        if type(self).dumps is not DefaultJSONProvider.dumps or "dumps" in self.__dict__:
            style = {"indent": indent} if indent else {"separators": separators}
            return self.dumps(obj, **style)
        made_of = (self.default, self.ensure_ascii, self.sort_keys, indent)
        if self._encoder is None or self._encoder[0] != made_of:
            encoder = json.JSONEncoder(
                default=self.default,
                ensure_ascii=self.ensure_ascii,
                sort_keys=self.sort_keys,
                indent=indent,
                separators=separators,
            )
            self._encoder = made_of, _fast_encode(encoder) if indent is None else encoder.encode
        return self._encoder[1](obj)

    def dumps_compactly(self, obj: Any) -> str:
        """Give an object as JSON text without spaces: what a session cookie holds."""
        return self._encode(obj, None, (",", ":"))

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read an object from JSON; keyword arguments are those of :func:`json.loads`."""
        return json.loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Make a JSON response; indented in debug mode, compact otherwise."""
        obj = self._prepare_response_obj(args, kwargs)
        roomy = self._app.debug if self.compact is None else not self.compact
        text = self._encode(obj, 2, None) if roomy else self._encode(obj, None, (",", ":"))
        return self._app.response_class(f"{text}\n", mimetype=self.mimetype)
