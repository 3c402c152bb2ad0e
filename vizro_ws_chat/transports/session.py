"""The conversation with one browser over one connection, whatever carries it: frames in, frames out."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.protocol.codec import decode_client
from vizro_ws_chat.protocol.codes import REFUSALS
from vizro_ws_chat.protocol.frames import (
    PROTOCOL_VERSION,
    Accepted,
    AnswerFrame,
    Cancel,
    ClientFrame,
    DeliverFrame,
    FeedbackFrame,
    FeedbackTaken,
    Frame,
    Hello,
    History,
    NeedHistory,
    Ping,
    Pong,
    RefusedFrame,
    Resume,
    Send,
    Welcome,
)
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.runs import ReadableRun
from vizro_ws_chat.telemetry.observer import Transport
from vizro_ws_chat.threads.signing import Message, Scope
from vizro_ws_chat.transports.admission import admit
from vizro_ws_chat.transports.answering import Answering, texts_of
from vizro_ws_chat.transports.attachments import find_files
from vizro_ws_chat.transports.rate import RateLimit
from vizro_ws_chat.transports.run_readers import RunReaders
from vizro_ws_chat.transports.service import ChatService

logger = redacted_logger(__name__)

_COSTS: dict[type[Frame], int] = {Send: 10, AnswerFrame: 10, DeliverFrame: 10, FeedbackFrame: 10}
"""As how many frames those count that set the author's code to work."""


def refused_frame(refusal: RefusedError, run_id: str | None = None, delivery: str | None = None) -> RefusedFrame:
    """Return what the browser is told of a refusal."""
    return RefusedFrame(
        code=refusal.code,
        text=refusal.text,
        run=run_id,
        ref=refusal.ref,
        retry_ms=refusal.retry_ms,
        delivery=delivery,
    )


class Session:
    """Answers the frames of one connection and reads runs for it.

    All methods but the `wake` callback belong to one thread: the connection's.

    Args:
        service: What the app's connections share.
        browser: The browser's owner, as its cookie tells; a chat may have an owner of its own.
        wake: Called, from any thread, when `take` has something new.
        transport: What carries the frames.
    """

    def __init__(self, service: ChatService, browser: str, wake: Callable[[], None], transport: Transport) -> None:
        self._service = service
        self._browser = browser
        self._wake = wake
        self._transport: Transport = transport
        self.log_fields = {"transport": str(transport)}
        """Of the records about the connection; the chat is among them from its hello on."""
        self._scope: Scope | None = None
        self._outbox: list[Frame] = []
        self._arrivals: list[Frame] = []  # from other threads; a deque takes 700 bytes when it is empty
        self._awaited = 0
        self._readers = RunReaders(service.runs, wake)
        self._history: list[str] = []
        self._rate = RateLimit(service.settings.max_frames_per_second, service.scheduler.clock)

    # ---- in ----

    def receive(self, message: str | bytes) -> RefusedError | None:
        """Answer a message of the browser.

        Returns:
            The refusal, when it must end the connection (its `refused` frame is in the outbox), else `None`.
        """
        with log_fields(self.log_fields):
            try:
                frames = decode_client(message)
            except RefusedError as refusal:
                return self._refuse(refusal)
            for frame in frames:
                run = getattr(frame, "run", None)
                with log_fields({"run_id": run} if run else {}):
                    ending = self._receive(frame)
                if ending:
                    return ending
            return None

    def _receive(self, frame: ClientFrame) -> RefusedError | None:
        try:
            cost = _COSTS.get(type(frame), 1)
            self._rate.spend(cost)
            self._service.rates.spend(self._scope.owner if self._scope else self._browser, cost)
            self._answer(frame)
        except RefusedError as refusal:
            return self._refuse(refusal, frame)
        except Exception as error:  # noqa: BLE001 - one frame's failure must not end the others' answers
            return self._refuse(self._unexpected(error), frame)
        return None

    def _answer(self, frame: ClientFrame) -> None:
        if isinstance(frame, Hello):
            self._hello(frame)
            return
        scope = self._scope
        if scope is None:
            raise ProtocolError("the first frame must be hello")
        match frame:
            case Send():
                self._admit_again(scope)
                self._send(frame, scope)
            case History():
                self._collect_history(frame, scope)
            case Cancel():
                self._service.runs.cancel(RunKey(*scope, frame.run))
            case AnswerFrame():
                self._admit_again(scope)
                self._service.runs.answer(RunKey(*scope, frame.run), frame.part, frame.value)
            case DeliverFrame():
                self._admit_again(scope)
                self._deliver(frame, scope)
            case FeedbackFrame():
                self._admit_again(scope)
                self._feedback(frame, scope)
            case Ping():
                self._outbox.append(Pong())
            case Pong():
                pass  # that it came is all it says

    def _hello(self, frame: Hello) -> None:
        responder = self._service.responders.get(frame.chat)
        if responder is None:
            raise RefusedError("unknown-chat", f"no chat has the id {frame.chat!r}")
        self.log_fields["chat"] = frame.chat
        is_first = self._scope is None  # it is said again, where a frame was missing
        scope = self._scope = Scope(frame.chat, admit(responder, self._browser))
        if frame.resume and is_first:
            self._service.observer.resumed(self._transport)
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
                self._resume(resume, scope)
            except RefusedError as refusal:
                self._refuse(refusal, resume)

    def _admit_again(self, scope: Scope) -> None:
        """Ask the author once more: a connection may be older than what its user is allowed now."""
        if admit(self._service.responders[scope.chat], self._browser) != scope.owner:
            raise RefusedError("login", "somebody else is logged in now")

    def _resume(self, resume: Resume, scope: Scope) -> None:
        run = self._service.runs.get(RunKey(*scope, resume.run))
        if run is None:
            raise RefusedError("unknown-run", "it ended long ago, in another process, or is another owner's")
        after = FrameId.parse(resume.after) if resume.after else None
        if after is not None and not run.may_lag and _is_yet_to_come(after, run.log.last):
            raise RefusedError("bad-resume", f"the frame {after} is yet to come")
        self._readers.read(run, after)

    def _send(self, frame: Send, scope: Scope) -> None:
        key = RunKey(*scope, frame.run)
        known = self._service.runs.find(key)
        if known is not None:
            self._accept(known)
            return
        if frame.text is not None and len(frame.text) > self._service.settings.max_prompt_chars:
            raise RefusedError("too-large", f"a prompt of {len(frame.text)} characters")
        chain = self._chain(scope, frame.parent) if frame.parent else []
        if chain is None:
            self._outbox.append(NeedHistory(run=frame.run))
            return
        if frame.text is not None:
            files = find_files(self._service, scope, frame.files or [])
            chain.append(self._service.archive.add(scope, frame.parent, "user", frame.text, files))
        elif not chain or chain[-1].role != "user":
            raise ProtocolError("only a user message can be answered again")
        self._accept(Answering(self._service, scope, chain, frame, self._transport).start())

    def _chain(self, scope: Scope, message: str) -> list[Message] | None:
        """Return the conversation up to a message; `None` when its browser must bring it."""
        chain = self._service.archive.chain(scope, message)
        keeper = self._service.history.of(scope)
        return keeper.chain(scope, message) if chain is None and keeper is not None else chain

    def _accept(self, run: ReadableRun) -> None:
        model = self._service.responders[run.key.chat].model
        self._outbox.append(Accepted(run=run.id, message=run.question, model=model, view=run.question_view))
        if run.id not in self._readers:
            self._readers.read(run, None)

    def _deliver(self, frame: DeliverFrame, scope: Scope) -> None:
        if not self._service.responders[scope.chat].takes_deliveries:
            raise RefusedError("not-delivered", "the chat lets nothing be said into its answers")
        if len(frame.text) > self._service.settings.max_prompt_chars:
            raise RefusedError("too-large", f"a message of {len(frame.text)} characters")
        self._service.runs.deliver(RunKey(*scope, frame.run), Delivery(frame.id, frame.text))

    def _feedback(self, frame: FeedbackFrame, scope: Scope) -> None:
        responder = self._service.responders[scope.chat]
        if not responder.takes_feedback:
            raise RefusedError("no-feedback", "the chat asks for none")
        if len(frame.comment) > self._service.settings.max_comment_chars:
            raise RefusedError("too-large", f"a comment of {len(frame.comment)} characters")
        chain = self._chain(scope, frame.message)
        if chain is None:
            self._outbox.append(NeedHistory(run=frame.run))
            return
        if chain[-1].role != "assistant":
            raise RefusedError("no-feedback", "only answers are rated")

        keeper = self._service.history.of(scope)

        def done(refusal: RefusedError | None) -> None:
            if refusal is None and keeper is not None:
                keeper.rated(scope, frame.message, frame.rating, frame.comment)
            if refusal is not None:
                self._service.observer.refused(refusal.code)
            self._arrivals.append(refused_frame(refusal, frame.run) if refusal else FeedbackTaken(run=frame.run))
            self._wake()

        self._service.feedback.take(
            (scope, frame.message),
            (frame.rating, frame.comment),
            lambda: responder.take_feedback(chain, frame),
            done,
            withheld=[*texts_of(chain), frame.comment],
        )
        self._awaited += 1

    def _collect_history(self, frame: History, scope: Scope) -> None:
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
            self._service.archive.restore(scope, history)

    def _refuse(self, refusal: RefusedError, frame: Frame | None = None) -> RefusedError | None:
        logger.info("Refused: %s", refusal)
        delivery = frame.id if isinstance(frame, DeliverFrame) else None
        self._outbox.append(refused_frame(refusal, getattr(frame, "run", None), delivery))
        if REFUSALS[refusal.code].close_code is None:
            self._service.observer.refused(refusal.code)
            return None
        return refusal  # whoever ends the connection tells the observer

    @staticmethod
    def _unexpected(error: Exception) -> RefusedError:
        ref = secrets.token_hex(4)
        logger.error("Answering a frame failed (reference %s)", ref, exc_info=error)
        return RefusedError("internal", ref=ref)

    # ---- out ----

    def take(self) -> list[Frame]:
        """Return the frames that are ready to be sent, as many as make one message, and count them as sent."""
        while self._arrivals:
            self._outbox.append(self._arrivals.pop(0))
            self._awaited -= 1
        frames, self._outbox = self._outbox, []
        self._readers.fill(frames)
        return frames

    @property
    def is_reading(self) -> bool:
        """Whether a run that will go on by itself is being read."""
        return self._readers.is_awaiting

    @property
    def is_done(self) -> bool:
        """Whether no run is being read, not even one that waits for its reader."""
        return self._readers.is_empty

    @property
    def is_awaiting(self) -> bool:
        """Whether an answer to the browser is on its way from another thread."""
        return self._awaited > 0

    def close(self) -> None:
        """Stop reading. The runs go on."""
        self._readers.close()


def _is_yet_to_come(after: FrameId, last: FrameId | None) -> bool:
    return last is None or (after.epoch == last.epoch and after.seq > last.seq)
