"""The dashboard of several cases: a page with one chat, a page with two, a page with none."""

import gc
import os
from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().responses.create(model="scripted", input=[dict(m) for m in messages], stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


def chat(name: str) -> Chat:
    return Chat(id=name, actions=OpenAIStreamingChat())


app = Vizro(url_base_pathname=os.environ.get("DASHBOARD_PATH", "/"))
app.build(
    vm.Dashboard(
        pages=[
            vm.Page(title="One chat", components=[chat("one")]),
            vm.Page(title="Two chats", components=[chat("left"), chat("right")], layout=vm.Grid(grid=[[0, 1]])),
            vm.Page(title="No chat", components=[vm.Card(text="Nothing to say here.")]),
        ]
    )
)


@app.dash.server.get("/collect-garbage")
def collect_garbage() -> str:
    """Let go of the guide's clients, which hold themselves, and their connections, until Python looks for such."""
    return str(gc.collect())


if __name__ == "__main__":
    app.run(debug="DASHBOARD_DEBUG" in os.environ)
