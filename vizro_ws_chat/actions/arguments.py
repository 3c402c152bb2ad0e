"""What a chat offers an author's function beside the messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.streams.cancel import RunContext

OFFERED = frozenset({"prompt", "uploaded_files", "context"})


def chat_arguments(function: Callable[..., Any], messages: list[Message], context: RunContext) -> dict[str, Any]:
    """Return those of the chat's own arguments that a function declares, by name.

    Args:
        function: It gets `prompt` and `context` only by their names, `uploaded_files` also among `**kwargs`.
        messages: The conversation; the last message is the user's.
        context: The run's.
    """
    parameters = inspect.signature(function).parameters
    arguments: dict[str, Any] = {}
    if "context" in parameters:
        arguments["context"] = context
    if "prompt" in parameters:
        arguments["prompt"] = messages[-1]["content"]
    if takes_files(function):
        arguments["uploaded_files"] = messages[-1].get("attachments")
    return arguments


def takes_files(function: Callable[..., Any]) -> bool:
    """Return whether a function takes `uploaded_files`, by that name or among `**kwargs`."""
    parameters = inspect.signature(function).parameters
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values())
    return takes_any or "uploaded_files" in parameters
