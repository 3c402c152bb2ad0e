"""The server's life: ports, close in every state, nothing left behind."""

import gc
import itertools
import json
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from openai import APIConnectionError, OpenAI

from vizro_ws_chat.testing import Gate, Scenario, ScriptedOpenAI

DEADLINE = 10.0


def server_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("scripted-openai")]


def open_descriptors() -> int:
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_close_ends_answers_in_every_state_and_leaves_nothing() -> None:
    descriptors, threads = open_descriptors(), server_threads()
    headers, middle = Gate(), Gate()
    server = ScriptedOpenAI()
    server.on("headers", Scenario("never", before_headers=headers))
    server.on("held", Scenario(["a", "b"], hold_after={1: middle}))
    server.on("pacing", Scenario(["a", "b"], delay_seconds=3600))
    server.on("done", Scenario("a"))
    server.start()
    client = OpenAI(base_url=server.base_url, api_key=server.api_key, max_retries=0)
    streams = [client.responses.create(model="any", input=text, stream=True) for text in ("held", "pacing")]
    failed = threading.Event()

    def ask_and_fail() -> None:
        with pytest.raises(APIConnectionError):
            client.responses.create(model="any", input="headers", stream=True)
        failed.set()

    asking = threading.Thread(target=ask_and_fail)
    asking.start()
    assert headers.wait_reached(DEADLINE)
    assert middle.wait_reached(DEADLINE)
    client.responses.create(model="any", input="done")
    assert server.open_connections == 4

    server.close()

    assert server_threads() == threads  # those of other tests' servers
    assert server.open_connections == 0
    assert sorted(str(request.outcome) for request in server.requests) == ["completed", *["server-closed"] * 3]
    assert failed.wait(DEADLINE)
    asking.join(DEADLINE)
    for stream in streams:
        stream.close()
    client.close()
    assert open_descriptors() == descriptors


def test_close_frees_a_writer_whose_client_does_not_read() -> None:
    with ScriptedOpenAI() as server:
        server.on("", Scenario(itertools.repeat("x" * 1_000_000)))
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            body = b'{"model": "any", "input": "go", "stream": true}'
            connection.sendall(b"POST /v1/responses HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            assert server.wait_for_requests(1, DEADLINE)
            assert server.requests[0].wait_first_byte(DEADLINE)
            server.close()

    assert server.requests[0].outcome == "server-closed"


def test_close_is_idempotent_and_the_server_can_be_started_again() -> None:
    threads = server_threads()
    server = ScriptedOpenAI()
    server.close()
    for _ in range(2):
        with server:
            port = server.port
            with urllib.request.urlopen(f"{server.base_url}/models") as answer:
                assert json.load(answer)["object"] == "list"
        server.close()

    assert server.port == port
    assert server_threads() == threads  # those of other tests' servers


def test_second_start_is_refused(server: ScriptedOpenAI) -> None:
    with pytest.raises(RuntimeError, match="running already"):
        server.start()


def test_body_that_is_not_json_is_refused_and_not_recorded(server: ScriptedOpenAI) -> None:
    request = urllib.request.Request(f"{server.base_url}/responses", data=b"[1]", method="POST")
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request)

    with raised.value:
        assert raised.value.code == 400
        assert json.load(raised.value)["error"]["type"] == "invalid_request_error"
    assert server.requests == []


def test_pipelined_request_does_not_disturb_the_answer(server: ScriptedOpenAI) -> None:
    gate = Gate()
    server.on("", Scenario(["a", "b"], hold_after={1: gate}))
    body = b'{"model": "any", "input": "go"}'
    request = b"POST /v1/responses HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request + request)
        assert gate.wait_reached(DEADLINE)
        gate.release()
        assert server.wait_for_requests(2, DEADLINE)
        assert all(recorded.wait_finished(DEADLINE) for recorded in server.requests)

    assert [recorded.outcome for recorded in server.requests] == ["completed", "completed"]


def test_package_needs_no_test_tools() -> None:
    check = (
        "import sys; sys.modules.update(dict.fromkeys(['pytest', 'playwright', 'openai']));"
        "from vizro_ws_chat.testing import ScriptedOpenAI; ScriptedOpenAI().close()"
    )
    subprocess.run([sys.executable, "-c", check], check=True, timeout=60)


def test_command_serves_until_interrupted() -> None:
    command = [sys.executable, "-m", "vizro_ws_chat.testing.scripted_openai", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            environment = dict(pair.split("=", 1) for pair in process.stdout.readline().split())
            with OpenAI(base_url=environment["OPENAI_BASE_URL"], api_key=environment["OPENAI_API_KEY"]) as client:
                assert "scripted demo" in client.responses.create(model="any", input="hello").output_text
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=DEADLINE)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
