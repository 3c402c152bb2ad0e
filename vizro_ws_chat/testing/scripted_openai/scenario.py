"""How one request is answered: what is said, when, and what goes wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from vizro_ws_chat.testing.scripted_openai.pieces import Piece

if TYPE_CHECKING:
    from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest

Chunks: TypeAlias = "str | Iterable[Piece] | Callable[[RecordedRequest], str | Iterable[Piece]]"


class Gate:
    """A place in the answer where the server waits until the test lets it go on.

    A gate that has been released stays open, also for later requests.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._released = False
        self._reached = 0
        self._wakers: set[Callable[[], object]] = set()

    @property
    def released(self) -> bool:
        """Whether `release` has been called."""
        return self._released

    def release(self) -> None:
        """Let every answer that waits here go on."""
        with self._changed:
            self._released = True
            for wake in self._wakers:
                wake()

    def wait_reached(self, timeout: float, *, count: int = 1) -> bool:
        """Wait until `count` answers have come to this gate.

        Args:
            timeout: Seconds to wait at most.
            count: How many answers must have come here, since the gate was made.

        Returns:
            Whether they have.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._reached >= count, timeout)

    def enter(self, wake: Callable[[], object]) -> None:
        """Count one answer as having come here and call `wake` when the gate is released."""
        with self._changed:
            self._reached += 1
            self._wakers.add(wake)
            self._changed.notify_all()
            if self._released:
                wake()

    def leave(self, wake: Callable[[], object]) -> None:
        """Undo `enter`: `wake` is not called once this returns."""
        with self._changed:
            self._wakers.discard(wake)


@dataclass(frozen=True)
class Scenario:
    """How one request is answered.

    Every wait ends at once when the client hangs up or the server is closed.

    Attributes:
        chunks: The answer's text. A `str` is cut into word-sized chunks; anything else is iterated, one delta per
            item, and may be endless: text, and what else `pieces` has. A callable gets the request and must not
            block: while it does, a client that hangs up goes unnoticed. Pass a callable for generators, which can be
            iterated only once.
        delay_seconds: Time before each chunk but the first. It is a pace: oversleeping is made up for, holds are not.
        first_delay_seconds: Time before the first chunk.
        before_headers: Not one byte is sent until this gate is released.
        hold_after: Number of chunks sent to the gate to wait at. At 0 the headers and opening events are out.
        status: With 400 or more the answer is an OpenAI error object and `chunks` is not used.
        headers: Headers to add to the answer, such as `retry-after-ms`.
        error_after: Number of chunks after which the model fails: an error event, then the regular end of the body.
        drop_after: Number of chunks after which the connection is dropped in mid answer.
        drop_by: `reset` drops with a TCP reset, `close` with an orderly end of the TCP stream.
        close_delimited: Send a streamed body without a length, ended by the end of the connection, as HTTP/1.0 does.
            A client cannot tell such a body that was cut off from one that is complete.
    """

    chunks: Chunks = ""
    delay_seconds: float = 0.0
    first_delay_seconds: float = 0.0
    before_headers: Gate | None = None
    hold_after: Mapping[int, Gate] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error_after: int | None = None
    drop_after: int | None = None
    drop_by: Literal["reset", "close"] = "reset"
    close_delimited: bool = False

    def chunks_for(self, request: RecordedRequest) -> Iterable[Piece]:
        """The chunks that answer `request`."""
        chunks = self.chunks(request) if callable(self.chunks) else self.chunks
        return words(chunks) if isinstance(chunks, str) else chunks


def words(text: str) -> list[str]:
    """Cut `text` into word-sized chunks, white space in front, that join to `text` again."""
    return re.findall(r"\s*\S+|\s+$", text)
