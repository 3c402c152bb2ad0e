"""A chat whose input is read by one callback and set by another."""

from collections.abc import Iterator

import vizro.models as vm
from dash import Input, Output, callback
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().responses.create(model="scripted", input=[dict(m) for m in messages], stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


@callback(Output("echo", "children"), Input("chat-chat-input", "value"))
def echo(value: str) -> str:
    return f"Input: {value}"


@callback(Output("chat-chat-input", "value"), Input("suggest", "n_clicks"), prevent_initial_call=True)
def suggest(_: int) -> str:
    return "A suggested question"


Vizro().build(
    vm.Dashboard(
        pages=[
            vm.Page(
                title="Keyboard",
                components=[
                    Chat(id="chat", actions=OpenAIStreamingChat()),
                    vm.Text(id="echo", text=""),
                    vm.Button(id="suggest", text="Suggest"),
                ],
                layout=vm.Grid(grid=[[0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [1, 2]]),
            )
        ]
    )
).run()
