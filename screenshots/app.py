"""The dashboard on the pictures."""

import os
from collections.abc import Generator, Iterator
from typing import Any, Literal

import plotly.express as px
import vizro.models as vm
from dash import dcc
from openai import OpenAI
from pydantic import BaseModel, Field
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction
from vizro_ws_chat.parts import Ask, File, Reasoning, Source, ToolCall


class OpenAIStreamingChat(StreamingChatAction):
    """The guide's action, which suggests something to those who ask what is next."""

    model: str = "gpt-4.1-nano"

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        """Pass on the text that the model streams."""
        if "next" in messages[-1]["content"]:
            context.suggest("Show it by month", "Why did the East grow?", "Compare with last year")
        response = OpenAI(max_retries=0).responses.create(
            model=self.model,
            input=[{"role": message["role"], "content": message["content"]} for message in messages],
            stream=True,
        )
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


class Delivery(BaseModel):
    """Where a report goes."""

    recipient: str = Field(max_length=60, description="A name or a department")
    copies: int = Field(default=1, ge=1, le=20)
    paper: Literal["white", "recycled"] = "recycled"


class Secretary(StreamingChatAction):
    """Answers with all kinds of parts, and asks back."""

    def generate_response(self, messages: list[Message], prompt: str) -> Generator[Any, Any, None]:
        """Tell about the regions, or ask where a report goes."""
        if "report" in prompt:
            yield "Here it is, in short: the East has grown by 20 %."
            yield (yield ToolCall("write_report", {"region": "East"})).result({"pages": 12})
            yield Ask("Where does the printed report go?", form=Delivery)
            return
        yield Reasoning("They want to know which region has grown.")
        call = yield ToolCall("query_orders", {"by": "region", "years": [2024, 2025]})
        yield call.result("4 rows")
        yield (yield ToolCall("query_returns", {"by": "region"})).failed("The table of returns is being filled.")
        yield "The East has grown fastest"
        yield Source("https://example.com/orders", "Orders of two years", "Orders by region, 2024 and 2025.")
        yield ", as the chart shows:"
        figure = px.bar(x=["North", "South", "East", "West"], y=[4, 7, 20, 11], labels={"x": "", "y": "Growth in %"})
        yield dcc.Graph(figure=figure, style={"height": 260})
        yield File("Region;Growth\nEast;20\n", "growth.csv")
        yield Ask("Shall I look at the returns as well?", options=["Yes, by region", "No"])


chat = Chat(
    id="chat",
    actions=OpenAIStreamingChat(),
    name="Sales assistant",
    description="Knows the orders of the last two years, and how they are counted.",
    example_questions=[
        "Which region grew fastest?",
        "How is revenue counted?",
        "Plot the orders by day",
        "What should I look at first?",
    ],
    on_feedback=lambda feedback: None,
)
file_chat = Chat(
    id="file-chat",
    actions=OpenAIStreamingChat(),
    name="Sales assistant",
    file_upload=True,
    file_types=["image/*", ".csv", ".xlsx"],
)
parts_chat = Chat(id="parts-chat", actions=Secretary(), name="Sales assistant")
kept_chat = Chat(
    id="kept-chat", actions=OpenAIStreamingChat(), name="Sales assistant", history=os.environ.get("PICTURES_HISTORY")
)
pages = [
    vm.Page(title="Ask about orders", components=[chat]),
    vm.Page(title="Ask about files", path="files", components=[file_chat]),
    vm.Page(title="Ask for more than text", path="parts", components=[parts_chat]),
    vm.Page(title="Ask again another day", path="kept", components=[kept_chat]),
]
# With one page in it, there is no navigation.
Vizro().build(vm.Dashboard(title="Orders", pages=pages, navigation=vm.Navigation(pages=["Ask about orders"]))).run()
