"""The metrics, by the names that docs/observability.md explains."""

from __future__ import annotations

from opentelemetry.metrics import Meter

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
_SHORT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
_PER_SECOND = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 10_000.0)


class Instruments:
    """What is measured. The boundaries are those of histograms for which the operator's views choose no others.

    Args:
        meter: Makes them.
    """

    def __init__(self, meter: Meter) -> None:
        self.duration = meter.create_histogram(
            "vizro_ws_chat.run.duration",
            unit="s",
            description="From the question to the end of the answer.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.time_to_first_chunk = meter.create_histogram(
            "vizro_ws_chat.run.time_to_first_chunk",
            unit="s",
            description="From the question to the first thing that the author's code yields.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.chunk_rate = meter.create_histogram(
            "vizro_ws_chat.run.chunk_rate",
            unit="{chunk}/s",
            description="What the author's code yields in an answer, per second, from the first chunk to the last.",
            explicit_bucket_boundaries_advisory=_PER_SECOND,
        )
        self.stop_latency = meter.create_histogram(
            "vizro_ws_chat.run.stop_latency",
            unit="s",
            description="From Stop to the end of the author's code.",
            explicit_bucket_boundaries_advisory=_SHORT_SECONDS,
        )
        self.active_runs = meter.create_up_down_counter(
            "vizro_ws_chat.run.active", unit="{run}", description="Answers that are being made."
        )
        self.active_connections = meter.create_up_down_counter(
            "vizro_ws_chat.connection.active", unit="{connection}", description="Open WebSockets and streams."
        )
        self.resumptions = meter.create_counter(
            "vizro_ws_chat.connection.resumptions",
            unit="{connection}",
            description="Connections on which a browser goes on reading an answer.",
        )
        self.refusals = meter.create_counter(
            "vizro_ws_chat.refusals", unit="{refusal}", description="What browsers were told that it is not done."
        )
