"""Messages as `generate_response` gets them."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

Role: TypeAlias = Literal["user", "assistant"]


class Attachment(TypedDict):
    """A file that a user attached to a message.

    Attributes:
        filename: What its user calls it.
        content: The file as a data URL, `data:<type>;base64,…`.
    """

    filename: str
    content: str


class Message(TypedDict):
    """One message of the conversation.

    Attributes:
        role: Who said it.
        content: What was said; text.
        attachments: The files that came with it, as far as they are still on the server; left out when none came.
    """

    role: Role
    content: Any
    attachments: NotRequired[list[Attachment]]
