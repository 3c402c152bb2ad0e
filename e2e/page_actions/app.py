"""A chat that acts on its page, at /{transport}; the prompt says what."""

from collections.abc import Generator
from typing import Any

import plotly.graph_objects as go
import vizro.models as vm
import vizro.plotly.express as px
from dash import dcc
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.parts import Navigate, Notify, SetControl

DATA = px.data.iris()
ACTIONS = {
    "one": lambda transport: SetControl(f"{transport}-species", ["setosa"]),
    "unknown value": lambda transport: SetControl(f"{transport}-species", ["tulip"]),
    "forbidden": lambda transport: SetControl(f"{transport}-secret", 1),
    "away": lambda transport: SetControl("other-size", 3),
    "range": lambda transport: SetControl(f"{transport}-length", [5, 6]),
    "out of range": lambda transport: SetControl(f"{transport}-length", [5, 600]),
    "home": lambda _: Navigate("Home"),
    "nowhere": lambda _: Navigate("/nowhere"),
    "notify": lambda _: Notify("The figures are there.", "Done"),
}


class Copilot(StreamingChatAction):
    transport: str
    selected: str
    url: str = "vizro_url.pathname"

    def generate_response(
        self,
        messages: list[Message],
        prompt: str,
        selected: Any,
        url: str,
        _controls: dict[str, list[Any]],
    ) -> Generator[Any, Any, None]:
        if prompt == "chart":
            yield dcc.Graph(id="answer-chart", figure=go.Figure(go.Bar(x=["a", "b"], y=[1, 2])))
        elif prompt in ACTIONS:
            done = yield ACTIONS[prompt](self.transport)
            yield f"done: {done}"
        else:
            points = [point["x"] for point in (selected or {}).get("points", [])]
            yield f"page {url}, filters {_controls['filters']}, points {points}"


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
pages += [
    vm.Page(
        title=transport,
        components=[
            vm.Graph(id=f"{transport}-scatter", figure=px.scatter(DATA, x="sepal_length", y="sepal_width")),
            vm.Container(id=f"{transport}-board", title="Pinned", components=[vm.Text(text="Pin charts here.")]),
            Chat(
                id=transport,
                actions=Copilot(transport=transport, selected=f"{transport}-scatter.clickData"),
                transport=transport,
                controls=[f"{transport}-species", f"{transport}-length", "other-size"],
                navigation=True,
                points_from=[f"{transport}-scatter"],
                pin_to=f"{transport}-board",
            ),
        ],
        controls=[
            vm.Filter(id=f"{transport}-species", column="species", selector=vm.Checklist()),
            vm.Filter(id=f"{transport}-length", column="sepal_length"),
            vm.Filter(id=f"{transport}-secret", column="sepal_width"),
        ],
    )
    for transport in ("websocket", "sse")
]
pages.append(
    vm.Page(
        title="Other",
        components=[vm.Graph(figure=px.scatter(DATA, x="petal_length", y="petal_width"))],
        controls=[vm.Filter(id="other-size", column="petal_length")],
    )
)
Vizro().build(vm.Dashboard(pages=pages)).run()
