"""Chats to which something is said while they answer, at /{mode}-{transport}."""

import time
from collections.abc import AsyncGenerator, Generator
from typing import Any

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction
from vizro_ws_chat.parts import Ask


class Slow(StreamingChatAction):
    """Answers, in a few seconds if it is asked something slow, with what was asked so far."""

    def generate_response(self, messages: list[Message], prompt: str, context: RunContext) -> Generator[str, Any, None]:
        yield f"{prompt}: "
        for step in range(40 if prompt.startswith("slow") else 4):
            if context.cancelled:
                return
            yield f"{step} "
            time.sleep(0.1)
        if prompt == "slow to fail":
            raise RuntimeError
        yield "| " + " / ".join(str(message["content"]) for message in messages if message["role"] == "user")


class Steered(StreamingChatAction):
    """Works until it is told to "finish"; "deaf" hears nothing."""

    def generate_response(self, messages: list[Message], prompt: str, context: RunContext) -> Generator[Any, Any, None]:
        yield f"On {prompt}. "
        if prompt == "asking":
            yield Ask("Which one?", options=["This"])
        if prompt in {"deaf", "brief"}:
            time.sleep(2)
            yield "Done."
            return
        while not context.cancelled:
            told = context.inbox.get(timeout=30)
            if told is None or told == "finish":
                break
            yield f"Now with {told}. "
        yield "All: " + " / ".join(f"{message['role']} {message['content']}" for message in messages)


class SteeredAsync(StreamingChatAction):
    async def generate_response(self, messages: list[Message], context: RunContext) -> AsyncGenerator[str, Any]:
        yield "Begun. "
        yield f"Now with {await context.inbox.get_async(timeout=30)}."


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    for mode, action in (("queue", Slow), ("deliver", Steered)):
        name = f"{mode}-{transport}"
        chat = Chat(id=name, actions=action(), transport=transport, while_answering=mode, file_upload=True)
        pages.append(vm.Page(title=name, components=[chat]))
pages.append(vm.Page(title="async", components=[Chat(id="async", actions=SteeredAsync(), while_answering="deliver")]))
pages.append(vm.Page(title="wait", components=[Chat(id="wait", actions=Slow())]))
Vizro().build(vm.Dashboard(pages=pages)).run()
