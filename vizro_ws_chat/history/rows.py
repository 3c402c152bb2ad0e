"""What is kept, as the columns of tables."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from vizro_ws_chat.history.records import KeptMessage, ThreadSummary
from vizro_ws_chat.protocol.content import Content, ContentPart, parts_of
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.threads.signing import Message

_TITLE_CHARS = 80
_ABOUT = ("model", "view", "suggestions", "end", "error_text", "error_ref")


class Titled(IntEnum):
    """Who has given a conversation its title. The higher one wins."""

    BY_QUESTION = 0
    BY_AUTHOR = 1
    BY_READER = 2


def searchable(text: str) -> str:
    """Return a text as it is searched for and in: without the difference of capitals, or of how letters are made up."""
    return storable(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def storable(text: str) -> str:
    """Return a text without what databases refuse: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def title_from(question: Message) -> str:
    """Return what a conversation is called that begins with this question."""
    return short_title(_text_of(question.content)) or short_title(question.files[0].name if question.files else "")


def short_title(text: str) -> str:
    """Return a text on one line and with at most 80 characters, cut at a word."""
    text = " ".join(storable(text).split())
    if len(text) > _TITLE_CHARS:
        cut = text[:_TITLE_CHARS]
        at_word = cut.rpartition(" ")[0]
        text = f"{at_word or cut[:-1]}…"
    return text


def title_columns(title: str, by: Titled) -> dict[str, Any]:
    """Return the columns of a title."""
    return {"title": storable(title), "search_title": searchable(title), "titled_by": int(by)}


def message_columns(kept: KeptMessage) -> dict[str, Any]:
    """Return the columns of a message."""
    message = kept.message
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role,
        "content": json.dumps(message.content),
        "files": json.dumps([file.model_dump() for file in message.files]),
        "run": kept.run,
        "created_ms": kept.created_ms,
        "about": json.dumps({name: value for name in _ABOUT if (value := getattr(kept, name))}),
        "search_text": searchable(_text_of(message.content)),
    }


def feedback_column(rating: str | None, comment: str) -> str:
    """Return the column of what a reader thinks of an answer."""
    return json.dumps({"rating": rating, "comment": comment})


def read_message(row: Any) -> Message:
    """Return the message in a row."""
    content = json.loads(row.content)
    files = tuple(FileRef(**file) for file in json.loads(row.files))
    return Message(row.id, row.parent, row.role, _read_content(content), files)


def read_kept(row: Any) -> KeptMessage:
    """Return the message in a row, and what is shown with it."""
    about: Mapping[str, Any] = json.loads(row.about)
    if "suggestions" in about:
        about = {**about, "suggestions": tuple(about["suggestions"])}
    feedback = json.loads(row.feedback) if row.feedback else {}
    return KeptMessage(read_message(row), row.run, row.created_ms, **about, **feedback)


def read_summary(row: Any) -> ThreadSummary:
    """Return the conversation in a row of the list."""
    return ThreadSummary(row.id, row.title, row.updated_ms)


def _text_of(content: Content) -> str:
    return "\n".join(part.text for part in parts_of(content) if part.kind == "text")


def _read_content(content: Any) -> Content:
    return content if isinstance(content, str) else tuple(ContentPart(kind, text) for kind, text in content)
