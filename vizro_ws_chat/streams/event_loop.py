"""The event loop that all async generators of the process share, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any


class EventLoopThread:
    """Runs coroutines from threads that have no event loop. The thread exists only while there are some."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks = 0

    def submit(self, main: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
        """Run a coroutine and return a function that cancels it, callable from any thread and at any time.

        Args:
            main: Makes the coroutine; called on the event loop's thread. It must not raise.
        """
        with self._lock:
            self._tasks += 1
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._run, args=(self._loop,), name="vizro-ws-chat-event-loop", daemon=True
                ).start()
            loop = self._loop
        task: asyncio.Task[None] | None = None
        cancelled = False

        def begin() -> None:
            nonlocal task
            task = loop.create_task(main())
            task.add_done_callback(lambda _: self._one_less(loop))
            if cancelled:
                task.cancel()

        def cancel() -> None:
            nonlocal cancelled
            cancelled = True
            try:
                loop.call_soon_threadsafe(lambda: task.cancel() if task is not None else None)
            except RuntimeError:  # the loop is closed: the task has long ended
                return

        loop.call_soon_threadsafe(begin)
        return cancel

    def _one_less(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._tasks -= 1
            if self._tasks == 0:
                self._loop = None
                loop.stop()

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            loop.close()
