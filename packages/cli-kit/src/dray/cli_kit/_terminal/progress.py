"""Progress bars.

A bar keeps its counts and draws a line; it must not know who counts.
"""

from __future__ import annotations

import io
import math
import shutil
import sys
import time
from operator import length_hint

from .._ansi import term_len
from .._utils import TYPE_CHECKING
from ..utils import echo
from .lookup import default_stdout, isatty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any, Generic, Self, TextIO, TypeVar

    V = TypeVar("V")

    class _Generic(Generic[V]):
        pass
else:
    V = object

    class _Generic:
        __class_getitem__ = classmethod(type(list[int]))


__all__ = ["AFTER_BAR", "BEFORE_BAR", "ProgressBar"]

_ON_TERMINAL = sys.platform != "win32"
# Hide and show the cursor (DECTCEM, private mode 25); the carriage return goes back to the line's beginning.
BEFORE_BAR = "\r\033[?25l" if _ON_TERMINAL else "\r"
AFTER_BAR = "\033[?25h\n" if _ON_TERMINAL else "\n"

#: Seconds of how many last steps are averaged for the estimate.
_WINDOW = 7


class ProgressBar(_Generic[V]):
    """A bar that shows how much of a loop is done; see :func:`~dray.cli_kit.progressbar` for the parameters."""

    def __init__(
        self,
        iterable: Iterable[V] | None,
        *,
        length: int | None,
        label: str | None,
        width: int,
        bar_template: str,
        fill_char: str,
        empty_char: str,
        info_sep: str,
        item_show_func: Callable[[V | None], str | None] | None,
        show_pos: bool,
        show_percent: bool | None,
        show_eta: bool,
        hidden: bool,
        update_min_steps: int,
        color: bool | None,
        file: TextIO | None,
    ) -> None:
        self.iter, self.length = _resolve_iterable(iterable, length)
        # How the line looks.
        self.label: str = label or ""
        self.width = width
        self.autowidth = not width
        self.bar_template = bar_template
        self.fill_char, self.empty_char, self.info_sep = fill_char, empty_char, info_sep
        self.item_show_func = item_show_func
        self.show_pos, self.show_percent, self.show_eta = show_pos, show_percent, show_eta
        # Where it goes.
        self.file = _resolve_file(file)
        self._is_atty = isatty(self.file)
        self.color, self.hidden = color, hidden
        self._last_line: str | None = None
        self.max_width: int | None = None
        # How far it is.
        self.entered = self.finished = self.eta_known = False
        self.pos = 0
        self.current_item: V | None = None
        self.update_min_steps = update_min_steps
        self._completed_intervals = 0
        # The clock.
        self.start = self.last_eta = time.time()
        self.avg: list[float] = []

    def __enter__(self) -> Self:
        self.entered = True
        self.render_progress()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.render_finish()

    def __iter__(self) -> Iterator[V]:
        self._require_with()
        self.render_progress()
        return self.generator()

    def __next__(self) -> V:
        # For those who call next() on the bar itself.
        return next(iter(self))

    def _require_with(self) -> None:
        if not self.entered:
            raise RuntimeError("You need to use progress bars in a with block.")

    @property
    def time_per_iteration(self) -> float:
        """Seconds of a step, averaged over the last ones."""
        return sum(self.avg) / float(len(self.avg)) if self.avg else 0.0

    @property
    def eta(self) -> float:
        """Seconds that are left, or 0 when that isn't known."""
        if self.finished or self.length is None:
            return 0.0
        left = self.length - self.pos
        return left * self.time_per_iteration

    def format_eta(self) -> str:
        """Return the time that is left: days, hours, minutes, seconds."""
        if not self.eta_known:
            return ""
        minutes, seconds = divmod(int(self.eta), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        clock = f"{hours:02}:{minutes:02}:{seconds:02}"
        return f"{days}d {clock}" if days else clock

    def format_pos(self) -> str:
        """Return the position, with the length if it is known."""
        return str(self.pos) if self.length is None else f"{self.pos}/{self.length}"

    @property
    def pct(self) -> float:
        """The part that is done, 0-1."""
        if self.finished:
            return 1.0
        return min(self.pos / (float(self.length or 1) or 1), 1.0)

    def format_pct(self) -> str:
        """Return the percentage, always four columns wide."""
        return f"{int(self.pct * 100): 4}%"[1:]

    def format_bar(self) -> str:
        """Return the bar itself."""
        if self.length is not None:
            done = int(self.pct * self.width)
            return self.fill_char * done + self.empty_char * (self.width - done)
        if self.finished:
            return self.fill_char * self.width
        # Without a length something has to move: one mark swings to and fro, faster with faster steps.
        cells = [self.empty_char] * (self.width or 1)
        if self.time_per_iteration:
            swing = math.cos(self.pos * self.time_per_iteration) / 2.0 + 0.5
            cells[min(int(swing * self.width), len(cells) - 1)] = self.fill_char
        return "".join(cells)

    def format_progress_line(self) -> str:
        """Return the whole line."""
        show_percent = self.show_percent
        if show_percent is None and self.length is not None:
            show_percent = not self.show_pos
        info = []
        if self.show_pos:
            info.append(self.format_pos())
        if show_percent:
            info.append(self.format_pct())
        if self.show_eta and self.eta_known and not self.finished:
            info.append(self.format_eta())
        if self.item_show_func is not None:
            item = self.item_show_func(self.current_item)
            if item is not None:
                info.append(item)
        fields = {"label": self.label, "bar": self.format_bar(), "info": self.info_sep.join(info)}
        return (self.bar_template % fields).rstrip()

    def render_progress(self) -> None:
        """Draw the line again, if it changed."""
        if not self.hidden:
            if self._is_atty:
                self._draw()
            else:
                self._log()

    def _log(self) -> None:
        """Write the label into a file, once."""
        text = self.label
        if text != self._last_line:
            echo(text, color=self.color, file=self.file)
            self._last_line = text

    def _draw(self) -> None:
        pieces = []
        if self.autowidth:
            pieces += self._fit_width()
        width = self.max_width if self.max_width is not None else self.width
        pieces.append(BEFORE_BAR)
        line = self.format_progress_line()
        columns = term_len(line)
        if self.max_width is None or self.max_width < columns:
            self.max_width = columns
        pieces.append(line)
        pieces.append(" " * (width - columns))
        drawn = "".join(pieces)
        if drawn != self._last_line:
            self._last_line = drawn
            echo(drawn, file=self.file, color=self.color, nl=False)

    def _fit_width(self) -> list[str]:
        """Give the bar the columns that the rest of the line leaves, and return what clears a wider line."""
        before = self.width
        self.width = 0
        fixed = term_len(self.format_progress_line())
        self.width = max(0, shutil.get_terminal_size().columns - fixed)
        if self.width < before and self.max_width is not None:
            cleared = [BEFORE_BAR, " " * self.max_width]
            self.max_width = self.width
            return cleared
        return []

    def make_step(self, n_steps: int) -> None:
        """Count steps and estimate the time that is left.

        :param n_steps: how many.
        """
        self.pos += n_steps
        if self.length is not None and self.pos >= self.length:
            self.finished = True
        now = time.time()
        if now - self.last_eta < 1.0:
            return
        self.last_eta = now
        # The whole time until now over all steps; the last few of these figures are averaged.
        elapsed = now - self.start
        self.avg = [*self.avg[-_WINDOW + 1 :], elapsed / self.pos if self.pos else elapsed]
        self.eta_known = self.length is not None

    def finish(self) -> None:
        """Note that everything is done."""
        self.finished = True
        self.eta_known, self.current_item = False, None

    def generator(self) -> Iterator[V]:
        """Yield the items and count each when its turn is over.

        :raises RuntimeError: the bar isn't used in a ``with`` block.
        """
        self._require_with()
        if not self._is_atty:
            yield from self.iter
            return
        for item in self.iter:
            self.current_item = item
            # The first step of a slow loop would look like none at all.
            if self._completed_intervals == 0:
                self.render_progress()
            yield item
            self.update(1)
        self.finish()
        self.render_progress()

    def render_finish(self) -> None:
        """End the line and show the cursor again."""
        if self._is_atty and not self.hidden:
            echo(AFTER_BAR, file=self.file, nl=False, color=True)

    def update(self, n_steps: int, current_item: V | None = None) -> None:
        """Count steps and draw the line again.

        :param n_steps: how many.
        :param current_item: what is shown as the current item.
        """
        self.current_item = self.current_item if current_item is None else current_item
        waiting = self._completed_intervals + n_steps
        drawn = waiting >= self.update_min_steps
        self._completed_intervals = 0 if drawn else waiting
        if drawn:
            self.make_step(waiting)
            self.render_progress()


def _resolve_file(file: TextIO | None) -> Any:
    if file is not None:
        return file
    stdout = default_stdout()
    if stdout is None:
        # A windowed program has no output.
        return io.StringIO()
    return stdout


def _resolve_iterable(iterable: Iterable[Any] | None, length: int | None) -> tuple[Iterator[Any], int | None]:
    if iterable is None:
        if length is None:
            raise TypeError("iterable or length is required")
        return iter(range(length)), length
    if length is None:
        length = length_hint(iterable, -1)
        if length == -1:
            length = None
    return iter(iterable), length
