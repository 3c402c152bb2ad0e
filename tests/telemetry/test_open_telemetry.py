"""Runs, connections and refusals of a real app, as a real SDK exports them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from tests.telemetry.conftest import Telemetry
from tests.transports.clients import SSEClient, WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import CHAT, hello, new_run, send, text_of
from tests.waiting import wait_until
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.protocol.frames import AnswerFrame, Cancel, Finish, Stopped
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.telemetry.observer import RunFacts
from vizro_ws_chat.telemetry.open_telemetry import OpenTelemetryObserver
from vizro_ws_chat.transports.owner import COOKIE
from vizro_ws_chat.transports.service import Question

NAME = f"invoke_agent {CHAT}"
RUN_METRICS = ("duration", "time_to_first_chunk", "chunk_rate", "stop_latency", "active")


def by_websocket(app: App, *frames: Any) -> list[Any]:
    with WebSocketClient(app.address) as client:
        client.send(hello(), *frames)
        return client.hear_the_end()


def by_sse(app: App, *frames: Any) -> list[Any]:
    with SSEClient(app.address, hello(), *frames) as client:
        return client.hear_the_end()


transports = pytest.mark.parametrize(("ask", "transport"), [(by_websocket, "websocket"), (by_sse, "sse")])
Ask_ = Callable[..., list[Any]]


class TestSpans:
    @transports
    def test_an_answer_is_a_span(self, app: App, telemetry: Telemetry, ask: Ask_, transport: str) -> None:
        app.responder.model = "a-model"
        app.responder.finish("It ", "is so.")
        run = new_run()
        ask(app, send(run))
        span = telemetry.span(NAME)
        assert dict(span.attributes or {}) == {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": CHAT,
            "gen_ai.request.model": "a-model",
            "vizro_ws_chat.run.id": run,
            "vizro_ws_chat.transport": transport,
            "vizro_ws_chat.status": "done",
            "vizro_ws_chat.run.chunks": 2,
        }
        assert span.kind is SpanKind.INTERNAL
        assert span.status.status_code is StatusCode.UNSET
        assert span.parent is None

    def test_a_failed_answer_has_its_code_and_its_reference(self, app: App, telemetry: Telemetry) -> None:
        app.responder.say("It ", RuntimeError("what the exception says"))
        error = by_websocket(app, send())[-1]
        span = telemetry.span(NAME)
        attributes = dict(span.attributes or {})
        assert attributes["vizro_ws_chat.status"] == "error"
        assert (attributes["error.type"], attributes["vizro_ws_chat.reference"]) == ("failed", error.ref)
        assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
        assert list(span.events) == []

    def test_a_send_that_is_repeated_is_one_span(self, app: App, telemetry: Telemetry) -> None:
        again = send()
        app.responder.finish("It is so.")
        by_websocket(app, again)
        by_websocket(app, again)
        assert len(telemetry.spans(NAME)) == 1

    def test_it_is_below_the_request_that_asks(self, app: App, telemetry: Telemetry) -> None:
        tracer, inner = telemetry.tracers.get_tracer("a server"), app.flask.wsgi_app

        def traced(environ: Any, start_response: Any) -> Any:
            with tracer.start_as_current_span("a request"):
                return inner(environ, start_response)

        app.flask.wsgi_app = traced  # type: ignore[method-assign]
        app.responder.finish("It is so.")
        by_sse(app, send())
        parent = telemetry.span(NAME).parent
        assert parent is not None
        assert parent.span_id in {span.context.span_id for span in telemetry.spans("a request") if span.context}

    def test_what_the_authors_code_traces_is_below_it(self, app: App, telemetry: Telemetry) -> None:
        tracer = telemetry.tracers.get_tracer("a client of a model")

        def respond(question: Question, context: RunContext) -> Iterator[str]:
            with tracer.start_as_current_span("a call"):
                yield "It is so."

        app.responder.respond = respond  # type: ignore[method-assign]
        by_websocket(app, send())
        parent = telemetry.span("a call").parent
        run = telemetry.span(NAME).context
        assert parent is not None
        assert run is not None
        assert parent.span_id == run.span_id

    def test_async_answers_at_once_are_told_apart(self, app: App, telemetry: Telemetry) -> None:
        tracer = telemetry.tracers.get_tracer("a client of a model")
        together = asyncio.Barrier(2)

        async def respond(question: Question, context: RunContext) -> AsyncIterator[str]:
            await together.wait()
            with tracer.start_as_current_span("a call", attributes={"run": context.run_id}):
                await together.wait()
                yield "It is so."

        app.responder.is_async = True
        app.responder.respond = respond  # type: ignore[method-assign,assignment]
        with WebSocketClient(app.address) as client:
            client.send(hello(), send(), send())
            client.hear_the_end()
            client.hear_the_end()
        runs = {span.context.span_id: span for span in telemetry.spans(NAME) if span.context}
        calls = telemetry.spans("a call")
        assert len(calls) == 2
        for call in calls:
            assert call.parent
            above = runs[call.parent.span_id]
            assert (above.attributes or {})["vizro_ws_chat.run.id"] == (call.attributes or {})["run"]

    def test_nothing_of_it_is_left_on_a_thread(self, app: App, telemetry: Telemetry) -> None:
        app.responder.finish("It is so.")
        by_sse(app, send())
        app.wait_until_idle()
        assert not get_current_span().get_span_context().is_valid

    def test_a_run_that_is_stopped_before_it_began(self, app: App, telemetry: Telemetry) -> None:
        run = new_run()
        with WebSocketClient(app.address) as client:
            client.send(hello(), Cancel(run=run), send(run))
            client.hear("stopped")
        assert (telemetry.span(NAME).attributes or {})["vizro_ws_chat.status"] == "stopped"
        assert telemetry.points("vizro_ws_chat.run.active") == [({"gen_ai.agent.name": CHAT}, 0)]


class TestMetrics:
    def test_those_of_an_answer(self, app: App, telemetry: Telemetry) -> None:
        app.responder.finish(*"It is so.")
        by_websocket(app, send())
        telemetry.span(NAME)
        asked = {"gen_ai.agent.name": CHAT, "vizro_ws_chat.transport": "websocket"}
        [(attributes, (count, seconds))] = telemetry.points("vizro_ws_chat.run.duration")
        assert (attributes, count) == ({**asked, "vizro_ws_chat.status": "done"}, 1)
        [(attributes, (count, first))] = telemetry.points("vizro_ws_chat.run.time_to_first_chunk")
        assert (attributes, count) == (asked, 1)
        assert 0 < first <= seconds
        [(attributes, (count, rate))] = telemetry.points("vizro_ws_chat.run.chunk_rate")
        assert (attributes, count) == (asked, 1)
        assert rate > 8 / seconds
        assert telemetry.points("vizro_ws_chat.run.stop_latency") == []

    def test_active_runs_and_connections(self, app: App, telemetry: Telemetry) -> None:
        def active() -> list[Any]:
            runs = telemetry.points("vizro_ws_chat.run.active")
            return runs + sorted(telemetry.points("vizro_ws_chat.connection.active"), key=str)

        chat, sse, websocket = (
            {"gen_ai.agent.name": CHAT},
            {"vizro_ws_chat.transport": "sse"},
            {"vizro_ws_chat.transport": "websocket"},
        )
        with WebSocketClient(app.address) as one, SSEClient(app.address, hello(), send()) as other:
            one.send(hello(), send())
            one.hear("accepted")
            other.hear("accepted")
            wait_until(lambda: active() == [(chat, 2), (sse, 1), (websocket, 1)])
            app.responder.finish("One.")
            app.responder.finish("Two.")
            one.hear_the_end()
            other.hear_the_end()
        wait_until(lambda: active() == [(chat, 0), (sse, 0), (websocket, 0)])

    def test_how_long_the_authors_code_goes_on_after_stop(self, app: App, telemetry: Telemetry) -> None:
        run = new_run()
        with WebSocketClient(app.address) as client:
            client.send(hello(), send(run))
            app.responder.say("It ")
            client.hear("text-delta")
            client.send(Cancel(run=run))
            client.hear("stopped")
        wait_until(lambda: telemetry.points("vizro_ws_chat.run.stop_latency"))
        [(_, (count, seconds))] = telemetry.points("vizro_ws_chat.run.stop_latency")
        assert (count, seconds >= 0) == (1, True)

    def test_connections_that_go_on_reading(self, app: App, telemetry: Telemetry) -> None:
        run = new_run()
        app.responder.finish("It is so.")
        by_websocket(app, send(run))
        assert telemetry.points("vizro_ws_chat.connection.resumptions") == []
        with SSEClient(app.address, hello(CHAT, **{run: None}), hello(CHAT, **{run: None})) as client:
            client.hear_the_end()
        assert telemetry.points("vizro_ws_chat.connection.resumptions") == [({"vizro_ws_chat.transport": "sse"}, 1)]

    def test_refusals_count_once_however_they_are_said(self, app: App, telemetry: Telemetry) -> None:
        def refusals() -> dict[str, int]:
            return {point["error.type"]: count for point, count in telemetry.points("vizro_ws_chat.refusals")}

        with WebSocketClient(app.address) as client:
            client.send(hello(), send(text="x" * 40_000))
            client.hear("refused")
            assert refusals() == {"too-large": 1}
            client.send_text("junk")
            client.wait_closed()
        with SSEClient(app.address, hello("another chat")) as stream:
            assert stream.status == 404
        assert command(app.address, hello("another chat"))[0] == 404
        assert command(app.address, hello(), AnswerFrame(run=new_run(), part=0, value="x"))[0] == 200
        wait_until(lambda: refusals() == {"too-large": 1, "bad-frame": 1, "unknown-chat": 2, "unknown-run": 1})

    def test_their_units(self, app: App, telemetry: Telemetry) -> None:
        run = new_run()
        with WebSocketClient(app.address) as client:
            client.send(hello(CHAT, **{new_run(): None}), send(run))
            app.responder.say("It ", "is ")
            client.hear("text-delta")
            client.send(Cancel(run=run))
            client.hear("stopped")
        wait_until(lambda: "vizro_ws_chat.run.stop_latency" in telemetry.units())
        assert telemetry.units() == {
            "vizro_ws_chat.run.duration": "s",
            "vizro_ws_chat.run.time_to_first_chunk": "s",
            "vizro_ws_chat.run.chunk_rate": "{chunk}/s",
            "vizro_ws_chat.run.stop_latency": "s",
            "vizro_ws_chat.run.active": "{run}",
            "vizro_ws_chat.connection.active": "{connection}",
            "vizro_ws_chat.connection.resumptions": "{connection}",
            "vizro_ws_chat.refusals": "{refusal}",
        }


class TestPace:
    """With a clock of our own."""

    facts = RunFacts("a run", CHAT, None, "sse")

    def observe(self, telemetry: Telemetry, *times: float) -> Any:
        clock = iter(times)
        observer = OpenTelemetryObserver(lambda: next(clock), telemetry.tracers, telemetry.meters)
        return observer.run(self.facts)

    def test_chunks_are_counted_from_the_first_to_the_last(self, telemetry: Telemetry) -> None:
        run = self.observe(telemetry, 0, 10, 11, 12, 30)
        for _ in range(3):
            run.took(is_question=False)
        run.ended(Finish(run="r" * 16, id="1-1", message=None))
        [(_, first)] = telemetry.points("vizro_ws_chat.run.time_to_first_chunk")
        [(_, rate)] = telemetry.points("vizro_ws_chat.run.chunk_rate")
        [(_, duration)] = telemetry.points("vizro_ws_chat.run.duration")
        assert (first, rate, duration) == ((1, 10), (1, 1), (1, 30))

    def test_the_readers_silence_is_not_the_answers(self, telemetry: Telemetry) -> None:
        run = self.observe(telemetry, 0, 1, 2, 602, 604, 605)
        for is_question in (False, True, False, False):
            run.took(is_question=is_question)
        run.ended(Finish(run="r" * 16, id="1-1", message=None))
        [(_, rate)] = telemetry.points("vizro_ws_chat.run.chunk_rate")
        assert rate == (1, 2 / 3)

    @pytest.mark.parametrize("stops_first", [True, False])
    def test_stop_and_the_end_of_the_code_come_in_either_order(self, telemetry: Telemetry, stops_first: bool) -> None:
        run = self.observe(telemetry, *range(0, 20, 2))
        stopped = Stopped(run="r" * 16, id="1-1", message=None)
        with run.working():
            if stops_first:
                run.ended(stopped)
        if not stops_first:
            run.ended(stopped)
        [(_, latency)] = telemetry.points("vizro_ws_chat.run.stop_latency")
        assert latency == (1, 2 if stops_first else 0)


class TestWhatIsNotTold:
    def test_neither_what_is_said_nor_who_says_it(self, app: App, telemetry: Telemetry) -> None:
        app.responder.owner = lambda: "ada.lovelace"
        app.responder.say("The answer is 42. ", Ask("Which region?", options=["North", "South"]))
        token = "t" * 32
        run = new_run()
        with WebSocketClient(app.address, headers=app.cookie_of(token)) as client:
            client.send(hello(), send(run, "What is the question?"))
            client.hear("part-end")
            client.send(AnswerFrame(run=run, part=1, value="North"), AnswerFrame(run=run, part=1, value="Elsewhere"))
            client.hear("refused")
            app.responder.say(RuntimeError("What is the question?"))
            client.hear_the_end()
        telemetry.span(NAME)
        exported = telemetry.everything()
        for owner in ("lovelace", token, COOKIE):
            assert owner not in exported
        for said in ("question?", "The answer", "region", "North", "Elsewhere"):
            assert said not in exported
        assert "invoke_agent" in exported

    def test_metrics_have_no_attribute_of_which_there_are_ever_more(self, app: App, telemetry: Telemetry) -> None:
        runs = [new_run() for _ in range(3)]
        for run in runs:
            app.responder.finish("It ", "is so.")
            by_sse(app, send(run))
        with SSEClient(app.address, hello("a chat that somebody has invented")):
            pass
        for metric in telemetry._metrics():
            assert len(metric.data.data_points) == 1, metric.name
            for run in runs:
                assert run not in metric.to_json()
            assert "invented" not in metric.to_json()


class BrokenExporter(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> Any:
        raise RuntimeError("the collector is away")


class BrokenProcessor(SpanProcessor):
    def on_start(self, span: Any, parent_context: Any = None) -> None:
        raise RuntimeError("no start")

    def on_end(self, span: ReadableSpan) -> None:
        raise RuntimeError("no end")


@pytest.mark.parametrize("processor", [SimpleSpanProcessor(BrokenExporter()), BrokenProcessor()])
@transports
def test_an_sdk_that_fails_hurts_no_answer(
    app: App, telemetry: Telemetry, processor: SpanProcessor, ask: Ask_, transport: str
) -> None:
    telemetry.tracers.add_span_processor(processor)
    app.responder.finish("It ", "is so.")
    frames = ask(app, send())
    assert frames[-1].type == "finish"
    assert text_of(frames) == "It is so."
    app.wait_until_idle()
