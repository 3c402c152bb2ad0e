"""The demo dashboard: a chat, two chats side by side, and a chat beside a chart.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) the chats talk to that server. Without, a scripted server on this
machine answers, which every page says. The action is the same in both cases, and so is the openai package below it.
"""

import os
from collections.abc import Iterator

import vizro.models as vm
import vizro.plotly.express as px
from dash import html
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.testing import ScriptedOpenAI


class OpenAIStreamingChat(StreamingChatAction):
    """The guide's action."""

    model: str = Field(default="gpt-4.1-nano")

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Pass on the text that the model streams."""
        client = OpenAI()
        api_messages = [{"role": m["role"], "content": m["content"]} for m in messages]
        response = client.responses.create(
            model=self.model,
            input=api_messages,
            instructions="Be polite and creative.",
            store=False,
            stream=True,
        )
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


class ScriptedDashboard(vm.Dashboard):
    """A dashboard that says on every page that no model answers."""

    def custom_header(self) -> html.Div:
        """Return the label for the dashboard's header. Called by Vizro."""
        reason = html.Span(": no OPENAI_API_KEY is set, so no model answers", className="d-none d-md-inline")
        return html.Div([html.Strong("Scripted demo"), reason], className="ms-3 text-nowrap")


def dashboard(*, scripted: bool) -> vm.Dashboard:
    """Build the demo's pages."""
    examples = ["Show a table", "Show some code", "Show some math", "Draw a diagram"] if scripted else []

    def chat(name: str) -> Chat:
        return Chat(
            id=name,
            actions=OpenAIStreamingChat(),
            name="Demo assistant",
            description="Answers appear as they are written.",
            example_questions=examples,
        )

    chart = vm.Graph(figure=px.scatter(px.data.iris(), x="sepal_width", y="sepal_length", color="species"))
    side_by_side = vm.Grid(grid=[[0, 1]])
    return (ScriptedDashboard if scripted else vm.Dashboard)(
        title="vizro_ws_chat demo",
        pages=[
            vm.Page(title="Chat", components=[chat("chat")]),
            vm.Page(title="Two chats", components=[chat("left"), chat("right")], layout=side_by_side),
            vm.Page(title="Beside a chart", components=[chart, chat("beside")], layout=side_by_side),
        ],
    )


def main() -> None:
    """Serve the demo until it is interrupted."""
    scripted = not os.environ.get("OPENAI_API_KEY")
    if not scripted:
        Vizro().build(dashboard(scripted=False)).run()
        return
    with ScriptedOpenAI() as upstream:
        os.environ["OPENAI_BASE_URL"] = upstream.base_url
        os.environ["OPENAI_API_KEY"] = upstream.api_key
        Vizro().build(dashboard(scripted=True)).run()


if __name__ == "__main__":
    main()
