"""Chats to which something is said while they answer, at /{mode}-{transport}."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction
from vizro_ws_chat.parts import Ask


class Slow(StreamingChatAction):
    """Answers with what was asked so far; if that is something slow, when it is told to."""

    def generate_response(self, messages: list[Message], prompt: str) -> Generator[Any, Any, None]:
        yield f"{prompt}: "
        if prompt.startswith("slow"):
            yield Ask("Go on?", options=["Go on"])
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
            if prompt == "deaf":
                yield Ask("Go on?", options=["Go on"])
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
