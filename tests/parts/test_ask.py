from __future__ import annotations

import json
import logging
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from tests.parts.writing import Answer
from tests.streams.making import Sealed, frames_of, make_run
from vizro_ws_chat.exceptions import AnswerError, RefusedError
from vizro_ws_chat.parts.ask import Approval, Ask
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.streams.asking import OpenQuestion


class Order(BaseModel):
    """A form."""

    count: Annotated[int, Field(ge=1)]
    note: str = ""


class Login(BaseModel):
    """A form with a secret."""

    user: str
    password: Annotated[SecretStr, Field(min_length=4)]


def asked(ask: Ask) -> tuple[Answer, OpenQuestion]:
    answer = Answer()
    [question] = answer.take(ask)
    assert isinstance(question, OpenQuestion)
    return answer, question


def part_of(answer: Answer, index: int = 0) -> dict[str, Any]:
    kind, said = answer.said[index]
    assert kind == "ask"
    return dict(said)


def refusal_of(answer: Answer, value: object, index: int = 0) -> str:
    with pytest.raises(RefusedError) as refusal:
        answer.run.answer(index, value)
    return refusal.value.code


def test_a_free_text() -> None:
    answer, question = asked(Ask("Name?"))
    assert part_of(answer) == {"question": "Name?", "state": "open", "seconds": 600}
    assert question.is_open
    answer.run.answer(0, "Ann")
    assert not question.is_open
    assert question.reply == "Ann"
    assert part_of(answer) == {"question": "Name?", "state": "answered", "seconds": 600, "value": "Ann"}


def test_options() -> None:
    answer, question = asked(Ask("Go?", options=["Run", "Cancel"], timeout=5))
    assert part_of(answer)["options"] == ["Run", "Cancel"]
    assert part_of(answer)["seconds"] == 5
    answer.run.answer(0, "Cancel")
    assert question.reply == "Cancel"


@pytest.mark.parametrize(("value", "reply"), [("Approve", True), ("Deny", False)])
def test_an_approval(value: str, reply: bool) -> None:
    answer, question = asked(Approval("Send?"))
    assert part_of(answer)["options"] == ["Approve", "Deny"]
    answer.run.answer(0, value)
    assert question.reply is reply


@pytest.mark.parametrize("value", ["Maybe", "run", "", None, 1, True, ["Run"], {"value": "Run"}], ids=repr)
def test_what_was_not_offered_is_refused_and_the_question_stays(value: object) -> None:
    answer, question = asked(Ask("Go?", options=["Run", "Cancel"]))
    assert refusal_of(answer, value) == "not-offered"
    assert question.is_open
    answer.run.answer(0, "Run")
    assert question.reply == "Run"


@pytest.mark.parametrize("value", [None, 1, {"text": "x"}, "x" * 10_001], ids=["null", "number", "form", "long"])
def test_what_is_no_text_is_refused(value: object) -> None:
    answer, question = asked(Ask("Name?"))
    assert refusal_of(answer, value) == "not-offered"
    assert question.is_open


def test_a_form_gives_its_model() -> None:
    answer, question = asked(Ask("What?", form=Order))
    assert [field["name"] for field in part_of(answer)["fields"]] == ["count", "note"]
    answer.run.answer(0, {"count": "3"})
    assert question.reply == Order(count=3)
    assert part_of(answer)["value"] == {"count": "3"}
    assert part_of(answer)["state"] == "answered"


def test_a_form_that_is_filled_in_wrongly_is_asked_again() -> None:
    answer, question = asked(Ask("What?", form=Order))
    answer.run.answer(0, {"count": 0, "note": "n"})
    assert question.is_open
    again = part_of(answer)
    assert again["state"] == "open"
    assert again["value"] == {"count": 0, "note": "n"}
    assert again["problems"] == {"count": "Input should be greater than or equal to 1"}
    answer.run.answer(0, {"count": 1})
    assert question.reply == Order(count=1)
    assert "problems" not in part_of(answer)


def test_the_same_mistake_again_is_told_again() -> None:
    """The browser waits until the part changes."""
    answer, _ = asked(Ask("What?", form=Order))
    answer.run.answer(0, {"count": 0})
    before, frames = part_of(answer), len(frames_of(answer.run))
    answer.run.answer(0, {"count": 0})
    assert part_of(answer)["problems"] == before["problems"]
    assert part_of(answer) != before
    assert len(frames_of(answer.run)) > frames


@pytest.mark.parametrize(
    "value", ["text", None, [], 5, {"note": "x" * 10_001}], ids=["text", "null", "list", "number", "long"]
)
def test_what_is_no_form_is_refused(value: object) -> None:
    answer, question = asked(Ask("What?", form=Order))
    assert refusal_of(answer, value) == "not-offered"
    assert question.is_open


def test_numbers_that_json_has_not_are_wrong() -> None:
    answer, _ = asked(Ask("What?", form=Order))
    answer.run.answer(0, {"count": float("nan")})
    answer.run.answer(0, {"count": float("inf")})
    json.loads(answer.parts[0].text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert "count" in part_of(answer)["problems"]


def test_a_password_is_nowhere_but_in_the_authors_hands(caplog: pytest.LogCaptureFixture) -> None:
    seal = Sealed()
    answer = Answer(make_run(seal=seal))
    with caplog.at_level(logging.DEBUG):
        [question] = answer.take(Ask("Who?", form=Login))
        answer.run.answer(0, {"user": "me", "password": "abc"})
        assert part_of(answer)["problems"] == {"password": "Value should have at least 4 items after validation, not 3"}
        answer.run.answer(0, {"user": "me", "password": "swordfish"})
        answer.run.finish()
    assert question.reply.password.get_secret_value() == "swordfish"
    assert part_of(answer)["value"] == {"user": "me"}
    for secret in ("abc", "swordfish"):
        assert secret not in encode(frames_of(answer.run))
        assert secret not in str(seal.texts)
        assert secret not in caplog.text
    assert isinstance(seal.texts[0], tuple)
    assert [part.kind for part in seal.texts[0] if isinstance(part, ContentPart)] == ["ask"]


def test_a_form_whose_check_fails_is_no_fault_of_its_reader(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def check(cls, name: str) -> str:
            raise KeyError(f"nobody is called {name}")

    answer, question = asked(Ask("Who?", form=Broken))
    with pytest.raises(RefusedError) as refusal:
        answer.run.answer(0, {"name": "Wilhelmina Peters"})
    assert refusal.value.code == "not-offered"
    assert refusal.value.ref
    assert refusal.value.ref in caplog.text
    assert "nobody is called" in caplog.text
    assert "Wilhelmina" not in caplog.text
    assert question.is_open


def test_half_a_character_can_be_sent() -> None:
    answer, _ = asked(Ask("Is \ud83d all right?", options=["\ud83d"]))
    assert json.loads(encode(frames_of(answer.run)))
    answer.run.answer(0, "\ud83d")
    assert json.loads(encode(frames_of(answer.run)))


def test_the_same_ask_may_be_asked_again() -> None:
    ask = Ask("Again?", options=["Yes", "No"])
    answer, first = asked(ask)
    answer.run.answer(0, "Yes")
    [second] = answer.take(ask)
    assert (first.reply, second.is_open) == ("Yes", True)
    answer.run.answer(1, "No")
    assert (first.reply, second.reply) == ("Yes", "No")
    assert part_of(answer, 1)["value"] == "No"


@pytest.mark.parametrize(
    "options",
    [
        {"options": ["a"], "form": Order},
        {"options": []},
        {"options": ["a", "a"]},
        {"options": "Yes"},
        {"form": type("Empty", (BaseModel,), {})},
    ],
    ids=["both", "none", "twice", "text", "empty form"],
)
def test_what_can_not_be_asked_is_told(options: dict[str, Any]) -> None:
    with pytest.raises(AnswerError):
        Ask("?", **options)


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), 1e12])
def test_a_timeout_that_is_no_time_is_told(timeout: float) -> None:
    with pytest.raises(AnswerError, match="a month at most"):
        Ask("?", timeout=timeout)
