from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import plotly.express as px
import plotly.graph_objects as go
import pytest
import vizro.models as vm
from dash import dcc, html

from tests.parts.writing import Answer, written
from tests.streams.making import KEY, Sealed, frames_of, make_run
from vizro_ws_chat.exceptions import AnswerError, ChunkTypeError
from vizro_ws_chat.parts.component import Component, as_part
from vizro_ws_chat.parts.notes import Status
from vizro_ws_chat.protocol.frames import TextSplice


def tree(answer: Answer, index: int = 0) -> Any:
    kind, said = answer.said[index]
    assert kind == "component"
    return said


def changed(answer: Answer, part: Component, **properties: Any) -> None:
    assert answer.take(part.update(**properties)) == [part]


def test_it_is_a_part_between_texts() -> None:
    parts = written("Here:", html.Div("x", id="mine"), "and on.")
    assert parts == [
        ("text", "Here:"),
        ("component", {"namespace": "dash_html_components", "type": "Div", "props": {"children": "x", "id": "mine"}}),
        ("text", "and on."),
    ]


@pytest.mark.parametrize(
    ("shown", "kinds"),
    [
        (lambda: html.P("x"), "P"),
        (go.Figure, "Graph"),
        (lambda: vm.Card(text="x"), "Div"),
        (lambda: [html.P("x"), go.Figure()], ["P", "Graph"]),
        (lambda: (html.P("x"), "text"), ["P", None]),
        (lambda: Component(html.P("x")), "P"),
    ],
    ids=["component", "figure", "model", "list", "tuple", "part"],
)
def test_what_may_be_yielded(shown: Callable[[], object], kinds: object) -> None:
    [(kind, said)] = written(shown())
    assert kind == "component"
    found = (
        [each["type"] if isinstance(each, dict) else None for each in said] if isinstance(said, list) else said["type"]
    )
    assert found == kinds


@pytest.mark.parametrize(
    "chunk", [None, b"bytes", 5, {"a": 1}, object(), html.Div], ids=lambda chunk: type(chunk).__name__
)
def test_what_may_not(chunk: object) -> None:
    with pytest.raises(ChunkTypeError):
        as_part(chunk)


def test_each_without_an_id_gets_one_of_its_own() -> None:
    answer = Answer()
    answer.take(html.P("x"), Status("between"), html.P("y"), html.P("z", id="mine"), html.P("w"))
    ids = [said["props"]["id"] for kind, said in answer.said if kind == "component"]
    assert ids == [f"part-{KEY.id}-0", f"part-{KEY.id}-1", "mine", f"part-{KEY.id}-3"]


class TestUpdate:
    def test_properties_are_set_and_the_rest_stays(self) -> None:
        answer = Answer()
        part = Component(html.Div("x", title="t", id="mine"))
        assert answer.take(part) == [part]
        answer.take("More text.")
        changed(answer, part, children=["y", html.P("z")], hidden=True)
        props = tree(answer)["props"]
        assert (props["id"], props["title"], props["hidden"]) == ("mine", "t", True)
        assert props["children"][1]["props"]["children"] == "z"
        assert [kind for kind, _ in answer.said] == ["component", "text"]

    def test_only_what_differs_is_sent(self) -> None:
        answer = Answer()
        part = Component(dcc.Graph(figure=go.Figure(go.Scatter(y=list(range(2_000))))))
        answer.take(part)
        changed(answer, part, className="a")
        changed(answer, part, className="b")
        splices = [frame for frame in frames_of(answer.run) if isinstance(frame, TextSplice)]
        assert [len(splice.d) for splice in splices] == [len(',"className":"a"'), 1]

    def test_a_figure(self) -> None:
        answer = Answer()
        part = Component(px.scatter(x=[1], y=[1]))
        answer.take(part)
        changed(answer, part, figure=go.Figure(go.Bar(y=[1, 2])))
        assert tree(answer)["props"]["figure"]["data"][0]["type"] == "bar"

    @pytest.mark.parametrize("name", ["valu", "id", "__proto__", "type", "setProps"])
    def test_of_what_it_has_not_is_told(self, name: str) -> None:
        answer = Answer()
        part = Component(html.Div())
        answer.take(part)
        with pytest.raises(AnswerError, match="has no property"):
            part.update(**{name: 1})

    def test_to_what_can_not_be_shown_is_told_and_leaves_it(self) -> None:
        answer = Answer()
        part = Component(html.Div("x"))
        answer.take(part)
        for value in ({"a": 1}, object()):
            with pytest.raises(AnswerError):
                part.update(children=value)
        assert tree(answer)["props"]["children"] == "x"
        changed(answer, part, children="y")
        assert tree(answer)["props"]["children"] == "y"

    def test_of_a_list_is_told(self) -> None:
        answer = Answer()
        part = Component([html.P("x"), html.P("y")])
        answer.take(part)
        with pytest.raises(AnswerError, match="list of components"):
            part.update(children="z")

    def test_before_it_was_yielded_is_a_problem(self) -> None:
        assert [kind for kind, _ in written(Component(html.P()).update(children="x"), "More.")] == ["problem", "text"]

    def test_in_another_answer_is_a_problem_there(self) -> None:
        old, new = Answer(), Answer()
        new.run.id = "another-run-of-this-chat"
        part = Component(html.P("old"))
        old.take(part)
        old.run.finish()
        new.take("New.", part.update(children="new"), "More.")
        assert [kind for kind, _ in new.said] == ["text", "problem", "text"]
        assert tree(old)["props"]["children"] == "old"

    def test_after_the_end_of_its_run_changes_nothing(self) -> None:
        answer = Answer()
        part = Component(html.P("x"))
        answer.take(part)
        answer.run.stop()
        before = frames_of(answer.run)
        changed(answer, part, children="y")
        assert frames_of(answer.run) == before

    def test_over_and_over_is_slowed_down_and_takes_no_more_room(self) -> None:
        """A loop that never waits must leave time for others, and the log must not grow with it."""
        answer = Answer()
        part = Component(html.Div("x" * 100_000))
        answer.take(part)
        for number in range(100):
            changed(answer, part, children=str(number % 10) * 100_000)
        assert answer.run.seconds_ahead > 1
        assert answer.run.log.chars < 2_000_000
        assert tree(answer)["props"]["children"] == "9" * 100_000

    def test_the_last_is_what_is_signed(self) -> None:
        seal = Sealed()
        answer = Answer(make_run(seal=seal))
        part = Component(html.Div("x", id="mine"))
        answer.take(part)
        changed(answer, part, children="y")
        answer.run.finish()
        assert seal.texts == [(("component", answer.parts[0].text),)]
        assert json.loads(answer.parts[0].text)["props"]["children"] == "y"


def deep(levels: int) -> html.Div:
    shown = html.Div("x")
    for _ in range(levels):
        shown = html.Div(shown)
    return shown


def circle() -> html.Div:
    shown = html.Div()
    shown.children = [shown]
    return shown


@pytest.mark.parametrize(
    "shown",
    [html.Div(object()), html.Div({"a": 1}), deep(3_000), circle(), [html.P(id="same"), html.P(id="same")]],
    ids=["object", "dict", "deep", "circle", "ids"],
)
def test_the_stream_goes_on_after_what_can_not_be_shown(shown: object, caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer()
    with caplog.at_level(logging.ERROR):
        answer.take("Before", shown, "after")
    [before, (kind, problem), after] = answer.said
    assert (before, kind, after) == (("text", "Before"), "problem", ("text", "after"))
    assert list(problem) == ["ref"]
    assert problem["ref"] in caplog.text
    assert "AnswerError" in caplog.text


def test_a_part_is_written_in_ascii() -> None:
    answer = Answer()
    answer.take(html.P("Süße 👋"))
    assert answer.parts[0].text.isascii()
    assert tree(answer)["props"]["children"] == "Süße 👋"
