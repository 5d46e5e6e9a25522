"""The escaping kernel in Python: the reference that every faster kernel must agree with.

It maps plain text to plain text and knows nothing of ``Markup``.
"""

from __future__ import annotations


def escape_inner(text: str) -> str:
    """Replace the five characters that HTML gives a meaning by character references.

    ``&`` comes first, so that the ampersands of the other references stay single. Text without any of
    the five comes back as the same object.

    :param text: plain text; an exact :class:`str`.
    :return: the same text, safe in element content and in quoted attribute values.
    """
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;")
    )


def escape_to_str(value: object) -> str:
    """Turn any object into a plain ``str`` that is safe HTML.

    Template engines call this for every value they output: no ``Markup`` object is made that would be
    thrown away at once. A clean exact ``str`` comes back as itself.

    :param value: text is escaped; an object with ``__html__`` answers for itself; of anything else
        ``str()`` is escaped.
    """
    kind = type(value)
    if kind is str:
        return escape_inner(value)  # type: ignore[arg-type]
    if kind is int:
        return str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape_inner(str(value))
