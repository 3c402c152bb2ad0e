import json
import logging
from typing import Any

import pytest

from tests.parts.writing import Answer
from tests.streams.making import make_run
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.parts import Navigate, Notify, SetControl
from vizro_ws_chat.streams.asking import OpenQuestion
from vizro_ws_chat.streams.page_access import Control, PageAccess

ACCESS = PageAccess(
    {"country": Control("dropdown", "value", "Country")}, {"Details": "/details", "/details": "/details"}
)


def act(action: object) -> tuple[Answer, OpenQuestion]:
    answer = Answer(make_run(), page_access=ACCESS)
    [question] = answer.take(action)
    assert isinstance(question, OpenQuestion)
    return answer, question


def written(answer: Answer) -> dict[str, Any]:
    [(kind, action)] = answer.said
    assert kind == "action"
    return dict(action)


def test_a_control_is_set_by_the_browser() -> None:
    answer, question = act(SetControl("country", ["France"]))
    assert written(answer) == {
        "do": "set",
        "label": "Country",
        "target": ["dropdown", "value"],
        "value": ["France"],
        "state": "open",
        "seconds": 30.0,
    }
    answer.run.answer(0, {"done": True, "before": ["Japan"]})
    assert question.reply is True
    assert written(answer) | {"state": "done", "before": ["Japan"]} == written(answer)


@pytest.mark.parametrize(
    ("problem", "said"),
    [("missing", "not on the page"), ("value", "does not have this value"), (None, "could not do it")],
)
def test_what_could_not_be_done_is_told_to_the_author(
    caplog: pytest.LogCaptureFixture, problem: str | None, said: str
) -> None:
    answer, question = act(SetControl("country", "Atlantis"))
    with caplog.at_level(logging.WARNING):
        answer.run.answer(0, {"done": False, "problem": problem})
    assert question.reply is False
    assert written(answer)["state"] == "failed"
    assert said in caplog.text
    assert "SetControl('country', …)" in caplog.text


@pytest.mark.parametrize("value", [True, "done", None, [], {"done": True, "before": "x" * 40_000}])
def test_what_no_browser_says_is_refused(value: Any) -> None:
    answer, question = act(Notify("Hi"))
    with pytest.raises(RefusedError, match="not-offered"):
        answer.run.answer(0, value)
    assert question.is_open


def test_many_values_can_be_set_back() -> None:
    before = [f"Customer {number}" for number in range(1_500)]
    answer, question = act(SetControl("country", ["France"]))
    answer.run.answer(0, {"done": True, "before": before})
    assert question.reply is True
    assert written(answer)["before"] == before


def test_a_browser_may_not_say_what_there_was() -> None:
    answer, question = act(SetControl("country", ["France"]))
    answer.run.answer(0, {"done": True})
    assert question.reply is True
    assert written(answer)["state"] == "done"
    assert "before" not in written(answer)


def test_without_a_browser_it_is_not_done(caplog: pytest.LogCaptureFixture) -> None:
    answer, question = act(Notify("Hi", "Title"))
    with caplog.at_level(logging.WARNING):
        answer.run.expire(question)
    assert "Notify(…) was not done: no browser was there in time" in caplog.text
    assert question.reply is False
    assert not question.is_late
    assert written(answer)["problem"] == "expired"


def test_pages_are_known_by_name_and_path() -> None:
    for name in ("Details", "/details"):
        answer, _ = act(Navigate(name))
        assert written(answer)["path"] == "/details"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (
            SetControl("secret", 1),
            "may not set the control 'secret'. Name it in Chat(controls=[...]), which has ['country']",
        ),
        (
            Navigate("https://evil.example"),
            "may not open the page 'https://evil.example'. The dashboard has ['/details']",
        ),
    ],
)
def test_what_is_not_allowed_is_a_problem(caplog: pytest.LogCaptureFixture, action: object, said: str) -> None:
    answer = Answer(make_run(), page_access=ACCESS)
    answer.take(action)
    [(kind, problem)] = answer.said
    assert kind == "problem"
    assert set(problem) == {"ref"}
    assert said in caplog.text


def test_nothing_is_allowed_unless_the_author_says_so(caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer()
    answer.take(SetControl("country", 1), Navigate("Details"))
    assert [kind for kind, _ in answer.said] == ["problem", "problem"]
    assert "which has none" in caplog.text
    assert "Chat(navigation=True) allows it" in caplog.text


def test_what_is_no_json_is_a_problem() -> None:
    answer = Answer(make_run(), page_access=ACCESS)
    answer.take(SetControl("country", object()))
    assert json.loads(answer.parts[0].text).keys() == {"ref"}
