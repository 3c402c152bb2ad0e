"""The browser code and style sheet, served by Dash from the package."""

from __future__ import annotations

from typing import Any

from dash import Dash
from dash.resources import ResourceType

_SCRIPT: ResourceType = {"namespace": "vizro_ws_chat", "relative_package_path": "static/chat.js"}
_STYLE_SHEET: ResourceType = {"namespace": "vizro_ws_chat", "relative_package_path": "static/chat.css"}


def add_resources(app: Dash) -> None:
    """Let an app serve the browser code, once. The style sheet comes after Vizro's, so that it can build on it."""
    scripts: Any = app.scripts  # untyped in Dash
    if _SCRIPT not in scripts.get_all_scripts():
        scripts.append_script(_SCRIPT)
        app.css.append_css(_STYLE_SHEET)
