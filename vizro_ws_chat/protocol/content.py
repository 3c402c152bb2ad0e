"""What a message says: a text, or parts of several kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, TypeGuard

StreamedKind: TypeAlias = Literal["text", "reasoning"]
"""What grows by deltas. A text is Markdown, and so is the reasoning behind it."""

PartKind: TypeAlias = StreamedKind | Literal["component", "tool", "source", "file", "ask", "action", "steer"]
"""What a message says. The text of a part that is not streamed is JSON; of a component, that of Dash components. What a
reader has said into an answer while it was made is a part of it, a steer."""

OutputKind: TypeAlias = PartKind | Literal["view", "status", "usage", "problem"]
"""What a run puts out. The last four are about the message and not what it says: a view is how the author shows it, as
the JSON text of Dash components; a status, what is being done at the moment; usage, what it took; a problem stands for
a part that could not be shown."""

_ABOUT = frozenset({"view", "status", "usage", "problem"})


class ContentPart(NamedTuple):
    """One part of a message."""

    kind: PartKind
    text: str


Content: TypeAlias = str | tuple[ContentPart, ...]
"""What is nothing but one text is that text: most messages are."""


def is_said(kind: OutputKind) -> TypeGuard[PartKind]:
    """Return whether a part of this kind belongs to what a message says."""
    return kind not in _ABOUT


def content_of(parts: Iterable[ContentPart]) -> Content:
    """Return the content that the parts of a message make up."""
    match tuple(parts):
        case (ContentPart("text", text),):
            return text
        case several:
            return several


def parts_of(content: Content) -> tuple[ContentPart, ...]:
    """Return the parts of a content."""
    return (ContentPart("text", content),) if isinstance(content, str) else content


def length_of(content: Content) -> int:
    """Return about how many characters a content takes."""
    return sum(len(part.text) for part in parts_of(content))
