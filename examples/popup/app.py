"""A dashboard of two pages with a popup: a chat that floats over both.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) it talks to that server. Without, a scripted server on this machine
answers, which the popup says.
"""

import os
from collections.abc import Iterator

import vizro.models as vm
import vizro.plotly.express as px
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Message
from vizro_ws_chat.popup import add_chat_popup
from vizro_ws_chat.testing import ScriptedOpenAI


def generate_response(messages: list[Message]) -> Iterator[str]:
    """Pass on the text that the model streams."""
    response = OpenAI().responses.create(
        model="gpt-4.1-nano",
        input=[{"role": m["role"], "content": m["content"]} for m in messages],
        store=False,
        stream=True,
    )
    for event in response:
        if event.type == "response.output_text.delta":
            yield event.delta


def serve(*, scripted: bool) -> None:
    """Serve the dashboard until it is interrupted."""
    iris, tips = px.data.iris(), px.data.tips()
    dashboard = vm.Dashboard(
        title="vizro_ws_chat popup",
        pages=[
            vm.Page(
                title="Iris",
                components=[vm.Graph(figure=px.scatter(iris, x="sepal_width", y="sepal_length", color="species"))],
            ),
            vm.Page(title="Tips", components=[vm.Graph(figure=px.histogram(tips, x="day", y="total_bill"))]),
        ],
    )
    app = Vizro().build(dashboard)
    add_chat_popup(
        generate_response,
        title="Analytics assistant",
        description="Scripted demo: no OPENAI_API_KEY is set, so no model answers." if scripted else "",
        example_questions=["Show a table", "Draw a diagram"] if scripted else [],
    )
    app.run()


def main() -> None:
    """Serve the dashboard, with a model or with the scripted server."""
    if os.environ.get("OPENAI_API_KEY"):
        serve(scripted=False)
        return
    with ScriptedOpenAI() as upstream:
        os.environ["OPENAI_BASE_URL"] = upstream.base_url
        os.environ["OPENAI_API_KEY"] = upstream.api_key
        serve(scripted=True)


if __name__ == "__main__":
    main()
