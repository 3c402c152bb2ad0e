"""Feedback on its way to the authors' code, off the threads that bring answers."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass, field

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.redaction import redacted_logger, withholding
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.scheduler import Scheduler

logger = redacted_logger(__name__)

_THREAD_NAME = "vizro-ws-chat-feedback"
_MOST_WAITING = 5
"""Of those that say the same: over Server-Sent Events each holds a thread."""

Done = Callable[[RefusedError | None], None]
"""Told, from any thread and once, that feedback was taken or why it was not."""


@dataclass
class _Call:
    """A call of the author's code.

    Attributes:
        content: What it is told.
        waiting: Who wants to know how it ends.
        is_slow: Whether nobody waits for it any more.
    """

    content: Hashable
    waiting: list[Done] = field(default_factory=list)
    is_slow: bool = False


class FeedbackDesk:
    """Calls the authors' code, each time on a thread of its own: however long it takes, no answer waits for it.

    What says the same of the same answer as before, because a browser has not heard that it was taken, is not told
    again.

    Args:
        settings: Limits and times.
        scheduler: Ends the waiting for slow calls.
        environment: Entered around the author's code.
    """

    def __init__(
        self, settings: Settings, scheduler: Scheduler, environment: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self._settings = settings
        self._scheduler = scheduler
        self._environment = environment
        self._lock = threading.Lock()
        self._calls: dict[Hashable, _Call] = {}
        self._taken: OrderedDict[Hashable, Hashable] = OrderedDict()

    def take(
        self, answer: Hashable, content: Hashable, tell: Callable[[], None], done: Done, *, withheld: Sequence[str] = ()
    ) -> None:
        """Let the author be told.

        Args:
            answer: What the feedback is about; it is told of one thing after the other.
            content: What it says.
            tell: Calls the author's code.
            done: Called when that has returned, has failed, or has taken longer than anybody should wait.
            withheld: What is kept out of the log should it fail.

        Raises:
            RefusedError: `busy`, when the author's code has enough to do, or has not finished with this answer.
        """
        with self._lock:
            earlier = self._calls.get(answer)
            if earlier is not None and earlier.content == content and not earlier.is_slow:
                if len(earlier.waiting) >= _MOST_WAITING:
                    raise self._busy()
                earlier.waiting.append(done)
                return
            is_told = content == (earlier.content if earlier is not None else self._taken.get(answer))
            if not is_told:
                if earlier is not None or len(self._calls) >= self._settings.max_feedback_calls:
                    raise self._busy()
                call = self._calls[answer] = _Call(content, [done])
        if is_told:
            done(None)
        else:
            arguments = (self._run, answer, call, tell, withheld)
            try:
                threading.Thread(target=copy_context().run, args=arguments, name=_THREAD_NAME, daemon=True).start()
            except RuntimeError:  # no more threads: as if nothing had been said
                with self._lock:
                    del self._calls[answer]
                raise

    def _busy(self) -> RefusedError:
        retry_ms = int(self._settings.busy_retry_seconds * 1000)
        return RefusedError("busy", "on_feedback is at work", retry_ms=retry_ms)

    def _run(self, answer: Hashable, call: _Call, tell: Callable[[], None], withheld: Sequence[str]) -> None:
        timer = self._scheduler.call_later(self._settings.feedback_seconds, lambda: self._give_up_waiting(call))
        refusal = None
        try:
            with self._environment():
                tell()
        except BaseException:
            refusal = RefusedError("internal", "on_feedback failed", ref=secrets.token_hex(4))
            with withholding(withheld):
                logger.exception("Chat(on_feedback=...) failed (reference %s)", refusal.ref)
        timer.cancel()
        with self._lock:
            del self._calls[answer]
            if refusal is None:
                self._remember(answer, call.content)
        self._release(call, refusal)

    def _give_up_waiting(self, call: _Call) -> None:
        with self._lock:
            call.is_slow = True
        self._release(call, None)

    def _remember(self, answer: Hashable, content: Hashable) -> None:
        self._taken[answer] = content
        self._taken.move_to_end(answer)
        if len(self._taken) > self._settings.max_remembered_feedback:
            self._taken.popitem(last=False)

    def _release(self, call: _Call, refusal: RefusedError | None) -> None:
        with self._lock:
            waiting, call.waiting = call.waiting, []
        for done in waiting:
            done(refusal)
