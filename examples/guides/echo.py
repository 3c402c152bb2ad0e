"""The smallest chat: it repeats what it is told."""

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message


class Echo(ChatAction):
    """Says how the conversation ends."""

    def generate_response(self, messages: list[Message]) -> str:
        """Return the last message."""
        return f"Message {len(messages)} was: *{messages[-1]['content']}*"


page = vm.Page(title="Echo", components=[Chat(actions=Echo(), placeholder="Say something")])
Vizro().build(vm.Dashboard(pages=[page])).run()
