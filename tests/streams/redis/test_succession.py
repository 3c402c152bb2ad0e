"""Processes that die, or seem to, in the middle of an answer."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.streams.making import fold
from tests.streams.redis.conftest import MakeRuns
from tests.streams.redis.worker import count
from tests.streams.storyteller import Reader, start
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.protocol.frames import Interrupted
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.redis.heartbeat import BEATS_PER_LEASE
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer

ROOT = Path(__file__).parents[3]
LEASE = 0.6
Worker = subprocess.Popen[str]


@contextmanager
def working(server: RedisServer, key: RunKey) -> Iterator[Worker]:
    """Run a process with a run that goes on and on."""
    command = [sys.executable, "-m", "tests.streams.redis.worker", server.url, str(LEASE), key.id]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            yield process
        finally:
            process.kill()


def read_some(runs: SharedRuns, key: RunKey) -> Reader:
    run = runs.get(key)
    assert run is not None
    reader = Reader(runs, run)
    wait_until(lambda: len(reader.text().split()) > 5, "the first words")
    return reader


def check_is_interrupted(reader: Reader) -> None:
    """Check that a run has ended with all the text that was written, without a gap."""
    before = reader.text()
    frames = reader.read_to_the_end()
    words = reader.text().split()
    assert words == [str(number) for number in range(len(words))]
    assert reader.text().startswith(before)
    end = frames[-1]
    assert isinstance(end, Interrupted)
    assert end.message is not None, "what there is of it is signed, so that the conversation can go on"
    assert all(part.ended for part in fold(frames).parts())


def test_a_killed_process_leaves_its_text(server: RedisServer, make_runs: MakeRuns, key: RunKey) -> None:
    runs = make_runs(server, lease_seconds=LEASE)
    with working(server, key) as process:
        reader = read_some(runs, key)
        process.kill()
        check_is_interrupted(reader)
    late = runs.get(key)
    assert late is not None
    assert late.log.read(None)[-1] == reader.frames[-1]


def test_with_the_settings_as_they_are_a_killed_process_is_succeeded_in_time() -> None:
    settings = Settings()
    lease = settings.lease_seconds
    just_missed = lease / BEATS_PER_LEASE + settings.redis_timeout_seconds
    assert lease + just_missed <= 15


def test_runs_that_nobody_reads_are_ended_too(server: RedisServer, make_runs: MakeRuns, key: RunKey) -> None:
    with working(server, key) as process:
        process.kill()
        process.wait()
    runs = make_runs(server, lease_seconds=LEASE)
    with redis.Redis.from_url(server.url) as client:
        wait_until(lambda: not client.keys("*worker:*:runs"), "the end of the dead process's runs")
    run = runs.get(key)
    assert run is not None
    check_is_interrupted(Reader(runs, run))


def test_several_successors_end_it_once(server: RedisServer, make_runs: MakeRuns, key: RunKey) -> None:
    several = [make_runs(server, lease_seconds=LEASE) for _ in range(4)]
    with working(server, key) as process:
        readers = [read_some(runs, key) for runs in several]
        process.kill()
        for reader in readers:
            check_is_interrupted(reader)
    assert len({str(reader.frames[-1]) for reader in readers}) == 1
    with redis.Redis.from_url(server.url) as client:
        [stream] = client.keys("*:frames")
        ends = [entry for _, entry in client.xrange(stream) if b'"interrupted"' in entry[b"f"]]
        assert len(ends) == 1


def test_a_process_that_was_only_asleep_gives_its_runs_up(
    server: RedisServer, make_runs: MakeRuns, key: RunKey
) -> None:
    runs = make_runs(server, lease_seconds=LEASE)
    with working(server, key) as process:
        reader = read_some(runs, key)
        process.send_signal(signal.SIGSTOP)
        check_is_interrupted(reader)
        process.send_signal(signal.SIGCONT)
        assert process.stdout is not None
        assert process.stdout.readline() == "interrupted\n", "its own readers are told, too"
        assert process.wait(DEADLINE_SECONDS) == 0
    frames = list(reader.frames)
    run = runs.get(key)
    assert run is not None
    assert run.log.read(None)[-1] == frames[-1]


def test_one_that_ends_in_peace_tells_at_once(server: RedisServer, make_runs: MakeRuns, key: RunKey) -> None:
    near, far = make_runs(server, lease_seconds=60), make_runs(server, lease_seconds=60)

    start(near, key, count)
    reader = read_some(far, key)
    near.close()
    check_is_interrupted(reader)
    with redis.Redis.from_url(server.url) as client:
        assert client.zcard("vizro-ws-chat:app:workers") == 1


def test_when_all_leases_are_over_at_once_nobody_is_taken_to_be_dead(
    server: RedisServer, make_runs: MakeRuns, key: RunKey
) -> None:
    """A clock that was set, a machine that slept, a Redis that hung for all of them."""
    near, far = make_runs(server, lease_seconds=LEASE), make_runs(server, lease_seconds=LEASE)
    start(near, key, count)
    reader = read_some(far, key)
    with redis.Redis.from_url(server.url) as client:
        wait_until(lambda: client.info("server")["uptime_in_seconds"] > 2 * LEASE, "processes that trust each other")
        [workers] = client.keys("*:workers")
        for _ in range(20):
            client.zadd(workers, dict.fromkeys(client.zrange(workers, 0, -1), 1))
            far._heartbeat._beat()  # the first of all
            make_runs(server, lease_seconds=LEASE).close()  # and one that knows nothing
    assert not reader.run.log.is_closed
    near.cancel(key)
    assert reader.read_to_the_end()[-1].type == "stopped"


def test_the_dead_are_not_seen_to_at_the_cost_of_the_living(
    server: RedisServer, make_runs: MakeRuns, key: RunKey
) -> None:
    runs = make_runs(server, lease_seconds=LEASE)
    with working(server, key) as process, redis.Redis.from_url(server.url) as client:
        reader = read_some(runs, key)
        process.kill()
        process.wait()
        [names] = client.keys("*worker:*:runs")
        worker = names.split(b":")[-2].decode()
        succession = runs._mirrors._succession
        succession.end_all(client, worker, is_time_up=lambda: True)
        assert client.smembers(names), "what there was no time for is left for later"
        check_is_interrupted(reader)
