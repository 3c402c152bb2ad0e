"""The guide's action in chats with each transport, one page each, at /{transport}; served below BASE_PATH."""

import os
from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().responses.create(model="any", input=messages, store=False, stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("auto", "websocket", "sse"):
    chat = Chat(id=transport, actions=OpenAIStreamingChat(), transport=transport)
    pages.append(vm.Page(title=transport, components=[chat]))
Vizro(url_base_pathname=os.environ["BASE_PATH"]).build(vm.Dashboard(pages=pages)).run()
