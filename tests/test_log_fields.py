import logging
import threading

import pytest

from vizro_ws_chat.log_fields import FIELDS, add_log_fields, log_fields
from vizro_ws_chat.redaction import redacted_logger


def fields_now() -> dict[str, str]:
    record = logging.makeLogRecord({})
    add_log_fields(record)
    return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def test_records_have_what_is_known_where_they_are_made() -> None:
    with log_fields({"chat": "chat", "transport": "sse"}), log_fields({"run_id": "a run"}):
        assert fields_now() == {"chat": "chat", "transport": "sse", "run_id": "a run"}
    assert fields_now() == {}


def test_the_innermost_field_counts() -> None:
    with log_fields({"chat": "outer"}), log_fields({"chat": "inner"}):
        assert fields_now() == {"chat": "inner"}


def test_what_becomes_known_later_counts_from_then_on() -> None:
    fields = {"transport": "websocket"}
    with log_fields(fields):
        fields["chat"] = "chat"
        assert fields_now() == {"chat": "chat", "transport": "websocket"}


def test_a_record_keeps_the_fields_that_it_has() -> None:
    record = logging.makeLogRecord({"run_id": "its own"})
    with log_fields({"run_id": "another", "chat": "chat"}):
        add_log_fields(record)
    assert (record.__dict__["run_id"], record.__dict__["chat"]) == ("its own", "chat")


def test_other_threads_have_fields_of_their_own() -> None:
    seen = []
    with log_fields({"run_id": "a run"}):
        thread = threading.Thread(target=lambda: seen.append(fields_now()))
        thread.start()
        thread.join()
    assert seen == [{}]


def test_the_loggers_of_the_package_put_them_on_their_records(caplog: pytest.LogCaptureFixture) -> None:
    with log_fields({"run_id": "a run"}):
        redacted_logger("vizro_ws_chat.somewhere").warning("It is so")
    assert caplog.records[0].__dict__["run_id"] == "a run"
