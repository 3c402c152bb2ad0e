"""The event loop that all async generators of the process share, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any


class EventLoopThread:
    """Runs coroutines from threads that have no event loop.

    The thread is started when it is first needed and then stays: clients such as AsyncOpenAI keep connections that
    belong to the event loop that opened them, and fail on another one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(
        self, main: Callable[[], Coroutine[Any, Any, None]], *, can_cancel: Callable[[], bool] = lambda: True
    ) -> Callable[[], None]:
        """Run a coroutine and return a function that cancels it, callable from any thread and at any time.

        Args:
            main: Makes the coroutine; called on the event loop's thread. It must not raise.
            can_cancel: Whether the coroutine is where it may be cancelled; asked on the event loop's thread.
        """
        loop = self._running_loop()
        task: asyncio.Task[None] | None = None
        cancelled = False

        def begin() -> None:
            nonlocal task
            task = loop.create_task(main())
            self._tasks.add(task)  # the event loop itself holds its tasks weakly
            task.add_done_callback(self._tasks.discard)
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

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                try:
                    threading.Thread(
                        target=self._run, args=(loop,), name="vizro-ws-chat-event-loop", daemon=True
                    ).start()
                except RuntimeError:  # the system has no thread to give
                    loop.close()
                    raise
                self._loop = loop
            return self._loop

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
