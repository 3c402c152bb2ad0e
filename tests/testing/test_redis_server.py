from __future__ import annotations

import pytest
import redis

from vizro_ws_chat.testing import RedisMissingError, RedisServer


def test_it_keeps_what_it_is_told_until_it_ends() -> None:
    with RedisServer() as server:
        client = redis.Redis.from_url(server.url, retry_on_error=[redis.ConnectionError])
        client.set("name", "value")
        assert client.get("name") == b"value"
        server.kill()
        with pytest.raises(redis.ConnectionError):
            redis.Redis.from_url(server.url).get("name")
        server.start()
        assert client.get("name") is None
        client.close()


def test_one_that_is_frozen_answers_nobody() -> None:
    with RedisServer() as server, redis.Redis.from_url(server.url, socket_timeout=0.2) as client:
        assert client.ping()
        server.freeze()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        server.thaw()
        assert client.ping()


def test_it_takes_the_programs_options_and_can_ask_for_a_password() -> None:
    with (
        RedisServer(["--requirepass", "open sesame"]) as server,
        redis.Redis.from_url(server.url) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_a_machine_without_redis_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RedisMissingError, match="apt-get install redis-server"):
        RedisServer()
