"""Chats at /websocket and /sse, with Dash's developer tools or without."""

import os
import time
from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class Counting(StreamingChatAction):
    def generate_response(self, messages: list[Message], prompt: str) -> Iterator[str]:
        if prompt == "fail":
            raise ValueError
        count = int(prompt)
        for number in range(count):
            yield f"word{number} "
            time.sleep(0.02)


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    chat = Chat(id=transport, actions=Counting(), transport=transport)
    pages.append(vm.Page(title=transport, components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run(debug="DEVELOPER_TOOLS" in os.environ)
