"""A queue in memory with a worker in a thread: results, errors, retries, chains and chords; its command line."""

import re
import subprocess
import sys
from pathlib import Path

from celery import Celery, chain, chord, group
from celery.contrib.testing.worker import start_worker

MODULE = """
from celery import Celery
app = Celery("shop", broker="memory://", backend="cache+memory://")

@app.task
def add(a, b):
    return a + b
"""
app = Celery("shop", broker="memory://", backend="cache+memory://")
app.conf.update(worker_hijack_root_logger=False, task_default_retry_delay=0)
tries = []


@app.task
def add(a, b):
    return a + b


@app.task
def total(numbers):
    return sum(numbers)


@app.task(bind=True, max_retries=2, default_retry_delay=0)
def unsteady(self):
    tries.append(self.request.retries)
    if len(tries) < 3:
        raise self.retry(exc=ValueError("not yet"))
    return tries


@app.task
def broken():
    raise LookupError("on purpose")


with start_worker(app, perform_ping_check=False, loglevel="CRITICAL"):
    print(add.delay(2, 3).get(timeout=10))
    print(chain(add.s(1, 2), add.s(10), add.s(100)).apply_async().get(timeout=10))
    print(group(add.s(n, n) for n in range(4)).apply_async().get(timeout=10))
    print(chord((add.s(n, n) for n in range(4)), total.s()).apply_async().get(timeout=10))
    print(unsteady.delay().get(timeout=10))
    result = broken.delay()
    print(type(result.get(timeout=10, propagate=False)).__name__, result.state)
Path("shop.py").write_text(MODULE)
CHANGING = re.compile(r"celery@[\w.-]+|/\S+|[\w-]{36}|.*software -> .*|.*platform -> .*|.*kernel.*")


def celery(*arguments):
    result = subprocess.run([sys.executable, "-m", "celery", *arguments], capture_output=True, text=True, check=False)
    print(f"== {arguments}: {result.returncode}\n{CHANGING.sub('', result.stdout)}{CHANGING.sub('', result.stderr)}")


celery("--help")
celery("--version")
celery("-A", "shop", "worker", "--help")
celery("-A", "shop", "worker", "--concurrency", "many")
celery("-A", "shop", "call", "shop.add", "-a", "[1")
celery("-A", "shop", "report")
celery("-A", "shop", "result")
celery("-A", "nowhere", "status")
celery("-A", "shop", "purge", "-f")
celery("-A", "shop", "amqp", "--help")
celery("nothing")
celery("multi", "names", "3", "-n%n@host")
