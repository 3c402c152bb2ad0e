"""What an operator of gunicorn reads, with the configuration of docs/observability.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.servers.conftest import ENVIRONMENT, Served
from tests.transports.making import new_run, send
from tests.waiting import wait_until
from vizro_ws_chat.testing import ScriptedOpenAI, serve_gunicorn

APP = Path(__file__).parent / "apps" / "observed" / "app.py"
PROMPT = "What is our revenue in June?"


@pytest.mark.parametrize("worker_class", ["gthread", "gevent"])
@pytest.mark.parametrize("transport", ["websocket", "sse"])
def test_records_and_spans_of_an_answer(
    worker_class: Literal["gthread", "gevent"], transport: str, tmp_path: Path
) -> None:
    environment = {**ENVIRONMENT, "VIZRO_WS_CHAT_KEY_FILE": str(tmp_path / "key")}
    arguments = ["--config", str(APP.with_name("gunicorn.conf.py")), "--access-logfile", "-"]
    run = new_run()
    with serve_gunicorn(APP, worker_class=worker_class, arguments=arguments, env=environment) as process:
        served = Served(process, ScriptedOpenAI())
        browser = served.connect(transport, "chat", send(run, PROMPT))
        assert browser.hear_the_end()[-1].type == "finish"
        browser.hang_up()
        wait_until(lambda: any(line.get("name") == "invoke_agent chat" for line in _lines(process.output)))
        lines = _lines(process.output)
    output = process.output

    [asked] = [line for line in lines if str(line.get("message", "")).startswith("Asked")]
    assert asked["message"] == "Asked: [redacted]"
    assert (asked["run_id"], asked["chat"], asked["transport"]) == (run, "chat", transport)
    assert any(line.get("logger") == "gunicorn.access" for line in lines)

    [span] = [line for line in lines if line.get("name") == "invoke_agent chat"]
    [inner] = [line for line in lines if line.get("name") == "a look into the warehouse"]
    assert inner["parent_id"] == span["context"]["span_id"]
    assert span["attributes"]["vizro_ws_chat.run.id"] == run
    for said in (PROMPT, "It is so."):
        assert said not in output


def _lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]
