"""Cancelling: one token per run, and what generate_response sees of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Protocol, TypeVar

from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.inbox import Inbox
from vizro_ws_chat.streams.upstream import shut_down_stream

logger = redacted_logger(__name__)

_MAX_SUGGESTIONS = 5
_MAX_SUGGESTION_CHARS = 200


class Closable(Protocol):
    """Anything with a `close` method."""

    def close(self) -> object:
        """Release it."""


StreamT = TypeVar("StreamT", bound=Closable)


class CancelToken:
    """Says whether a run was cancelled and tells who wants to know. Cancelling twice is cancelling once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._callbacks: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the run was cancelled."""
        return self._cancelled

    def cancel(self) -> None:
        """Cancel: call every registered function once, in order, on this thread."""
        with self._lock:
            if self._cancelled:
                return
            self._cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            _call(callback)

    def on_cancel(self, callback: Callable[[], object]) -> None:
        """Call `callback` when the run is cancelled; now, if it already is."""
        with self._lock:
            if not self._cancelled:
                self._callbacks.append(callback)
                return
        _call(callback)


def _call_apart(context: Context, callback: Callable[[], object]) -> None:
    arguments = (_call, callback)
    threading.Thread(target=context.run, args=arguments, name="vizro-ws-chat-on-cancel", daemon=True).start()


def _call(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        logger.exception("A function registered with on_cancel failed")


class RunContext:
    """What `generate_response` may know of its run; passed when it has a parameter named `context`.

    Example:
        ```python
        def generate_response(self, messages, context):
            query = warehouse.start(messages[-1]["content"])
            context.on_cancel(query.abort)
            for row in query:
                yield f"* {row} "
        ```
    """

    def __init__(
        self,
        run_id: str,
        token: CancelToken,
        inbox: Inbox | None = None,
        give_title: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._give_title = give_title
        self._run_id = run_id
        self._inbox = Inbox() if inbox is None else inbox
        self._token = token
        self._tracked: list[Closable] = []
        self._suggestions: list[str] = []

    @property
    def run_id(self) -> str:
        """The run's id, also found in the server's log."""
        return self._run_id

    @property
    def inbox(self) -> Inbox:
        """What the reader says while the answer is being made, with `Chat(while_answering="deliver")`."""
        return self._inbox

    @property
    def cancelled(self) -> bool:
        """Whether Stop was pressed (or nobody reads any more). Ask it in long loops without a `yield`."""
        return self._token.cancelled

    def on_cancel(self, callback: Callable[[], object]) -> None:
        """Call `callback` when the run is cancelled.

        It runs once, on a thread of its own, so it may talk to a network. It runs at once when the run is cancelled
        already.
        """
        # Whoever cancels has other runs and connections to look after. What it logs and traces belongs to this run.
        context = copy_context()
        self._token.on_cancel(lambda: _call_apart(context, callback))

    def track(self, stream: StreamT) -> StreamT:
        """Break off and close `stream` when the run ends early, and return it.

        Streams that are local variables of `generate_response`, and reads that it is blocked in, are found without
        this. Use it for streams that are kept elsewhere.

        Args:
            stream: A response stream of an HTTP client or SDK (`httpx`, `openai`, …), or anything with `close()`.
        """
        self._tracked.append(stream)
        self._token.on_cancel(lambda: shut_down_stream(stream))
        return stream

    def suggest(self, *questions: str) -> None:
        """Offer questions below the answer, once it is complete, where a click asks; until something else is asked.

        Questions that are empty or longer than 200 characters are left out, and those after the fifth. What is
        suggested later replaces what was suggested before. The model does not get suggestions with the conversation.
        """
        fitting = [question.strip() for question in questions if len(question.strip()) <= _MAX_SUGGESTION_CHARS]
        self._suggestions = [question for question in dict.fromkeys(fitting) if question][:_MAX_SUGGESTIONS]

    def title(self, title: str) -> None:
        """Call the conversation something, in its reader's list of conversations, in at most 80 characters.

        Without it, a conversation is called what its first question begins with. What its reader has called it stays.
        """
        self._give_title(title)

    def suggested(self) -> list[str]:
        """Return what was suggested; for the runner."""
        return self._suggestions

    def tracked(self) -> list[Closable]:
        """Return what was tracked; the runner closes it on the thread that read from it."""
        return self._tracked
