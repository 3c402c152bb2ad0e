"""Every frame of the wire protocol, one small model per type.

`docs/protocol.md` says what each is for. Models are strict and forbid unknown fields, so a frame that validates
is exactly of the protocol.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from vizro_ws_chat.protocol.codes import ByeCode, ErrorCode, RefusalCode
from vizro_ws_chat.protocol.content import OutputKind
from vizro_ws_chat.protocol.ids import PATTERN, FrameId

PROTOCOL_VERSION = 1
MAX_CHAT_ID_CHARS = 200
MAX_FILE_NAME_CHARS = 255
"""As in most file systems."""


RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
DeliveryId = RunId
"""Chosen by the browser, as that of a run is."""
ThreadId = RunId
"""Chosen by the browser, as that of a run is."""
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""An HMAC-SHA256 in unpadded base64url."""
UploadId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{48}$")]
PartIndex = Annotated[int, Field(ge=0)]
FrameIdText = Annotated[str, Field(pattern=PATTERN)]
Role: TypeAlias = Literal["user", "assistant"]
Rating: TypeAlias = Literal["up", "down"]


class Frame(BaseModel):
    """Base of all frames."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _LeavesOutNone(Frame):
    """Base of frames whose optional fields are left out rather than null."""

    @model_serializer(mode="wrap")
    def _leave_out_none(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        optional = {name for name, field in type(self).model_fields.items() if not field.is_required()}
        return {name: value for name, value in handler(self).items() if value is not None or name not in optional}


class MessageRef(Frame):
    """A signed message without its content, which the browser has itself."""

    id: MessageId
    parent: MessageId | None
    role: Role


class FileRef(Frame):
    """A file that the server keeps, without its content."""

    id: UploadId
    name: Annotated[str, Field(min_length=1, max_length=MAX_FILE_NAME_CHARS)]
    size: Annotated[int, Field(ge=0)]
    type: Annotated[str, Field(max_length=200)]


# ---- browser -> server ----


class Resume(Frame):
    """A run that the browser wants to go on reading, and the last frame id it has of it."""

    run: RunId
    after: FrameIdText | None


class Hello(Frame):
    """Always first: the chat, and the runs to go on with."""

    type: Literal["hello"] = "hello"
    v: int
    chat: Annotated[str, Field(min_length=1, max_length=MAX_CHAT_ID_CHARS)]
    resume: Annotated[list[Resume], Field(max_length=16)]


class Send(_LeavesOutNone):
    """Start a run: answer `text` and the files with it, or answer `parent` again.

    `inputs` are the values of what the action wants to know of the page, in the order in which the page names it.
    `thread` is what the conversation is called where the server keeps it.
    """

    type: Literal["send"] = "send"
    run: RunId
    parent: MessageId | None
    text: str | None
    files: Annotated[list[UploadId] | None, Field(max_length=100)] = None
    inputs: Annotated[list[Any] | None, Field(max_length=200)] = None
    thread: ThreadId | None = None


class History(Frame):
    """A piece of the conversation that the server asked for."""

    type: Literal["history"] = "history"
    run: RunId
    index: Annotated[int, Field(ge=0)]
    count: Annotated[int, Field(ge=1)]
    text: str


class Cancel(Frame):
    """Stop a run."""

    type: Literal["cancel"] = "cancel"
    run: RunId


class AnswerFrame(Frame):
    """The reader's answer to a question that a run asks in one of its parts."""

    type: Literal["answer"] = "answer"
    run: RunId
    part: PartIndex
    value: Any


class DeliverFrame(Frame):
    """What the reader says into a run that is alive."""

    type: Literal["deliver"] = "deliver"
    run: RunId
    id: DeliveryId
    text: Annotated[str, Field(min_length=1)]


class FeedbackFrame(Frame):
    """What the reader thinks of an answer."""

    type: Literal["feedback"] = "feedback"
    run: RunId
    message: MessageId
    rating: Rating | None
    comment: str


# ---- both ways ----


class Ping(Frame):
    """Are you there?"""

    type: Literal["ping"] = "ping"


class Pong(Frame):
    """Answer to `ping`."""

    type: Literal["pong"] = "pong"


ClientFrame: TypeAlias = Annotated[
    Hello | Send | History | Cancel | AnswerFrame | DeliverFrame | FeedbackFrame | Ping | Pong,
    Field(discriminator="type"),
]


# ---- server -> browser, about the connection ----


class Welcome(Frame):
    """Answer to `hello`."""

    type: Literal["welcome"] = "welcome"
    v: int
    heartbeat_ms: int
    idle_ms: int
    max_prompt_chars: int


class Accepted(_LeavesOutNone):
    """The send was taken; the signed user message, what writes the answer, and how the author shows the message."""

    type: Literal["accepted"] = "accepted"
    run: RunId
    message: MessageRef
    model: str | None = None
    view: str | None = None


class NeedHistory(Frame):
    """The conversation behind the parent is not here."""

    type: Literal["need-history"] = "need-history"
    run: RunId


class FeedbackTaken(Frame):
    """The feedback has reached the author's code."""

    type: Literal["feedback-taken"] = "feedback-taken"
    run: RunId


class Uploaded(Frame):
    """A file was taken."""

    type: Literal["uploaded"] = "uploaded"
    file: FileRef


class RefusedFrame(_LeavesOutNone):
    """What was asked is not done; `delivery` is the id of what a reader has said into a run."""

    type: Literal["refused"] = "refused"
    code: RefusalCode
    text: str
    run: RunId | None = None
    ref: str | None = None
    retry_ms: int | None = None
    delivery: DeliveryId | None = None


class Bye(Frame):
    """This connection is about to be closed."""

    type: Literal["bye"] = "bye"
    code: ByeCode
    retry_ms: int


# ---- server -> browser, a run's output ----


class RunFrame(Frame):
    """Base of the frames that make up a run's log."""

    run: RunId
    id: FrameIdText

    @property
    def frame_id(self) -> FrameId:
        """The parsed id."""
        epoch, seq = self.id.split("-")  # of this form: it was checked
        return FrameId(int(epoch), int(seq))


class PartStart(RunFrame):
    """A part of the message begins."""

    type: Literal["part-start"] = "part-start"
    part: PartIndex
    kind: OutputKind


class TextDelta(RunFrame):
    """Text to append to a part; JSON, unless its kind is streamed."""

    type: Literal["text-delta"] = "text-delta"
    part: PartIndex
    d: str


class TextSplice(RunFrame):
    """A part changes: `remove` characters from `at` on become `d`. Its text is ASCII, and incomplete until it ends."""

    type: Literal["text-splice"] = "text-splice"
    part: PartIndex
    at: Annotated[int, Field(ge=0)]
    remove: Annotated[int, Field(ge=0)]
    d: str


class PartEnd(RunFrame, _LeavesOutNone):
    """A part is complete; `ms`: for how long it was written, in milliseconds, of reasoning."""

    type: Literal["part-end"] = "part-end"
    part: PartIndex
    ms: Annotated[int | None, Field(ge=0)] = None


class SnapshotPart(_LeavesOutNone):
    """One part of a message, as far as it has come."""

    kind: OutputKind
    text: str
    ended: bool
    ms: Annotated[int | None, Field(ge=0)] = None


class Snapshot(RunFrame):
    """The whole message up to this frame."""

    type: Literal["snapshot"] = "snapshot"
    parts: list[SnapshotPart]


class Finish(RunFrame, _LeavesOutNone):
    """Terminal: complete; and what could be asked next."""

    type: Literal["finish"] = "finish"
    message: MessageRef | None
    suggestions: list[str] | None = None


class Stopped(RunFrame):
    """Terminal: ended by Stop."""

    type: Literal["stopped"] = "stopped"
    message: MessageRef | None


class ErrorFrame(RunFrame):
    """Terminal: failed."""

    type: Literal["error"] = "error"
    code: ErrorCode
    text: str
    ref: str
    message: MessageRef | None


class Interrupted(RunFrame):
    """Terminal: ended by the server."""

    type: Literal["interrupted"] = "interrupted"
    message: MessageRef | None


TerminalFrame: TypeAlias = Finish | Stopped | ErrorFrame | Interrupted
OutputFrame: TypeAlias = PartStart | TextDelta | TextSplice | PartEnd | Snapshot | TerminalFrame
ServerFrame: TypeAlias = Annotated[
    Welcome
    | Accepted
    | NeedHistory
    | FeedbackTaken
    | Uploaded
    | RefusedFrame
    | Ping
    | Pong
    | Bye
    | PartStart
    | TextDelta
    | TextSplice
    | PartEnd
    | Snapshot
    | Finish
    | Stopped
    | ErrorFrame
    | Interrupted,
    Field(discriminator="type"),
]
