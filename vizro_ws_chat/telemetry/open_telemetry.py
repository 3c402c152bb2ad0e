"""Traces and metrics through OpenTelemetry's API. What becomes of them is for the SDK that the operator sets up.

Names follow the semantic conventions for generative AI where they have one: a run is an agent that is invoked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry import context, metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.protocol.frames import ErrorFrame, Stopped, TerminalFrame
from vizro_ws_chat.protocol.run_state import status_after
from vizro_ws_chat.telemetry.instruments import Instruments
from vizro_ws_chat.telemetry.observer import RunFacts, RunObservation, Transport

CHAT = "gen_ai.agent.name"
MODEL = "gen_ai.request.model"
OPERATION = "gen_ai.operation.name"
ERROR = "error.type"
STATUS = "vizro_ws_chat.status"
TRANSPORT = "vizro_ws_chat.transport"
RUN = "vizro_ws_chat.run.id"
CHUNKS = "vizro_ws_chat.run.chunks"
REFERENCE = "vizro_ws_chat.reference"

_OPERATION_NAME = "invoke_agent"
_SCOPE = "vizro_ws_chat"


class OpenTelemetryObserver:
    """Makes a span of each run, and measures.

    Args:
        clock: Monotonic time in seconds.
        tracers: Makes the tracer; `None`: as set up for the process, before or after this.
        meters: Makes the meter, in the same way.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        tracers: trace.TracerProvider | None = None,
        meters: metrics.MeterProvider | None = None,
    ) -> None:
        self._clock = clock
        self._tracer = trace.get_tracer(_SCOPE, tracer_provider=tracers)
        self._instruments = Instruments(metrics.get_meter(_SCOPE, meter_provider=meters))

    def run(self, facts: RunFacts) -> RunObservation:
        """Begin a span below the present one."""
        return _ObservedRun(facts, self._tracer, self._instruments, self._clock)

    @contextmanager
    def connection(self, transport: Transport) -> Iterator[None]:
        """Count a connection for as long as it is open."""
        self._instruments.active_connections.add(1, {TRANSPORT: transport})
        try:
            yield
        finally:
            self._instruments.active_connections.add(-1, {TRANSPORT: transport})

    def resumed(self, transport: Transport) -> None:
        """Count a connection that goes on."""
        self._instruments.resumptions.add(1, {TRANSPORT: transport})

    def refused(self, code: RefusalCode) -> None:
        """Count a refusal."""
        self._instruments.refusals.add(1, {ERROR: code})


class _ObservedRun:
    """One run: a span, and what is measured of it.

    The span ends with the run: author's code that never ends would keep it for ever from those who look for it.
    """

    def __init__(
        self, facts: RunFacts, tracer: trace.Tracer, instruments: Instruments, clock: Callable[[], float]
    ) -> None:
        self._instruments = instruments
        self._clock = clock
        self._began = clock()
        # Never the run's id, and nothing of the owner's: of each there are as many as there is time.
        self._attributes = {CHAT: facts.chat, TRANSPORT: facts.transport}
        if facts.model is not None:
            self._attributes[MODEL] = facts.model
        self._chunks = 0
        self._last_chunk = 0.0
        self._is_asking = False
        self._gaps = 0
        self._writing_seconds = 0.0
        self._lock = threading.Lock()
        self._stopped_at: float | None = None
        self._left_at: float | None = None
        instruments.active_runs.add(1, {CHAT: facts.chat})
        self._span = tracer.start_span(
            f"{_OPERATION_NAME} {facts.chat}",
            kind=SpanKind.INTERNAL,
            attributes={OPERATION: _OPERATION_NAME, RUN: facts.run, **self._attributes},
        )
        self._context = trace.set_span_in_context(self._span)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let what the author's code traces be below the run's span."""
        token = context.attach(self._context)
        try:
            yield
        finally:
            context.detach(token)
            with self._lock:
                self._left_at = self._clock()
            self._measure_stop()

    def took(self, *, is_question: bool) -> None:
        """Measure the pace, but not that of the reader who is asked something."""
        now = self._clock()
        if self._chunks == 0:
            self._instruments.time_to_first_chunk.record(now - self._began, self._attributes)
        elif not self._is_asking:
            self._gaps += 1
            self._writing_seconds += now - self._last_chunk
        self._chunks += 1
        self._last_chunk = now
        self._is_asking = is_question

    def ended(self, end: TerminalFrame) -> None:
        """End the span."""
        now = self._clock()
        status = status_after(end).value
        result = {STATUS: status, **({ERROR: end.code} if isinstance(end, ErrorFrame) else {})}
        self._span.set_attributes({**result, CHUNKS: self._chunks})
        if isinstance(end, ErrorFrame):
            self._span.set_attribute(REFERENCE, end.ref)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()
        self._instruments.active_runs.add(-1, {CHAT: self._attributes[CHAT]})
        self._instruments.duration.record(now - self._began, {**self._attributes, **result})
        if self._writing_seconds > 0:
            self._instruments.chunk_rate.record(self._gaps / self._writing_seconds, self._attributes)
        if isinstance(end, Stopped):
            with self._lock:
                self._stopped_at = now
            self._measure_stop()

    def _measure_stop(self) -> None:
        """Measure how long the author's code went on, once both ends of that time are known."""
        with self._lock:
            stopped, left = self._stopped_at, self._left_at
            if stopped is None or left is None:
                return
            self._stopped_at = None
        self._instruments.stop_latency.record(max(0.0, left - stopped), self._attributes)
