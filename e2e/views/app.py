"""Chats whose authors show messages in their own way, at /{action}-{transport}."""

import json
from collections.abc import Iterator
from typing import Any

import vizro.models as vm
from dash import Input, Output, callback, html
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message, StreamingChatAction


@callback(Output("pressed", "children"), Input("press", "n_clicks"), prevent_initial_call=True)
def count(clicks: int) -> str:
    return f"Pressed {clicks}"


class Shown:
    """How both actions show messages."""

    def message_to_html(self, message: dict[str, Any]) -> Any:
        text = json.loads(message["content_json"])
        match message["role"], text:
            case _, "broken" | "You said broken":
                raise ValueError("no way to show this")
            case _, "plain" | "You said **plain**":
                return super().message_to_html(message)
            case "user", _:
                return html.Div(f"Asked: {text}", className="my-question")
            case _, "You said button":
                return html.Div([html.Button("Press", id="press"), html.Span(id="pressed")])
        return html.Div([super().message_to_html(message), html.Small("From the press office")])


def answer_to(prompt: str) -> str:
    return f"You said **{prompt}**" if prompt in {"plain", "bold"} else f"You said {prompt}"


class Whole(Shown, ChatAction):
    def generate_response(self, messages: list[Message], prompt: str) -> Any:
        return html.P("A component", id="component") if prompt == "component" else answer_to(prompt)


class Streamed(Shown, StreamingChatAction):
    def generate_response(self, messages: list[Message], prompt: str) -> Iterator[str]:
        yield from answer_to(prompt).partition("said")


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for name, action in (("whole", Whole), ("streamed", Streamed)):
    for transport in ("websocket", "sse"):
        chat = Chat(id=f"{name}-{transport}", actions=action(), transport=transport, file_upload=True)
        pages.append(vm.Page(title=f"{name}-{transport}", components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run()
