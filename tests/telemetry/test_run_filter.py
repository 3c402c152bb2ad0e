import logging
from io import StringIO

from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.telemetry import RunFilter


def test_a_format_of_text_can_name_every_field() -> None:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RunFilter())
    handler.setFormatter(logging.Formatter("[%(run_id)s %(chat)s %(transport)s] %(message)s"))
    handler.handle(logging.makeLogRecord({"msg": "outside"}))
    with log_fields({"run_id": "a run", "chat": "chat"}):
        handler.handle(logging.makeLogRecord({"msg": "inside"}))
    assert stream.getvalue() == "[- - -] outside\n[a run chat -] inside\n"
