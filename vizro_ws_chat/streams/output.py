"""What generate_response may yield beside text, as the runner sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from vizro_ws_chat.protocol.content import OutputKind, StreamedKind
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.page_access import PageAccess


class AnswerWriter(Protocol):
    """What parts write themselves into: one run's answer. An index names a part of it."""

    @property
    def run_id(self) -> str:
        """The run's id."""

    def write(self, text: str, kind: StreamedKind = "text") -> None:
        """Add text to the part of this kind that is being written, or to a new one."""

    def add(self, kind: OutputKind, text: str, *, beside: bool = False) -> int:
        """Add a whole part and return its index.

        Args:
            kind: Its kind.
            text: Its text, JSON.
            beside: Whether the text before it goes on after it.
        """

    def replace(self, index: int, text: str) -> None:
        """Give a part another text, JSON."""

    def texts(self, kind: OutputKind) -> list[str]:
        """Return the texts of all parts of a kind so far."""

    def show_status(self, text: str) -> None:
        """Tell what is being done, until something is written."""

    @property
    def ask_seconds(self) -> float:
        """For how long an answer of the reader is waited for, where nothing else is said."""

    @property
    def action_seconds(self) -> float:
        """For how long the browser is waited for to do something on the page."""

    @property
    def page_access(self) -> PageAccess:
        """What of the dashboard may be changed."""

    def ask(
        self, text: str, hear: Callable[[Any], Heard], *, timeout: float, kind: OutputKind = "ask", **late: Any
    ) -> OpenQuestion | None:
        """Add a part that asks the reader something; `None` when the run has ended.

        Args:
            text: The part's, JSON.
            hear: Reads the answer.
            timeout: For how long it is waited for, in seconds.
            kind: The part's.
            **late: What becomes of it then, as `OpenQuestion` takes it.
        """

    def suggest(self, questions: list[str]) -> None:
        """Offer questions below the answer."""

    def keep_file(self, name: str, content: bytes, mime_type: str) -> FileRef:
        """Keep a file for the reader.

        Raises:
            RefusedError: When there is no room for it.
        """


@runtime_checkable
class Output(Protocol):
    """Something that writes itself into an answer."""

    def write_to(self, answer: AnswerWriter) -> object:
        """Write it, and return what the author's `yield` gets; of an `OpenQuestion`, that is its answer."""
