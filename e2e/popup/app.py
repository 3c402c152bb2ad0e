"""A dashboard of two pages with a popup that streams, and one that answers with a chart."""

from collections.abc import Iterator

import vizro.models as vm
import vizro.plotly.express as px
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Message
from vizro_ws_chat.popup import add_chat_popup


def answer(messages: list[Message]) -> Iterator[str]:
    for event in OpenAI().responses.create(model="scripted", input=[dict(m) for m in messages], stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta


def chart(messages: list[Message], prompt: str) -> object:
    return [prompt, px.scatter(px.data.iris(), x="sepal_width", y="sepal_length")]


app = Vizro()
app.build(
    vm.Dashboard(
        pages=[
            vm.Page(title="First", components=[vm.Card(text="The first page.")]),
            vm.Page(title="Second", components=[vm.Card(text="The second page.")]),
        ]
    )
)
add_chat_popup(answer, title="Analytics assistant")
add_chat_popup(chart, streaming=False, chat_id="charts", title="Charts", color="grape")

if __name__ == "__main__":
    app.run()
