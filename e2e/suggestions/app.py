"""Chats that suggest what to ask next, at /{action}-{transport}."""

from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message, RunContext, StreamingChatAction


def told(messages: list[Message]) -> str:
    return " / ".join(message["content"] for message in messages)


class Whole(ChatAction):
    def generate_response(self, messages: list[Message], prompt: str, context: RunContext) -> str:
        context.suggest("Show it by month", "Why?")
        return told(messages)


class Streamed(StreamingChatAction):
    def generate_response(self, messages: list[Message], prompt: str, context: RunContext) -> Iterator[str]:
        context.suggest("Show it by month", "Why?")
        yield told(messages)
        if prompt == "fail":
            raise ValueError


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for name, action in (("whole", Whole), ("streamed", Streamed)):
    for transport in ("websocket", "sse"):
        chat = Chat(id=f"{name}-{transport}", actions=action(), transport=transport)
        pages.append(vm.Page(title=f"{name}-{transport}", components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run()
