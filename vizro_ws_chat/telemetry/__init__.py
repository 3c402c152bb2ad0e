"""What operators see of the chats: log records that say which run they are about, traces and metrics.

`docs/observability.md` has the whole. Here is what an operator's own logging configuration names.
"""

from vizro_ws_chat.telemetry.json_formatter import JsonFormatter
from vizro_ws_chat.telemetry.run_filter import RunFilter

__all__ = ["JsonFormatter", "RunFilter"]
