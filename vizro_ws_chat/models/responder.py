"""A chat action as the transports see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol, cast

from vizro_ws_chat.actions.feedback import Feedback, check_on_feedback
from vizro_ws_chat.actions.lazy_attachment import LazyAttachment
from vizro_ws_chat.actions.messages import Attachment, Message
from vizro_ws_chat.exceptions import UserFacingError
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.protocol.codes import refusal_text
from vizro_ws_chat.protocol.content import Content, content_of, parts_of
from vizro_ws_chat.protocol.frames import FeedbackFrame, Role
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.output import Output
from vizro_ws_chat.streams.page_access import PageAccess
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.transports.admission import Authorize, check_admission
from vizro_ws_chat.transports.service import Question
from vizro_ws_chat.uploads.stored_file import StoredFile


class Answering(Protocol):
    """What answers, as a `BaseChatAction` does: see there."""

    @property
    def is_async(self) -> bool: ...  # noqa: D102

    @property
    def has_views(self) -> bool: ...  # noqa: D102

    @property
    def reads_files(self) -> bool: ...  # noqa: D102

    @property
    def page_inputs(self) -> Sequence[tuple[str, str]]: ...  # noqa: D102

    def respond(  # noqa: D102
        self, messages: list[Message], inputs: Sequence[Any], context: RunContext
    ) -> Iterator[Any] | AsyncIterator[Any]: ...

    def view(self, message: Message) -> str | None: ...  # noqa: D102


class ActionResponder:
    """A chat action as the transports see it.

    Args:
        action: What answers.
        owner: As in `Chat`.
        authorize: As in `Chat`.
        on_feedback: As in `Chat`.
        file_types: As in `Chat`; `None` when no files may be attached.
        page_access: Returns what of the dashboard answers may change, once all of it is there.
        takes_deliveries: Whether messages go into answers that are being made.
        history: As in `Chat`.

    Raises:
        ConfigurationError: When one of the functions can't be called as it will be.
    """

    def __init__(
        self,
        action: Answering,
        *,
        owner: Callable[[], str | None] | None = None,
        authorize: Authorize | None = None,
        on_feedback: Callable[[Feedback], object] | None = None,
        file_types: Sequence[str] | None = None,
        page_access: Callable[[], PageAccess] = PageAccess,
        takes_deliveries: bool = False,
        history: str | None = None,
    ) -> None:
        check_admission(owner, authorize)
        if on_feedback is not None:
            check_on_feedback(on_feedback)
        self._action = action
        self._on_feedback = on_feedback
        self.owner = owner
        self.authorize = authorize
        self.is_async = action.is_async
        self.has_views = action.has_views
        self.reads_files = action.reads_files
        self.takes_feedback = on_feedback is not None
        self.file_types = file_types
        self.takes_deliveries = takes_deliveries
        self.history = history
        self._page_access = page_access

    @property
    def page_access(self) -> PageAccess:  # noqa: D102 - see Responder
        return self._page_access()

    @property
    def model(self) -> str | None:  # noqa: D102 - see Responder
        model = getattr(self._action, "model", None)
        return model if isinstance(model, str) else None

    @property
    def page_inputs(self) -> Sequence[tuple[str, str]]:  # noqa: D102
        return self._action.page_inputs

    def respond(self, question: Question, context: RunContext) -> Iterator[Any] | AsyncIterator[Any]:  # noqa: D102
        return self._action.respond(_plain(question.messages, question.files), question.inputs, context)

    def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:  # noqa: D102
        # What is made of several parts has been shown while it came: a chart must not begin anew.
        return self._action.view(_message(role, content, files)) if _is_of_one_kind(content) else None

    def as_output(self, chunk: object) -> Output:  # noqa: D102
        return as_part(chunk)

    def take_feedback(self, messages: list[SignedMessage], frame: FeedbackFrame) -> None:  # noqa: D102
        if self._on_feedback is not None:
            *before, message = messages
            self._on_feedback(
                Feedback(
                    id=frame.message,
                    rating=frame.rating,
                    comment=frame.comment,
                    message=_message(message.role, message.content, ()),
                    messages=_plain(before, {}),
                    run=frame.run,
                    model=self.model,
                )
            )


def _plain(messages: list[SignedMessage], files: Mapping[str, StoredFile]) -> list[Message]:
    return [
        _message(role, content, [files[file.id] for file in item.files if file.id in files])
        for item in messages
        for role, content in _turns(item.role, item.content)
    ]


def _turns(role: Role, content: Content) -> Iterator[tuple[Role, Content]]:
    """Split an answer into what was said before and after each message that its reader has sent into it."""
    parts = parts_of(content)
    if not any(part.kind == "steer" for part in parts):
        yield role, content
        return
    for is_steer, group in groupby(parts, lambda part: part.kind == "steer"):
        if is_steer:
            yield from (("user", json.loads(part.text)["text"]) for part in group)
        elif _plain_content(said := content_of(group)):
            yield role, said


def _message(role: Role, content: Content, files: Sequence[StoredFile]) -> Message:
    message: Message = {"role": role, "content": _plain_content(content)}
    if files:
        message["attachments"] = [cast(Attachment, LazyAttachment(file.name, _reader(file))) for file in files]
    return message


def _reader(file: StoredFile) -> Callable[[], str]:
    def read() -> str:
        if file.content is None:
            raise UserFacingError(refusal_text("unknown-file"))
        return file.content

    return read


def _plain_content(content: Content) -> Any:
    """Return the text of a message, which is what models get; of nothing but components, what their JSON says."""
    parts = parts_of(content)
    texts = [part.text for part in parts if part.kind == "text"]
    components = [json.loads(part.text) for part in parts if part.kind == "component"]
    if texts or not components:
        return "\n\n".join(texts)
    return components[0] if len(components) == 1 else components


def _is_of_one_kind(content: Content) -> bool:
    return len({part.kind for part in parts_of(content)}) <= 1
