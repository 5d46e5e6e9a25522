"""What a name may look like in a template: Python's own identifiers (Unicode annex 31, as ``str.isidentifier`` has
it)."""

from __future__ import annotations

#: Matches the candidates for a name; what it finds is checked with ``str.isidentifier``.
pattern = r"\w+"
