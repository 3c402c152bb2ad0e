"""One run: its state, and the frames that it writes to its log."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codes import ERRORS, ErrorCode
from vizro_ws_chat.protocol.content import Content, OutputKind, StreamedKind
from vizro_ws_chat.protocol.frames import ErrorFrame, Finish, Interrupted, MessageRef, Stopped, TerminalFrame
from vizro_ws_chat.protocol.run_state import TRANSITIONS, RunStatus, status_after
from vizro_ws_chat.redaction import redacted_logger, withholding
from vizro_ws_chat.streams.asking import Heard, OpenQuestion, Questions, texts_in
from vizro_ws_chat.streams.cancel import CancelToken
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.deltas import DeltaBuffer, well_formed
from vizro_ws_chat.streams.inbox import Delivery, Inbox
from vizro_ws_chat.streams.log import StreamLog
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.streams.text_flow import TextFlow
from vizro_ws_chat.telemetry.observer import UNOBSERVED, RunObservation

logger = redacted_logger(__name__)

_CHANGES_PER_SECOND = 60
"""How often parts may change: as often as a screen does."""

Seal = Callable[[Content], MessageRef]
"""Signs the assistant message with this content and returns its reference."""


class RunKey(NamedTuple):
    """What a run is found by. Another chat's or owner's run of the same id is another run.

    Attributes:
        chat: The chat's id.
        owner: Whose it is, as `transports.owner` tells.
        id: Chosen by the browser.
    """

    chat: str
    owner: str
    id: str


class Ending(NamedTuple):
    """How a run has ended.

    Attributes:
        frame: Its last frame.
        view: How the author shows the answer, as the JSON of components; `None`: as the chat does.
        title: What the author calls the conversation; `None`: nothing.
    """

    frame: TerminalFrame
    view: str | None = None
    title: str | None = None


class Run:
    """One generation of one assistant message.

    The runner calls `write` and then one of the ends. Whoever ends the run first decides how it ended: later ends and
    writes have no effect and return `False`. Ending never blocks and is right at once for every reader; the token
    tells the runner to stop the work.

    Args:
        key: Whose it is, and its id.
        question: The signed user message that is answered.
        epoch: Start of the run in milliseconds since 1970.
        log: Where the frames go.
        buffer: Decides which text is sent when.
        seal: Signs the answer.
        scheduler: Sends text that was held back.
        max_chars: Text after which the run is ended.
    """

    is_lost = False
    """What is still to come of it will come: it is in this process."""

    def __init__(
        self,
        key: RunKey,
        *,
        question: MessageRef,
        epoch: int,
        log: StreamLog,
        buffer: DeltaBuffer,
        seal: Seal,
        scheduler: Scheduler,
        max_chars: int,
    ) -> None:
        self.key = key
        self.id = key.id
        self.question = question
        self.question_view: str | None = None
        """How the author shows the question; `None`: as the chat does."""
        self.log = log
        self.token = CancelToken()
        self.status = RunStatus.SUBMITTED
        self._seal = seal
        self._scheduler = scheduler
        self._chars_left = max_chars
        self._lock = threading.RLock()
        self._parts = Composition(key.id, epoch)
        self._flow = TextFlow(self._parts, buffer, scheduler, self._send_held_back)
        self._questions = Questions(scheduler.clock)
        self._next_change = float("-inf")
        self.inbox = Inbox(self._show_delivery)
        """What the reader says into it."""
        self.observation: RunObservation = UNOBSERVED
        self.log_fields = {"run_id": key.id, "chat": key.chat}
        """Of the records about it that are made anywhere."""
        self.ending: Ending | None = None
        """How it has ended, once it has."""
        self.keep: Callable[[Ending], None] = lambda _: None
        """Keeps how it has ended, before any reader hears of it; it must be quick."""
        self._title: str | None = None
        self._when_ended: list[Callable[[], None]] = [self.inbox.close]

    @property
    def may_lag(self) -> bool:
        """Whether its readers elsewhere may have seen more of it than those here."""
        return self.log.may_lag

    # ---- writing ----

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        with self._lock:  # what was held back may be on its way from the one to the other
            return self._parts.is_unanswered and self._flow.is_empty

    @property
    def seconds_ahead(self) -> float:
        """For how long a writer who is faster than anybody can read should pause, to leave time for others."""
        return max(self._flow.seconds_ahead, self._next_change - self._scheduler.clock(), 0.0)

    def texts(self, kind: OutputKind) -> list[str]:
        """Return the texts of all parts of a kind so far."""
        with self._lock:
            return self._parts.texts(kind)

    def write(self, chunk: str, kind: StreamedKind = "text") -> bool:
        """Add text to the answer and return whether the run still wants more."""
        with self._lock:
            if self.status.is_terminal:
                return False
            fitting = chunk[: self._take(len(chunk))]
            if self._flow.add(fitting, kind):
                self._append()
        return len(fitting) == len(chunk) or self._end_too_long()

    def add(self, kind: OutputKind, text: str, *, beside: bool = False) -> int | None:
        """Add a whole part to the answer.

        Args:
            kind: Its kind.
            text: Its text, JSON.
            beside: Whether the text before it goes on after it.

        Returns:
            Its index; `None` when the run wants no more.
        """
        with self._lock:
            if self.status.is_terminal:
                return None
            if self._take(len(text)) == len(text):
                return self._add_part(kind, text, beside=beside)
        self._end_too_long()
        return None

    def replace(self, index: int, text: str) -> bool:
        """Give a part another text, JSON, and return whether the run still wants more."""
        with self._lock:
            if self.status.is_terminal:
                return False
            if self._change_part(index, text):
                return True
        return self._end_too_long()

    def _end_too_long(self) -> bool:
        """End it, and all that waits for its end: never with the lock, which some of that waits for, too."""
        if self.fail("output-limit", ref=self.id):
            logger.warning("Run %s ended: its answer is longer than max_output_chars", self.id, extra=self.log_fields)
            self.token.cancel()
        return False

    def _take(self, chars: int) -> int:
        """Return how many of the characters may still be written, and count them as written."""
        taken = min(chars, self._chars_left)
        self._chars_left -= taken
        return taken

    def _add_part(self, kind: OutputKind, text: str, *, beside: bool = False) -> int:
        if beside:
            self._flow.send()
        else:
            self._flow.end()
        index = self._parts.begin(kind)
        self._parts.extend(index, text)
        self._parts.end(index)
        self._append()
        return index

    def _change_part(self, index: int, text: str) -> bool:
        """Give a part another text, and return whether there was room for it."""
        more = len(text) - self._parts.length(index)
        if more > self._chars_left:
            return False
        self._chars_left -= more
        if self._parts.replace(index, text):
            self._append()
            self._next_change = max(self._next_change, self._scheduler.clock()) + 1 / _CHANGES_PER_SECOND
        return True

    def add_view(self, make: Callable[[Content], str | None]) -> None:
        """Add how the author shows the answer, which is complete, behind it.

        Args:
            make: The author's code: returns it for the answer's content; `None`: as the chat does.
        """
        with self._lock:
            if self.status.is_terminal:
                return
            self._flow.end()
            self._append()
            content = self._parts.content
        view = make(content)  # without the lock: it may take its time
        with self._lock:
            if view is None or self.status.is_terminal:
                return
            if self._take(len(view)) == len(view):
                self._add_part("view", view)
            else:
                logger.warning("Run %s: how its answer is to be shown is longer than max_output_chars", self.id)

    def _send_held_back(self) -> None:
        with self._lock:
            if not self.status.is_terminal:
                self._flow.send()
                self._append()

    # ---- asking ----

    def ask(
        self, text: str, hear: Callable[[Any], Heard], *, timeout: float, kind: OutputKind = "ask", **late: Any
    ) -> OpenQuestion | None:
        """Add a part that asks the reader something.

        Args:
            text: The part's, JSON.
            hear: Reads the answer.
            timeout: For how long it is waited for, in seconds.
            kind: The part's.
            **late: What becomes of it then, as `OpenQuestion` takes it.

        Returns:
            What waits for the answer; `None` when the run wants no more.
        """
        question: OpenQuestion | None = None
        with self._lock:
            if self.status.is_terminal:
                return None
            if self._take(len(text)) == len(text):
                self._questions.expect()
                index = self._add_part(kind, text)
                question = OpenQuestion(index, hear, timeout=timeout, **late)
                self._questions.add(question)
        if question is None:
            self._end_too_long()
            return None
        self.token.on_cancel(question.give_up)
        return question

    def answer(self, index: int, value: Any) -> None:
        """Take the reader's answer to the question that a part asks. The same answer again is the same answer.

        Raises:
            RefusedError: `not-asked`, when there is no such question, or not any more; `not-offered`, when it can't be
                answered like this.
        """
        with self._lock:
            question = self._questions.get(index)
            if question is None:
                raise RefusedError("not-asked", f"the part {index} asks nothing")
            is_open = question.is_open and not self.status.is_terminal
        heard = self._hear(question, value) if is_open else None  # without the lock: it is the author's code
        with self._lock:
            if heard is None or not question.is_open or self.status.is_terminal:
                question.check_again(value)
                return
            has_room = self._change_part(index, heard.text)
            if has_room and heard.is_final:
                question.answer(value, heard.reply)
                self._questions.settle(question)
        if not has_room:
            self._end_too_long()

    def _hear(self, question: OpenQuestion, value: Any) -> Heard:
        try:
            return question.hear(value)
        except RefusedError:
            raise
        except Exception as error:  # as any other answer that is of no use: sent again, it would fail again
            ref = secrets.token_hex(4)
            with withholding(texts_in(value)):
                logger.exception(
                    "Run %s: the reader's answer could not be read (reference %s)",
                    self.id,
                    ref,
                    extra=self.log_fields,
                )
            raise RefusedError("not-offered", "the author's code failed on it", ref=ref) from error

    def expire(self, question: OpenQuestion) -> None:
        """Wait for an answer no longer, unless it has just come."""
        with self._lock:
            if not question.is_open or self.status.is_terminal:
                return
            has_room = self._change_part(question.index, question.expired)
            if has_room:
                question.expire()
                self._questions.settle(question)
        if has_room:
            question.when_late()
        else:
            self._end_too_long()

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""
        if self._questions.is_empty:  # of most runs, and asked at each token
            return False
        with self._lock:
            return not self.status.is_terminal and self._questions.is_any_open

    @property
    def asked_seconds(self) -> float:
        """For how long it has waited for answers: time that is not the author's code's."""
        with self._lock:
            return self._questions.seconds

    def _show_delivery(self, delivery: Delivery) -> bool:
        """Add what the author's code has taken out of the inbox, and return whether it still can be."""
        return self.add("steer", json.dumps(delivery._asdict())) is not None

    # ---- ending ----

    def finish(self, suggestions: Sequence[str] = ()) -> bool:
        """End the run as complete.

        Args:
            suggestions: What could be asked next.
        """
        offered = [well_formed(suggestion) for suggestion in suggestions] or None
        return self._end(lambda id_, message: Finish(run=self.id, id=id_, message=message, suggestions=offered))

    def stop(self) -> bool:
        """End the run because the user pressed Stop."""
        return self._end(lambda id_, message: Stopped(run=self.id, id=id_, message=message))

    def interrupt(self) -> bool:
        """End the run because the server does not go on: shutdown, nobody reads."""
        return self._end(lambda id_, message: Interrupted(run=self.id, id=id_, message=message))

    def fail(self, code: ErrorCode, *, ref: str, text: str | None = None) -> bool:
        """End the run with an error.

        Args:
            code: What kind.
            ref: The reference id under which the server's log has more.
            text: The author's own sentence for the user, with code `user`.
        """
        sentence = ERRORS[code] if text is None else well_formed(text)
        return self._end(
            lambda id_, message: ErrorFrame(run=self.id, id=id_, code=code, text=sentence, ref=ref, message=message)
        )

    def observe(self, observation: RunObservation) -> None:
        """Let the run be observed from now on."""
        self.observation = observation
        self.when_ended(lambda: observation.ended(self.ending.frame) if self.ending else None)

    def give_title(self, title: str) -> None:
        """Take what the author calls the conversation."""
        self._title = well_formed(title)

    def when_ended(self, function: Callable[[], None]) -> None:
        """Call `function` once, when the run has ended; now, if it has."""
        with self._lock:
            if not self.status.is_terminal:
                self._when_ended.append(function)
                return
        function()

    def _end(self, terminal: Callable[[str, MessageRef | None], TerminalFrame]) -> bool:
        with self._lock:
            if self.status.is_terminal:
                return False
            self._flow.end()
            message = self._sealed()
            views = self._parts.texts("view")
            self.ending = Ending(terminal(self._parts.next_id(), message), views[-1] if views else None, self._title)
            self._keep_ending(self.ending)
            self._append(self.ending.frame)
            self._parts.clear()
            functions, self._when_ended = self._when_ended, []
        for function in functions:
            function()
        return True

    def _sealed(self) -> MessageRef | None:
        try:
            return None if self._parts.is_empty else self._seal(self._parts.content)
        except Exception:  # the run must end for its readers, even when its answer can't be kept
            logger.exception("Run %s: its answer could not be signed", self.id, extra=self.log_fields)
            return None

    def _keep_ending(self, ending: Ending) -> None:
        try:
            self.keep(ending)
        except Exception:  # the run must end for its readers
            logger.exception("Run %s: its answer could not be kept", self.id, extra=self.log_fields)

    def _append(self, *ends: TerminalFrame) -> None:
        """Put what is new into the log, in one step, so that the end can never be seen without the text before it."""
        frames = [*self._parts.take(), *ends]
        if not frames:
            return
        status = status_after(frames[-1])
        if status is not self.status:
            if status not in TRANSITIONS[self.status]:
                raise AssertionError(f"a run cannot go from {self.status} to {status}")
            self.status = status
        self.log.append(frames)
