"""Which observer there is: OpenTelemetry where its API is installed, else none."""

from __future__ import annotations

from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.telemetry.observer import NO_OBSERVER, Observer
from vizro_ws_chat.telemetry.shield import ShieldedObserver

logger = redacted_logger(__name__)


def installed_observer() -> Observer:
    """Return what is told of the chats in this process. Without an SDK, OpenTelemetry's API does nothing."""
    try:
        from vizro_ws_chat.telemetry.open_telemetry import OpenTelemetryObserver  # noqa: PLC0415 - needs an extra
    except ImportError:
        return NO_OBSERVER
    try:
        return ShieldedObserver(OpenTelemetryObserver())
    except Exception:
        logger.exception("OpenTelemetry can't be used and is left out: pip install 'vizro-ws-chat[opentelemetry]'")
        return NO_OBSERVER
