"""A conversation as the Responses API takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from vizro_ws_chat.actions import Message


def as_input(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the messages that say something in words; components and files are not sent."""
    return [
        {"role": message["role"], "content": message["content"]}
        for message in messages
        if isinstance(message["content"], str) and message["content"]
    ]


def to_send_back(output: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a response's output as the input of the next request, where OpenAI keeps nothing (`store=False`).

    Reasoning can only be sent back when it came encrypted; then all goes as it came. Without, the other items must not
    have ids: the API would look for the reasoning that belongs to them.
    """
    if any(item["type"] == "reasoning" and item.get("encrypted_content") for item in output):
        return list(output)
    return [plain for item in output for plain in _without_id(item)]


def _without_id(item: dict[str, Any]) -> list[dict[str, Any]]:
    if item["type"] == "function_call":
        return [{key: item[key] for key in ("type", "call_id", "name", "arguments")}]
    if item["type"] == "message":
        text = "".join(part.get("text") or part.get("refusal") or "" for part in item["content"])
        return [{"role": "assistant", "content": text}] if text else []
    return []
