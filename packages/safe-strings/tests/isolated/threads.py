"""Prove that threads don't disturb each other: eight escape the same strings at once, and all get the same results."""

import sys
import threading

from dray.safe_strings import Markup, escape

TEXTS = ["<b>" * n + "é" * (n % 3) + "ж" * (n % 5 == 0) + "\U0001f600" * (n % 7 == 0) + "&" for n in range(200)]
EXPECTED = [str(escape(text)) for text in TEXTS]
SHARED = Markup("<br>")
wrong: list[str] = []
start = threading.Barrier(8)


def hammer() -> None:
    start.wait()
    for _ in range(30):
        for text, expected in zip(TEXTS, EXPECTED, strict=True):
            if escape(text) != expected or SHARED + text != "<br>" + expected or SHARED.join([text]) != expected:
                wrong.append(text)


sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=hammer) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{len(wrong)} wrong results")
sys.exit(bool(wrong))
