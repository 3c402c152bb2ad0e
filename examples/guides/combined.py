"""A chat that draws a file: a model chooses what to draw, the answer is a chart. Needs OPENAI_API_KEY."""

import base64
import io
import json

import pandas as pd
import vizro.models as vm
import vizro.plotly.express as px
from dash import dcc, html
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message

CHARTS = {"bar": px.bar, "line": px.line, "scatter": px.scatter}
INSTRUCTIONS = (
    "Choose a chart that answers the question. Answer with nothing but JSON: "
    f'{{"chart": one of {list(CHARTS)}, "x": a column, "y": a column}}'
)


class Charts(ChatAction):
    """Draws the CSV file that came last."""

    model: str = Field(default="gpt-4.1-nano")

    def generate_response(
        self, messages: list[Message], uploaded_files: list[dict[str, str]] | None = None
    ) -> html.Div | str:
        """Let the model choose a chart, and draw it."""
        earlier = [message["attachments"] for message in messages[:-1] if message.get("attachments")]
        files = uploaded_files or (earlier[-1] if earlier else [])
        if not files:
            return "Attach a **CSV file** first."
        data = pd.read_csv(io.BytesIO(base64.b64decode(files[0]["content"].split(",", 1)[1])))
        question = f"{messages[-1]['content']}\n\nColumns: {', '.join(data.columns)}"
        response = OpenAI().responses.create(model=self.model, input=question, instructions=INSTRUCTIONS, store=False)
        try:
            chosen = json.loads(response.output_text)
            figure = CHARTS[chosen["chart"]](data, x=chosen["x"], y=chosen["y"])
        except (KeyError, TypeError, ValueError):
            return "The model has chosen no chart that can be drawn. Try other words."
        return html.Div([dcc.Markdown(f"{files[0]['filename']}, {len(data)} rows:"), dcc.Graph(figure=figure)])


chat = Chat(
    actions=Charts(),
    placeholder="Attach a CSV file and say what to draw",
    file_upload=True,
    example_questions=["Draw the revenue of each month", "Show how price and quantity hang together"],
)
Vizro().build(vm.Dashboard(pages=[vm.Page(title="Charts of a file", components=[chat])])).run()
