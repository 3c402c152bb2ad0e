"""A chat whose generators yield more than text, at /{transport}; the prompt says what."""

import base64
import time
from collections.abc import Callable, Generator
from threading import Event
from typing import Any

import dash_bootstrap_components as dbc
import plotly.express as px
import vizro.models as vm
from dash import Input, Output, State, callback, dcc, html
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction
from vizro_ws_chat.parts import Component, File, Reasoning, Source, Status, Suggestions, ToolCall, Usage

DATA = px.data.iris()
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
go_on = Event()


def chart() -> Any:
    return px.scatter(DATA, x="sepal_width", y="sepal_length")


@callback(Output("heard", "children"), Input("name", "value"), State("name", "id"))
def hear(name: str | None, _: str) -> str:
    return f"Hello, {name or 'stranger'}"


def wait() -> None:
    go_on.wait(20)
    go_on.clear()


def mixed() -> Generator[Any, Any, None]:
    yield "Before the chart"
    yield chart()
    yield "after "
    wait()
    yield "the chart."


def growing() -> Generator[Any, Any, None]:
    yield "It grows:"
    graph = yield Component(dcc.Graph(figure=px.line(y=[1, 2])))
    bar = yield dbc.Progress(value=0)
    for points in range(3, 6):
        wait()
        yield graph.update(figure=px.line(y=list(range(points))))
        yield bar.update(value=points * 20)
    yield "Done."


def thinking() -> Generator[Any, Any, None]:
    yield Reasoning("First **this**, ")
    wait()
    yield Reasoning("then that.")
    yield "So it is."


def tool() -> Generator[Any, Any, None]:
    call = yield ToolCall("count_rows", {"table": "iris", "where": ["a", "b"]})
    wait()
    yield call.result({"rows": 150})
    other = yield ToolCall("drop_table", "iris")
    yield other.failed("This is not allowed.")
    yield (yield ToolCall("send_mail")).denied()
    yield "150 rows."


def sources() -> Generator[Any, Any, None]:
    yield "The first"
    yield Source("https://example.org/first", "First source", "What the first one says.")
    yield " and the second"
    yield Source("https://example.com/second?a=1&b=(2)", "Second source")
    yield " and the first again"
    yield Source("https://example.org/first")
    yield "."


def status() -> Generator[Any, Any, None]:
    yield Status("Searching…")
    wait()
    yield Status("Reading 3 pages…")
    wait()
    yield "Found."


def files() -> Generator[Any, Any, None]:
    yield "Here they are:"
    yield File("a,b\n1,2\n", "table.csv")
    yield File(PIXEL, "pixel.png")


def around() -> Generator[Any, Any, None]:
    yield "An answer."
    yield Suggestions(["Why?"])
    yield Usage(1234, 56)


def broken() -> Generator[Any, Any, None]:
    yield "Before."
    yield html.Div(object())
    yield "After."


def form() -> Generator[Any, Any, None]:
    yield "Who are you?"
    yield html.Div([dcc.Input(id="name"), html.P(id="heard")])
    yield vm.Card(text="A **card** of Vizro")


def fast() -> Generator[Any, Any, None]:
    """Change a chart of 10,000 points 20 times a second, for 5 seconds."""
    figure = px.line(y=list(range(10_000)), render_mode="webgl")
    graph = yield Component(dcc.Graph(figure=figure))
    for shift in range(100):
        figure.data[0].y = [(value * (shift + 1)) % 1_000 for value in range(10_000)]
        yield graph.update(figure=figure)
        time.sleep(0.05)
    yield "Done."


def many() -> Generator[Any, Any, None]:
    bar = yield dbc.Progress(value=0)
    for value in range(300):
        yield bar.update(value=value / 3)
    yield "All of it."


ANSWERS: dict[str, Callable[[], Generator[Any, Any, None]]] = {
    function.__name__: function
    for function in (mixed, growing, thinking, tool, sources, status, files, around, broken, form, fast, many)
}


class Parts(StreamingChatAction):
    def generate_response(self, messages: list[Message], prompt: str, context: RunContext) -> Generator[Any, Any, None]:
        context.on_cancel(go_on.set)
        if prompt in ANSWERS:
            yield from ANSWERS[prompt]()
        else:
            yield " / ".join(str(message["content"]) for message in messages)


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    chat = Chat(id=transport, actions=Parts(), transport=transport)
    pages.append(vm.Page(title=transport, components=[chat]))
app = Vizro().build(vm.Dashboard(pages=pages))


@app.dash.server.get("/go-on")
def let_go_on() -> str:
    """Let the generator that waits go on."""
    go_on.set()
    return ""


app.run()
