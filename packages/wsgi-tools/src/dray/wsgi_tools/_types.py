"""Names for the types of arguments that several modules share. Only names: nothing here runs."""

from __future__ import annotations

from datetime import datetime, timedelta

#: A text that may be missing.
Text = str | None

#: Address and port of a server, or the path of a Unix socket and ``None``; ``None`` if unknown.
Server = tuple[str, int | None] | None

#: A span of time, or its length in seconds.
Span = timedelta | int | None

#: When a cookie ends: a time, seconds since the epoch, or the text of a date.
Expiry = str | datetime | int | float | None

#: When a resource changed: a time, or the text of a date.
Changed = datetime | str | None
