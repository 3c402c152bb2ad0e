"""What an integration needs and the package does not install by itself."""

from __future__ import annotations

import importlib

from vizro_ws_chat.exceptions import ConfigurationError


def require(module: str, *, extra: str) -> None:
    """Check that a module can be imported.

    Args:
        module: Its name.
        extra: The extra of this package that installs it.

    Raises:
        ConfigurationError: When it can't.
    """
    try:
        importlib.import_module(module)
    except ImportError as error:
        raise ConfigurationError(
            f"This integration needs {module}, which can't be imported: pip install 'vizro-ws-chat[{extra}]'"
        ) from error
