"""What can be known of a function of the author's before it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from vizro_ws_chat.exceptions import ConfigurationError


def check_function(option: str, function: Callable[..., Any], arguments: int, *, where: str, expected: str) -> None:
    """Check that a function can be called as it will be.

    Args:
        option: What the author gave it as, such as `Chat(owner=...)`.
        function: The function.
        arguments: How many positional arguments it will get.
        where: Where it will be called, which does not wait for an async function.
        expected: How it will be called; followed by what the function has instead.

    Raises:
        ConfigurationError: When it can't be.
    """
    if not callable(function):
        raise ConfigurationError(f"{option} is {function!r}, but it is called {where}, {expected}. Give it a function.")
    if inspect.iscoroutinefunction(function):
        raise ConfigurationError(
            f"{option} is an async function, but it is called {where}, which does not wait for it. Define it with def."
        )
    try:
        signature = inspect.signature(function)
    except ValueError:  # some built-in functions tell nothing
        return
    try:
        signature.bind(*[object()] * arguments)
    except TypeError as error:
        raise ConfigurationError(f"{option} is called {expected}, but its function has {signature}.") from error
