from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from benchmarks.load import crowd as crowds
from benchmarks.load.crowd import Crowd, StalledError
from benchmarks.load.dialects import BareWebSocket, PeerSSE
from tests.benchmarks.load.scripted_server import DIALECTS, SWITCHING, ScriptedServer, bare, token

WHOLE = [token(number) for number in range(1, 6)]
BROKEN = {
    "loses one": [*WHOLE[:2], *WHOLE[3:]],
    "loses the first": WHOLE[1:],
    "loses the last": WHOLE[:-1],
    "repeats one": [*WHOLE[:3], WHOLE[2], *WHOLE[3:]],
    "repeats the last": [*WHOLE, WHOLE[-1]],
    "swaps two": [WHOLE[0], WHOLE[2], WHOLE[1], *WHOLE[3:]],
    "begins again": [*WHOLE, *WHOLE],
    "has no token": [],
}


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def complete(dialect: str, *answers: list[bytes], stays: bool = True) -> int:
    """How many of three clients, which get these answers in turns, have a whole one of five tokens."""
    client, _ = DIALECTS[dialect]
    with ScriptedServer(*answers, stays=stays) as server, Crowd([client() for _ in range(3)], server.url) as crowd:
        crowd.connect()
        crowd.ask("0 5")
        crowd.finish()
        return crowd.complete(5)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whole_answers_are_complete(dialect: str) -> None:
    _, sent = DIALECTS[dialect]
    assert complete(dialect, sent(WHOLE)) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", BROKEN)
def test_an_answer_that(dialect: str, kind: str) -> None:
    _, sent = DIALECTS[dialect]
    assert complete(dialect, sent(BROKEN[kind])) == 0, f"{kind} is not complete"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_without_its_end_is_not_complete(dialect: str) -> None:
    _, sent = DIALECTS[dialect]
    assert complete(dialect, sent(WHOLE, finish=False), stays=False) == 0


def test_only_whole_answers_are_counted() -> None:
    assert complete("bare", bare(WHOLE), bare(WHOLE[:-1]), bare(WHOLE)) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_answers_may_come_in_any_pieces(dialect: str) -> None:
    _, sent = DIALECTS[dialect]
    data = b"".join(sent([token(number, due=1_700_000_000_000 + number) for number in range(1, 6)]))
    assert complete(dialect, [data]) == 3
    assert complete(dialect, [data[place : place + 1] for place in range(len(data))]) == 3


def test_an_answer_that_never_ends_is_waited_for_and_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "_PATIENCE_SECONDS", 0.2)
    assert complete("bare", bare(WHOLE), bare(WHOLE, finish=False)) == 2


def test_lateness_is_from_being_due_to_being_here() -> None:
    due = time.monotonic_ns() // 1000
    tokens = [token(1, due - 3_000_000), token(2, due)]
    with ScriptedServer(bare(tokens)) as server, Crowd([BareWebSocket()], server.url) as crowd:
        crowd.connect()
        crowd.ask("0 2")
        crowd.finish()
        passed = (time.monotonic_ns() // 1000 - due) / 1000
        first, second = crowd.take_late()
        assert 0 <= second <= passed
        assert 3_000 <= first <= 3_000 + passed
        assert crowd.take_late() == []


def test_who_does_not_greet_connects_when_asking() -> None:
    _, sent = DIALECTS["peer"]
    with ScriptedServer(sent(WHOLE)) as server, Crowd([PeerSSE(), PeerSSE()], server.url) as crowd:
        crowd.connect()
        assert server.accepted == 0
        crowd.ask("0 5", clients=crowd.clients[:1])
        crowd.listen_until(lambda: crowd.clients[0].is_done, "the first answer")
        assert server.accepted == 1
        assert crowd.complete(5) == 1


def test_all_connections_are_waited_for_however_late_an_early_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "_PATIENCE_SECONDS", 0.5)
    clients = 3 * crowds._MOST_UNANSWERED
    with socket.create_server(("127.0.0.1", 0), backlog=clients) as listener:
        taken = []

        def welcome_all_but_the_first() -> None:
            for number in range(clients):
                taken.append(listener.accept()[0])
                if number:
                    taken[-1].sendall(SWITCHING)

        thread = threading.Thread(target=welcome_all_but_the_first)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            Crowd([BareWebSocket() for _ in range(clients)], url) as crowd,
            pytest.raises(StalledError, match=rf"making connections: {clients} clients, 1 not ready, 0 done"),
        ):
            crowd.connect()
        thread.join()
        for connection in taken:
            connection.close()


def test_a_client_that_was_cut_off_asks_in_vain() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, Crowd([BareWebSocket()], f"http://127.0.0.1:{listener.getsockname()[1]}") as crowd:
        thread = threading.Thread(target=crowd.connect)
        thread.start()
        connection, _ = listener.accept()
        connection.sendall(SWITCHING)
        thread.join()
        connection.close()  # with the request unread, which resets it
        (client,) = crowd.clients
        crowd.listen_until(lambda: client.is_cut_off, "the end")
        for _ in range(3):
            crowd.ask("0 5")
        crowd.finish()
        assert crowd.complete(5) == 0


def test_several_servers_take_turns() -> None:
    one, two = ScriptedServer(bare(WHOLE)), ScriptedServer(bare(WHOLE))
    with one, two, Crowd([BareWebSocket() for _ in range(6)], one.url, two.url) as crowd:
        crowd.connect()
        assert (one.accepted, two.accepted) == (3, 3)
