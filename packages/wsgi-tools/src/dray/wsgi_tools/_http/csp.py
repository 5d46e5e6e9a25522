"""The grammar of ``Content-Security-Policy``: directives separated by semicolons (W3C CSP Level 3 section 2.2)."""

from __future__ import annotations

from collections.abc import Mapping


def parse_directives(value: str) -> dict[str, str]:
    """Split a policy into directives.

    ``serialized-policy = serialized-directive *( OWS ";" [ OWS serialized-directive ] )``

    :return: the values by name; a directive without a value has an empty one. The last of two equal names wins.
    """
    directives = {}

    for part in value.split(";"):
        name, _, text = part.strip().partition(" ")

        if name:
            directives[name] = text.strip()

    return directives


def dump_directives(header: Mapping[str, str]) -> str:
    """Write directives as one policy; the other way of :func:`parse_directives`."""
    return "; ".join(f"{key} {value}".rstrip() for key, value in header.items())
