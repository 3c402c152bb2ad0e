"""Chats on a Dash app without Vizro: one that streams, and one that answers with components."""

import threading
from collections.abc import Iterator
from typing import Any

import plotly.express as px
from dash import Dash, Input, Output, callback, dcc, html

from vizro_ws_chat import ChatAction, Message, RunContext, StreamingChatAction, dash_chat


class Story(StreamingChatAction):
    country: str = "country.value"

    def generate_response(
        self, messages: list[Message], prompt: str, country: str, context: RunContext
    ) -> Iterator[str]:
        yield f"**{prompt}** in {country} `code`"
        if prompt == "code":
            yield '\n\n```python\ndef one(x):  # a comment\n    return 1 + "2"\n```\n'
        if prompt == "wait":
            stopped = threading.Event()
            context.on_cancel(stopped.set)
            stopped.wait(60)


class Charts(ChatAction):
    def generate_response(self, messages: list[Message]) -> Any:
        return [html.Button("Count", id="count"), html.P(id="counted"), dcc.Graph(figure=px.bar(x=["a"], y=[1]))]


@callback(Output("counted", "children"), Input("count", "n_clicks"))
def count(clicks: int | None) -> str:
    return f"{clicks or 0} times"


# There is no app yet, as in a module of its own.
story = dash_chat(Story(), "story", example_questions=["Why?"], file_upload=True)
# Callbacks on components of answers, which are not in the layout.
app = Dash(__name__, suppress_callback_exceptions=True)
chats = html.Div(
    [
        dcc.Dropdown(["France", "Spain"], "France", id="country", clearable=False),
        story,
        dash_chat(Charts(), "charts", on_feedback=print),
    ],
    style={"display": "grid", "gridTemplateRows": "auto 1fr 1fr", "height": "1200px", "fontFamily": "system-ui"},
)


without_height = html.Div(dash_chat(Charts(), "below"))


def layout() -> html.Div:
    """As of each time that the page is opened."""
    return html.Div([chats, without_height])


app.layout = layout

app.run()
