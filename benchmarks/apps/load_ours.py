"""Our chat under load."""

from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro

from benchmarks.load.dialects import SECRET
from benchmarks.load.pace import paced_tokens
from vizro_ws_chat import Chat, Message, StreamingChatAction


class Tokens(StreamingChatAction):
    """Answers with tokens."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Yield them. Called by the chat."""
        yield from paced_tokens(messages[-1]["content"])


app = Vizro()
app.dash.server.secret_key = SECRET
app.build(vm.Dashboard(pages=[vm.Page(title="Load", components=[Chat(id="chat", actions=Tokens())])]))
