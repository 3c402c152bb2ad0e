"""Calling the tools that a model asks for: asked for where that is wanted, shown as steps, told to the model."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Generator, Mapping, Sequence
from typing import Any

from vizro_ws_chat.exceptions import AskTimeoutError, UserFacingError
from vizro_ws_chat.integrations.tool import ArgumentsError, Tool
from vizro_ws_chat.integrations.tool_values import plain, showable
from vizro_ws_chat.integrations.turn import FunctionCall
from vizro_ws_chat.parts import Approval, Part
from vizro_ws_chat.parts.part import to_json
from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

_ASKED_CHARS = 300
"""Of the arguments that a question quotes; the step has all of them."""

_SHOWN = "It was shown to the user, in the answer, where it was called. Do not repeat what it shows."
_TOLD = "It was shown to the user, who answered, or it was done on the page (true) or could not be (false):"
_DENIED = "The user did not allow this call. Do not try it again; go on without it, or say what can't be done."


class ToolCalls:
    """Calls tools for a model.

    Args:
        tools: By name.
        approve: The names of those that are only called when the reader approves.
    """

    def __init__(self, tools: Mapping[str, Tool], approve: Collection[str]) -> None:
        self._tools = tools
        self._approve = approve

    def answer(self, call: FunctionCall) -> Generator[Any, Any, str]:
        """Yield what the reader sees of a call, and return what the model is told.

        Raises:
            AskTimeoutError: When the reader was asked and has not answered.
        """
        tool = self._tools.get(call.name)
        if tool is None:
            logger.warning("The model has asked for a tool that it was not told of: %.100r", call.name)
            yield call.step.failed("There is no such tool.")
            return f"Error: there is no such tool. There are: {', '.join(self._tools) or 'none'}."
        try:
            arguments = tool.arguments(call.arguments)
        except ArgumentsError as error:
            logger.warning("The model has called the tool %s with arguments that do not fit: %s", tool.name, error)
            yield call.step.failed("It was called with arguments that do not fit.")
            return f"Error: the arguments do not fit: {error}"
        if tool.name in self._approve:
            is_approved = yield from _asked(call, tool.name)
            if not is_approved:
                yield call.step.denied()
                return _DENIED
        try:
            value = tool.call(**arguments)
            shown = showable(value)
            output = None if shown else plain(value)
        except UserFacingError as error:
            logger.warning("The tool %s failed with a message for the user", tool.name, exc_info=True)
            yield call.step.failed(str(error))
            return f"Error: {error}"
        except Exception:  # whatever the author's code raises: the answer goes on without it
            ref = secrets.token_hex(4)
            logger.exception("The tool %s failed (reference %s)", tool.name, ref)
            yield call.step.failed(f"It has failed. Reference {ref}")
            return "Error: the tool has failed. Trying it again is unlikely to help."
        yield call.step.result(output)
        return (yield from _shown(shown)) if shown else _as_text(output)


def _as_text(output: Any) -> str:
    return output if isinstance(output, str) else to_json(output, "What a tool returned")


def _shown(parts: Sequence[Any]) -> Generator[Any, Any, str]:
    """Show parts, and return what the model is told: what those have given that ask the reader, or the page to act."""
    told = []
    for part in parts:
        reply = yield part
        if not isinstance(reply, Part):
            told.append(plain(reply))
    return f"{_TOLD} {_as_text(told)}" if told else _SHOWN


def _asked(call: FunctionCall, name: str) -> Generator[Any, Any, bool]:
    """Ask the reader whether a tool may be called; the question says with what."""
    given = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in call.readable.items())
    shown = given if len(given) <= _ASKED_CHARS else f"{given[:_ASKED_CHARS]}…"
    try:
        is_approved = yield Approval(f"Run {name}({shown})?")
    except AskTimeoutError:
        yield call.step.denied()
        raise
    return bool(is_approved)
