from __future__ import annotations

from tests.history.conversations import ME, conversation
from vizro_ws_chat.history.records import Rated
from vizro_ws_chat.history.weight import Weight

TURNS = 200
CHARS = sum(len(f"Question {n}") + len(f"Answer {n}") for n in range(TURNS))


def test_what_questions_have_before_them_in_common_counts_once() -> None:
    weight = Weight()
    changes = conversation(TURNS)
    for change in changes:
        weight.add(change)
    references = sum(2 * n for n in range(TURNS))
    assert weight.chars == CHARS + 500 * len(changes) + 10 * references


def test_nothing_is_left_of_what_was_counted() -> None:
    weight = Weight()
    changes = [*conversation(3), Rated(ME, "m" * 43, "up", "A comment", 3)]
    for change in changes:
        weight.add(change)
    weight.remove(changes[0])
    # The first question is before the others still.
    assert weight.chars > sum(len(f"Question {n}") for n in range(3))
    for change in changes[1:]:
        weight.remove(change)
    assert weight.chars == 0
    assert not weight._times
