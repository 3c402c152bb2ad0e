"""The items of a response's output as the Responses API streams them. An event is its type and its fields. No IO."""

from __future__ import annotations

import re
import uuid
from collections.abc import Generator, Iterator
from typing import Any, Protocol, TypeAlias

from vizro_ws_chat.testing.scripted_openai.pieces import Citation, FunctionCall, Piece, Refusal, Thought, WebSearch

Event: TypeAlias = tuple[str, dict[str, Any]]


class GrowingItem(Protocol):
    """An item that several pieces add to."""

    def begin(self) -> Iterator[Event]:
        """The events with which it begins."""

    def takes(self, piece: Piece) -> bool:
        """Whether a piece adds to it; otherwise it has ended."""

    def take(self, piece: Piece) -> Iterator[Event]:
        """The events of a piece."""

    def end(self) -> Iterator[Event]:
        """The events with which it ends."""

    def whole(self) -> dict[str, Any]:
        """The item as it is now."""


class MessageItem:
    """Text and refusals of the model, with their annotations.

    Args:
        index: Of the item in the output.
    """

    def __init__(self, index: int) -> None:
        self._id = f"msg_{uuid.uuid4().hex}"
        self._index = index
        self._parts: list[dict[str, Any]] = []

    def begin(self) -> Iterator[Event]:  # noqa: D102 - see GrowingItem
        yield "response.output_item.added", {"output_index": self._index, "item": self._item("in_progress")}

    def takes(self, piece: Piece) -> bool:  # noqa: D102
        return isinstance(piece, str | Citation | Refusal)

    def take(self, piece: Piece) -> Iterator[Event]:  # noqa: D102
        if isinstance(piece, Refusal):
            part = yield from self._part("refusal")
            part["refusal"] += piece.text
            yield "response.refusal.delta", {**self._place(), "delta": piece.text}
            return
        part = yield from self._part("output_text")
        if isinstance(piece, Citation):
            annotation = {
                "type": "url_citation",
                "url": piece.url,
                "title": piece.title,
                "start_index": 0,
                "end_index": len(part["text"]),
            }
            part["annotations"].append(annotation)
            number = len(part["annotations"]) - 1
            place = {**self._place(), "annotation_index": number, "annotation": annotation}
            yield "response.output_text.annotation.added", place
        elif isinstance(piece, str):
            part["text"] += piece
            yield "response.output_text.delta", {**self._place(), "delta": piece, "logprobs": []}

    def end(self) -> Iterator[Event]:  # noqa: D102
        yield from self._end_part()
        yield "response.output_item.done", {"output_index": self._index, "item": self.whole()}

    def whole(self) -> dict[str, Any]:  # noqa: D102
        return {**self._item("completed"), "content": self._parts}

    def _part(self, kind: str) -> Generator[Event, None, dict[str, Any]]:
        """Begin a part of the content, unless the last one is of this kind; return it."""
        if not self._parts or self._parts[-1]["type"] != kind:
            yield from self._end_part()
            text = {"type": kind, "text": "", "annotations": [], "logprobs": []}
            self._parts.append(text if kind == "output_text" else {"type": kind, "refusal": ""})
            yield "response.content_part.added", {**self._place(), "part": dict(self._parts[-1])}
        return self._parts[-1]

    def _end_part(self) -> Iterator[Event]:
        if not self._parts:
            return
        part = self._parts[-1]
        if part["type"] == "refusal":
            yield "response.refusal.done", {**self._place(), "refusal": part["refusal"]}
        else:
            yield "response.output_text.done", {**self._place(), "text": part["text"], "logprobs": []}
        yield "response.content_part.done", {**self._place(), "part": part}

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._id, "output_index": self._index, "content_index": len(self._parts) - 1}

    def _item(self, status: str) -> dict[str, Any]:
        return {"id": self._id, "type": "message", "role": "assistant", "status": status, "content": []}


class ReasoningItem:
    """What the model thinks, as a summary in parts or as it is.

    Args:
        index: Of the item in the output.
        is_encrypted: Whether all of it comes along, encrypted, so that it can be sent back.
    """

    def __init__(self, index: int, *, is_encrypted: bool) -> None:
        self._id = f"rs_{uuid.uuid4().hex}"
        self._index = index
        self._encrypted = {"encrypted_content": f"scripted-{self._id}"} if is_encrypted else {}
        self._summary: list[str] = []
        self._content = ""

    def begin(self) -> Iterator[Event]:  # noqa: D102 - see GrowingItem
        item = {"id": self._id, "type": "reasoning", "summary": []}
        yield "response.output_item.added", {"output_index": self._index, "item": item}

    def takes(self, piece: Piece) -> bool:  # noqa: D102
        return isinstance(piece, Thought)

    def take(self, piece: Piece) -> Iterator[Event]:  # noqa: D102
        if not isinstance(piece, Thought):
            return
        if piece.raw:
            self._content += piece.text
            place = {"item_id": self._id, "output_index": self._index, "content_index": 0}
            yield "response.reasoning_text.delta", {**place, "delta": piece.text}
            return
        if piece.begins_part or not self._summary:
            yield from self._end_part()
            self._summary.append("")
            part = {"type": "summary_text", "text": ""}
            yield "response.reasoning_summary_part.added", {**self._place(), "part": part}
        self._summary[-1] += piece.text
        yield "response.reasoning_summary_text.delta", {**self._place(), "delta": piece.text}

    def end(self) -> Iterator[Event]:  # noqa: D102
        yield from self._end_part()
        if self._content:
            place = {"item_id": self._id, "output_index": self._index, "content_index": 0}
            yield "response.reasoning_text.done", {**place, "text": self._content}
        yield "response.output_item.done", {"output_index": self._index, "item": self.whole()}

    def whole(self) -> dict[str, Any]:  # noqa: D102
        summary = [{"type": "summary_text", "text": text} for text in self._summary]
        content = {"content": [{"type": "reasoning_text", "text": self._content}]} if self._content else {}
        return {"id": self._id, "type": "reasoning", "summary": summary, **content, **self._encrypted}

    def _end_part(self) -> Iterator[Event]:
        if self._summary:
            text = self._summary[-1]
            yield "response.reasoning_summary_text.done", {**self._place(), "text": text}
            part = {"type": "summary_text", "text": text}
            yield "response.reasoning_summary_part.done", {**self._place(), "part": part}

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._id, "output_index": self._index, "summary_index": len(self._summary) - 1}


def growing_item(piece: Piece, index: int, *, encrypts: bool) -> GrowingItem:
    """Return the item that a piece begins; `encrypts`: whether reasoning comes along encrypted."""
    return ReasoningItem(index, is_encrypted=encrypts) if isinstance(piece, Thought) else MessageItem(index)


def function_call_item(call: FunctionCall) -> dict[str, Any]:
    """Return the item of a call."""
    return {
        "id": f"fc_{uuid.uuid4().hex}",
        "type": "function_call",
        "call_id": f"call_{uuid.uuid4().hex}",
        "name": call.name,
        "arguments": call.json,
        "status": "completed",
    }


def function_call_events(item: dict[str, Any], index: int) -> Iterator[Event]:
    """Return the events of a call, its arguments in pieces."""
    place = {"item_id": item["id"], "output_index": index}
    begun = {**item, "arguments": "", "status": "in_progress"}
    yield "response.output_item.added", {"output_index": index, "item": begun}
    for piece in re.findall(r".{1,12}", item["arguments"], re.DOTALL):
        yield "response.function_call_arguments.delta", {**place, "delta": piece}
    yield "response.function_call_arguments.done", {**place, "name": item["name"], "arguments": item["arguments"]}
    yield "response.output_item.done", {"output_index": index, "item": item}


def web_search_item(search: WebSearch) -> dict[str, Any]:
    """Return the item of a search."""
    return {
        "id": f"ws_{uuid.uuid4().hex}",
        "type": "web_search_call",
        "status": "failed" if search.fails else "completed",
        "action": {"type": "search", "query": search.query},
    }


def web_search_events(item: dict[str, Any], index: int) -> Iterator[Event]:
    """Return the events of a search."""
    place = {"item_id": item["id"], "output_index": index}
    begun = {**item, "status": "in_progress"}
    yield "response.output_item.added", {"output_index": index, "item": begun}
    yield "response.web_search_call.in_progress", place
    yield "response.web_search_call.searching", place
    if item["status"] == "completed":
        yield "response.web_search_call.completed", place
    yield "response.output_item.done", {"output_index": index, "item": item}
