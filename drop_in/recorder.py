"""Runs an app, and writes down what its actions get: one line of JSON for each call of `generate_response`.

What it runs is in the environment: `DROP_IN_APP`, the file; `DROP_IN_PACKAGE`, what it imports; `DROP_IN_CALLS`, where
to write.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any


def record_calls(package: str, calls: Path) -> None:
    """Let every action that is defined from now on write its calls down."""
    chat = importlib.import_module(package)
    for base in (chat.ChatAction, chat.StreamingChatAction):
        base.__pydantic_init_subclass__ = classmethod(functools.partial(_record_class, calls))


def _record_class(calls: Path, action: Any, **_: Any) -> None:
    # Its signature has to stay, because chats pass what it declares.
    action.generate_response = _recorded(action.generate_response, calls)


def _recorded(method: Callable[..., Any], calls: Path) -> Callable[..., Any]:
    @functools.wraps(method)
    def generate_response(self: Any, messages: list[Any], **arguments: Any) -> Any:
        with calls.open("a") as lines:
            lines.write(json.dumps({"messages": messages, "arguments": arguments}) + "\n")
        return method(self, messages, **arguments)

    return generate_response


if __name__ == "__main__":
    record_calls(os.environ["DROP_IN_PACKAGE"], Path(os.environ["DROP_IN_CALLS"]))
    runpy.run_path(os.environ["DROP_IN_APP"], run_name="__main__")
