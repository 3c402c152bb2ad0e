from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.parts.writing import Answer
from tests.streams.making import make_run
from vizro_ws_chat.exceptions import AnswerError, ChunkTypeError
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.output import AnswerWriter
from vizro_ws_chat.streams.writer import as_output


class Adding:
    """Adds a part, and returns its index."""

    def __init__(self, kind: Any = "tool", text: str = "{}", *, beside: bool = False) -> None:
        self._kind = kind
        self._text = text
        self._beside = beside

    def write_to(self, answer: AnswerWriter) -> object:
        return answer.add(self._kind, self._text, beside=self._beside)


class Failing:
    """Can't be shown."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def write_to(self, answer: AnswerWriter) -> object:
        raise self._error


class Asking:
    """Asks."""

    def write_to(self, answer: AnswerWriter) -> object:
        return answer.ask("{}", lambda value: Heard('"y"', value), expired='""', timeout=answer.ask_seconds)


def made(**options: Any) -> Answer:
    return Answer(make_run(**options), as_output)


def shown(answer: Answer) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in answer.parts]


def test_an_empty_chunk_says_nothing_and_ends_nothing() -> None:
    answer = made()
    answer.writer.show_status("Searching\u2026")
    answer.take("")
    assert shown(answer) == [("status", '"Searching\\u2026"')]
    answer.take("Hel")
    answer.writer.write("", "reasoning")
    answer.take("lo")
    assert shown(answer) == [("status", '""'), ("text", "Hello")]


def test_text_is_written_and_returns_nothing() -> None:
    answer = made()
    assert answer.take("Hel", "lo") == [None, None]
    assert shown(answer) == [("text", "Hello")]


def test_what_writes_itself_does_and_says_what_the_yield_returns() -> None:
    answer = made()
    assert answer.take("a", Adding(), "b", Adding("usage", beside=True), "c") == [None, 1, None, 3, None]
    assert shown(answer) == [("text", "a"), ("tool", "{}"), ("text", "bc"), ("usage", "{}")]


@pytest.mark.parametrize("chunk", [None, b"x", 5, ["x"], {}, object()], ids=lambda chunk: type(chunk).__name__)
def test_what_does_not_is_told(chunk: object) -> None:
    with pytest.raises(ChunkTypeError):
        made().take(chunk)


def test_what_can_not_be_shown_is_a_problem_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    answer, failing = made(), Failing(AnswerError("It has no children."))
    with caplog.at_level(logging.ERROR):
        assert answer.take("a", failing, "b") == [None, failing, None]
    [_, (kind, text), _] = shown(answer)
    assert kind == "problem"
    ref = json.loads(text)["ref"]
    assert f"(reference {ref})" in caplog.text
    assert "It has no children." in caplog.text
    assert "It has no children." not in text


def test_any_other_failure_is_the_authors() -> None:
    with pytest.raises(ZeroDivisionError):
        made().take(Failing(ZeroDivisionError()))


def test_a_question_is_returned_to_be_waited_for() -> None:
    answer = made()
    [question] = answer.take(Asking())
    assert isinstance(question, OpenQuestion)
    assert answer.run.asked_seconds <= 600
    answer.run.answer(0, "x")
    assert question.reply == "x"


def test_to_an_answer_that_has_ended_nothing_is_added() -> None:
    answer = made()
    answer.run.stop()
    nowhere, question, _ = answer.take(Adding(), Asking(), "text")
    assert question is None
    answer.writer.replace(nowhere, '"x"')
    answer.writer.show_status("Searching…")
    assert answer.parts == []


def test_a_part_for_which_there_is_no_room_ends_the_run() -> None:
    answer = made(max_chars=10)
    [index] = answer.take(Adding(text='"' + "x" * 20 + '"'))
    assert answer.run.status is RunStatus.ERROR
    answer.writer.replace(index, "{}")
    assert answer.parts == []


class TestStatus:
    def test_ends_with_what_comes_next(self) -> None:
        for chunk in ("text", Adding(), Asking(), Failing(AnswerError("x"))):
            answer = made()
            answer.writer.show_status("Searching…")
            assert shown(answer) == [("status", '"Searching\\u2026"')]
            answer.take(chunk)
            assert shown(answer)[0] == ("status", '""')

    def test_is_one_part_however_often_it_changes(self) -> None:
        answer = made()
        for number in range(5):
            answer.writer.show_status(str(number))
            answer.take("x")
        answer.writer.show_status("last")
        assert shown(answer) == [("status", '"last"'), ("text", "xxxxx")]
