"""Dates and ages: RFC 9110 section 5.6.7, RFC 9111 section 1.2.2.

The one form that is written, and all forms that are read. Knows ``datetime`` and nothing of headers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import struct_time

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWO_DIGITS = tuple(f"{number:02}" for number in range(60))
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}

_last_day: tuple[date, str] = (date(1970, 1, 1), "Thu, 01 Jan 1970 ")


def parse_date(value: str | None) -> datetime | None:
    """Read a date in any form that was ever allowed: IMF-fixdate, RFC 850, asctime, RFC 2822.

    :param value: the text.
    :return: an aware time; in UTC when the text names no zone. ``None`` when it is no date.
    """
    if value is None:
        return None

    if len(value) == 29 and value[26:] == "GMT" and value.isascii():
        try:
            # IMF-fixdate = day-name "," SP day SP month SP year SP hour ":" minute ":" second SP GMT
            if value[3:5] == ", " and value[16] == " " and value[19] == ":" == value[22] and value[25] == " ":
                return datetime(
                    int(value[12:16]),
                    _MONTH_NUMBER[value[8:11]],
                    int(value[5:7]),
                    int(value[17:19]),
                    int(value[20:22]),
                    int(value[23:25]),
                    tzinfo=UTC,
                )
        except (ValueError, KeyError):
            pass

    return _parse_other_form(value)


def _parse_other_form(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - 18 ms for the forms that nobody writes any more

    try:
        parsed = parsedate_to_datetime(value)

        if parsed.tzinfo is None:
            return parsed.replace(tzinfo=UTC)

        parsed.astimezone(UTC)  # a zone may carry the last day of all years over their end
    except (TypeError, ValueError, IndexError, OverflowError):
        return None

    return parsed


def http_date(timestamp: datetime | date | int | float | struct_time | None = None) -> str:
    """Write a date as IMF-fixdate (RFC 9110 section 5.6.7).

    :param timestamp: a time (a naive one is UTC), a day, seconds since the epoch or a time tuple in UTC; now by
        default.
    :raises TypeError: if it is something else.
    """
    global _last_day

    if isinstance(timestamp, datetime):
        moment = timestamp if timestamp.tzinfo is None or timestamp.tzinfo is UTC else timestamp.astimezone(UTC)
    elif timestamp is None:
        moment = datetime.now(UTC)
    elif isinstance(timestamp, date):
        moment = datetime(timestamp.year, timestamp.month, timestamp.day)
    elif isinstance(timestamp, struct_time):
        moment = datetime(*timestamp[:6])
    else:
        moment = datetime.fromtimestamp(timestamp, UTC)

    day, prefix = _last_day
    today = moment.date()

    if today != day:
        prefix = f"{_DAYS[today.weekday()]}, {today.day:02} {_MONTHS[today.month - 1]} {today.year:04} "
        _last_day = (today, prefix)

    return f"{prefix}{_TWO_DIGITS[moment.hour]}:{_TWO_DIGITS[moment.minute]}:{_TWO_DIGITS[moment.second]} GMT"


def parse_age(value: str | None = None) -> timedelta | None:
    """Read a number of seconds.

    :return: the span of time; ``None`` when the text is no number of at least 0, or too big.
    """
    if not value:
        return None

    try:
        seconds = int(value)

        if seconds < 0:
            return None

        return timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None


def dump_age(age: timedelta | int | None = None) -> str | None:
    """Write a span of time as seconds.

    :param age: the span, or seconds; ``None`` stays ``None``.
    :raises ValueError: if it is negative.
    """
    if age is None:
        return None

    seconds = int(age.total_seconds()) if isinstance(age, timedelta) else int(age)

    if seconds < 0:
        raise ValueError(f"an age can't be negative: {seconds}")

    return str(seconds)
