"""What is told at start-up of a Redis that can't be used."""

from __future__ import annotations

import builtins
import logging
import socketserver
import threading
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import redis
from flask import Flask

from tests.streams.redis.conftest import MakeRuns
from tests.streams.storyteller import Reader, Storyteller
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis import check as check_module
from vizro_ws_chat.streams.redis.check import check_server
from vizro_ws_chat.streams.redis.client import open_client
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer
from vizro_ws_chat.transports.mount import mount


def check(url: str) -> None:
    client = open_client(url, 1.0)
    try:
        check_server(client, "chats")
    finally:
        client.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a server no time to come up."""
    monkeypatch.setattr(check_module, "_PATIENCE_SECONDS", 0.0)


def test_a_server_that_can_do_everything_is_fine_and_left_as_it_was(server: RedisServer) -> None:
    check(server.url)
    with redis.Redis.from_url(server.url) as client:
        assert client.keys("*") == []


@pytest.mark.usefixtures("at_once")
def test_one_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:1 can't be reached .* Start it, or correct redis_url"):
        check("redis://user:geheim@127.0.0.1:1/0")


@pytest.mark.usefixtures("at_once")
def test_a_host_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match=r"no-such-host\.invalid:6379 can't be reached"):
        check("redis://no-such-host.invalid")


def test_one_that_comes_up_late_is_waited_for() -> None:
    with RedisServer() as server:
        server.kill()
        starting = threading.Timer(0.3, server.start)
        starting.start()
        check(server.url)
        starting.join()


@pytest.mark.parametrize(
    "url", ["redis://host:port/0", "redis://host:99999999/0", "redis://host/0?socket_timeout=soon"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match="redis://") as told:
        check(url)
    assert "host:port" not in str(told.value)


@pytest.mark.parametrize("letter", ["#", "/", "?"])
def test_a_password_that_breaks_the_address_is_not_shown(letter: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{quote(letter, safe='')} for \\{letter}") as told:
        check(f"redis://user:gehe{letter}im@host:1/0")
    assert "'gehe'" not in "".join(traceback.format_exception(told.value)), "nor is a part of it"


def test_a_password_with_any_letters_is_taken_encoded() -> None:
    password = "a#b/c?d@e%f:g h"
    with RedisServer(["--requirepass", password]) as server:
        check(server.url.replace("redis://", f"redis://:{quote(password, safe='')}@"))


def test_an_option_that_the_package_does_not_know(server: RedisServer) -> None:
    with pytest.raises(ConfigurationError, match=r"'ssl_ca_cert'.* Correct what follows its \?") as told:
        check(f"{server.url.replace('redis://', 'redis://:geheim@')}?ssl_ca_cert=/etc/ca.pem")
    assert "geheim" not in str(told.value)


def test_a_password_that_is_wrong_or_missing_is_told_and_not_shown() -> None:
    with RedisServer(["--requirepass", "geheim"]) as server:
        address = server.url.removeprefix("redis://")
        for url in (server.url, f"redis://:falsch@{address}", f"redis://user:falsch@{address}"):
            with pytest.raises(ConfigurationError, match="user and password") as told:
                check(url)
            assert "falsch" not in str(told.value)
        check(f"redis://:geheim@{address}")


@pytest.fixture
def limited(server: RedisServer) -> Iterator[Any]:
    """Return a function that makes a user with some rights and returns its address."""
    with redis.Redis.from_url(server.url) as admin:

        def make(*rights: str) -> str:
            admin.execute_command("ACL", "SETUSER", "chat", "reset", "on", ">geheim", *rights)
            return server.url.replace("redis://", "redis://chat:geheim@")

        yield make


def test_rights_that_are_missing_are_named(limited: Any) -> None:
    for rights in (
        ["~chats:*", "+@all", "-info"],
        ["~chats:*", "+@all", "-xadd"],
        ["~other:*", "+@all"],
        ["~chats:*", "+@read"],
    ):
        with pytest.raises(ConfigurationError, match=r"~chats:\* \+@read") as told:
            check(limited(*rights))
        assert "geheim" not in str(told.value)


def test_the_rights_that_are_named_are_enough(
    server: RedisServer, make_runs: MakeRuns, limited: Any, caplog: pytest.LogCaptureFixture
) -> None:
    url = limited("~chats:*", *check_module._RIGHTS.split())
    check(url)
    near, far = (make_runs(server, redis_url=url, redis_prefix="chats", lease_seconds=0.5) for _ in range(2))
    teller, key = Storyteller(), RunKey("chat", "owner", "a" * 20)
    teller.started(near, key)
    run = far.get(key)
    assert run is not None
    reader = Reader(far, run)
    far.deliver(key, Delivery("a" * 16, "more"))
    far.cancel(key)
    assert reader.read_to_the_end()[-1].type == "stopped"
    teller.go_on.set()
    near.close()
    assert "Redis is away" not in caplog.text


_SAID_BY_TESTS = {"acl|setuser", "hello", "keys", "ping"}


def commands(client: Any) -> set[str]:
    """Return the names of all that the server was ever asked to do."""
    return {name.removeprefix("cmdstat_") for name in client.info("commandstats")}


def test_no_right_is_missed_only_later(server: RedisServer, limited: Any) -> None:
    check(server.url)
    with redis.Redis.from_url(server.url) as client:
        for command in commands(client) - _SAID_BY_TESTS - {"client|setinfo"}:  # which may fail
            client.script_flush()
            with pytest.raises(ConfigurationError, match=f"{command.partition('|')[0]}|script"):
                check(limited("~chats:*", *check_module._RIGHTS.split(), f"-{command}"))


def test_all_that_runs_need_is_tried(server: RedisServer, make_runs: MakeRuns) -> None:
    check(server.url)
    with redis.Redis.from_url(server.url) as client:
        tried = commands(client)
        near, far = (make_runs(server, redis_prefix="chats", lease_seconds=0.5) for _ in range(2))
        [workers] = client.keys("chats:*:workers")
        client.zadd(workers, {"one that has died": 1})
        teller, key = Storyteller(), RunKey("chat", "owner", "a" * 20)
        teller.started(near, key)
        run = far.get(key)
        assert run is not None
        reader = Reader(far, run)
        client.delete(*client.keys("chats:*:facts"))
        wait_until(lambda: client.keys("chats:*:facts"), "what was lost")
        wait_until(lambda: client.zscore(workers, "one that has died") is None, "the end of the dead")
        far.deliver(key, Delivery("a" * 16, "more"))
        far.cancel(key)
        assert reader.read_to_the_end()[-1].type == "stopped"
        teller.go_on.set()
        near.close()
        assert {"smembers", "xrevrange", "zrem"} <= commands(client), "also what is seldom needed was"
        assert commands(client) - tried <= _SAID_BY_TESTS


def test_a_cluster() -> None:
    with RedisServer(["--cluster-enabled", "yes"]) as cluster, redis.Redis.from_url(cluster.url) as client:
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        wait_until(lambda: "cluster_state:ok" in str(client.execute_command("CLUSTER", "INFO")), "a cluster of one")
        with pytest.raises(ConfigurationError, match=r"is of a Redis Cluster.* Use one that is not"):
            check(cluster.url)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--maxmemory", "1mb"], "used memory"), (["--rename-command", "XADD", ""], "unknown command .XADD.")],
)
def test_one_that_is_full_or_has_no_streams(arguments: list[str], said: str) -> None:
    with RedisServer(arguments) as server, pytest.raises(ConfigurationError, match=rf"{said}.* must have room"):
        check(server.url)


def test_a_replica_that_can_only_be_read(server: RedisServer) -> None:
    with RedisServer() as primary, redis.Redis.from_url(server.url) as client:
        host, port = primary.url.removeprefix("redis://").removesuffix("/0").split(":")
        client.replicaof(host, port)
        with pytest.raises(ConfigurationError, match="must be able to write"):
            check(server.url)


class _OldServer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        about = b"redis_version:6.0.16\r\n"
        for line in self.rfile:
            if line.strip().upper() == b"INFO":
                self.wfile.write(b"$%d\r\n%s\r\n" % (len(about), about))
            elif line.strip().upper() in (b"CLIENT", b"SELECT"):
                self.wfile.write(b"+OK\r\n")


def test_one_that_is_too_old() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _OldServer) as old:
        old.daemon_threads = True
        thread = threading.Thread(target=old.serve_forever, args=(0.01,))
        thread.start()
        try:
            with pytest.raises(ConfigurationError, match=r"version 6\.0\.16\. Use Redis 7 or later, or Valkey"):
                check(f"redis://127.0.0.1:{old.server_address[1]}")
        finally:
            old.shutdown()
            thread.join()


def test_a_policy_that_may_evict_answers_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with RedisServer(["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]) as server:
        check(server.url)
    assert "allkeys-lru" in caplog.text


def test_without_the_package_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_redis(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "redis":
            raise ImportError(name)
        return real_import(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_redis)
    with pytest.raises(ConfigurationError, match=r"pip install 'vizro-ws-chat\[redis\]'"):
        open_client("redis://127.0.0.1", 1.0)


@pytest.mark.usefixtures("at_once")
def test_it_is_told_when_the_app_is_made() -> None:
    app = Flask(__name__)
    app.secret_key = "a secret"
    app.config["VIZRO_WS_CHAT"] = Settings(redis_url="redis://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="can't be reached"):
        mount(app, "/", "/")


def test_settings_do_not_show_the_address() -> None:
    assert "geheim" not in repr(Settings(redis_url="redis://:geheim@127.0.0.1"))
    with pytest.raises(ValueError, match="redis_url") as told:
        Settings(redis_url="http://:geheim@127.0.0.1")
    assert "geheim" not in str(told.value)
