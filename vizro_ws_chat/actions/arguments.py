"""What a chat offers an author's function beside the messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import Any

from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import RunContext

OFFERED = frozenset({"prompt", "uploaded_files", "context"})
_COLLECTING = frozenset({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})


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


def check_arguments(function: Callable[..., Any], name: str, fields: Collection[str] = ()) -> None:
    """Check that a function can be called with the messages and with what it declares.

    Args:
        function: The author's.
        name: What the author calls it.
        fields: Those of its class, if it has one.

    Raises:
        ConfigurationError: When it takes no messages, or needs something that nothing gives it.
    """
    try:
        signature = inspect.signature(function)
    except ValueError:  # some built-in functions tell nothing
        return
    parameters = signature.parameters
    # Vizro's own, such as `_controls`, begin like this.
    given = [each for each in parameters if each in OFFERED or each in fields or each.startswith("_")]
    try:
        arguments = signature.bind_partial([], **dict.fromkeys(given)).arguments
    except TypeError as error:
        raise ConfigurationError(
            f"{name} is called with the messages as its first argument, but its parameters are {signature}."
        ) from error
    for parameter in parameters.values():
        if is_needed(parameter) and parameter.name not in arguments:
            raise ConfigurationError(
                f"The parameter {parameter.name!r} of {name} is neither offered by the chat "
                f"({', '.join(sorted(OFFERED))}) nor a field of a chat action, as in "
                f'`{parameter.name}: str = "component-id.property"`.'
            )


def is_needed(parameter: inspect.Parameter) -> bool:
    """Return whether a function can't be called without a parameter: it has no default, and is not `*args` or such."""
    return parameter.default is parameter.empty and parameter.kind not in _COLLECTING


def takes_files(function: Callable[..., Any]) -> bool:
    """Return whether a function takes `uploaded_files`, by that name or among `**kwargs`."""
    parameters = inspect.signature(function).parameters
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values())
    return takes_any or "uploaded_files" in parameters
