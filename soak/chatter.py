"""One reader of one run, as the browser is by `docs/protocol.md`. No sockets: frames in, frames out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from soak.history import Reading, Stretch
from vizro_ws_chat.protocol.frames import (
    PROTOCOL_VERSION,
    Accepted,
    ClientFrame,
    Hello,
    History,
    MessageRef,
    NeedHistory,
    Ping,
    Pong,
    RefusedFrame,
    RunFrame,
    Send,
    ServerFrame,
    TerminalFrame,
)
from vizro_ws_chat.testing.run_reader import RunReader


@dataclass
class Conversation:
    """The thread that a browser keeps: signed messages with their texts.

    Attributes:
        refs: The messages' signatures.
        contents: Their texts.
    """

    refs: list[MessageRef] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)

    def add(self, ref: MessageRef, content: str) -> None:
        """Append a message."""
        self.refs.append(ref)
        self.contents.append(content)

    @property
    def last_id(self) -> str | None:
        """The id of the last message."""
        return self.refs[-1].id if self.refs else None

    def copy(self) -> Conversation:
        """Return one that can go another way from here on."""
        return Conversation(list(self.refs), list(self.contents))

    def as_json(self) -> str:
        """Return what the server asks for with `need-history`."""
        pairs = zip(self.refs, self.contents, strict=True)
        return json.dumps([{**ref.model_dump(), "content": content} for ref, content in pairs], ensure_ascii=False)


class Chatter:
    """Sends one message until it is accepted, and reads its run to the end over any number of connections.

    Args:
        chat: The chat's id.
        send: The message; `None` to read only what another has sent.
        run: The run.
        before: The conversation up to the message's parent.
        reading: Where it is written down what was seen.
        history_pieces: Pieces to cut a conversation into that the server asks for.
        clock: Monotonic time in seconds.
    """

    def __init__(
        self,
        chat: str,
        run: str,
        send: Send | None,
        before: Conversation,
        reading: Reading,
        *,
        history_pieces: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reading = reading
        self.retry_ms: int | None = None
        self.chat = chat
        self._run = run
        self._send = send
        self._before = before
        self._history_pieces = history_pieces
        self._clock = clock
        self._reader = RunReader(run)
        self._is_accepted = send is None
        self._history_is_wanted = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to be read."""
        return self._reader.status.is_terminal or self.reading.refused is not None

    @property
    def is_accepted(self) -> bool:
        """Whether the server has the message."""
        return self._is_accepted

    @property
    def answer(self) -> MessageRef | None:
        """The signed answer, once the run has ended with one."""
        for stretch in self.reading.stretches:
            for frame in stretch.frames:
                if isinstance(frame, TerminalFrame):
                    return frame.message
        return None

    def open(self) -> list[ClientFrame]:
        """Return what is said first on a new connection."""
        self.retry_ms = None
        self.reading.stretches.append(Stretch([]))
        return [self._hello(), *self._request()]

    def repeat(self) -> list[ClientFrame]:
        """Return the same message once more, as a double click sends it."""
        if self._send is None:
            return []
        self._ask(0)
        return [self._send]

    def receive(self, frames: Sequence[ServerFrame]) -> list[ClientFrame]:
        """Take in what came and return what is to be said to it, where the connection goes both ways."""
        answers: list[ClientFrame] = []
        for frame in frames:
            answers += self._receive(frame)
        self.reading.text = self._reader.text
        self.reading.status = self._reader.status
        return answers

    def _receive(self, frame: ServerFrame) -> list[ClientFrame]:
        match frame:
            case Ping():
                return [Pong()]
            case Accepted(run=self._run):
                self._is_accepted = True
                self._history_is_wanted = False
                self.reading.accepted.append(frame.message)
            case NeedHistory(run=self._run):
                self._history_is_wanted = True
                return self._request()
            case RefusedFrame(code="busy" | "rate"):
                self.retry_ms = frame.retry_ms or 0
            case RefusedFrame():
                self.reading.refused = frame.code
                self.reading.refused_at = self._clock()
            case RunFrame(run=self._run):
                self.reading.stretches[-1].frames.append(frame)
                if self._reader.apply(frame):
                    return [self._hello()]
        return []

    def _hello(self) -> Hello:
        resume = [self._reader.resume] if self._is_accepted else []
        if resume:
            after = self._reader.resume.after
            self._ask(int(after.split("-")[1]) if after else 0)
        return Hello(v=PROTOCOL_VERSION, chat=self.chat, resume=resume)

    def _request(self) -> list[ClientFrame]:
        if self._is_accepted or self._send is None:
            return []
        self._ask(0)
        return [*self._history(), self._send] if self._history_is_wanted else [self._send]

    def _ask(self, after: int) -> None:
        self.reading.stretches[-1].asked.append(after)

    def _history(self) -> list[History]:
        text = self._before.as_json()
        size = -(-len(text) // self._history_pieces)
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        return [
            History(run=self._run, index=index, count=len(pieces), text=piece) for index, piece in enumerate(pieces)
        ]
