"""The conversation with one browser over one connection, whatever carries it: frames in, frames out."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.protocol.codec import decode_client
from vizro_ws_chat.protocol.codes import REFUSALS
from vizro_ws_chat.protocol.frames import (
    PROTOCOL_VERSION,
    Accepted,
    Cancel,
    ClientFrame,
    Frame,
    Hello,
    History,
    MessageRef,
    NeedHistory,
    Ping,
    Pong,
    RefusedFrame,
    Resume,
    Send,
    Welcome,
)
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.threads.signing import Message
from vizro_ws_chat.transports.rate import RateLimit
from vizro_ws_chat.transports.service import ChatService

logger = logging.getLogger(__name__)


def refused_frame(refusal: RefusedError, run_id: str | None = None) -> RefusedFrame:
    """Return what the browser is told of a refusal."""
    return RefusedFrame(code=refusal.code, text=refusal.text, run=run_id, ref=refusal.ref, retry_ms=refusal.retry_ms)


class _Reader:
    """A run that the connection reads, and how far it has come."""

    def __init__(self, run: Run, after: FrameId | None) -> None:
        self.run = run
        self.after = after


class Session:
    """Answers the frames of one connection and reads runs for it.

    All methods but the `wake` callback belong to one thread: the connection's.

    Args:
        service: What the app's connections share.
        wake: Called, from any thread, when `take` has something new.
    """

    def __init__(self, service: ChatService, wake: Callable[[], None]) -> None:
        self._service = service
        self._wake = wake
        self._chat: str | None = None
        self._outbox: list[Frame] = []
        self._readers: dict[str, _Reader] = {}
        self._history: list[str] = []
        self._rate = RateLimit(service.settings.max_frames_per_second, service.scheduler.clock)

    # ---- in ----

    def receive(self, message: str | bytes) -> RefusedError | None:
        """Answer a message of the browser.

        Returns:
            The refusal, when it must end the connection (its `refused` frame is in the outbox), else `None`.
        """
        try:
            frames = decode_client(message)
        except RefusedError as refusal:
            return self._refuse(refusal, None)
        for frame in frames:
            try:
                self._rate.spend()
                self._answer(frame)
            except RefusedError as refusal:
                ending = self._refuse(refusal, getattr(frame, "run", None))
                if ending:
                    return ending
            except Exception as error:  # noqa: BLE001 - one frame's failure must not end the others' answers
                return self._refuse(self._unexpected(error), getattr(frame, "run", None))
        return None

    def _answer(self, frame: ClientFrame) -> None:
        if isinstance(frame, Hello):
            self._hello(frame)
            return
        if self._chat is None:
            raise ProtocolError("the first frame must be hello")
        match frame:
            case Send():
                self._send(frame, self._chat)
            case History():
                self._collect_history(frame, self._chat)
            case Cancel():
                self._service.hub.cancel(frame.run)
            case Ping():
                self._outbox.append(Pong())

    def _hello(self, frame: Hello) -> None:
        if frame.chat not in self._service.responders:
            raise RefusedError("unknown-chat", f"no chat has the id {frame.chat!r}")
        self._chat = frame.chat
        settings = self._service.settings
        self._outbox.append(
            Welcome(
                v=PROTOCOL_VERSION,
                heartbeat_ms=int(settings.heartbeat_seconds * 1000),
                idle_ms=int(settings.idle_seconds * 1000),
                max_prompt_chars=settings.max_prompt_chars,
            )
        )
        for resume in frame.resume:
            try:
                self._resume(resume)
            except RefusedError as refusal:
                self._refuse(refusal, resume.run)

    def _resume(self, resume: Resume) -> None:
        run = self._service.hub.get(resume.run)
        if run is None:
            raise RefusedError("unknown-run", "it ended long ago, or in another process")
        self._read(run, FrameId.parse(resume.after) if resume.after else None)

    def _send(self, frame: Send, chat: str) -> None:
        known = self._service.hub.get(frame.run)
        if known is not None:
            self._accept(known)
            return
        if frame.text is not None and len(frame.text) > self._service.settings.max_prompt_chars:
            raise RefusedError("too-large", f"a prompt of {len(frame.text)} characters")
        chain = self._service.archive.chain(chat, frame.parent) if frame.parent else []
        if chain is None:
            self._outbox.append(NeedHistory(run=frame.run))
            return
        if frame.text is not None:
            chain.append(self._service.archive.add(chat, frame.parent, "user", frame.text))
        elif not chain or chain[-1].role != "user":
            raise ProtocolError("only a user message can be answered again")
        self._accept(self._start(frame.run, chat, chain))

    def _start(self, run_id: str, chat: str, chain: list[Message]) -> Run:
        responder = self._service.responders[chat]
        archive = self._service.archive
        question = chain[-1]

        def seal(content: str) -> MessageRef:
            return archive.add(chat, question.id, "assistant", content).ref

        producer = Producer(
            produce=lambda context: responder.respond(chain, context),
            is_async=responder.is_async,
            environment=self._service.environment,
        )
        return self._service.hub.start(run_id, question=question.ref, seal=seal, producer=producer)

    def _accept(self, run: Run) -> None:
        self._outbox.append(Accepted(run=run.id, message=run.question))
        if run.id not in self._readers:
            self._read(run, None)

    def _collect_history(self, frame: History, chat: str) -> None:
        if frame.index == 0:
            self._history = []
        if frame.index != len(self._history):
            self._history = []
            raise RefusedError("bad-history", "its pieces came out of order")
        self._history.append(frame.text)
        if sum(map(len, self._history)) > self._service.settings.max_history_chars:
            self._history = []
            raise RefusedError("too-large", "the conversation is too long")
        if frame.index == frame.count - 1:
            history, self._history = "".join(self._history), []
            self._service.archive.restore(chat, history)

    def _refuse(self, refusal: RefusedError, run_id: str | None) -> RefusedError | None:
        logger.info("Refused: %s", refusal)
        self._outbox.append(refused_frame(refusal, run_id))
        return refusal if REFUSALS[refusal.code].close_code is not None else None

    @staticmethod
    def _unexpected(error: Exception) -> RefusedError:
        ref = secrets.token_hex(4)
        logger.error("Answering a frame failed (reference %s)", ref, exc_info=error)
        return RefusedError("internal", ref=ref)

    # ---- out ----

    def _read(self, run: Run, after: FrameId | None) -> None:
        self._stop_reading(run.id)
        self._readers[run.id] = _Reader(run, after)
        self._service.hub.attach(run)
        run.log.subscribe(self._wake)

    def _stop_reading(self, run_id: str) -> None:
        reader = self._readers.pop(run_id, None)
        if reader is not None:
            reader.run.log.unsubscribe(self._wake)
            self._service.hub.detach(reader.run)

    def take(self) -> list[Frame]:
        """Return the frames that are ready to be sent, and count them as sent."""
        frames, self._outbox = self._outbox, []
        for reader in list(self._readers.values()):
            # Asked before reading: when the log was closed by then, what is read is all there is.
            is_complete = reader.run.log.is_closed
            new = reader.run.log.read(reader.after)
            if new:
                reader.after = new[-1].frame_id
                frames.extend(new)
            if is_complete:
                self._stop_reading(reader.run.id)
        return frames

    @property
    def is_reading(self) -> bool:
        """Whether a run that is not yet at its end is being read."""
        return bool(self._readers)

    def close(self) -> None:
        """Stop reading. The runs go on."""
        for run_id in list(self._readers):
            self._stop_reading(run_id)
