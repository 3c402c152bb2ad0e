"""Chats whose action fails as its question asks, one page per transport, at /{transport}."""

import os
from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction, UserFacingError

SECRET = os.environ["PLANTED_SECRET"]


class FailingChat(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        match messages[-1]["content"]:
            case "raise before":
                raise RuntimeError(f"The password is {SECRET}")
            case "raise in the middle":
                yield "What came "
                raise RuntimeError(f"The password is {SECRET}")
            case "yield a number":
                yield "What came "
                yield 42
            case "yield nothing":
                return
            case "say why":
                yield "What came "
                raise UserFacingError("The sales data is being refreshed.") from RuntimeError(SECRET)
            case _:
                yield from self._ask(messages)

    def _ask(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().chat.completions.create(model="any", messages=messages, stream=True)
        for chunk in response:
            yield chunk.choices[0].delta.content or ""


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    chat = Chat(id=transport, actions=FailingChat(), transport=transport)
    pages.append(vm.Page(title=transport, components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run()
