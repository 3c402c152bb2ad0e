"""A chat whose author logs and traces, on a server whose operator has set up OpenTelemetry."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import vizro.models as vm
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction

logger = logging.getLogger(__name__)
tracer = trace.get_tracer(__name__)


class Talkative(StreamingChatAction):
    """Logs what it is asked."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Answer."""
        logger.info("Asked: %s", messages[-1]["content"])
        with tracer.start_as_current_span("a look into the warehouse"):
            yield "It is so."


page = vm.Page(title="Chat", components=[Chat(id="chat", actions=Talkative())])
app = Vizro().build(vm.Dashboard(pages=[page]))

spans = TracerProvider()
exporter = ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n")
spans.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(spans)
