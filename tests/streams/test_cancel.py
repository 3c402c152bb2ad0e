from __future__ import annotations

import logging
import socket
import threading

import pytest

from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.streams.cancel import CancelToken, RunContext


def test_cancelling_twice_is_cancelling_once() -> None:
    token, calls = CancelToken(), []
    token.on_cancel(lambda: calls.append("first"))
    token.on_cancel(lambda: calls.append("second"))
    assert not token.cancelled
    token.cancel()
    token.cancel()
    assert token.cancelled
    assert calls == ["first", "second"]


def test_what_is_registered_late_is_called_at_once() -> None:
    token, calls = CancelToken(), []
    token.cancel()
    token.on_cancel(lambda: calls.append(1))
    assert calls == [1]


def test_a_function_that_fails_is_logged_and_the_next_is_called(caplog: pytest.LogCaptureFixture) -> None:
    token, calls = CancelToken(), []
    token.on_cancel(lambda: 1 / 0)
    token.on_cancel(lambda: calls.append(1))
    with caplog.at_level(logging.ERROR):
        token.cancel()
    assert calls == [1]
    assert "ZeroDivisionError" in caplog.text


def test_a_function_sees_the_token_cancelled_and_may_use_it() -> None:
    token = CancelToken()
    seen: list[object] = []

    def look() -> None:
        seen.append(token.cancelled)
        token.cancel()
        token.on_cancel(lambda: seen.append("nested"))

    token.on_cancel(look)
    token.cancel()
    assert seen == [True, "nested"]


def test_under_a_race_each_function_is_called_exactly_once() -> None:
    for _ in range(50):
        token, barrier = CancelToken(), threading.Barrier(6)
        calls: list[int] = []

        def register(
            token: CancelToken = token, barrier: threading.Barrier = barrier, calls: list[int] = calls
        ) -> None:
            barrier.wait()
            token.on_cancel(lambda: calls.append(1))

        def cancel(token: CancelToken = token, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            token.cancel()

        threads = [threading.Thread(target=target) for target in [register] * 4 + [cancel] * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(calls) == 4


class Closable:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class TestRunContext:
    def test_knows_its_run(self) -> None:
        token = CancelToken()
        context = RunContext("run-id", token)
        assert context.run_id == "run-id"
        assert not context.cancelled
        calls: list[int] = []
        context.on_cancel(lambda: calls.append(1))
        token.cancel()
        assert context.cancelled
        assert calls == [1]

    def test_track_returns_the_stream_and_leaves_closing_to_the_runner(self) -> None:
        token = CancelToken()
        context, stream = RunContext("run-id", token), Closable()
        assert context.track(stream) is stream
        assert context.tracked() == [stream]
        token.cancel()
        assert stream.closed == 0

    @pytest.mark.parametrize("late", [False, True])
    def test_a_tracked_response_is_broken_off_under_its_reader(self, late: bool) -> None:
        class NetworkStream:
            def get_extra_info(self, name: str) -> object:
                return ours if name == "socket" else None

        ours, theirs = socket.socketpair()
        with ours, theirs:
            token, response = CancelToken(), Closable()
            response.extensions = {"network_stream": NetworkStream()}  # type: ignore[attr-defined]
            if late:
                token.cancel()
            RunContext("run-id", token).track(response)
            token.cancel()
            theirs.settimeout(10)
            assert theirs.recv(1) == b""
            assert ours.fileno() != -1, "only its reader may close it"


def test_what_the_author_registered_holds_up_nobody() -> None:
    token = CancelToken()
    go_on = threading.Event()
    called: list[str] = []

    def talk_to_a_network() -> None:
        go_on.wait(DEADLINE_SECONDS)
        called.append("slow")

    context = RunContext("run", token)
    context.on_cancel(talk_to_a_network)
    token.on_cancel(lambda: called.append("next"))
    token.cancel()
    assert called == ["next"]
    go_on.set()
    wait_until(lambda: called == ["next", "slow"])


def suggestions(*questions: str) -> list[str]:
    context = RunContext("run", CancelToken())
    context.suggest(*questions)
    return context.suggested()


def test_suggestions_are_few_and_short() -> None:
    assert suggestions("Why?", "", "  ", " How? ", "Why?") == ["Why?", "How?"]
    assert suggestions("x" * 200, "x" * 201) == ["x" * 200]
    assert suggestions(*"abcdefg") == ["a", "b", "c", "d", "e"]


def test_later_suggestions_replace_earlier_ones() -> None:
    context = RunContext("run", CancelToken())
    assert context.suggested() == []
    context.suggest("Why?")
    context.suggest("How?", "When?")
    assert context.suggested() == ["How?", "When?"]
    context.suggest()
    assert context.suggested() == []
