"""Messages as `generate_response` gets them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

Role: TypeAlias = Literal["user", "assistant"]


class Message(TypedDict):
    """One message of the conversation.

    Attributes:
        role: Who said it.
        content: What was said; text.
    """

    role: Role
    content: Any
