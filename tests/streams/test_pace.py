from __future__ import annotations

import pytest

from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.pace import Pace


@pytest.mark.parametrize(
    ("writers", "seconds"), [(0, 0), (1, 0), (50, 0), (100, 0.02), (400, 0.08), (500, 0.1), (10_000, 0.1)]
)
def test_the_more_write_the_less_often_each_sends(writers: int, seconds: float) -> None:
    pace = Pace(per_second=5_000, longest=0.2)
    pace.writers = writers
    assert pace.interval() == pytest.approx(seconds)
    assert pace.patience() == pytest.approx(2 * seconds)


def test_what_was_held_back_waits_for_company_but_not_for_long() -> None:
    """Chunks every 50 ms: each second one takes the one before along, which no timer sends alone."""
    pace = Pace(per_second=1_000, longest=0.15)
    pace.writers = 60
    buffer = DeltaBuffer(0.02, 100, pace)
    assert buffer.add("a", 7.0) == "a"
    assert buffer.add("b", 7.05) == ""
    assert buffer.due == pytest.approx(7.12)
    assert buffer.add("c", 7.1) == "bc"
    assert buffer.add("d", 7.15) == ""
    assert buffer.take(buffer.due) == "d"


def test_a_buffer_follows_while_it_is_in_use() -> None:
    pace = Pace(per_second=1_000, longest=1.0)
    buffer = DeltaBuffer(0.02, 100, pace)
    assert buffer.add("a", 7.0) == "a"
    assert buffer.due == pytest.approx(7.02)
    pace.writers = 500
    assert buffer.due == pytest.approx(8.0)
    assert buffer.add("b", 7.1) == ""
    pace.writers = 1
    assert buffer.add("c", 7.2) == "bc"
