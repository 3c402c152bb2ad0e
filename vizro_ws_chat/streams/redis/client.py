"""Connecting to Redis."""

from __future__ import annotations

from typing import Any, TypeAlias

from vizro_ws_chat.exceptions import ConfigurationError

Client: TypeAlias = Any
"""A `redis.Redis`. The package's own types name all that a reply could ever be, and differ from version to version."""


def open_client(url: str, timeout: float) -> Client:
    """Return a client, which connects when it is first used.

    Args:
        url: As redis-py takes it: `redis://`, `rediss://` or `unix://`.
        timeout: How long an answer may take, in seconds.

    Raises:
        ConfigurationError: When the package is missing, or the address is none.
    """
    try:
        from redis import Redis  # noqa: PLC0415 - an extra
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            "redis_url is set, but the package redis is missing. Install it: pip install 'vizro-ws-chat[redis]'."
        ) from error
    try:
        # Answers in the older form, which all versions of the package give. What fails is not tried again by the
        # package: a write may have arrived, and whoever waits for a reader has no time.
        client: Client = Redis.from_url(
            url,
            protocol=2,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
            client_name="vizro-ws-chat",
        )
    except (ValueError, TypeError):  # its message may quote the password
        raise ConfigurationError(
            "redis_url is no address of a Redis server. It is of the form "
            "redis://[user:password@]host[:port][/database], or rediss:// for TLS, or unix:// for a socket. In the "
            "password, write %23 for #, %2F for /, %3F for ?, %40 for @ and %25 for %."
        ) from None
    return client
