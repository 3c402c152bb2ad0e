from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.transports.conftest import App
from tests.waiting import wait_until
from vizro_ws_chat.telemetry.open_telemetry import OpenTelemetryObserver
from vizro_ws_chat.telemetry.shield import ShieldedObserver

Attributes = dict[str, Any]


class Telemetry:
    """A real SDK of OpenTelemetry, which keeps everything in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider([self._reader], shutdown_on_exit=False)
        self.observer = ShieldedObserver(OpenTelemetryObserver(tracers=self.tracers, meters=self.meters))

    def observe(self, app: App) -> None:
        """Observe an app from now on."""
        app.service.observer = self.observer

    def spans(self, name: str) -> list[ReadableSpan]:
        """Return the spans of this name that have ended."""
        return [span for span in self._exporter.get_finished_spans() if span.name == name]

    def span(self, name: str) -> ReadableSpan:
        """Wait for the one span of this name."""
        wait_until(lambda: self.spans(name))
        [span] = self.spans(name)
        return span

    def points(self, name: str) -> list[tuple[Attributes, Any]]:
        """Return the attributes and the value of each point of a metric: of histograms, count and sum."""
        return [
            (dict(point.attributes or {}), getattr(point, "value", None) or _totals(point))
            for metric in self._metrics()
            if metric.name == name
            for point in metric.data.data_points
        ]

    def everything(self) -> str:
        """Return all that has been exported, as text."""
        spans = "".join(span.to_json() for span in self._exporter.get_finished_spans())
        return spans + "".join(metric.to_json() for metric in self._metrics())

    def units(self) -> dict[str, str | None]:
        """Return the units of all metrics."""
        return {metric.name: metric.unit for metric in self._metrics()}

    def _metrics(self) -> list[Any]:
        data = self._reader.get_metrics_data()
        resources = data.resource_metrics if data else []
        return [metric for resource in resources for scope in resource.scope_metrics for metric in scope.metrics]

    def close(self) -> None:
        self.tracers.shutdown()
        self.meters.shutdown()


def _totals(point: Any) -> Any:
    return (point.count, point.sum) if hasattr(point, "count") else 0


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    made = Telemetry()
    yield made
    made.close()


@pytest.fixture
def make_app() -> Iterator[Callable[..., App]]:
    apps: list[App] = []

    def make(**options: Any) -> App:
        apps.append(App(**options))
        return apps[-1]

    yield make
    for app in apps:
        app.close()


@pytest.fixture
def app(make_app: Callable[..., App], telemetry: Telemetry) -> App:
    app = make_app()
    telemetry.observe(app)
    return app
