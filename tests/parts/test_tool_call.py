from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.parts.writing import Answer, written
from vizro_ws_chat.exceptions import AnswerError
from vizro_ws_chat.parts.part import Change
from vizro_ws_chat.parts.tool_call import ToolCall


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


def shown(answer: Answer, index: int = 0) -> dict[str, Any]:
    kind, said = answer.said[index]
    assert kind == "tool"
    return dict(said)


def test_a_call_and_its_result() -> None:
    clock, answer = Clock(), Answer()
    call = ToolCall("count_rows", {"table": "sales"}, clock=clock)
    clock.now += 10  # it begins with the yield
    assert answer.take(call) == [call]
    assert shown(answer) == {"name": "count_rows", "args": {"table": "sales"}, "state": "running"}
    clock.now += 1.5
    assert answer.take(call.result(42)) == [call]
    assert shown(answer) == {
        "name": "count_rows",
        "args": {"table": "sales"},
        "state": "done",
        "output": 42,
        "ms": 1500,
    }


def test_a_call_that_failed_or_was_denied() -> None:
    clock, answer = Clock(), Answer()
    failed, denied = ToolCall("a", clock=clock), ToolCall("b", clock=clock)
    answer.take(failed, denied, failed.failed("No such table."), denied.denied())
    assert (shown(answer)["state"], shown(answer)["output"]) == ("error", "No such table.")
    assert (shown(answer, 1)["state"], shown(answer, 1)["output"]) == ("denied", None)


def test_text_that_follows_stands_behind_it() -> None:
    call = ToolCall("a")
    parts = written("Wait.", call, "Done.", call.result())
    assert [kind for kind, _ in parts] == ["text", "tool", "text", "problem"], "not yielded yet when it was called"
    answer = Answer()
    answer.take("Wait.", call, "Done.")
    answer.take(call.result(1))
    assert [kind for kind, _ in answer.said] == ["text", "tool", "text"]
    assert shown(answer, 1)["output"] == 1


def test_arguments_as_a_model_writes_them_are_text() -> None:
    """A model's arguments may be cut, or no JSON at all."""
    answer = Answer()
    answer.take(ToolCall("a", '{"table": "sa'))
    assert shown(answer)["args"] == '{"table": "sa'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1, 2]), [1, 2]),
        (float("nan"), None),
        ({"ä": "👋"}, {"ä": "👋"}),
        ("\ud83d", "\ud83d"),
        ({1: 2}, {"1": 2}),
    ],
    ids=["array", "nan", "umlaut", "half", "number as a name"],
)
def test_what_can_be_written_as_json_is(value: object, text: object) -> None:
    answer = Answer()
    answer.take(ToolCall("a", value))
    assert shown(answer)["args"] == text
    assert answer.parts[0].text.isascii()


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def circle() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value", [object(), {(1, 2): 3}, circle(), nested(100_000)], ids=["object", "tuple as a name", "circle", "deep"]
)
def test_what_is_no_json_is_told(value: Any) -> None:
    with pytest.raises(AnswerError, match="can't be written as JSON"):
        ToolCall("a", value)
    call = ToolCall("a")
    with pytest.raises(AnswerError, match="can't be written as JSON"):
        call.result(value)


@pytest.mark.parametrize("value", ["x" * 30_000, ["x" * 30_000]], ids=["text", "json"])
def test_of_what_is_long_the_beginning_is_shown(value: Any) -> None:
    answer = Answer()
    call = ToolCall("a", value)
    answer.take(call)
    answer.take(call.result(value))
    for name in ("args", "output"):
        assert len(shown(answer)[name]) == 20_001
        assert shown(answer)[name].endswith("…")
    json.loads(answer.parts[0].text)


def test_a_call_that_is_not_in_the_answer_is_a_problem() -> None:
    answer = Answer()
    answer.take(ToolCall("a").result(1), "The rest.")
    assert [kind for kind, _ in answer.said] == ["problem", "text"]


def test_a_call_of_another_answer_is_a_problem_there_and_stays_as_it_was() -> None:
    old, new = Answer(), Answer()
    new.run.id = "another-run-of-this-chat"
    call = ToolCall("a")
    old.take(call)
    old.run.finish()
    new.take("New.", call.result(1))
    assert [kind for kind, _ in new.said] == ["text", "problem"]
    assert shown(old)["state"] == "running"


def test_after_the_end_of_its_run_nothing_changes() -> None:
    answer = Answer()
    call = ToolCall("a")
    answer.take(call)
    answer.run.stop()
    before = answer.parts
    assert answer.take(call.result(1), ToolCall("b")) != []
    assert answer.parts == before


def test_one_that_was_yielded_after_the_end_can_be_changed_for_nothing() -> None:
    answer = Answer()
    answer.run.stop()
    call = ToolCall("a")
    answer.take(call)
    answer.take(call.result(1))
    assert answer.parts == []


def test_what_a_method_returns_is_a_change() -> None:
    assert isinstance(ToolCall("a").result(), Change)
