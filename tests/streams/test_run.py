from __future__ import annotations

import itertools
import json
import logging
import threading
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import (
    Sealed,
    check_is_complete,
    fold,
    frames_of,
    make_run,
    text_of,
)
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import ErrorFrame, MessageRef, OutputFrame, TextDelta
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.run import Ending, Run

INTERVAL = 0.5
ENDS: list[tuple[Callable[[Run], bool], RunStatus]] = [
    (Run.finish, RunStatus.DONE),
    (Run.stop, RunStatus.STOPPED),
    (Run.interrupt, RunStatus.INTERRUPTED),
    (lambda run: run.fail("failed", ref="abc"), RunStatus.ERROR),
]


def types_of(run: Run) -> list[str]:
    return [frame.type for frame in frames_of(run)]


@pytest.mark.parametrize(("end", "status"), ENDS)
def test_an_end_with_text(end: Callable[[Run], bool], status: RunStatus) -> None:
    seal = Sealed()
    run = make_run(seal=seal)
    assert run.write("Hello")
    assert run.write(", world")
    assert run.status is RunStatus.STREAMING
    assert end(run)
    state = check_is_complete(run)
    assert state.status is status
    assert types_of(run)[:4] == ["part-start", "text-delta", "text-delta", "part-end"]
    assert seal.texts == [text_of(frames_of(run))] == ["Hello, world"]
    assert state.message_id == seal("Hello, world").id


@pytest.mark.parametrize(("end", "status"), ENDS)
def test_an_end_without_text(end: Callable[[Run], bool], status: RunStatus) -> None:
    seal = Sealed()
    run = make_run(seal=seal)
    assert run.write("")
    assert end(run)
    assert check_is_complete(run).status is status
    assert len(frames_of(run)) == 1
    assert check_is_complete(run).message_id is None
    assert seal.texts == []


@pytest.mark.parametrize(("end", "status"), ENDS)
@pytest.mark.parametrize(("later_end", "_"), ENDS)
def test_the_first_end_decides(
    end: Callable[[Run], bool], status: RunStatus, later_end: Callable[[Run], bool], _: RunStatus
) -> None:
    run = make_run()
    run.write("text")
    assert end(run)
    before = frames_of(run)
    assert not later_end(run)
    assert not run.write("more")
    assert frames_of(run) == before
    assert run.status is status


def test_under_a_race_a_run_ends_once_and_its_text_is_what_was_signed() -> None:
    for round_ in range(60):
        seal = Sealed()
        ended: list[int] = []
        won: list[bool] = []
        run = make_run(ManualScheduler(), seal=seal, buffer=DeltaBuffer(0 if round_ % 2 else INTERVAL, 7))
        run.when_ended(partial(ended.append, 1))
        barrier = threading.Barrier(len(ENDS) + 2)

        def write(run: Run = run, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            for number in range(200):
                if not run.write(f"{number} "):
                    return

        def end(
            function: Callable[[Run], bool],
            run: Run = run,
            barrier: threading.Barrier = barrier,
            won: list[bool] = won,
        ) -> None:
            barrier.wait()
            won.append(function(run))

        threads = [threading.Thread(target=write) for _ in range(2)]
        threads += [threading.Thread(target=end, args=(function,)) for function, _ in ENDS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state = check_is_complete(run)
        assert sorted(won) == [False, False, False, True]
        assert ended == [1]
        assert seal.texts == ([text_of(frames_of(run))] if state.parts() else [])


@given(st.lists(st.tuples(st.text(max_size=5), st.floats(0, 2 * INTERVAL)), max_size=30), st.integers(0, 60))
def test_what_readers_fold_is_what_was_written_and_signed(chunks: list[tuple[str, float]], max_chars: int) -> None:
    scheduler, seal = ManualScheduler(), Sealed()
    run = make_run(scheduler, seal=seal, buffer=DeltaBuffer(INTERVAL, 20), max_chars=max_chars)
    for chunk, pause in chunks:
        run.write(chunk)
        scheduler.advance(pause)
    run.finish()
    whole = "".join(chunk for chunk, _ in chunks)
    check_is_complete(run)
    assert text_of(frames_of(run)) == whole[:max_chars]
    assert seal.texts == ([whole[:max_chars]] if whole[:max_chars] else [])
    assert (run.status is RunStatus.ERROR) == (len(whole) > max_chars)
    assert decode_server(encode(frames_of(run))) == frames_of(run)


class TestBatching:
    def test_text_that_is_held_back_is_sent_when_it_is_due(self) -> None:
        scheduler = ManualScheduler()
        run = make_run(scheduler, buffer=DeltaBuffer(INTERVAL, 100))
        for chunk in "abc":
            run.write(chunk)
        assert text_of(frames_of(run)) == "a"
        scheduler.advance(INTERVAL)
        assert text_of(frames_of(run)) == "abc"

    @given(st.lists(st.floats(min_value=0.01, max_value=2 * INTERVAL), max_size=40))
    def test_deltas_keep_their_distance_whoever_sends_them(self, pauses: list[float]) -> None:
        scheduler, times = ManualScheduler(), []
        run = make_run(scheduler, buffer=DeltaBuffer(INTERVAL, 10_000))
        run.log.subscribe(lambda: times.append(scheduler.now))
        for pause in pauses:
            run.write("x")
            scheduler.advance(pause)
        assert all(later - earlier > INTERVAL - 1e-6 for earlier, later in itertools.pairwise(times))

    def test_a_late_timer_does_not_send_a_second_delta_right_behind_the_first(self) -> None:
        scheduler = ManualScheduler()
        run = make_run(scheduler, buffer=DeltaBuffer(INTERVAL, 100))
        run.write("a")
        run.write("b")
        scheduler.now += INTERVAL  # its timer is due, but the scheduler's thread has not come to it
        run.write("c")
        run.write("d")
        scheduler.advance(0)
        assert text_of(frames_of(run)) == "abc"
        scheduler.advance(INTERVAL)
        assert text_of(frames_of(run)) == "abcd"

    def test_the_end_brings_what_is_held_back_in_the_same_append(self) -> None:
        run, seen = make_run(buffer=DeltaBuffer(INTERVAL, 100)), []
        run.write("a")
        run.write("b")
        run.log.subscribe(lambda: seen.append(types_of(run)))
        run.finish()
        assert seen == [["part-start", "text-delta", "text-delta", "part-end", "finish"]]

    def test_a_timer_that_fires_after_the_end_writes_nothing(self) -> None:
        scheduler = ManualScheduler()
        run = make_run(scheduler, buffer=DeltaBuffer(INTERVAL, 100))
        run.write("a")
        run.write("b")
        run.stop()
        scheduler.advance(10)
        check_is_complete(run)


class TestOutputLimit:
    def test_what_fits_is_kept_and_the_run_is_cancelled(self) -> None:
        run = make_run(max_chars=4)
        assert run.write("abc")
        assert not run.write("def")
        state = check_is_complete(run)
        assert text_of(frames_of(run)) == "abcd"
        last = frames_of(run)[-1]
        assert isinstance(last, ErrorFrame)
        assert last.code == "output-limit"
        assert state.message_id is not None
        assert run.token.cancelled

    def test_exactly_as_much_is_allowed(self) -> None:
        run = make_run(max_chars=4)
        assert run.write("abcd")
        assert run.write("")
        assert run.finish()
        assert not run.token.cancelled

    def test_a_slow_on_cancel_function_keeps_nobody_from_the_run(self) -> None:
        run, go_on, called = make_run(max_chars=1), threading.Event(), threading.Event()

        def slow() -> None:
            called.set()
            go_on.wait(10)

        run.token.on_cancel(slow)
        writer = threading.Thread(target=run.write, args=("ab",))
        writer.start()
        assert called.wait(10)
        stopped: list[bool] = []
        stopper = threading.Thread(target=lambda: stopped.append(run.stop()))
        stopper.start()
        stopper.join(10)
        assert stopped == [False]
        go_on.set()
        writer.join(10)


class TestError:
    def test_says_its_sentence_and_reference(self) -> None:
        run = make_run()
        run.fail("failed", ref="k3v9x2")
        (frame,) = frames_of(run)
        assert isinstance(frame, ErrorFrame)
        assert (frame.code, frame.text, frame.ref) == ("failed", "Something went wrong while answering.", "k3v9x2")

    def test_the_authors_sentence_can_be_sent_whatever_it_holds(self) -> None:
        run = make_run()
        run.fail("user", ref="k3v9x2", text='half a \ud83d, "quotes"\n')
        assert json.loads(encode(frames_of(run)))[0]["text"] == 'half a \ufffd, "quotes"\n'


def test_a_run_whose_answer_cannot_be_signed_ends_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: str) -> MessageRef:
        raise OSError("disk full")

    run = make_run(seal=broken)
    run.write("text")
    with caplog.at_level(logging.ERROR):
        assert run.finish()
    assert check_is_complete(run).message_id is None
    assert text_of(frames_of(run)) == "text"
    assert "disk full" in caplog.text


def test_when_ended_is_called_once_and_at_once_when_it_is_late() -> None:
    run, calls = make_run(), []
    run.when_ended(lambda: calls.append("early"))
    assert calls == []
    run.finish()
    run.stop()
    run.when_ended(lambda: calls.append("late"))
    assert calls == ["early", "late"]


def test_readers_are_told_of_the_end_before_those_who_wait_for_it() -> None:
    run, seen = make_run(), []
    run.when_ended(lambda: seen.append(run.log.is_closed))
    run.finish()
    assert seen == [True]


def test_how_it_ended_is_kept_before_readers_are_told() -> None:
    run = make_run()
    kept: list[tuple[Ending, bool]] = []
    run.keep = lambda ending: kept.append((ending, run.log.is_closed))
    run.write("text")
    run.finish()
    run.stop()
    assert run.ending is not None
    assert kept == [(run.ending, False)]


def test_run_ends_for_its_readers_when_it_cannot_be_kept(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Ending) -> None:
        raise OSError("no thread")

    run = make_run()
    run.keep = fail
    run.write("text")
    run.finish()
    assert check_is_complete(run).message_id is not None
    assert "could not be kept" in caplog.text
    assert "no thread" in caplog.text


def test_half_a_character_at_the_end_is_text() -> None:
    run = make_run()
    run.write("\ud83d")
    assert not run.is_empty
    run.finish()
    assert text_of(frames_of(run)) == "\ufffd"


def test_a_subclass_of_str_is_text() -> None:
    class Fancy(str):
        __slots__ = ()

    run = make_run()
    run.write(Fancy("text"))
    assert type(next(frame.d for frame in frames_of(run) if isinstance(frame, TextDelta))) is str
    assert fold(frames_of(run)).parts()[0].text == "text"


CHART = ContentPart("component", '{"type":"Graph"}')


def test_a_part_comes_whole_between_texts() -> None:
    sealed = Sealed()
    run = make_run(seal=sealed)
    run.write("Before")
    run.add(*CHART)
    run.write("after")
    run.finish()
    frames = frames_of(run)
    assert [(frame.type, getattr(frame, "part", None)) for frame in frames] == [
        ("part-start", 0),
        ("text-delta", 0),
        ("part-end", 0),
        ("part-start", 1),
        ("text-delta", 1),
        ("part-end", 1),
        ("part-start", 2),
        ("text-delta", 2),
        ("part-end", 2),
        ("finish", None),
    ]
    assert sealed.texts == [(ContentPart("text", "Before"), CHART, ContentPart("text", "after"))]


def test_text_on_its_way_into_the_parts_is_seen_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = ManualScheduler()
    run = make_run(scheduler, buffer=DeltaBuffer(INTERVAL, 1_000))
    run.write("Hm", "reasoning")  # passes at once, and answers nothing
    run.write("Hello")  # held back
    timer = threading.Thread(target=scheduler.advance, args=(INTERVAL,))

    def is_unanswered(_: Composition) -> bool:
        timer.start()
        timer.join(0.1)  # whoever does not wait for the look to be over is done by then
        return True

    monkeypatch.setattr(Composition, "is_unanswered", property(is_unanswered))
    assert not run.is_empty
    timer.join()


def test_text_that_was_held_back_comes_before_a_part() -> None:
    scheduler = ManualScheduler()
    run = make_run(scheduler, buffer=DeltaBuffer(1.0, 1_000))
    run.write("a")
    run.write("b")
    run.add(*CHART)
    scheduler.advance(10)
    run.finish()
    assert content_in(frames_of(run)) == [("text", "ab"), ("component", CHART.text)]


def test_a_long_part_comes_in_pieces() -> None:
    run = make_run()
    text = '"' + "x" * 100_000 + '"'
    run.add("component", text)
    run.finish()
    frames = frames_of(run)
    assert content_in(frames) == [("component", text)]
    assert max(len(frame.d) for frame in frames if isinstance(frame, TextDelta)) <= 32_768


def test_a_part_that_is_too_long_is_not_begun() -> None:
    run = make_run(max_chars=20)
    run.write("Hello")
    assert run.add(*CHART) is None
    assert run.status is RunStatus.ERROR
    assert content_in(frames_of(run)) == [("text", "Hello")]


def content_in(frames: list[OutputFrame]) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in fold(frames).parts()]


def test_suggestions_come_with_the_end_and_can_be_written() -> None:
    run = make_run()
    run.write("Hi")
    assert run.finish(["Why?", "\ud83d"])
    [finish] = decode_server(encode(frames_of(run)[-1:]))
    assert finish.suggestions == ["Why?", "\ufffd"]  # type: ignore[union-attr]
    plain = make_run()
    plain.finish()
    assert '"suggestions"' not in encode(frames_of(plain))


def test_how_the_author_shows_an_answer_follows_it_and_is_not_signed() -> None:
    seal = Sealed()
    run = make_run(ManualScheduler(), seal=seal, buffer=DeltaBuffer(INTERVAL, 1_000))
    run.write("Hel")
    run.write("lo")  # held back
    made: list[object] = []
    view = "x" * 40_000

    def make(content: object) -> str:
        made.append(content)
        return view

    run.add_view(make)
    run.finish()
    state = check_is_complete(run)
    assert [(part.kind, part.text) for part in state.parts()] == [("text", "Hello"), ("view", view)]
    assert made == seal.texts == ["Hello"]
    assert max(len(frame.d) for frame in frames_of(run) if isinstance(frame, TextDelta)) < len(view)


def test_without_a_view_nothing_is_added() -> None:
    run = make_run()
    run.write("Hi")
    run.add_view(lambda _: None)
    run.finish()
    assert [part.kind for part in check_is_complete(run).parts()] == ["text"]


def test_a_view_that_is_too_long_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    run = make_run(max_chars=10)
    run.write("Hi")
    run.add_view(lambda _: "x" * 9)
    run.finish()
    assert check_is_complete(run).status is RunStatus.DONE
    assert [part.kind for part in check_is_complete(run).parts()] == ["text"]
    assert "longer than max_output_chars" in caplog.text


def test_a_run_that_is_stopped_meanwhile_gets_no_view() -> None:
    run = make_run()
    run.write("Hi")

    def stop_and_make(_: object) -> str:
        run.stop()
        return "{}"

    run.add_view(stop_and_make)
    run.add_view(lambda _: "{}")
    assert [part.kind for part in check_is_complete(run).parts()] == ["text"]
