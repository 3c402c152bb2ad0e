"""Writing parts into a real run, without a thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.streams.making import KEY, fold, frames_of, make_run
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.protocol.frames import FileRef, SnapshotPart
from vizro_ws_chat.streams.cancel import CancelToken, RunContext
from vizro_ws_chat.streams.page_access import NO_ACCESS, PageAccess
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.writer import KeepFile, RunWriter


def keep_in(kept: list[tuple[str, bytes, str]]) -> KeepFile:
    """Return what keeps files in a list."""

    def keep(name: str, content: bytes, mime_type: str) -> FileRef:
        kept.append((name, content, mime_type))
        return FileRef(id="f" * 48, name=name, size=len(content), type=mime_type)

    return keep


class Answer:
    """An answer that is being written, and what it has become."""

    def __init__(
        self,
        run: Run | None = None,
        as_output: Callable[[object], Any] = as_part,
        page_access: PageAccess = NO_ACCESS,
    ) -> None:
        self.run = run or make_run()
        self.context = RunContext(KEY.id, CancelToken())
        self.kept: list[tuple[str, bytes, str]] = []
        self.writer = RunWriter(
            self.run, self.context, as_output, keep_in(self.kept), ask_seconds=600, page_access=page_access
        )

    def take(self, *chunks: object) -> list[Any]:
        """Write chunks, and return what each `yield` gets."""
        return [self.writer.take(chunk) for chunk in chunks]

    @property
    def parts(self) -> list[SnapshotPart]:
        """What its frames add up to."""
        return fold(frames_of(self.run)).parts()

    @property
    def said(self) -> list[tuple[str, Any]]:
        """The kinds of its parts, and what the JSON of those says that are not streamed."""
        return [
            (part.kind, part.text if part.kind in {"text", "reasoning"} else json.loads(part.text))
            for part in self.parts
        ]


def written(*chunks: object) -> list[tuple[str, Any]]:
    """Return what chunks become."""
    answer = Answer()
    answer.take(*chunks)
    return answer.said
