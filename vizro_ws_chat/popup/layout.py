"""What the page holds of a popup: a button that floats, and the panel that it opens.

The browser code finds its parts by `data-chat-part`; the ids and class names are those of `vizro_experimental`.
"""

from __future__ import annotations

import re
from typing import Any

from dash import html
from dash.development.base_component import Component

from vizro_ws_chat.models.layout import chat_part


def popup_layout(
    popup_id: str, title: str, chat: Component, *, storage: str, color: str | None, place: int
) -> html.Div:
    """Return the popup's Dash components.

    Args:
        popup_id: Prefix of all ids.
        title: Above the conversation, and the name of the dialog and of its button.
        chat: The chat itself.
        storage: Where the browser keeps whether the popup is open, and its size.
        color: The button's colour: any of CSS or of Mantine; `None` for the theme's own.
        place: How many popups there are already: their buttons stand beside each other.
    """
    header = html.Div(
        [
            html.H2(title, id=f"{popup_id}-title", className="chat-popup-title"),
            html.Button(
                id=f"{popup_id}-close-button",
                className="chat-popup-close",
                type="button",
                n_clicks=0,
                **chat_part("popup-close"),
            ),
        ],
        className="chat-popup-header",
    )
    panel = html.Div(
        [header, chat, html.Button(className="chat-popup-resize", type="button", **chat_part("popup-resize"))],
        id=f"{popup_id}-panel",
        className="chat-popup-panel",
        role="dialog",
        tabIndex=-1,
        **_aria(labelledby=f"{popup_id}-title"),
        **chat_part("popup-panel"),
    )
    toggle = html.Button(
        id=f"{popup_id}-toggle-button",
        className="chat-popup-toggle",
        type="button",
        n_clicks=0,
        title=title,
        **_aria(label=title, controls=f"{popup_id}-panel", expanded="false"),
        **chat_part("popup-toggle"),
    )
    popup: dict[str, Any] = {"data-vizro-ws-chat-popup": storage}
    # The panel comes first, so that Tab goes from its last button to the one that closes it.
    return html.Div(
        [panel, html.Div(toggle, id=f"{popup_id}-affix", className="chat-popup-affix")],
        className="chat-popup",
        style={"--chat-popup-place": str(place)} | ({"--chat-popup-color": _css_color(color)} if color else {}),
        **popup,
    )


def _css_color(color: str) -> str:
    """Return a colour as CSS knows it. Of the names that CSS and Mantine share, Mantine's is meant."""
    name, dot, shade = color.partition(".")
    if not re.fullmatch("[a-z]+", name) or (dot and not shade.isdecimal()):
        return color
    return f"var(--mantine-color-{name}-{shade or 'filled'}, {name})"


def _aria(**properties: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in properties.items()}
