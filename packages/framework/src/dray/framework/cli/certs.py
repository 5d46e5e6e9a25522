"""TLS for the development server: which certificate a command line asks for."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import dray.cli_kit as cli_kit
from dray.cli_kit import Context, Option, Parameter, ParamType
from dray.wsgi_tools.utils import import_string


class CertParamType(ParamType):
    """A certificate: a path, ``adhoc`` for one that is made up, or the import name of an :class:`ssl.SSLContext`."""

    name = "path"

    def __init__(self) -> None:
        self.path_type: Any = cli_kit.Path(exists=True, dir_okay=False, resolve_path=True)

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """Give the path, ``"adhoc"`` or the context.

        :raises BadParameter: when it is none of them.
        """
        if importlib.util.find_spec("ssl") is None:
            raise cli_kit.BadParameter("Using --cert requires Python to be compiled with SSL support.", ctx, param)
        try:
            return self.path_type(value, param, ctx)
        except cli_kit.BadParameter:
            text = str(cli_kit.STRING(value, param, ctx)).lower()
            if text == "adhoc":
                if importlib.util.find_spec("cryptography") is None:
                    raise cli_kit.BadParameter(
                        "Using ad-hoc certificates requires the cryptography library: pip install cryptography",
                        ctx,
                        param,
                    ) from None
                return text
            found = import_string(value, silent=True)
            if hasattr(found, "wrap_socket"):
                return found
            raise


def validate_key(ctx: Context, param: Option, value: Any) -> Any:
    """Join key and certificate; a key needs a certificate in a file, and that may hold the key as well."""
    cert = ctx.params.get("cert")
    in_memory = cert is not None and not isinstance(cert, (str, os.PathLike))
    if value is not None:
        for wrong, reason in (
            (cert == "adhoc", "'--key' is not used when '--cert' is 'adhoc'."),
            (in_memory, "'--key' is not used when '--cert' is an SSLContext object."),
            (cert is None, "'--cert' must also be specified."),
        ):
            if wrong:
                raise cli_kit.BadParameter(reason, ctx, param)
        ctx.params["cert"] = cert, value
    elif cert is not None and cert != "adhoc" and not in_memory:
        raise cli_kit.BadParameter("Required when using '--cert'.", ctx, param)
    return value


class SeparatedPathType(cli_kit.Path):  # type: ignore[type-arg]
    """Several paths in one argument, separated like those of the ``PATH`` variable."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """Give the list of paths."""
        single = super().convert
        return [single(item, param, ctx) for item in self.split_envvar_value(value)]
