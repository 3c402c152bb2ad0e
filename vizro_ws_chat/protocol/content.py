"""What a message says: a text, or parts of several kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

PartKind: TypeAlias = Literal["text", "component"]
"""A text is Markdown, a component the JSON text of Dash components."""

OutputKind: TypeAlias = PartKind | Literal["view"]
"""A view is how the author shows the message, as the JSON text of Dash components. It is not what the message says."""


class ContentPart(NamedTuple):
    """One part of a message."""

    kind: PartKind
    text: str


Content: TypeAlias = str | tuple[ContentPart, ...]
"""What is nothing but one text is that text: most messages are."""


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
