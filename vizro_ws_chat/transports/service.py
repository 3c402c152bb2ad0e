"""What all connections of one app share in a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import FeedbackFrame, Role
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.output import Output
from vizro_ws_chat.streams.page_access import PageAccess
from vizro_ws_chat.streams.runs import Runs
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.telemetry.observer import NO_OBSERVER, Observer
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Message
from vizro_ws_chat.transports.admission import Guarded
from vizro_ws_chat.transports.feedback_desk import FeedbackDesk
from vizro_ws_chat.transports.health import Health
from vizro_ws_chat.transports.history_desk import HistoryDesk
from vizro_ws_chat.transports.owner import OwnerCookie
from vizro_ws_chat.transports.rate import OwnerRates
from vizro_ws_chat.uploads.store import UploadStore
from vizro_ws_chat.uploads.stored_file import StoredFile


@dataclass(frozen=True)
class Question:
    """What is to be answered.

    Attributes:
        messages: The conversation; the last message is the user's.
        files: Its files by their ids; what has expired is missing.
        inputs: The values of `Responder.page_inputs`.
    """

    messages: list[Message]
    files: Mapping[str, StoredFile]
    inputs: Sequence[Any]


class Responder(Guarded, Protocol):
    """What answers in a chat: the author's action, seen from here."""

    @property
    def is_async(self) -> bool:
        """Whether `respond` returns an async iterator."""

    @property
    def page_inputs(self) -> Sequence[tuple[str, str]]:
        """What it wants to know of the page: ids of components and names of properties."""

    def respond(self, question: Question, context: RunContext) -> Iterator[Any] | Any:
        """Return the iterator of the answer's chunks."""

    @property
    def page_access(self) -> PageAccess:
        """What of the dashboard its answers may change."""

    def as_output(self, chunk: object) -> Output:
        """Return what writes a chunk that is no text.

        Raises:
            ChunkTypeError: If nothing can.
        """

    @property
    def has_views(self) -> bool:
        """Whether the author shows messages in a way of their own."""

    def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
        """Return how the author shows a message, as the JSON of components; `None` as the chat does.

        It is called in the service's environment. A failure is logged, and the same as `None`.
        """

    @property
    def reads_files(self) -> bool:
        """Whether it looks at the files of the message that it answers in any case."""

    @property
    def model(self) -> str | None:
        """What writes the answers: a model's name, as far as the author tells."""

    @property
    def file_types(self) -> Sequence[str] | None:
        """Which files may be attached, as `uploads.file_types.accepts` reads it; `None` when none may be."""

    @property
    def takes_deliveries(self) -> bool:
        """Whether readers may say something into answers that are being made."""

    @property
    def history(self) -> str | None:
        """The URL of the database that conversations are kept in; `None`: that of the settings."""

    @property
    def takes_feedback(self) -> bool:
        """Whether the author wants to know what readers think of answers."""

    def take_feedback(self, messages: list[Message], frame: FeedbackFrame) -> None:
        """Tell the author what a reader thinks of the last message. May take its time, and fail."""


@dataclass
class ChatService:
    """The chats of one Flask app and what they run on, in one process.

    Attributes:
        settings: Limits and times.
        scheduler: Calls functions later.
        cookie: Tells browsers apart.
        hub: The runs of this process.
        runs: The runs of this process, and of others where they share them.
        archive: The conversations.
        uploads: The files that were attached to messages.
        rates: How much each owner may send.
        feedback: What readers think of answers, on its way to the authors' code.
        environment: Entered around the author's code: the Flask app context.
        responders: What answers, by chat id.
        observer: Is told of what happens.
        history: The conversations that chats keep on the server.
        health: What the process depends on, and whether it is there.
    """

    settings: Settings
    scheduler: Scheduler
    cookie: OwnerCookie
    hub: RunHub
    runs: Runs
    archive: ThreadArchive
    uploads: UploadStore
    rates: OwnerRates
    feedback: FeedbackDesk
    environment: Callable[[], AbstractContextManager[object]]
    responders: Mapping[str, Responder]
    history: HistoryDesk
    observer: Observer = NO_OBSERVER
    health: Health = field(default_factory=Health)
