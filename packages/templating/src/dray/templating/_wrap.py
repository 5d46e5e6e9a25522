"""Breaking text into lines in linear time."""

from __future__ import annotations

from textwrap import TextWrapper


class LinearWrapper(TextWrapper):
    """The standard wrapper, which takes a word that is longer than many lines apart at once.

    The standard one copies the rest of the word for every line.
    """

    def _handle_long_word(self, reversed_chunks: list[str], cur_line: list[str], cur_len: int, width: int) -> None:
        chunk = reversed_chunks[-1]
        if not self.break_long_words or width < 1 or len(chunk) <= 2 * width or "-" in chunk:
            super()._handle_long_word(reversed_chunks, cur_line, cur_len, width)
            return
        space_left = width - cur_len
        reversed_chunks.pop()
        cur_line.append(chunk[:space_left])
        pieces = [chunk[start : start + width] for start in range(space_left, len(chunk), width)]
        reversed_chunks.extend(reversed(pieces))
