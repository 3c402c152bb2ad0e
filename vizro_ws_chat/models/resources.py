"""The browser code and style sheets, served by Dash from the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import Dash
from dash.resources import ResourceType

import vizro_ws_chat

_NAMESPACE = "vizro_ws_chat"
_SCRIPT: ResourceType = {"namespace": _NAMESPACE, "relative_package_path": "static/chat.js"}
_STYLE_SHEET: ResourceType = {"namespace": _NAMESPACE, "relative_package_path": "static/chat.css"}
_PLAIN_STYLE_SHEET: ResourceType = {"namespace": _NAMESPACE, "relative_package_path": "static/plain.css"}
_NAMED = {"static/chat.js", "static/chat.css", "static/plain.css"}
_SUFFIXES = {".js", ".css", ".woff2"}


def add_resources(app: Dash) -> None:
    """Let an app serve the browser code, once. The style sheet comes after Vizro's, so that it can build on it."""
    scripts: Any = app.scripts  # untyped in Dash
    if _SCRIPT not in scripts.get_all_scripts():
        scripts.append_script(_SCRIPT)
        app.css.append_css(_STYLE_SHEET)
        for path in _loaded_when_needed():
            scripts.append_script({"namespace": _NAMESPACE, "relative_package_path": path, "dynamic": True})


def add_plain_style_sheet(app: Dash) -> None:
    """Let an app without Vizro serve what the style sheet builds on, once."""
    style_sheets: Any = app.css  # untyped in Dash
    if _PLAIN_STYLE_SHEET not in style_sheets.get_all_css():
        style_sheets.append_css(_PLAIN_STYLE_SHEET)


def _loaded_when_needed() -> list[str]:
    """What chat.js loads by itself: Dash serves it, but no page names it."""
    package = Path(vizro_ws_chat.__file__).parent
    paths = {path.relative_to(package).as_posix() for path in package.glob("static/**/*") if path.suffix in _SUFFIXES}
    return sorted(paths - _NAMED)
