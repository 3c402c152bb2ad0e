"""A chat whose answers are Dash components, at /{transport}: charts, a table, a form with callbacks of its own."""

from collections.abc import Callable
from typing import Any

import dash_bootstrap_components as dbc
import dash_mantine_components as dmc
import plotly.express as px
import vizro.models as vm
import vizro.plotly.express as vpx
from dash import Input, Output, callback, dcc, html
from dash_ag_grid import AgGrid
from vizro import Vizro
from vizro.actions import show_notification

from vizro_ws_chat import Chat, ChatAction, Message

DATA = px.data.iris()


@callback(Output("greeting", "children"), Input("name", "value"))
def greet(name: str | None) -> str:
    return f"Hello, {name or 'stranger'}"


@callback(Output("heard", "children"), Input("answer-chart", "clickData"), prevent_initial_call=True)
def hear_click(click: dict[str, Any]) -> str:
    return f"Clicked {click['points'][0]['x']}"


COLUMNS = [{"field": name} for name in DATA.columns]
ANSWERS: dict[str, Callable[[], Any]] = {
    "chart": lambda: px.scatter(DATA, x="sepal_width", y="sepal_length"),
    "clickable": lambda: [
        dcc.Graph(id="answer-chart", figure=px.bar(x=["a", "b"], y=[1, 2])),
        html.Div(id="heard"),
    ],
    "form": lambda: html.Div([dcc.Input(id="name"), html.P(id="greeting")]),
    "list": lambda: ["Some text", html.B("and bold"), dmc.Badge("a badge"), dbc.Badge("another")],
    "grid": lambda: AgGrid(rowData=DATA.head(5).to_dict("records"), columnDefs=COLUMNS),
    "dict": lambda: {"no": "component"},
    "twice": lambda: [html.P(id="same"), html.P(id="same")],
}


class Components(ChatAction):
    country: str

    def generate_response(self, messages: list[Message], prompt: str, country: str) -> Any:
        if prompt == "country":
            return f"The country is **{country}**"
        if prompt == "history":
            return html.Pre(" ".join(type(message["content"]).__name__ for message in messages))
        answer = ANSWERS.get(prompt)
        return answer() if answer else f"You said {prompt}"


class Controls(ChatAction):
    def generate_response(self, messages: list[Message], _controls: dict[str, list[Any]]) -> str:
        return f"filters: {_controls['filters']}, parameters: {_controls['parameters']}"


vm.Page.add_type("components", vm.Dropdown)
pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    chat = Chat(
        id=transport,
        actions=[Components(country=f"{transport}-country.value"), show_notification(text="The answer is complete.")],
        transport=transport,
    )
    country = vm.Dropdown(id=f"{transport}-country", options=["France", "Spain"], multi=False, value="France")
    pages.append(vm.Page(title=transport, components=[country, chat]))
pages.append(
    vm.Page(
        title="controls",
        components=[vm.Graph(figure=vpx.scatter(DATA, x="sepal_width", y="sepal_length")), Chat(actions=Controls())],
        controls=[vm.Filter(column="species", selector=vm.Checklist())],
    )
)
Vizro().build(vm.Dashboard(pages=pages)).run()
