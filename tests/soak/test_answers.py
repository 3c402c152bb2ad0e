from __future__ import annotations

import random

import pytest

from soak.answers import Question, answer_chunks
from soak.weather import CALM, DRAW_HEADER, draw_fault, fault_of
from vizro_ws_chat.testing import Opening


def test_a_question_says_how_it_is_answered() -> None:
    question = Question(seed=7, chunks=5, pause_ms=2)
    assert Question.parse(question.text) == question
    chunks = answer_chunks([question.text])
    assert len(chunks) == 5
    assert chunks == answer_chunks([question.text])
    assert chunks != answer_chunks([Question(8, 5, 2).text])
    with pytest.raises(ValueError, match="not a question"):
        Question.parse("Hello")


def test_an_answer_tells_which_conversation_it_belongs_to() -> None:
    question = Question(1, 1, 0).text
    firsts = {answer_chunks([*before, question])[0] for before in ([], ["a"], ["a", "b"], ["ab"], ["1:a"])}
    assert len(firsts) == 5


def test_the_weather_is_the_clients_own_and_has_everything() -> None:
    def opening(draw: str, number: int) -> Opening:
        return Opening(number, f"GET / HTTP/1.1\r\n{DRAW_HEADER}: {draw}\r\n\r\n".encode())

    assert draw_fault(opening("0.5", 1)) == draw_fault(opening("0.5", 2))
    assert draw_fault(opening(CALM, 1)) is None
    chance = random.Random(1)
    kinds = {type(fault_of(chance, is_websocket=True)).__name__ for _ in range(1_000)}
    assert kinds == {"NoneType", "Cut", "HalfClose", "Stall", "BlackHole", "Throttle", "Refuse"}
