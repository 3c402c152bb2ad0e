"""The event loop that all async generators of the process share, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class EventLoopThread:
    """Runs coroutines from threads that have no event loop.

    The thread exists only while there are some. The event loop itself stays: clients such as AsyncOpenAI keep
    connections that belong to the event loop that opened them, and fail on another one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unfinished = 0
        self._is_running = False
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(
        self, main: Callable[[], Coroutine[Any, Any, None]], *, can_cancel: Callable[[], bool] = lambda: True
    ) -> Callable[[], None]:
        """Run a coroutine and return a function that cancels it, callable from any thread and at any time.

        Args:
            main: Makes the coroutine; called on the event loop's thread. It must not raise.
            can_cancel: Whether the coroutine is where it may be cancelled; asked on the event loop's thread.

        Raises:
            RuntimeError: When the system has no thread to give.
        """
        loop = self._loop_for_one_more()
        task: asyncio.Task[None] | None = None
        cancelled = False

        def begin() -> None:
            nonlocal task
            task = loop.create_task(main())
            self._tasks.add(task)  # the event loop itself holds its tasks weakly
            task.add_done_callback(lambda done: self._finished(done, loop))
            if cancelled:
                task.cancel()

        def cancel_now() -> None:
            if task is not None and can_cancel():
                task.cancel()

        def cancel() -> None:
            nonlocal cancelled
            cancelled = True
            loop.call_soon_threadsafe(cancel_now)

        loop.call_soon_threadsafe(begin)
        return cancel

    def _loop_for_one_more(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            loop = self._loop = self._loop or asyncio.new_event_loop()
            if not self._is_running:
                threading.Thread(target=self._run, args=(loop,), name="vizro-ws-chat-event-loop", daemon=True).start()
                self._is_running = True
            self._unfinished += 1
            return loop

    def _finished(self, task: asyncio.Task[None], loop: asyncio.AbstractEventLoop) -> None:
        self._tasks.discard(task)
        with self._lock:
            self._unfinished -= 1
            if self._unfinished == 0:
                loop.stop()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        # The loop's own executor, which looks up host names, would never give its threads back.
        executor = ThreadPoolExecutor(thread_name_prefix="vizro-ws-chat-executor")
        loop.set_default_executor(executor)
        is_needed = True
        while is_needed:
            loop.run_forever()
            with self._lock:
                is_needed = self._is_running = self._unfinished > 0
        executor.shutdown(wait=False)
