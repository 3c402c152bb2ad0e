"""That records say which run, chat and transport they are about."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from tests.transports.clients import SSEClient, WebSocketClient
from tests.transports.conftest import App
from tests.transports.making import CHAT, hello, new_run, send
from tests.waiting import wait_until
from vizro_ws_chat.log_fields import FIELDS, add_log_fields
from vizro_ws_chat.protocol.frames import AnswerFrame, Cancel, FeedbackFrame
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.transports.service import Question

authors = logging.getLogger("an.author")


def fields_of(record: logging.LogRecord) -> dict[str, str]:
    return {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}


class Log:
    """What an operator's handler with the filter has got."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self._log = log

    @property
    def records(self) -> list[logging.LogRecord]:
        return self._log.records

    def fields(self, text: str) -> dict[str, str]:
        """Return the fields of the one record whose message begins so."""
        [record] = [record for record in self.records if record.getMessage().startswith(text)]
        return fields_of(record)

    def wait_for(self, text: str) -> dict[str, str]:
        """Wait for a record, and return its fields."""
        wait_until(lambda: any(record.getMessage().startswith(text) for record in self.records))
        return self.fields(text)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    caplog.handler.addFilter(add_log_fields)
    with caplog.at_level(logging.DEBUG):
        yield Log(caplog)
    caplog.handler.removeFilter(add_log_fields)


def by_websocket(app: App, *frames: Any) -> list[Any]:
    with WebSocketClient(app.address) as client:
        client.send(hello(), *frames)
        return client.hear_the_end()


def by_sse(app: App, *frames: Any) -> list[Any]:
    with SSEClient(app.address, hello(), *frames) as client:
        return client.hear_the_end()


transports = pytest.mark.parametrize(("ask", "transport"), [(by_websocket, "websocket"), (by_sse, "sse")])
Ask = Callable[..., list[Any]]


@transports
def test_what_the_authors_code_logs(app: App, log: Log, ask: Ask, transport: str) -> None:
    def respond(question: Question, context: RunContext) -> Iterator[str]:
        authors.info("before")
        yield "It "
        authors.info("between")
        yield "is so."

    app.responder.respond = respond  # type: ignore[method-assign]
    run = new_run()
    ask(app, send(run))
    expected = {"run_id": run, "chat": CHAT, "transport": transport}
    assert log.fields("before") == log.fields("between") == expected


def test_what_async_code_logs(app: App, log: Log) -> None:
    async def respond(question: Question, context: RunContext) -> AsyncIterator[str]:
        authors.info("from the loop")
        yield "It is so."

    app.responder.is_async = True
    app.responder.respond = respond  # type: ignore[method-assign,assignment]
    runs = [new_run(), new_run()]
    for run in runs:
        by_websocket(app, send(run))
    records = [fields_of(record) for record in log.records if record.name == authors.name]
    assert [record["run_id"] for record in records] == runs


@transports
def test_a_failed_answer(app: App, log: Log, ask: Ask, transport: str) -> None:
    run = new_run()
    app.responder.say(RuntimeError("no"))
    ask(app, send(run))
    assert log.fields(f"Run {run} failed") == {"run_id": run, "chat": CHAT, "transport": transport}


def test_a_run_that_the_server_ends_on_another_thread(make_app: Callable[..., App], log: Log) -> None:
    app = make_app(max_run_seconds=0.01)
    run = new_run()
    by_websocket(app, send(run))
    assert log.wait_for(f"Run {run} ended: it took longer") == {"run_id": run, "chat": CHAT}


def test_what_is_called_when_a_run_is_cancelled(app: App, log: Log) -> None:
    def respond(question: Question, context: RunContext) -> Iterator[str]:
        context.on_cancel(lambda: authors.info("cancelled"))
        yield "It "
        while not context.cancelled:
            yield ""

    app.responder.respond = respond  # type: ignore[method-assign]
    run = new_run()
    with WebSocketClient(app.address) as client:
        client.send(hello(), send(run))
        client.hear("text-delta")
        client.send(Cancel(run=run))
        client.hear_the_end()
    assert log.wait_for("cancelled") == {"run_id": run, "chat": CHAT, "transport": "websocket"}


def test_a_refused_frame(app: App, log: Log) -> None:
    run = new_run()
    with WebSocketClient(app.address) as client:
        client.send(hello(), FeedbackFrame(run=run, message="m" * 43, rating="up", comment="x" * 5_000))
        client.hear("refused")
    assert log.fields("Refused: too-large") == {"run_id": run, "chat": CHAT, "transport": "websocket"}


def test_feedback_that_the_author_can_not_take(app: App, log: Log) -> None:
    def fail() -> None:
        raise RuntimeError("no")

    app.responder.on_feedback = fail
    run = new_run()
    app.responder.finish("It is so.")
    with WebSocketClient(app.address) as client:
        client.send(hello(), send(run))
        answer = client.hear_the_end()[-1].message
        client.send(FeedbackFrame(run=run, message=answer.id, rating="up", comment=""))
        client.hear("refused")
    assert log.fields("Chat(on_feedback=...) failed") == {"run_id": run, "chat": CHAT, "transport": "websocket"}


def test_the_end_of_a_connection(app: App, log: Log) -> None:
    with WebSocketClient(app.address) as client:
        client.send(hello())
        client.hear("welcome")
    assert log.wait_for("A WebSocket") == {"chat": CHAT, "transport": "websocket"}


def test_a_refused_handshake(app: App, log: Log) -> None:
    with SSEClient(app.address, hello("another chat")) as client:
        assert client.status == 404
    refusals = [fields_of(record) for record in log.records if record.getMessage().startswith("Refused")]
    assert all(fields == {"transport": "sse"} for fields in refusals)
    assert refusals


def test_nothing_of_a_request_is_left_on_its_thread(app: App, log: Log) -> None:
    app.responder.finish("It is so.")
    by_sse(app, send())
    app.wait_until_idle()
    authors.info("afterwards")
    assert log.fields("afterwards") == {}


@transports
def test_no_record_tells_whose_it_is(app: App, log: Log, ask: Ask, transport: str) -> None:
    token = "t" * 32
    app.responder.owner = lambda: "ada.lovelace"
    with WebSocketClient(app.address, headers=app.cookie_of(token)) as client:
        run = new_run()
        client.send(hello(), send(run), AnswerFrame(run=run, part=3, value="North"))
        client.hear("refused")
        app.responder.say("It ", RuntimeError("no"))
        client.hear_the_end()
    app.responder.say("It ", RuntimeError("no"))
    ask(app, send())
    app.service.hub.interrupt_all()
    assert any("failed" in record.getMessage() for record in log.records)
    for record in log.records:
        for owner in ("ada", "lovelace", token):
            assert owner not in str(record.__dict__)
