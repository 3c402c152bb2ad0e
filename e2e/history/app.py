"""A dashboard whose chats' conversations are kept: over both transports, and in a popup."""

from collections.abc import Iterator
from typing import Literal

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.popup import add_chat_popup


def answer(messages: list[Message]) -> Iterator[str]:
    texts = [{"role": message["role"], "content": message["content"]} for message in messages]
    for event in OpenAI(max_retries=0).responses.create(model="scripted", input=texts, stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta


class Answering(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield from answer(messages)


def page(transport: Literal["websocket", "sse"]) -> vm.Page:
    chat = Chat(id=transport, actions=Answering(), transport=transport, on_feedback=lambda feedback: None)
    return vm.Page(title=transport, components=[chat])


home = vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])
app = Vizro()
app.build(vm.Dashboard(pages=[home, page("websocket"), page("sse")]))
add_chat_popup(answer, title="Helper", chat_id="helper")

if __name__ == "__main__":
    app.run()
