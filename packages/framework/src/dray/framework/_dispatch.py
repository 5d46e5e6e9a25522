"""Walk steps by calling: the synchronous driver of :mod:`.sansio.lifecycle`."""

from __future__ import annotations

from typing import Any

from .sansio.lifecycle import Steps


def run(steps: Steps) -> Any:
    """Make the calls that steps ask for, one after the other.

    :return: what the steps return.
    """
    try:
        function, args, kwargs = next(steps)
        while True:
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                function, args, kwargs = steps.throw(error)
            else:
                function, args, kwargs = steps.send(result)
    except StopIteration as stop:
        return stop.value
