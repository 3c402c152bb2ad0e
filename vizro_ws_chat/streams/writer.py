"""What the author's generator yields, on its way into the answer."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from vizro_ws_chat.exceptions import AnswerError, ChunkTypeError
from vizro_ws_chat.protocol.content import OutputKind, StreamedKind
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.output import Output
from vizro_ws_chat.streams.page_access import NO_ACCESS, PageAccess
from vizro_ws_chat.streams.run import Run

logger = redacted_logger(__name__)

_NOWHERE = -1
"""The index of what is added to a run that has ended; nothing is done with it any more."""

_ACTION_SECONDS = 30.0
"""A browser that does not do something in this time is away, or has lost its network for long."""

KeepFile = Callable[[str, bytes, str], FileRef]
"""Keeps a file for the reader, by its name, content and MIME type."""


def as_output(chunk: object) -> Output:
    """Return what writes a chunk that is no text.

    Raises:
        ChunkTypeError: If nothing can.
    """
    if not isinstance(chunk, Output):
        raise ChunkTypeError(chunk)
    return chunk


class RunWriter:
    """An `AnswerWriter` for one run.

    Args:
        run: Where all of it goes.
        context: What the author's code knows of the run.
        as_output: Returns what writes a chunk that is no text; it raises `ChunkTypeError` when nothing can.
        keep_file: Keeps files for the reader.
        ask_seconds: For how long the reader's answers are waited for.
        page_access: What of the dashboard may be changed.
    """

    def __init__(
        self,
        run: Run,
        context: RunContext,
        as_output: Callable[[object], Output],
        keep_file: KeepFile,
        ask_seconds: float,
        page_access: PageAccess = NO_ACCESS,
    ) -> None:
        self._run = run
        self._context = context
        self._as_output = as_output
        self._keep_file = keep_file
        self.ask_seconds = ask_seconds
        self.action_seconds = _ACTION_SECONDS
        self.page_access = page_access
        self._status = _NOWHERE
        self._has_status = False

    def take(self, chunk: object) -> object:
        """Write what was yielded, and return what the `yield` gets; of an `OpenQuestion`, that is its answer.

        Raises:
            ChunkTypeError: If it can't be written.
        """
        if isinstance(chunk, str):
            self.write(chunk)
            return None
        output = self._as_output(chunk)
        try:
            return output.write_to(self)
        except AnswerError:  # the answer goes on without it
            ref = secrets.token_hex(4)
            logger.exception("Run %s: a part could not be shown (reference %s)", self._run.id, ref)
            self.add("problem", json.dumps({"ref": ref}))
            return output

    # ---- as parts see it ----

    @property
    def run_id(self) -> str:  # noqa: D102 - see AnswerWriter
        return self._run.id

    def write(self, text: str, kind: StreamedKind = "text") -> None:  # noqa: D102
        if text:  # models also send empty pieces, which say nothing and end nothing
            self._clear_status()
            self._run.write(text, kind)

    def add(self, kind: OutputKind, text: str, *, beside: bool = False) -> int:  # noqa: D102
        self._clear_status()
        index = self._run.add(kind, text, beside=beside)
        return _NOWHERE if index is None else index

    def replace(self, index: int, text: str) -> None:  # noqa: D102
        if index != _NOWHERE:
            self._run.replace(index, text)

    def texts(self, kind: OutputKind) -> list[str]:  # noqa: D102
        return self._run.texts(kind)

    def show_status(self, text: str) -> None:  # noqa: D102
        if self._status == _NOWHERE:
            self._status = self.add("status", json.dumps(text), beside=True)
        else:
            self.replace(self._status, json.dumps(text))
        self._has_status = True

    def _clear_status(self) -> None:
        """What was being done has come to something."""
        if self._has_status:
            self._has_status = False
            self.replace(self._status, '""')

    def ask(  # noqa: D102
        self, text: str, hear: Callable[[Any], Heard], *, timeout: float, kind: OutputKind = "ask", **late: Any
    ) -> OpenQuestion | None:
        self._clear_status()
        return self._run.ask(text, hear, kind=kind, timeout=timeout, **late)

    def suggest(self, questions: list[str]) -> None:  # noqa: D102
        self._context.suggest(*questions)

    def keep_file(self, name: str, content: bytes, mime_type: str) -> FileRef:  # noqa: D102
        return self._keep_file(name, content, mime_type)
