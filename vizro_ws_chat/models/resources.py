"""The browser code and style sheet, served by Dash from the package."""

from __future__ import annotations

from typing import Any

import dash

_SCRIPT = {"namespace": "vizro_ws_chat", "relative_package_path": "static/chat.js"}
_STYLE_SHEET = {"namespace": "vizro_ws_chat", "relative_package_path": "static/chat.css"}


def add_resources(app: dash.Dash) -> None:
    """Let an app serve the browser code, once. The style sheet comes after Vizro's, so that it can build on it."""
    if not _has(app.scripts.get_all_scripts(), _SCRIPT):
        app.scripts.append_script(_SCRIPT)
        app.css.append_css(_STYLE_SHEET)


def _has(resources: list[Any], resource: dict[str, str]) -> bool:
    return any(
        isinstance(item, dict) and item.get("relative_package_path") == resource["relative_package_path"]
        and item.get("namespace") == resource["namespace"]
        for item in resources
    )  # fmt: skip
