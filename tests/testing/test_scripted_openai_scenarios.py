"""Each kind of scenario: what the client meets, and what the server records of it."""

import asyncio
import dataclasses
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import ResponseStreamEvent

from vizro_ws_chat.testing import Gate, RecordedRequest, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai.demo import DEMO

# Long enough for a busy machine; reached only by a test that fails.
DEADLINE = 10.0


def ask(client: OpenAI, text: str = "go") -> openai.Stream[ResponseStreamEvent]:
    return client.responses.create(model="any", input=text, stream=True)


def deltas(events: openai.Stream[ResponseStreamEvent]) -> Iterator[str]:
    return (event.delta for event in events if event.type == "response.output_text.delta")


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def only_request(server: ScriptedOpenAI) -> RecordedRequest:
    assert server.wait_for_requests(1, DEADLINE)
    (request,) = server.requests
    return request


def test_text_is_sent_word_by_word_and_complete(server: ScriptedOpenAI, client: OpenAI) -> None:
    text = "  A paragraph.\n\n- item one\n- item two\n"
    server.on("", Scenario(text))

    parts = list(deltas(ask(client)))

    assert "".join(parts) == text
    assert len(parts) == 9


def test_chunks_are_made_from_the_request(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("count", Scenario(lambda request: (f"{i} " for i in range(int(request.text.split()[1])))))

    assert "".join(deltas(ask(client, "count 3"))) == "0 1 2 "
    assert "".join(deltas(ask(client, "count 2"))) == "0 1 "


def test_successive_scenarios_the_last_one_stays(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("next", Scenario("one"), Scenario("two"))

    assert ["".join(deltas(ask(client, "next"))) for _ in range(3)] == ["one", "two", "two"]


def test_scenario_is_needed(server: ScriptedOpenAI) -> None:
    with pytest.raises(ValueError, match="'none'"):
        server.on("none")


def test_pace_is_kept(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a"] * 5, delay_seconds=0.02, first_delay_seconds=0.05))
    list(ask(client))

    request = only_request(server)
    assert request.wait_finished(DEADLINE)
    times = request.chunk_times
    assert request.first_byte_sent is not None
    assert request.finished is not None
    assert request.received <= request.first_byte_sent <= times[0] <= times[-1] <= request.finished
    assert times[0] - request.first_byte_sent >= 0.049
    assert times[-1] - times[0] >= 0.02 * 3


def test_before_headers_holds_the_first_byte(server: ScriptedOpenAI, client: OpenAI) -> None:
    gate = Gate()
    server.on("", Scenario("late", before_headers=gate))
    answer: list[str] = []
    asking = in_thread(lambda: answer.extend(deltas(ask(client))))

    assert gate.wait_reached(DEADLINE)
    assert only_request(server).first_byte_sent is None
    gate.release()
    asking.join(DEADLINE)

    assert answer == ["late"]


def test_hold_after_chunks(server: ScriptedOpenAI, client: OpenAI) -> None:
    first, second = Gate(), Gate()
    server.on("", Scenario(["a", "b", "c"], hold_after={0: first, 2: second}))
    received = deltas(ask(client))

    assert first.wait_reached(DEADLINE)
    request = only_request(server)
    assert request.first_byte_sent is not None
    assert request.chunk_times == []
    first.release()
    assert second.wait_reached(DEADLINE)
    assert len(request.chunk_times) == 2
    assert [next(received), next(received)] == ["a", "b"]
    second.release()
    assert list(received) == ["c"]
    assert request.wait_finished(DEADLINE)
    assert request.outcome == "completed"


def test_gate_after_the_last_chunk_holds_the_end(server: ScriptedOpenAI, client: OpenAI) -> None:
    gate = Gate()
    server.on("", Scenario(["a"], hold_after={1: gate}))
    received = deltas(ask(client))

    assert next(received) == "a"
    assert gate.wait_reached(DEADLINE)
    assert only_request(server).outcome is None
    gate.release()
    assert list(received) == []


def test_one_gate_holds_and_releases_many(server: ScriptedOpenAI, client: OpenAI) -> None:
    gate = Gate()
    server.on("", Scenario(["a"], hold_after={0: gate}))
    streams = [ask(client) for _ in range(5)]

    assert gate.wait_reached(DEADLINE, count=5)
    assert server.open_connections == 5
    gate.release()

    assert [list(deltas(stream)) for stream in streams] == [["a"]] * 5


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(["a", "b"], hold_after={1: Gate()}),
        Scenario(["a", "b"], delay_seconds=3600),
        Scenario(itertools.repeat("x ")),
    ],
    ids=["held", "pacing", "writing"],
)
def test_hang_up_is_seen_at_once(server: ScriptedOpenAI, client: OpenAI, scenario: Scenario) -> None:
    server.on("", scenario)
    stream = ask(client)
    next(deltas(stream))

    before = time.monotonic()
    stream.close()

    request = only_request(server)
    assert request.wait_disconnected(DEADLINE)
    assert request.outcome == "disconnected"
    assert request.disconnected_at is not None
    assert before <= request.disconnected_at
    assert server.wait_for_open_connections(0, DEADLINE)


def test_hang_up_before_headers_is_seen(server: ScriptedOpenAI) -> None:
    gate = Gate()
    server.on("", Scenario("never", before_headers=gate))
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        body = b'{"model": "any", "input": "go", "stream": true}'
        connection.sendall(b"POST /v1/responses HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        assert gate.wait_reached(DEADLINE)

    request = only_request(server)
    assert request.wait_disconnected(DEADLINE)
    assert not request.wait_first_byte(DEADLINE)


def test_cancelled_task_ends_an_answer_that_is_not_streamed(server: ScriptedOpenAI) -> None:
    gate = Gate()
    server.on("", Scenario(["a", "b"], hold_after={1: gate}))

    async def ask_and_cancel() -> None:
        async with AsyncOpenAI(base_url=server.base_url, api_key=server.api_key) as client:
            asking = asyncio.create_task(client.responses.create(model="any", input="go"))
            assert await asyncio.to_thread(gate.wait_reached, DEADLINE)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    asyncio.run(ask_and_cancel())

    request = only_request(server)
    assert request.wait_disconnected(DEADLINE)
    assert request.first_byte_sent is None


def test_complete_answer_is_not_a_disconnect(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a"]))
    list(ask(client))

    request = only_request(server)
    assert request.wait_chunks(1, DEADLINE)
    assert not request.wait_disconnected(DEADLINE)
    assert not request.wait_chunks(2, DEADLINE)
    assert (request.outcome, request.disconnected_at) == ("completed", None)


def test_connection_is_kept_alive_and_reused(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario("a"))
    for _ in range(3):
        list(ask(client))

    assert server.open_connections == 1
    client.close()
    assert server.wait_for_open_connections(0, DEADLINE)


@pytest.mark.parametrize(
    ("status", "error", "attempts"),
    [(401, openai.AuthenticationError, 1), (429, openai.RateLimitError, 3), (500, openai.InternalServerError, 3)],
)
def test_status_is_the_sdk_error_and_each_attempt_is_recorded(
    server: ScriptedOpenAI, client: OpenAI, status: int, error: type[openai.APIStatusError], attempts: int
) -> None:
    server.on("", Scenario(status=status, headers={"retry-after-ms": "1"}))
    with pytest.raises(error) as raised:
        ask(client)

    assert raised.value.status_code == status
    assert isinstance(raised.value.body, dict)
    assert raised.value.body["message"] == f"Scripted error {status}"
    assert [request.attempt for request in server.requests] == list(range(attempts))


def test_retry_succeeds(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(status=429, headers={"retry-after-ms": "1"}), Scenario("done"))

    assert list(deltas(ask(client))) == ["done"]
    assert [request.attempt for request in server.requests] == [0, 1]


@pytest.mark.parametrize("drop_by", ["reset", "close"])
def test_dropped_connection_cuts_the_stream_off(
    server: ScriptedOpenAI, client: OpenAI, drop_by: Literal["reset", "close"]
) -> None:
    gate = Gate()
    server.on("", Scenario(["a", "b", "c"], hold_after={2: gate}, drop_after=2, drop_by=drop_by))
    received = deltas(ask(client))

    # A reset may overtake what the client has not read yet.
    assert [next(received), next(received)] == ["a", "b"]
    gate.release()
    # The SDK hands on httpx's error of a body that is cut off, or wraps it, depending on its version.
    with pytest.raises(Exception, match=r"(?i)peer closed|reset by peer|connection error"):
        next(received)
    request = only_request(server)
    assert request.wait_finished(DEADLINE)
    assert request.outcome == "dropped"


def test_close_delimited_answer_that_is_cut_off_ends_without_an_error(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a", "b"], drop_after=1, drop_by="close", close_delimited=True))

    events = list(ask(client))

    assert events[-1].type == "response.output_text.delta"


def test_close_delimited_answer_is_complete(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a", "b"], close_delimited=True))

    assert list(deltas(ask(client))) == ["a", "b"]
    assert server.wait_for_open_connections(0, DEADLINE)


def test_model_fails_in_mid_stream(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a", "b"], error_after=1))

    *_, delta, failed = ask(client)

    assert delta.type == "response.output_text.delta"
    assert failed.type == "response.failed"
    assert failed.response.error is not None
    assert failed.response.error.code == "server_error"
    with pytest.raises(openai.APIError, match="scripted model failed"):
        list(client.chat.completions.create(model="any", messages=[{"role": "user", "content": "go"}], stream=True))
    with pytest.raises(openai.InternalServerError):
        client.with_options(max_retries=0).responses.create(model="any", input="go")


def test_exception_in_a_scenario_is_logged_and_recorded(
    server: ScriptedOpenAI, client: OpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: RecordedRequest) -> str:
        raise LookupError(request.text)

    server.on("", Scenario(broken))
    with pytest.raises(Exception, match=r"(?i)peer closed|connection error"):
        list(ask(client))

    request = only_request(server)
    assert request.wait_finished(DEADLINE)
    assert request.outcome == "failed"
    assert "LookupError: go" in caplog.text


@pytest.mark.parametrize(
    ("question", "expected"),
    [("A table, please", "|:--"), ("show me CODE", "```python"), ("list", "1. **"), ("Hello!", "Hello!"), ("?", "##")],
)
def test_demo_answers_anything_in_markdown(
    server: ScriptedOpenAI, client: OpenAI, question: str, expected: str
) -> None:
    server.on("", dataclasses.replace(DEMO, delay_seconds=0, first_delay_seconds=0))

    answer = client.responses.create(model="any", input=question).output_text

    assert expected in answer
    assert "scripted demo" in answer
