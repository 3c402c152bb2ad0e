from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.streams.deltas import DeltaBuffer

INTERVAL = 0.5
chunks_and_times = st.lists(
    st.tuples(st.text(), st.floats(min_value=0, max_value=2 * INTERVAL)),
)
utf16 = st.text(alphabet=st.characters() | st.characters(categories=["Cs"]))
"""Text with lone surrogates, as JavaScript strings cut in the middle of a character have them."""


def whole_pairs(text: str) -> str:
    """Return what UTF-16 makes of a text: pairs joined, lone halves replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@given(chunks_and_times, st.integers(min_value=1, max_value=20))
def test_no_character_is_lost_added_or_moved(chunks: list[tuple[str, float]], max_chars: int) -> None:
    buffer, now, out = DeltaBuffer(INTERVAL, max_chars), 0.0, ""
    for chunk, pause in chunks:
        now += pause
        out += buffer.add(chunk, now)
    assert out + buffer.close() == "".join(chunk for chunk, _ in chunks)


@given(st.lists(utf16, max_size=20), st.integers(min_value=1, max_value=5))
def test_surrogates_come_out_as_if_the_text_had_come_in_one(chunks: list[str], max_chars: int) -> None:
    buffer = DeltaBuffer(INTERVAL, max_chars)
    deltas = [buffer.add(chunk, index / 10) for index, chunk in enumerate(chunks)] + [buffer.close()]
    assert "".join(deltas) == whole_pairs("".join(chunks))
    for delta in deltas:
        delta.encode()


@given(utf16)
def test_character_by_character_is_the_same_as_whole(text: str) -> None:
    buffer = DeltaBuffer(0, 1)
    assert "".join(buffer.add(unit, 0.0) for unit in text) + buffer.close() == whole_pairs(text)


@pytest.mark.parametrize(
    ("chunks", "text"),
    [
        (["\ud83d", "\ude00"], "😀"),
        (["a\ud83d", "", "\ude00b"], "a😀b"),
        (["\ud83d"], "\ufffd"),
        (["\ude00"], "\ufffd"),  # noqa: PT014 - another half
        (["\ud83d", "a"], "\ufffda"),
        (["\ud83d\ud83d", "\ude00"], "\ufffd😀"),
        (["\ude00\ud83d"], "\ufffd\ufffd"),
        (["\ufeffa"], "\ufeffa"),
    ],
)
def test_halves_of_characters(chunks: list[str], text: str) -> None:
    buffer = DeltaBuffer(0, 100)
    assert "".join([buffer.add(chunk, 0.0) for chunk in chunks]) + buffer.close() == text


def test_the_first_chunk_passes_at_once_and_so_does_one_after_a_pause() -> None:
    buffer = DeltaBuffer(INTERVAL, 100)
    assert buffer.add("a", 7.0) == "a"
    assert buffer.add("b", 7.1) == ""
    assert not buffer.is_empty
    assert buffer.due == 7.0 + INTERVAL
    assert buffer.add("c", 7.5) == "bc"
    assert buffer.is_empty
    assert buffer.add("d", 9.0) == "d"


def test_much_text_is_not_held_back() -> None:
    buffer = DeltaBuffer(INTERVAL, 4)
    assert [buffer.add("ab", 0.0) for _ in range(4)] == ["ab", "", "abab", ""]


def test_who_writes_too_much_is_ahead_until_the_next_delta_would_be_due() -> None:
    buffer = DeltaBuffer(INTERVAL, 4)
    buffer.add("ab", 7.0)
    assert buffer.ahead(7.0) == 0
    buffer.add("cd", 7.1)
    assert buffer.ahead(7.1) == 0
    assert buffer.add("ef", 7.1) == "cdef"
    assert buffer.ahead(7.1) == pytest.approx(INTERVAL - 0.1)
    assert buffer.ahead(8.0) == 0
    for _ in range(10):
        buffer.add("abcd", 7.1)
    assert buffer.ahead(7.1) == pytest.approx(INTERVAL), "who does not pause is not put off for ever"


@given(chunks_and_times, st.integers(min_value=1, max_value=20))
def test_who_pauses_when_ahead_writes_one_full_delta_per_interval(
    chunks: list[tuple[str, float]], max_chars: int
) -> None:
    buffer, now, deltas = DeltaBuffer(INTERVAL, max_chars), 0.0, 0
    for chunk, pause in chunks:
        now += pause
        deltas += buffer.add(chunk, now) != ""
        now += buffer.ahead(now)
    assert deltas <= 2 + now / INTERVAL * 2


@given(chunks_and_times)
def test_small_deltas_keep_their_distance(chunks: list[tuple[str, float]]) -> None:
    buffer, now, sent = DeltaBuffer(INTERVAL, 10_000), 0.0, []
    for chunk, pause in chunks:
        now += pause
        if buffer.add(chunk, now):
            sent.append(now)
    assert all(later >= earlier + INTERVAL for earlier, later in itertools.pairwise(sent))


def test_empty_chunks_neither_pass_nor_count_as_a_delta() -> None:
    buffer = DeltaBuffer(INTERVAL, 100)
    assert buffer.add("", 0.0) == ""
    assert buffer.is_empty
    assert buffer.add("a", 0.1) == "a"


def test_taking_nothing_does_not_delay_what_comes_next() -> None:
    buffer = DeltaBuffer(INTERVAL, 100)
    assert buffer.take(1.0) == ""
    assert buffer.add("a", 1.1) == "a"


def test_half_a_character_is_text_that_is_held_back() -> None:
    buffer = DeltaBuffer(INTERVAL, 100)
    assert buffer.add("\ud83d", 0.0) == ""
    assert not buffer.is_empty
    assert buffer.close() == "\ufffd"
    assert buffer.is_empty
