"""The peer's chat under load."""

from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro
from vizro_experimental.chat import Chat, Message, StreamingChatAction

from benchmarks.load.pace import paced_tokens


class Tokens(StreamingChatAction):
    """Answers with tokens."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Yield them. Called by the chat."""
        yield from paced_tokens(messages[-1]["content"])


page = vm.Page(title="Load", components=[Chat(id="chat", actions=Tokens())])
app = Vizro().build(vm.Dashboard(pages=[page]))
