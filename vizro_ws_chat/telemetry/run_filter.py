"""For log formats of text that name a run."""

from __future__ import annotations

import logging

from vizro_ws_chat.log_fields import FIELDS, add_log_fields

UNKNOWN = "-"


class RunFilter(logging.Filter):
    """Puts `run_id`, `chat` and `transport` on every record of a handler, also on those of the author's code.

    What is not known, or does not apply, is `-`, so that a format may name all of them. As a filter of a handler it
    sees the records of all loggers; of those that are queued it must be a filter of the `QueueHandler`.

    Example:
        ```python
        handler.addFilter(RunFilter())
        handler.setFormatter(logging.Formatter("%(levelname)s [%(run_id)s] %(message)s"))
        ```
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Complete a record, and let it through."""
        add_log_fields(record)
        for name in FIELDS:
            if getattr(record, name, None) is None:
                setattr(record, name, UNKNOWN)
        return True
