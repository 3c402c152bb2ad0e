"""Whatever a hostile client sends, it is told what is wrong, and nothing of it is left behind."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator

import pytest

from soak.arena import ECHO as CHAT
from soak.arena import Arena, open_arena
from soak.chatter import Chatter, Conversation
from soak.endpoint import Endpoint
from soak.fuzz import Fuzzed, fuzz, golden_frames, send_one
from soak.history import Reading, RunHistory
from soak.hostile import Hostile, HostileClient
from soak.plan import Plan
from soak.reading import Manner, Reader
from soak.vitals import look_at
from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.codec import decode_client
from vizro_ws_chat.protocol.frames import Send
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.testing.procfs import wait_for_at_most

ATTACKS = 2_000
DEADLINE = 30.0
# Beside gunicorn's pool: the main thread and one of the libraries'; the listening socket.
OWN_THREADS = 2
OWN_SOCKETS = 1
PLAN = Plan(runs=None, minutes=None, clients=1, seed=1)
TRANSPORTS = ("WebSocket", "stream", "command")


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with open_arena({**PLAN.settings, "log_ttl_seconds": 0.5}, threads=PLAN.threads) as arena:
        yield arena


@pytest.fixture(scope="module")
def endpoint(arena: Arena) -> Endpoint:
    return Endpoint(arena.server.url, arena.cookies(), patience=DEADLINE)


def chat_normally(endpoint: Endpoint) -> Reading:
    run = "normal-run-0123456789"
    history = RunHistory(run, truth="Hello", parent=None, answers_parent=False, first_sent=0.0)
    reading = Reading("normal")
    chatter = Chatter(CHAT, run, Send(run=run, parent=None, text="Hello"), Conversation(), reading)
    Reader(endpoint, chatter, history, Manner(), random.Random(1), heartbeat=1.0).read(float("inf"))
    return reading


def test_attacks_are_answered_and_leave_nothing(arena: Arena, endpoint: Endpoint) -> None:
    pids = arena.worker_pids
    [pid] = pids
    # So that all the memory that large messages need, and all of the server's threads, are there before.
    fuzz(endpoint, CHAT, count=200, seed=0, clients=2 * PLAN.threads)
    for transport in TRANSPORTS:
        send_one(endpoint, CHAT, transport, HostileClient(golden_frames(), CHAT, 0).large(), Fuzzed())
    assert wait_for_at_most(pid, threads=PLAN.threads + OWN_THREADS, sockets=OWN_SOCKETS, timeout=DEADLINE)
    before = look_at(pids)

    fuzzed = fuzz(endpoint, CHAT, count=ATTACKS, seed=PLAN.seed)

    assert [str(finding) for finding in fuzzed.findings] == []
    assert fuzzed.sent == ATTACKS
    reading = chat_normally(endpoint)
    assert (reading.status, reading.text) == (RunStatus.DONE, "Hello")
    assert wait_for_at_most(pid, threads=before.threads, sockets=OWN_SOCKETS, timeout=DEADLINE)
    assert look_at(pids).rss_mb < before.rss_mb + 20
    assert "Traceback" not in arena.server.output


def test_attacks_are_as_bad_as_they_should_be() -> None:
    attacker = HostileClient(golden_frames(), CHAT, 1)
    attacks = [attacker.next() for _ in range(500)]
    assert len({attack.kind for attack in attacks}) >= 15
    assert max(len(attack.body) for attack in attacks) > 100_000
    rejected = sum(not is_right(attack) for attack in attacks)
    assert rejected > 250
    again = HostileClient(golden_frames(), CHAT, 1)
    assert [again.next() for _ in range(100)] == attacks[:100]


def is_right(attack: Hostile) -> bool:
    try:
        decode_client(attack.body)
    except ProtocolError:
        return False
    return True


def test_a_wrong_answer_is_found() -> None:
    """Against a server that takes everything and answers nothing of the protocol."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
        server = threading.Thread(target=answer_once, args=(listener, answer))
        server.start()
        fuzzed = Fuzzed()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        send_one(Endpoint(url, "", patience=DEADLINE), CHAT, "command", Hostile("junk", b"{}"), fuzzed)
        server.join()
    assert fuzzed.finding_count == 1


def answer_once(listener: socket.socket, answer: bytes) -> None:
    client, _ = listener.accept()
    with client:
        while not client.recv(65_536).endswith(b"{}"):
            pass
        client.sendall(answer)
