"""Threads that a loop has make calls which may block."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from dray.framework import _workers
from dray.framework._async import async_to_sync
from dray.framework._workers import CancelledLate, Workers

#: How long a test waits for something that should come, in seconds.
PATIENCE = 10


def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine function on a loop of its own, for a while at most."""

    async def bounded() -> Any:
        async with asyncio.timeout(PATIENCE):
            return await main()

    return asyncio.run(bounded())


def ended(threads: list[threading.Thread]) -> bool:
    """Wait for threads, and tell whether they have ended."""
    for thread in threads:
        thread.join(PATIENCE)
    return not any(thread.is_alive() for thread in threads)


def name_of_this() -> str:
    """Give the name of the thread that calls."""
    return threading.current_thread().name


def test_the_thread_that_worked_last_works_next() -> None:
    """One after the other, calls have one thread; it is called a worker."""
    workers = Workers(4)

    async def main() -> set[str]:
        return {await workers.run(name_of_this) for _ in range(20)}

    (name,) = run(main)

    assert name.startswith("dray-worker_")
    assert len(workers.threads) == 1
    workers.stop()


def test_results_and_errors() -> None:
    """What the function returns or raises comes back, whatever it is."""
    workers = Workers(1)
    errors = [ValueError("no"), SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError(), TimeoutError()]

    def fail(error: BaseException) -> None:
        raise error

    async def main() -> None:
        assert await workers.run(divmod, 7, 2) == (3, 1)
        for error in errors:
            with pytest.raises(type(error)) as caught:
                await workers.run(fail, error)
            assert caught.value is error
            assert not isinstance(caught.value, CancelledLate)
        assert await workers.run(len, "abc") == 3

    run(main)
    workers.stop()


def test_nothing_keeps_what_was_called() -> None:
    """Arguments, results and errors go when the caller lets go of them, without the garbage collector."""
    workers = Workers(1)

    class Kept:
        alive = 0

        def __init__(self) -> None:
            type(self).alive += 1

        def __del__(self) -> None:
            type(self).alive -= 1

    def fail(kept: Kept) -> None:
        raise ValueError(kept)

    async def main() -> None:
        await workers.run(lambda kept: kept, Kept())
        try:
            await workers.run(fail, Kept())
        except ValueError:
            pass
        await workers.run(len, "")  # the thread has let go of the call before

    gc.collect()
    gc.disable()
    try:
        run(main)
        assert Kept.alive == 0
    finally:
        gc.enable()
    workers.stop()


def test_as_many_at_once_as_may() -> None:
    """As many calls run as there may be threads, and never more."""
    workers = Workers(3)
    three = threading.Barrier(3)
    running: list[int] = []
    counts: list[int] = []

    def work(number: int) -> int:
        running.append(number)
        counts.append(len(running))
        three.wait(PATIENCE)  # goes on when three of them are here
        running.remove(number)
        return number

    async def main() -> list[int]:
        return await asyncio.gather(*(workers.run(work, number) for number in range(30)))

    assert run(main) == list(range(30))
    assert max(counts) == len(workers.threads) == 3
    workers.stop()


def test_turns_come_in_order() -> None:
    """Who has waited longest is next."""
    workers = Workers(1)
    order: list[int] = []

    async def main() -> None:
        await asyncio.gather(*(workers.run(order.append, number) for number in range(30)))

    run(main)

    assert order == list(range(30))
    workers.stop()


def test_cancelled_while_it_runs() -> None:
    """The call is waited for, however often the task is cancelled; its outcome can be had."""
    workers = Workers(1)
    begun, may_end = threading.Event(), threading.Event()
    outcomes: list[Any] = []

    def work() -> str:
        begun.set()
        may_end.wait(PATIENCE)
        return "done"

    async def caller() -> None:
        try:
            await workers.run(work)
        except CancelledLate as cancelled:
            outcomes.append(cancelled.outcome())
            raise

    async def main() -> None:
        task = asyncio.create_task(caller())
        await asyncio.to_thread(begun.wait, PATIENCE)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        may_end.set()
        await asyncio.wait({task})
        assert task.cancelled()
        assert await workers.run(len, "ab") == 2

    run(main)

    assert outcomes == ["done"]
    workers.stop()


def test_cancelled_when_it_has_ended() -> None:
    """A call that ends in the moment between the cancellation and its effect is not waited for."""
    workers = Workers(1)

    async def main() -> None:
        task = asyncio.create_task(workers.run(len, "abc"))
        await asyncio.sleep(0)
        time.sleep(0.05)  # now the end of the call stands in the loop's queue, and the cancellation comes after it
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert await workers.run(len, "ab") == 2

    run(main)
    workers.stop()


def test_cancelled_while_it_waits_for_its_turn() -> None:
    """The function isn't called, and the thread goes to the next who waits."""
    workers = Workers(1)
    may_end = threading.Event()
    called: list[str] = []

    async def main() -> None:
        first = asyncio.create_task(workers.run(may_end.wait, PATIENCE))
        await asyncio.sleep(0)
        second = asyncio.create_task(workers.run(called.append, "second"))
        third = asyncio.create_task(workers.run(called.append, "third"))
        await asyncio.sleep(0)
        second.cancel()
        may_end.set()
        await asyncio.wait({first, second, third})
        assert second.cancelled()

    run(main)

    assert called == ["third"]
    workers.stop()


def test_cancelled_when_its_turn_has_come() -> None:
    """A thread that was handed over in the same moment isn't lost."""
    workers = Workers(1)

    async def main() -> None:
        held = workers._take(asyncio.get_running_loop())
        assert isinstance(held, _workers._Thread)
        task = asyncio.create_task(workers.run(len, "a"))
        await asyncio.sleep(0)
        (turn,) = workers._waiting
        workers._waiting.clear()
        turn.set_result(held)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert await workers.run(len, "abc") == 3

    run(main)
    workers.stop()


def test_stop() -> None:
    """Idle threads end; one that works ends afterwards, as do those that wait; who comes later is told."""
    workers = Workers(1)
    may_end = threading.Event()

    async def main() -> list[Any]:
        working = asyncio.create_task(workers.run(may_end.wait, PATIENCE))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(workers.run(len, "abc"))
        await asyncio.sleep(0)
        workers.stop()
        with pytest.raises(RuntimeError, match="worker threads were stopped"):
            await workers.run(len, "")
        may_end.set()
        return await asyncio.gather(working, waiting)

    threads: list[threading.Thread] = []

    async def note() -> None:
        await workers.run(len, "")
        threads.extend(workers.threads)

    run(note)
    assert run(main) == [True, 3]
    assert ended(threads)


def test_threads_go_with_their_workers() -> None:
    """Nobody has to stop the workers of an application that isn't used any more."""
    workers = Workers(2)
    threads: list[threading.Thread] = []

    async def main(workers: Workers) -> None:
        await workers.run(len, "")
        threads.extend(workers.threads)

    asyncio.run(main(workers))
    del workers
    gc.collect()

    assert len(threads) == 1
    assert ended(threads)


def test_several_loops_share_the_threads() -> None:
    """Who waits on one loop gets a thread that was given back on another."""
    workers = Workers(1)
    results: list[int] = []

    def serve() -> None:
        async def main() -> None:
            for _ in range(50):
                results.append(await workers.run(len, "abc"))

        run(main)

    servers = [threading.Thread(target=serve) for _ in range(4)]
    for server in servers:
        server.start()

    assert ended(servers)
    assert results == [3] * 200
    workers.stop()


def test_a_loop_that_is_closed() -> None:
    """A call whose loop is gone leaves the thread as it was, and so does a turn."""
    workers = Workers(1)
    may_end = threading.Event()
    loop = asyncio.new_event_loop()
    working = workers.run(may_end.wait, PATIENCE)
    waiting = workers.run(len, "")

    async def begin() -> None:
        for coroutine in (working, waiting):
            coroutine.send(None)

    loop.run_until_complete(begin())
    loop.close()
    may_end.set()
    working.close()
    waiting.close()

    assert run(lambda: workers.run(len, "abc")) == 3
    workers.stop()


def test_a_thread_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is told, and the next one tries again."""
    workers = Workers(1)

    def refuse(self: object) -> None:
        raise RuntimeError("can't start new thread")

    async def main() -> int:
        with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="can't start"):
            patch.setattr(threading.Thread, "start", refuse)
            await workers.run(len, "")
        return await workers.run(len, "abc")  # type: ignore[no-any-return]

    assert run(main) == 3
    workers.stop()


variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")


def test_context_and_coroutines() -> None:
    """The function sees and changes the caller's variables; a coroutine in it runs on the caller's loop."""
    workers = Workers(1)

    async def where() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def work() -> asyncio.AbstractEventLoop:
        assert variable.get() == "before"
        variable.set("after")
        return async_to_sync(where)()  # type: ignore[no-any-return]

    async def main() -> None:
        variable.set("before")
        assert await workers.run(work) is asyncio.get_running_loop()
        assert variable.get() == "after"

    run(main)
    workers.stop()


AT_EXIT = """
import asyncio, threading, time
from dray.framework._workers import Workers

begun = threading.Event()

def work():
    begun.set()
    time.sleep(0.2)
    print("finished", flush=True)

async def main():
    task = workers.run(work)
    task.send(None)
    begun.wait(10)

workers = Workers(2)
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
print("end", flush=True)
"""


def test_the_end_of_the_interpreter() -> None:
    """It waits for what threads are doing, and not for those that do nothing."""
    done = subprocess.run([sys.executable, "-c", AT_EXIT], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["end", "finished"]
    assert "Traceback" not in done.stderr
