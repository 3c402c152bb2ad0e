"""Chat services for tests, with answers that the test dictates."""

from __future__ import annotations

import queue
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tests.waiting import wait_until
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, FeedbackFrame, Frame, Hello, Resume, Role, Send
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.output import Output
from vizro_ws_chat.streams.page_access import PageAccess
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Message, Scope, Signer
from vizro_ws_chat.transports.admission import Authorize
from vizro_ws_chat.transports.feedback_desk import FeedbackDesk
from vizro_ws_chat.transports.health import Health
from vizro_ws_chat.transports.history_desk import HistoryDesk
from vizro_ws_chat.transports.owner import NOBODY, OwnerCookie
from vizro_ws_chat.transports.rate import OwnerRates
from vizro_ws_chat.transports.service import ChatService, Question, Responder
from vizro_ws_chat.transports.session import Session
from vizro_ws_chat.uploads.store import UploadStore
from vizro_ws_chat.uploads.stored_file import StoredFile

CHAT = "chat"
SCOPE = Scope(CHAT, NOBODY)
"""What clients without a cookie hold their conversations in."""

TERMINAL_TYPES = frozenset({"finish", "stopped", "error", "interrupted"})
_END = object()


class Unasking:
    """What a responder that asks for no feedback has beside its answers."""

    owner: Callable[[], str | None] | None = None
    authorize: Authorize | None = None
    model: str | None = None
    takes_feedback = False
    history: str | None = None
    takes_deliveries = False
    file_types: Sequence[str] | None = None
    page_inputs: Sequence[tuple[str, str]] = ()
    has_views = False
    reads_files = True

    page_access = PageAccess()

    def as_output(self, chunk: object) -> Output:
        """Take what an action's `generate_response` may yield."""
        return as_part(chunk)

    def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
        """Never happens."""
        raise NotImplementedError

    def take_feedback(self, messages: list[Message], frame: FeedbackFrame) -> None:
        """Never happens."""
        raise NotImplementedError


class Dictated(Unasking):
    """A responder whose chunks the test says, one by one."""

    is_async = False
    takes_feedback = True
    file_types: Sequence[str] | None = ()
    on_feedback: Callable[[], object] = staticmethod(lambda: None)
    """Called for each feedback: it may wait, or raise."""

    def __init__(self) -> None:
        self.conversations: list[list[tuple[str, Content]]] = []
        self.inputs: list[Sequence[Any]] = []
        self.attached: list[list[tuple[str, str]]] = []
        self.contexts: list[RunContext] = []
        self.feedback: list[tuple[list[str], str | None, str]] = []
        self.replies: list[object] = []
        """What its yields have returned."""
        self.ended = 0
        self._chunks: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def say(self, *chunks: Any) -> None:
        """Let the answer go on with these chunks; one that is an exception is raised."""
        for chunk in chunks:
            self._chunks.put(chunk)

    def finish(self, *chunks: Any) -> None:
        """Let the answer go on with these chunks and end."""
        self.say(*chunks, _END)

    def respond(self, question: Question, context: RunContext) -> Iterator[Any]:
        """Answer."""
        messages, files = question.messages, question.files
        self.inputs.append(question.inputs)
        self.conversations.append([(message.role, message.content) for message in messages])
        self.attached.append(
            [
                (file.name, str(files[file.id].content))
                for message in messages
                for file in message.files
                if file.id in files
            ]
        )
        self.contexts.append(context)
        context.on_cancel(lambda: self._chunks.put(_END))
        try:
            while (chunk := self._chunks.get()) is not _END:
                if isinstance(chunk, Exception):
                    raise chunk
                self.replies.append((yield chunk))
        finally:
            self.ended += 1

    def take_feedback(self, messages: list[Message], frame: FeedbackFrame) -> None:
        """Take feedback."""
        self.feedback.append(([str(message.content) for message in messages], frame.rating, frame.comment))
        self.on_feedback()


def make_service(
    *responders: Responder,
    scheduler: Scheduler | None = None,
    environment: Callable[[], AbstractContextManager[object]] = nullcontext,
    **settings: Any,
) -> ChatService:
    """Return a service with a chat for each responder: `chat`, `chat-1`, `chat-2` …; text is sent at once."""
    made = Settings(**{"batch_seconds": 0, **settings})
    clock = scheduler or Scheduler()
    hub = RunHub(made, clock)
    archive = ThreadArchive(Signer(b"key"), made.max_cached_chars)
    return ChatService(
        settings=made,
        scheduler=clock,
        cookie=OwnerCookie(b"key"),
        hub=hub,
        runs=hub,
        archive=archive,
        uploads=UploadStore(b"key", made, clock),
        rates=OwnerRates(made.max_owner_frames_per_second, clock.clock),
        feedback=FeedbackDesk(made, clock, environment),
        environment=environment,
        history=HistoryDesk({}, made, archive, clock, Health()),
        responders={f"{CHAT}-{number}" if number else CHAT: each for number, each in enumerate(responders)},
    )


def new_run() -> str:
    """Return a run's id, as a browser makes one."""
    return secrets.token_urlsafe(16)


def key_of(run: str) -> RunKey:
    """Return what a run that a client without a cookie has started is found by."""
    return RunKey(CHAT, NOBODY, run)


def hello(chat: str = CHAT, /, **resume: str | None) -> Hello:
    """Return a hello that resumes runs after an id."""
    return Hello(v=PROTOCOL_VERSION, chat=chat, resume=[Resume(run=run, after=after) for run, after in resume.items()])


def send(
    run: str | None = None, text: str | None = "Hi", parent: str | None = None, inputs: list[Any] | None = None
) -> Send:
    """Return a send, by default of the first message of a conversation."""
    return Send(run=run or new_run(), parent=parent, text=text, inputs=inputs)


def types(frames: list[Any]) -> list[str]:
    """Return the frames' types."""
    return [frame.type for frame in frames]


def text_of(frames: list[Any]) -> str:
    """Return the text that the frames bring."""
    return "".join(frame.d for frame in frames if frame.type == "text-delta")


def by_run(frames: list[Any], run: str) -> list[Any]:
    """Return the frames of a run's output."""
    return [frame for frame in frames if getattr(frame, "run", None) == run and hasattr(frame, "id")]


class Browser:
    """One connection to a service, without any network."""

    def __init__(self, service: ChatService, *frames: Frame, owner: str = NOBODY) -> None:
        self.wakes = 0
        self.session = Session(service, owner, self._wake, "websocket")
        self.heard: list[Any] = []
        if frames:
            self.say(*frames)

    def _wake(self) -> None:
        self.wakes += 1

    def say(self, *frames: Frame) -> list[Any]:
        """Send frames and return what is answered at once."""
        self.session.receive(encode(frames))
        return self.hear()

    def hear(self) -> list[Any]:
        """Return what is new."""
        frames = self.session.take()
        self.heard += frames
        return frames

    def hear_until_the_end(self) -> list[Any]:
        """Return all frames since now, to the end of all runs that are read."""
        start = len(self.heard)
        wait_until(lambda: self.hear() is None or not self.session.is_reading, "the end of the runs")
        return self.heard[start:]

    def hear_text(self, text: str) -> None:
        """Wait until this text was heard."""
        wait_until(lambda: self.hear() is not None and text_of(self.heard) == text, f"the text {text!r}")


def a_turn(browser: Browser, responder: Dictated, text: str, answer: str, parent: str | None = None) -> Any:
    """Ask, answer, and return the terminal frame."""
    browser.say(send(text=text, parent=parent))
    responder.finish(answer)
    return browser.hear_until_the_end()[-1]
