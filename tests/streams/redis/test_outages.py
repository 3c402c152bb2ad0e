"""Redis goes away, hangs, comes back with or without what it had, and loses what is in use."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import redis

from tests.streams.making import new_key, text_of
from tests.streams.redis.conftest import MakeRuns, flush
from tests.streams.redis.wire import Wire
from tests.streams.storyteller import Reader, Storyteller, start
from tests.transports.making import Dictated, hello, make_service
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Frame, RefusedFrame, Welcome
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.mirror import Mirror
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer
from vizro_ws_chat.transports.run_readers import RunReaders
from vizro_ws_chat.transports.session import Session


class Dictation:
    """Authors' code that says what the test dictates."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._changed = threading.Condition()

    def say(self, *words: str) -> None:
        with self._changed:
            self._said += words
            self._changed.notify()

    def produce(self, context: RunContext) -> Iterator[str]:
        context.on_cancel(lambda: self.say("end"))
        while True:
            with self._changed:
                assert self._changed.wait_for(lambda: self._said, DEADLINE_SECONDS)
                word = self._said.pop(0)
            if word == "end":
                return
            yield word


class Pair:
    """A run of one process that is read there and in another one."""

    def __init__(self, server: RedisServer, make_runs: MakeRuns, **settings: object) -> None:
        chosen = {"lease_seconds": 1, "redis_timeout_seconds": 0.3, **settings}
        self.near, self.far = make_runs(server, **chosen), make_runs(server, **chosen)
        self.key = new_key()
        self.author = Dictation()
        self.reader = Reader(self.near, start(self.near, self.key, self.author.produce))
        self.say("one ")
        run = self.far.get(self.key)
        assert run is not None
        self.far_reader = Reader(self.far, run)
        wait_until(lambda: self.far_reader.text() == "one ", "the first word elsewhere")

    def say(self, word: str) -> None:
        """Let the author say a word, and wait until it can be read in its process."""
        before = self.reader.text()
        self.author.say(word)
        wait_until(lambda: self.reader.text() == before + word, f"the word {word!r}")

    def end(self) -> tuple[str, str]:
        """End the answer, and return what was read of it here and there."""
        self.author.say("end")
        return text_of(self.reader.read_to_the_end()), text_of(self.far_reader.read_to_the_end())

    def wait_until_back(self) -> None:
        """Wait until both processes have noticed that Redis is there again."""
        wait_until(lambda: not (self.near.is_away or self.far.is_away), "the return of Redis")


@pytest.fixture
def pair(server: RedisServer, make_runs: MakeRuns) -> Pair:
    return Pair(server, make_runs)


def is_read(runs: SharedRuns, key: RunKey, text: str) -> bool:
    """Return whether a run has this text; not while it can't be told whether there is one."""
    try:
        run = runs.get(key)
    except RefusedError:  # busy
        return False
    return run is not None and text_of(run.log.read(None)) == text


def test_an_answer_goes_on_while_redis_is_away_and_is_whole_elsewhere_when_it_is_back(
    server: RedisServer, pair: Pair
) -> None:
    server.kill()
    pair.say("two ")
    pair.say("three ")
    server.start()
    pair.wait_until_back()
    pair.say("four ")
    assert pair.end() == ("one two three four ",) * 2


def test_an_answer_that_has_ended_while_redis_was_away_is_whole_elsewhere(server: RedisServer, pair: Pair) -> None:
    server.kill()
    pair.say("two ")
    pair.author.say("end")
    assert text_of(pair.reader.read_to_the_end()) == "one two "
    server.start()
    assert text_of(pair.far_reader.read_to_the_end()) == "one two "


def test_a_redis_that_keeps_what_it_has_is_caught_up_with(make_runs: MakeRuns) -> None:
    with RedisServer(["--appendonly", "yes", "--appendfsync", "always"]) as server:
        pair = Pair(server, make_runs)
        server.kill()
        pair.say("two ")
        server.start()
        pair.wait_until_back()
        pair.say("three ")
        assert pair.end() == ("one two three ",) * 2


@pytest.mark.parametrize("rest", ["three ", ""])
def test_a_redis_that_comes_back_with_less_than_it_had_is_caught_up_with(
    server: RedisServer, make_runs: MakeRuns, client: Client, rest: str
) -> None:
    """What was saved a while ago, or a replica that lags: it may be back before anybody has asked it anything."""
    pair = Pair(server, make_runs, lease_seconds=8)
    client.save()
    pair.say("two ")
    server.kill()
    server.start()
    if rest:
        pair.say(rest)
    other = make_runs(server)
    wait_until(lambda: is_read(other, pair.key, "one two " + rest), "all of it in Redis")
    assert pair.end() == ("one two " + rest,) * 2


def test_what_redis_has_missed_of_many_runs_is_written_in_one_go(
    server: RedisServer, make_runs: MakeRuns, client: Client
) -> None:
    """Their readers wait for it: with a slow Redis for as long as it takes all runs to be written one by one."""
    with Wire(server.url) as wire:
        runs = make_runs(wire, lease_seconds=1, redis_timeout_seconds=0.3)
        authors = [Dictation() for _ in range(30)]
        readers = [Reader(runs, start(runs, new_key(), author.produce)) for author in authors]
        wire.down()
        wait_until(lambda: runs.is_away, "the loss of Redis")
        for author in authors:
            author.say("missed")
        wait_until(lambda: {reader.text() for reader in readers} == {"missed"}, "the word here")
        client.config_resetstat()
        wire.up()
        wait_until(lambda: len(client.keys("*:frames")) == len(readers), "the word in Redis")
        assert 0 < client.info("commandstats")["cmdstat_exec"]["calls"] < len(readers) / 2
        for author in authors:
            author.say("end")
        for reader in readers:
            reader.read_to_the_end()


def test_a_redis_that_hangs_holds_up_nobody_for_long(server: RedisServer, pair: Pair) -> None:
    server.freeze()
    pair.say("two ")
    pair.say("three ")
    assert pair.near.is_away
    server.thaw()
    pair.wait_until_back()
    pair.say("four ")
    assert pair.end() == ("one two three four ",) * 2


def test_while_redis_is_away_new_answers_are_given_and_others_are_refused_for_a_while(
    server: RedisServer, pair: Pair
) -> None:
    server.kill()
    pair.say("two ")
    wait_until(lambda: pair.far.is_away, "the far process noticing")
    teller, key = Storyteller(), new_key()
    teller.go_on.set()
    assert text_of(Reader(pair.far, teller.start(pair.far, key)).read_to_the_end()) == "Hello, world"
    with pytest.raises(RefusedError, match="busy") as refusal:
        pair.near.get(new_key())
    assert refusal.value.retry_ms is not None, "whoever asks is to come back"
    with pytest.raises(RefusedError, match="busy"):
        pair.far.cancel(pair.key)
    with pytest.raises(RefusedError, match="busy"):
        pair.far.answer(pair.key, 0, "yes")
    with pytest.raises(RefusedError, match="busy"):
        pair.far.deliver(pair.key, Delivery("a" * 16, "more"))
    server.start()
    pair.wait_until_back()
    # What was answered in the meantime can be read in other processes.
    wait_until(lambda: is_read(pair.near, key, "Hello, world"), "the new answer elsewhere")
    pair.far.cancel(pair.key)
    assert pair.far_reader.read_to_the_end()[-1].type == "stopped"


def test_readers_are_told_when_redis_does_not_come_back(server: RedisServer, make_runs: MakeRuns) -> None:
    pair = Pair(server, make_runs, lease_seconds=0.5)
    woken = threading.Event()
    readers = RunReaders(pair.far, woken.set)
    readers.read(pair.far_reader.run, None)
    readers.fill([])
    server.kill()
    wait_until(lambda: pair.far_reader.run.is_lost, "the end of all patience")
    assert woken.wait(DEADLINE_SECONDS)
    frames: list[Frame] = []
    readers.fill(frames)
    [refused] = frames
    assert isinstance(refused, RefusedFrame)
    assert (refused.code, refused.run) == ("unknown-run", pair.key.id)
    assert readers.is_empty
    pair.say("two ")  # its own process goes on
    server.start()
    pair.wait_until_back()
    wait_until(lambda: is_read(pair.far, pair.key, "one two "), "the answer, for who asks again")


def test_who_has_seen_more_elsewhere_waits_for_the_rest(server: RedisServer, pair: Pair) -> None:
    server.freeze()
    pair.say("two ")
    pair.say("three ")
    seen = pair.reader.frames[-1]
    assert pair.far_reader.run.may_lag
    frames: list[Frame] = []
    readers = RunReaders(pair.far, lambda: None)
    readers.read(pair.far_reader.run, seen.frame_id)
    readers.fill(frames)
    assert frames == []
    session = Session(replace(make_service(Dictated()), runs=pair.far), pair.key.owner, lambda: None, "websocket")
    session.receive(encode([hello(**{pair.key.id: seen.id})]))
    assert [type(frame) for frame in session.take()] == [Welcome], "nothing is refused"
    server.thaw()
    pair.wait_until_back()
    pair.end()
    session.close()
    assert not pair.far_reader.run.may_lag
    readers.fill(frames)
    assert frames == pair.reader.frames[pair.reader.frames.index(seen) + 1 :]
    assert readers.is_empty


def test_what_redis_has_evicted_is_written_again(server: RedisServer, pair: Pair) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.delete(*client.keys("*:frames"))
    pair.say("two ")
    pair.say("three ")
    assert pair.end() == ("one two three ",) * 2


def test_a_redis_that_is_flushed_is_filled_again(server: RedisServer, pair: Pair) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    pair.say("two ")
    assert pair.end() == ("one two ",) * 2


def test_what_is_said_to_a_run_that_redis_has_just_lost_comes_to_it(server: RedisServer, make_runs: MakeRuns) -> None:
    pair = Pair(server, make_runs, lease_seconds=60)  # no heartbeat notices it
    with redis.Redis.from_url(server.url) as client:
        flush(client)
    pair.far.deliver(pair.key, Delivery("a" * 16, "more"))
    with pytest.raises(RefusedError, match="not-asked"):  # its own process says so
        pair.far.answer(pair.key, 0, "yes")
    assert pair.end() == ("one ",) * 2


@pytest.mark.parametrize("pattern", ["*:run:*", "*:facts", "*:frames", "*:claim", "*:runs", "*:workers", "*"])
def test_what_is_lost_of_a_run_that_is_silent_is_written_again(
    server: RedisServer, make_runs: MakeRuns, pattern: str
) -> None:
    pair = Pair(server, make_runs)
    third = make_runs(server, lease_seconds=1)
    with redis.Redis.from_url(server.url) as client:
        keys = set(client.keys(pattern)) - set(client.keys("*:mail"))
        client.delete(*keys)
        wait_until(lambda: keys <= set(client.keys(pattern)), "what was lost")
    wait_until(lambda: is_read(third, pair.key, "one "), "the run, for who asks now")
    pair.say("two ")
    assert pair.end() == ("one two ",) * 2


def test_what_has_ended_is_written_again_for_as_long_as_it_can_be_read_in_its_process(
    server: RedisServer, make_runs: MakeRuns, pair: Pair
) -> None:
    pair.end()
    pair.far_reader.leave()
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    wait_until(lambda: is_read(pair.far, pair.key, "one "), "the answer elsewhere")
    teller = Storyteller()
    assert text_of(Reader(pair.far, teller.start(pair.far, pair.key)).read_to_the_end()) == "one "
    assert teller.contexts == []


def test_stop_reaches_a_process_that_was_cut_off(server: RedisServer, make_runs: MakeRuns) -> None:
    with Wire(server.url) as wire:
        near = make_runs(server, redis_url=wire.url, lease_seconds=1)
        far = make_runs(server, lease_seconds=1)
        wire.down()
        author, key = Dictation(), new_key()
        reader = Reader(near, start(near, key, author.produce))
        author.say("one ")
        wait_until(lambda: reader.text() == "one ", "the first word")
        far.cancel(key)
        wire.up()
        assert reader.read_to_the_end()[-1].type == "stopped"


def test_what_was_answered_twice_while_redis_was_away_ends_once_for_each_reader(
    server: RedisServer, make_runs: MakeRuns
) -> None:
    with Wire(server.url) as near_wire, Wire(server.url) as far_wire:
        near, far = (make_runs(server, redis_url=wire.url, lease_seconds=1) for wire in (near_wire, far_wire))
        third = make_runs(server, lease_seconds=1)
        near_wire.down()
        far_wire.down()
        key, readers, tellers = new_key(), [], []
        for runs in (near, far):
            tellers.append(Storyteller())
            readers.append(Reader(runs, tellers[-1].started(runs, key)))
        near_wire.up()
        wait_until(lambda: is_read(third, key, "Hello"), "the answer that has come first")
        far_wire.up()
        assert readers[1].read_to_the_end()[-1].type == "interrupted"
        tellers[0].go_on.set()
        assert text_of(readers[0].read_to_the_end()) == "Hello, world"
        wait_until(lambda: is_read(third, key, "Hello, world"), "the answer elsewhere")
        tellers[1].go_on.set()


def test_runs_do_not_wait_for_each_other_when_redis_is_slow(server: RedisServer, make_runs: MakeRuns) -> None:
    with Wire(server.url) as wire, redis.Redis.from_url(server.url) as client:
        runs = make_runs(server, redis_url=wire.url, redis_timeout_seconds=60, lease_seconds=60)
        teller = Storyteller()
        teller.go_on.set()
        keys = [RunKey("chat", "owner", f"run-number-{number:05}") for number in range(8)]

        def under_way() -> int:
            """How many have asked Redis for something: of those that need a connection first, that is seen."""
            return len(client.keys("*:claim")) + int(client.info("clients")["connected_clients"])

        before = under_way()
        wire.hold_replies()
        with ThreadPoolExecutor(len(keys)) as pool:
            started = [pool.submit(teller.start, runs, key) for key in keys]
            try:  # chance may give some of them the same lock
                wait_until(lambda: under_way() > before + 1, "several at once, before there is a reply to any")
            finally:
                wire.up()
        assert {text_of(Reader(runs, each.result()).read_to_the_end()) for each in started} == {"Hello, world"}


def test_another_server_is_found_by_the_same_name(server: RedisServer, make_runs: MakeRuns) -> None:
    with RedisServer() as successor, Wire(server.url) as wire, redis.Redis.from_url(server.url) as client:
        pair = Pair(server, make_runs, redis_url=wire.url)
        wire.point_to(successor.url)
        port = int(successor.url.rpartition(":")[2].partition("/")[0])
        client.replicaof("127.0.0.1", str(port))  # it lives on, and can only be read
        pair.say("two ")
        pair.wait_until_back()
        third = make_runs(successor)
        wait_until(lambda: is_read(third, pair.key, "one two "), "the answer in the new server")
        assert pair.end() == ("one two ",) * 2


def test_a_process_that_is_not_listed_for_a_moment_is_not_dead(server: RedisServer, pair: Pair) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.delete(*client.keys("*:workers"))
        pair.far._mirrors.look_after(client)
    pair.say("two ")
    assert pair.end() == ("one two ",) * 2


def test_the_last_reader_of_a_lost_run_leaves_those_alone_who_read_it_anew(pair: Pair) -> None:
    lost = pair.far_reader.run
    assert isinstance(lost, Mirror)
    lost.lose()
    found = pair.far.get(pair.key)
    assert found is not None
    assert found is not lost
    reader = Reader(pair.far, found)
    pair.far_reader.leave()
    for number in range(5):
        pair.say(f"{number} ")
        wait_until(lambda: reader.text() == pair.reader.text(), "the word elsewhere")
    pair.author.say("end")
    reader.read_to_the_end()


def test_a_reader_that_fails_holds_up_nobody_else(server: RedisServer, make_runs: MakeRuns, pair: Pair) -> None:
    def fail() -> None:
        raise OSError("a reader")

    pair.reader.run.log.subscribe(fail)
    pair.say("two ")
    teller, key = Storyteller(), new_key()
    teller.go_on.set()
    assert text_of(Reader(pair.near, teller.start(pair.near, key)).read_to_the_end()) == "Hello, world"
    pair.reader.run.log.unsubscribe(fail)


def test_what_was_lost_just_before_the_end_can_be_read_after_it(server: RedisServer, make_runs: MakeRuns) -> None:
    pair = Pair(server, make_runs, lease_seconds=60)
    third = make_runs(server)
    with redis.Redis.from_url(server.url) as client:
        client.delete(*client.keys("*:facts"))
    pair.end()
    assert is_read(third, pair.key, "one ")


def test_what_was_evicted_and_is_written_by_nobody_ends_for_its_readers(server: RedisServer, pair: Pair) -> None:
    pair.near._heartbeat.close()  # as a process that hangs
    with redis.Redis.from_url(server.url) as client:
        client.delete(*client.keys("*:frames"), *client.keys("*:facts"))
    wait_until(lambda: pair.far_reader.run.is_lost, "the loss of the run")
    assert pair.far.get(pair.key) is None or pair.far.get(pair.key) is not pair.far_reader.run


def test_what_has_ended_and_was_evicted_is_not_executed_again(server: RedisServer, pair: Pair) -> None:
    pair.end()
    pair.far_reader.leave()
    with redis.Redis.from_url(server.url) as client:
        client.delete(*client.keys("*:frames"), *client.keys("*:facts"))
    assert pair.far.get(pair.key) is None
    teller = Storyteller()
    with pytest.raises(RefusedError, match="unknown-run"):
        pair.far.find(pair.key)
    with pytest.raises(RefusedError, match="unknown-run"):
        teller.start(pair.far, pair.key)
    assert teller.contexts == []


def test_a_redis_without_memory_is_away(server: RedisServer, pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", "1")
        pair.say("two ")
        pair.say("three ")
        assert pair.near.is_away
        assert "Redis is away" in caplog.text
        client.config_set("maxmemory", "0")
    pair.wait_until_back()
    assert pair.end() == ("one two three ",) * 2
    assert "Redis is back" in caplog.text


def test_a_redis_that_can_not_write_to_its_disk_is_away(make_runs: MakeRuns) -> None:
    with RedisServer(["--enable-protected-configs", "yes"]) as server, redis.Redis.from_url(server.url) as client:
        pair = Pair(server, make_runs)
        client.config_set("dir", "/proc")
        client.config_set("save", "1 1")
        client.bgsave()
        wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", "the failure")
        # From now on it refuses writes: MISCONF.
        pair.say("two ")
        wait_until(lambda: pair.near.is_away, "the notice of it")
        client.config_set("save", "")
        client.config_set("stop-writes-on-bgsave-error", "no")
        pair.wait_until_back()
        assert pair.end() == ("one two ",) * 2


@pytest.mark.parametrize(
    ("entry_id", "frames"),
    [
        pytest.param("*", '[{"type":"text-delta","run":"another"}]', id="no frame"),
        pytest.param("EPOCH-99", '[{"type":"text-delta","run":"RUN","id":"EPOCH-99","part":0,"d":"x"}]', id="a gap"),
        pytest.param(
            "*", '[{"type":"part-start","run":"RUN","id":"1795843830476-1","part":0,"kind":"text"}]', id="again"
        ),
        pytest.param(
            "999999999999999999-1", '[{"type":"part-end","run":"RUN","id":"EPOCH-3","part":0}]', id="an odd id"
        ),
    ],
)
def test_what_can_not_be_of_a_run_ends_the_reading_of_that_one(
    server: RedisServer, pair: Pair, make_runs: MakeRuns, entry_id: str, frames: str
) -> None:
    last = pair.reader.run.log.last
    assert last is not None
    text = frames.replace("RUN", pair.key.id).replace("EPOCH", str(last.epoch))
    with redis.Redis.from_url(server.url) as client:
        [stream] = client.keys("*:frames")
        client.xadd(stream, {"f": text}, id=entry_id.replace("EPOCH", str(last.epoch)))
    wait_until(lambda: pair.far_reader.run.is_lost, "the loss of the run")
    teller, key = Storyteller(), new_key()
    teller.started(pair.near, key)
    other = pair.far.get(key)
    assert other is not None
    reader = Reader(pair.far, other)
    teller.go_on.set()
    assert text_of(reader.read_to_the_end()) == "Hello, world", "other runs are read"


def test_a_letter_that_is_none_is_left_aside(server: RedisServer, pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    with redis.Redis.from_url(server.url) as client:
        for box in client.keys("*:mail"):
            client.xadd(box, {"m": "[1, 2"})
            client.xadd(box, {"other": "x"})
            client.xadd(box, {"m": '{"do":"deliver","text":"what a reader has said"}'})
    pair.far.cancel(pair.key)
    assert pair.far_reader.read_to_the_end()[-1].type == "stopped"
    assert caplog.text.count("could not be taken") >= 3
    assert "what a reader" not in caplog.text
