"""What the server saw of each request, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

Outcome: TypeAlias = Literal["completed", "disconnected", "dropped", "failed", "server-closed"]


class RecordedRequest:
    """One request for an answer. A retry by the SDK is a request of its own.

    All times are `time.monotonic()` seconds, which on Linux can be compared with those of other processes.

    Attributes:
        path: The request's path, without the query.
        headers: The request's headers, names in lower case.
        body: The decoded JSON body.
        received: When the whole request had been read.
    """

    def __init__(self, path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> None:
        self.path = path
        self.headers = headers
        self.body = body
        self.received = time.monotonic()
        self._changed = threading.Condition()
        self._first_byte_sent: float | None = None
        self._chunk_times: list[float] = []
        self._finished: float | None = None
        self._outcome: Outcome | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path} {self.text!r} {self._outcome or 'answering'}>"

    @property
    def stream(self) -> bool:
        """Whether a streamed answer was asked for."""
        return bool(self.body.get("stream"))

    @property
    def attempt(self) -> int:
        """0 for the first attempt, then the number of the SDK's retry."""
        return int(self.headers.get("x-stainless-retry-count", "0"))

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation as `role` and text `content`, whichever API was used."""
        items = _items_of(self.body)
        return [{"role": item["role"], "content": _text_of(item.get("content"))} for item in items if "role" in item]

    @property
    def text(self) -> str:
        """The last user message's text; empty without one."""
        return next((m["content"] for m in reversed(self.messages) if m["role"] == "user"), "")

    @property
    def tool_outputs(self) -> list[str]:
        """What the functions gave that the model has asked for, since the last user message."""
        outputs: list[str] = []
        for item in _items_of(self.body):
            if item.get("role") == "user":
                outputs.clear()
            elif item.get("type") == "function_call_output":
                outputs.append(_text_of(item.get("output")))
            elif item.get("role") == "tool":
                outputs.append(_text_of(item.get("content")))
        return outputs

    @property
    def first_byte_sent(self) -> float | None:
        """When the answer's headers were written."""
        return self._first_byte_sent

    @property
    def chunk_times(self) -> list[float]:
        """When each chunk was written; with a regular, unstreamed answer, when it was due."""
        with self._changed:
            return list(self._chunk_times)

    @property
    def outcome(self) -> Outcome | None:
        """How the answer ended, `None` while it has not.

        `completed` was written to its end (as errors asked for by a scenario are), `disconnected` was ended by the
        client, `dropped` by the scenario, `failed` by an exception in the scenario's callable and `server-closed`
        by closing the server.
        """
        return self._outcome

    @property
    def finished(self) -> float | None:
        """When the answer ended, in whichever way."""
        return self._finished

    @property
    def disconnected_at(self) -> float | None:
        """When the server saw that the client had closed the connection before the answer was complete."""
        return self._finished if self._outcome == "disconnected" else None

    def wait_first_byte(self, timeout: float) -> bool:
        """Wait until the answer's headers are written; `False` when they never are."""
        return self._wait(lambda: self._first_byte_sent is not None, timeout)

    def wait_chunks(self, count: int, timeout: float) -> bool:
        """Wait until `count` chunks are written; `False` when fewer were."""
        return self._wait(lambda: len(self._chunk_times) >= count, timeout)

    def wait_finished(self, timeout: float) -> bool:
        """Wait until the answer has ended, in whichever way."""
        return self._wait(lambda: self._finished is not None, timeout)

    def wait_disconnected(self, timeout: float) -> bool:
        """Wait until the client has hung up; `False`, at once, when the answer ends in another way."""
        return self._wait(lambda: self._outcome == "disconnected", timeout)

    def note_first_byte(self) -> None:
        """Record that the headers have been written."""
        with self._changed:
            self._first_byte_sent = time.monotonic()
            self._changed.notify_all()

    def note_chunk(self) -> None:
        """Record that one more chunk has been written."""
        with self._changed:
            self._chunk_times.append(time.monotonic())
            self._changed.notify_all()

    def note_end(self, outcome: Outcome) -> None:
        """Record the end of the answer."""
        with self._changed:
            self._finished = time.monotonic()
            self._outcome = outcome
            self._changed.notify_all()

    def _wait(self, reached: Callable[[], bool], timeout: float) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: reached() or self._outcome is not None, timeout)
            return reached()


def _items_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    items: Any = body.get("input", body.get("messages", []))
    return [{"role": "user", "content": items}] if isinstance(items, str) else items


def _text_of(content: object) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
