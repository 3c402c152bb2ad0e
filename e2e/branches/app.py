"""Chats that say which conversation they were asked with, one page per transport, at /{transport}."""

from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class Recalling(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield " > ".join(message["content"] for message in messages if message["role"] == "user")


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    chat = Chat(id=transport, actions=Recalling(), transport=transport)
    pages.append(vm.Page(title=transport, components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run()
