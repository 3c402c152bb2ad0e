"""A chat over every page, whose answers are a function's. Needs OPENAI_API_KEY."""

from collections.abc import Iterator

import vizro.models as vm
import vizro.plotly.express as px
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Message
from vizro_ws_chat.popup import add_chat_popup


def answer(messages: list[Message]) -> Iterator[str]:
    """Pass on the text that a model streams."""
    conversation = [{"role": message["role"], "content": message["content"]} for message in messages]
    for event in OpenAI().responses.create(model="gpt-4.1-nano", input=conversation, store=False, stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta


tips = px.data.tips()
pages = [
    vm.Page(title="Bills", components=[vm.Graph(figure=px.histogram(tips, x="total_bill"))]),
    vm.Page(title="Tips", components=[vm.Graph(figure=px.scatter(tips, x="total_bill", y="tip"))]),
]
app = Vizro().build(vm.Dashboard(pages=pages))
add_chat_popup(generate_response=answer, title="Ask about tips", placeholder="Your question")
app.run()
