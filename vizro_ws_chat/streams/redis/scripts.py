"""What Redis does in one step, for us: Lua, in files beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from vizro_ws_chat.streams.redis.client import Client


@cache
def _text(name: str) -> str:
    return Path(__file__).with_name(f"{name}.lua").read_text(encoding="utf-8")


def run_script(client: Client, name: str, keys: list[str], *arguments: str | int) -> Any:
    """Run one of the scripts and return what it returns.

    Args:
        client: Connects to Redis.
        name: The file's, without its suffix. Its first lines say what it takes and returns.
        keys: Its `KEYS`.
        *arguments: Its `ARGV`.
    """
    return client.register_script(_text(name))(keys=keys, args=list(arguments))
