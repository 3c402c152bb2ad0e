"""The answer to a question: what makes it, how the question is shown meanwhile, and where both are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.protocol.content import Content, parts_of
from vizro_ws_chat.protocol.frames import FileRef, MessageRef, Send
from vizro_ws_chat.redaction import redacted_logger, withholding
from vizro_ws_chat.streams.run import Ending, RunKey
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.runs import ReadableRun
from vizro_ws_chat.telemetry.observer import RunFacts, RunObservation, Transport
from vizro_ws_chat.threads.signing import Message, Scope
from vizro_ws_chat.transports.attachments import keep_file, stored_files
from vizro_ws_chat.transports.owner import NOBODY
from vizro_ws_chat.transports.run_readers import MESSAGE_CHARS
from vizro_ws_chat.transports.service import ChatService, Question

logger = redacted_logger(__name__)

_MAX_VIEW_CHARS = MESSAGE_CHARS
"""Of how the author shows a user's message: it goes along with its `accepted` in one piece."""


class Answering:
    """Lets the author's code answer a question, and keeps what becomes of it.

    Args:
        service: What the app's connections share.
        scope: Where it is asked, and by whom.
        chain: The conversation, which ends with the question.
        send: The frame that asks it.
        transport: What has carried that.

    Raises:
        ProtocolError: When the page says other things of itself than the author's code wants to know.
        RefusedError: When a file of the question has expired.
    """

    def __init__(
        self, service: ChatService, scope: Scope, chain: list[Message], send: Send, transport: Transport
    ) -> None:
        self._service = service
        self._scope = scope
        self._responder = service.responders[scope.chat]
        self._key = RunKey(*scope, send.run)
        self._thread = send.thread
        self._transport: Transport = transport
        self._keeper = service.history.of(scope) if send.thread is not None else None
        self._answer: Message | None = None
        inputs = send.inputs or []
        if len(inputs) != len(self._responder.page_inputs):
            raise ProtocolError("the page knows of other inputs than the action", code="version")
        # Here it keeps nobody waiting but its owner; the answers of others may run where the author's code does.
        files = stored_files(service.uploads, chain, read_last=self._responder.reads_files)
        self._question = Question(chain, files, inputs)

    def start(self) -> ReadableRun:
        """Start the run that brings the answer.

        Raises:
            RefusedError: When it can't be started, as `Runs.start` tells.
        """
        view = self._view_question()
        return self._service.runs.start(
            self._key,
            question=self._question.messages[-1].ref,
            seal=self._seal,
            producer=self._producer(view),
            question_view=view,
            owner_limit=None if self._scope.owner == NOBODY else self._service.settings.max_owner_runs,
        )

    def _producer(self, question_view: str | None) -> Producer:
        responder = self._responder
        return Producer(
            produce=lambda context: responder.respond(self._question, context),
            is_async=responder.is_async,
            environment=lambda: self._environment(self._question.messages),
            view=(lambda content: responder.view("assistant", content, ())) if responder.has_views else None,
            as_output=responder.as_output,
            keep_file=self._keep_file,
            ask_seconds=self._service.settings.ask_seconds,
            page_access=responder.page_access,
            keep_question=lambda: self._keep_question(question_view),
            keep=self._keep,
            observe=self._observe,
        )

    def _view_question(self) -> str | None:
        """Return how the author shows the question; `None`: as the chat does."""
        if not self._responder.has_views:
            return None
        message, files = self._question.messages[-1], self._question.files
        with self._environment([message]):
            there = [files[file.id] for file in message.files if file.id in files]
            view = self._responder.view(message.role, message.content, there)
        if view is not None and len(view) > _MAX_VIEW_CHARS:
            logger.warning("A message is shown as the chat does: its author's components take %s characters", len(view))
            return None
        return view

    def _seal(self, content: Content) -> MessageRef:
        """Sign the answer, which is complete."""
        question = self._question.messages[-1]
        self._answer = self._service.archive.add(self._scope, question.id, "assistant", content)
        return self._answer.ref

    def _keep_question(self, view: str | None) -> None:
        if self._keeper is not None and self._thread is not None:
            self._keeper.asked(
                self._scope,
                self._thread,
                self._question.messages,
                run=self._key.id,
                model=self._responder.model,
                view=view,
            )

    def _keep(self, ending: Ending) -> None:
        if self._keeper is not None and self._answer is not None:
            self._keeper.answered(
                self._scope,
                self._answer,
                ending.frame,
                model=self._responder.model,
                view=ending.view,
                title=ending.title,
            )

    def _keep_file(self, name: str, content: bytes, mime_type: str) -> FileRef:
        return keep_file(self._service.uploads, self._scope, name, content, mime_type)

    def _observe(self) -> RunObservation:
        facts = RunFacts(self._key.id, self._key.chat, self._responder.model, self._transport)
        return self._service.observer.run(facts)

    @contextmanager
    def _environment(self, messages: Sequence[Message]) -> Iterator[None]:
        """Where the author's code works on messages: its records say of what they are, and not what was said."""
        fields = {"run_id": self._key.id, "chat": self._key.chat, "transport": self._transport}
        with log_fields(fields), withholding(texts_of(messages)), self._service.environment():
            yield


def texts_of(messages: Sequence[Message]) -> list[str]:
    """Return what was said in messages."""
    return [part.text for message in messages for part in parts_of(message.content)]
