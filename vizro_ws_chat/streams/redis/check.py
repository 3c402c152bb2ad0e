"""Telling when the app is made that a Redis server can't be used."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import redis

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.scripts import run_script

logger = redacted_logger(__name__)

_LEAST_MAJOR_VERSION = 7
_PATIENCE_SECONDS = 10.0
"""For a Redis that is just being started, or restarted."""
_LOOK_EVERY_SECONDS = 0.25
_UNTRUSTED = {
    "is not valid for": "Use a host in redis_url that the certificate is made for.",
    "has expired": "Renew it.",
    "CERTIFICATE_VERIFY_FAILED": (
        "Add ?ssl_ca_certs=/path/to/ca.pem to redis_url, with the authority that has signed it."
    ),
}
"""What is said of a certificate that is not trusted, and what to do: the first that holds."""
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
"""Files that a redis_url may name."""
_CHECK_MS = 10_000
_RIGHTS = "+@read +@write +@stream +@scripting +@transaction +@connection +info +time"


def check_server(client: Client, prefix: str) -> None:
    """Check that a Redis server can do what is asked of it.

    One that does not answer gets some seconds: it may be on its way up.

    Args:
        client: Connects to it.
        prefix: What all keys begin with.

    Raises:
        ConfigurationError: When it can't be reached, does not let us in, is too old, is of a cluster or does not do all
            that is needed.
    """
    where = _where(client)
    _check_files(client)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            about = client.info()
            break
        except redis.AuthenticationError as error:
            raise ConfigurationError(
                f"The Redis server at {where} does not accept the user and password in redis_url, or wants some "
                f"({error})."
            ) from None
        except redis.ResponseError as error:  # no permission
            raise _not_allowed(where, prefix, error) from None
        except TypeError as error:  # the package looks at them when it connects
            raise ConfigurationError(
                f"redis_url has an option that the package redis does not know ({error}). Correct what follows its ?."
            ) from None
        except redis.RedisError as error:
            _check_certificate(where, error)
            if time.monotonic() >= deadline:
                raise ConfigurationError(
                    f"The Redis server at {where} can't be reached ({error}). Start it, or correct redis_url: "
                    "rediss:// for a port that speaks TLS, redis:// for one that does not."
                ) from None
            time.sleep(_LOOK_EVERY_SECONDS)
    _check_version(where, str(about.get("redis_version", "0")))
    _check_is_alone(where, about.get("cluster_enabled"))
    _check_policy(where, about.get("maxmemory_policy"))
    try:
        _try_out(client, f"{prefix}:check:{secrets.token_hex(8)}")
    except redis.RedisError as error:
        raise _not_allowed(where, prefix, error) from None


def _try_out(client: Client, key: str) -> None:
    """Do once all that is done later: each command is a right of its own."""
    stream, text, names, times = keys = [f"{key}:{kind}" for kind in ("stream", "text", "set", "sorted-set")]
    pipe = client.pipeline()  # a transaction, in which what is refused undoes the rest
    pipe.xadd(stream, {"f": "[]"}, id="1-1")
    pipe.xread({stream: "0-0"}, count=1)
    pipe.xrange(stream)
    pipe.xrevrange(stream, count=1)
    pipe.xtrim(stream, minid="1-1", approximate=False)
    pipe.set(text, "1", px=_CHECK_MS)
    pipe.get(text)
    pipe.exists(text)
    pipe.sadd(names, "nobody")
    pipe.sismember(names, "nobody")
    pipe.smembers(names)
    pipe.srem(names, "nobody")
    pipe.zadd(times, {"nobody": 1})
    pipe.zscore(times, "nobody")
    pipe.zrange(times, 0, -1)
    pipe.zrem(times, "nobody")
    pipe.time()
    pipe.pexpire(stream, _CHECK_MS)
    pipe.delete(*keys)
    pipe.execute()
    run_script(client, "beat", [times, times, text], "nobody", 0, "none", 0)
    client.delete(*keys)


def _check_files(client: Client) -> None:
    for option in _FILES:
        path = client.connection_pool.connection_kwargs.get(option)
        if path is not None and not Path(path).is_file():
            raise ConfigurationError(f"redis_url names {path} as {option}, which is no file. Correct it.")


def _check_certificate(where: str, error: Exception) -> None:
    for trouble, remedy in _UNTRUSTED.items():
        if trouble in str(error):
            raise ConfigurationError(
                f"The Redis server at {where} shows a certificate that is not trusted ({error}). {remedy}"
            ) from None


def _check_version(where: str, version: str) -> None:
    if int(version.partition(".")[0]) < _LEAST_MAJOR_VERSION:
        raise ConfigurationError(
            f"The Redis server at {where} is of version {version}. Use Redis {_LEAST_MAJOR_VERSION} or later, or "
            "Valkey."
        )


def _check_is_alone(where: str, cluster_enabled: object) -> None:
    if cluster_enabled == 1:
        raise ConfigurationError(
            f"The Redis server at {where} is of a Redis Cluster, where what belongs together would lie on different "
            "nodes. Use one that is not."
        )


def _check_policy(where: str, policy: object) -> None:
    if isinstance(policy, str) and policy.startswith("allkeys"):
        logger.warning(
            "The Redis server at %s may evict answers that are being written (maxmemory-policy is %s). Set it to "
            "volatile-ttl or noeviction, or use a server of its own for the chat.",
            where,
            policy,
        )


def _not_allowed(where: str, prefix: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"The Redis server at {where} does not do what the chat needs ({error}). It must be able to write and must "
        f"have room, and the user in redis_url needs the rights: ~{prefix}:* {_RIGHTS}."
    )


def _where(client: Client) -> str:
    """Return the server's address, without user and password."""
    of = client.connection_pool.connection_kwargs
    return str(of["path"]) if "path" in of else f"{of.get('host', 'localhost')}:{of.get('port', 6379)}"
