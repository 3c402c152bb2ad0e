"""The demo dashboard: a chat, two chats side by side, and a chat beside a chart.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) the chats talk to that server. Without, a scripted server on this
machine answers, which every page says. The action is the same in both cases, and so is the openai package below it.
"""

import os
from collections.abc import Iterator

import vizro.models as vm
import vizro.plotly.express as px
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


SCRIPTED_LABEL = (
    "**Scripted demo:** no OPENAI_API_KEY is set, so prepared text answers, not a model. "
    "Try `hello`, `table`, `code`, `list`."
)


def page(title: str, components: list[vm.VizroBaseModel], columns: int, *, scripted: bool) -> vm.Page:
    """Lay components out beside each other, below the label where it is needed."""
    row = list(range(columns))
    if not scripted:
        return vm.Page(title=title, components=components, layout=vm.Grid(grid=[row]))
    label = vm.Card(text=SCRIPTED_LABEL)
    rows = [[0] * columns] + [[index + 1 for index in row]] * 7
    return vm.Page(title=title, components=[label, *components], layout=vm.Grid(grid=rows))


def dashboard(*, scripted: bool) -> vm.Dashboard:
    """Build the demo's pages."""
    chart = vm.Graph(figure=px.scatter(px.data.iris(), x="sepal_width", y="sepal_length", color="species"))
    return vm.Dashboard(
        title="vizro_ws_chat demo",
        pages=[
            page("Chat", [Chat(id="chat", actions=OpenAIStreamingChat())], 1, scripted=scripted),
            page(
                "Two chats",
                [
                    Chat(id="left", actions=OpenAIStreamingChat(), placeholder="Ask on the left"),
                    Chat(id="right", actions=OpenAIStreamingChat(), placeholder="Ask on the right"),
                ],
                2,
                scripted=scripted,
            ),
            page("Beside a chart", [chart, Chat(id="beside", actions=OpenAIStreamingChat())], 2, scripted=scripted),
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
