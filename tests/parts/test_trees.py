import json
from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import vizro  # noqa: F401 - brings its templates
from dash import dcc, html

from vizro_ws_chat.exceptions import AnswerError
from vizro_ws_chat.parts.trees import encode_components


def encode(shown: object) -> str:
    return encode_components(shown, "generate_response returned")


def tree(shown: object) -> Any:
    return json.loads(encode(shown))


def test_a_component_is_its_json() -> None:
    assert tree(html.Div("Hello", id="greeting")) == {
        "namespace": "dash_html_components",
        "type": "Div",
        "props": {"children": "Hello", "id": "greeting"},
    }


def test_a_list_may_mix_text_and_components() -> None:
    first, second = tree(["Hello", html.P("world")])
    assert first == "Hello"
    assert second["type"] == "P"


@pytest.mark.parametrize("answer", [go.Figure(), [go.Figure()], (go.Figure(),)])
def test_a_figure_becomes_a_graph(answer: object) -> None:
    found = tree(answer)
    graph = found[0] if isinstance(found, list) else found
    assert graph["type"] == "Graph"
    assert graph["props"]["figure"]["data"] == []


@pytest.mark.parametrize(("answer", "shown"), [(5, 5), (np.float64(2.5), 2.5), (date(2026, 3, 1), "2026-03-01")])
def test_what_plotlys_encoder_takes_is_shown(answer: object, shown: object) -> None:
    assert tree(answer) == shown


def test_what_is_no_number_in_json_becomes_null() -> None:
    assert tree(dcc.Graph(figure=go.Figure(go.Scatter(y=[1, float("nan")]))))


@pytest.mark.parametrize("answer", [{"a": 1}, [{"a": 1}], html.Div([html.P({"a": 1})])])
def test_a_plain_dict_would_take_the_page_down(answer: object) -> None:
    with pytest.raises(AnswerError, match=r"a dict with the keys \['a'\], which is no component"):
        encode(answer)


def test_what_json_can_not_say_is_told() -> None:
    with pytest.raises(AnswerError, match="'object', which can't be written as JSON"):
        encode(object())


@pytest.mark.parametrize("component_id", ["same", {"type": "chart", "index": 1}])
def test_two_components_of_one_id_are_told(component_id: Any) -> None:
    with pytest.raises(AnswerError, match="two components with the id"):
        encode(html.Div([html.P(id=component_id), html.Div(html.P(id=component_id))]))


def test_components_in_other_properties_count_too() -> None:
    with pytest.raises(AnswerError, match="two components with the id"):
        encode([html.P(id="same"), dcc.Checklist(options=[{"label": html.P(id="same"), "value": 1}])])


@pytest.mark.parametrize(("template", "named"), [("vizro_dark", True), ("vizro_light", True), ("plotly", False)])
def test_vizros_templates_are_only_named(template: str, named: bool) -> None:
    figure = go.Figure(go.Bar(y=[1]), layout={"template": template, "title": "A"})
    layout = tree(html.Div([figure_in_graph(figure)]))["props"]["children"][0]["props"]["figure"]["layout"]
    assert layout["title"] == {"text": "A"}
    assert (layout["template"] == "vizro") == named


def figure_in_graph(figure: go.Figure) -> dcc.Graph:
    return dcc.Graph(figure=figure)
