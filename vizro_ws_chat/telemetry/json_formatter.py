"""Log records as JSON, one object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from vizro_ws_chat.log_fields import FIELDS, add_log_fields
from vizro_ws_chat.redaction import redact_field, redact_now
from vizro_ws_chat.telemetry.run_filter import UNKNOWN

_OF_EVERY_RECORD = {*logging.makeLogRecord({}).__dict__, *FIELDS, "message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON, without what looks like a secret and without what was said.

    The fields are `time` (ISO 8601, UTC), `level`, `logger` and `message`; `run_id`, `chat` and `transport` where they
    are known; `exception` and `stack` where there is one; and what was given to the record as `extra`. Of the texts of
    the conversation that a run answers nothing is written, whoever logs it; see `redaction`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        add_log_fields(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact_now(record.getMessage()),
        }
        for name in FIELDS:
            if getattr(record, name, None) not in (None, UNKNOWN):
                line[name] = getattr(record, name)
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = redact_now(record.exc_text)
        if record.stack_info:
            line["stack"] = redact_now(self.formatStack(record.stack_info))
        for name, value in record.__dict__.items():
            if name not in _OF_EVERY_RECORD:
                line.setdefault(name, redact_field(name, value))
        return json.dumps(line)
