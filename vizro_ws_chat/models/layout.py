"""What the page holds of a chat: empty places for the browser code, and the components that Dash owns.

The browser code finds them by `data-chat-part`; the ids and class names are those of `vizro_experimental.chat`, so
that callbacks and style sheets of its users go on working.
"""

from __future__ import annotations

import json
from typing import Any

from dash import MATCH, Dash, Input, Output, dcc, html
from dash_extensions import WebSocket


def chat_layout(chat_id: str, placeholder: str, config: dict[str, Any], *, on_plain_page: bool = False) -> html.Div:
    """Return the chat's Dash components.

    Args:
        chat_id: Prefix of all ids.
        placeholder: Shown in the empty input.
        config: What the browser code needs to know, as JSON.
        on_plain_page: Whether there is no style sheet of Vizro's.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        id=f"{chat_id}-rendered-messages",
                        className="chat-history-container",
                        **chat_part("transcript"),
                    ),
                    html.Div(className="chat-empty", hidden=True, **chat_part("empty")),
                ],
                className="chat-history-section",
            ),
            html.Div(
                html.Div(
                    [
                        html.Div(**chat_part("status")),
                        html.Div(id=f"{chat_id}-data-info", className="chat-data-info", **chat_part("attachments")),
                        dcc.Textarea(
                            id=f"{chat_id}-chat-input",
                            className="chat-input",
                            dir="auto",
                            placeholder=placeholder,
                            rows=1,
                            value="",
                        ),
                        html.Div(
                            [
                                html.Div(_tools(chat_id, config), className="chat-left-buttons"),
                                *_steering(config),
                                html.Button(
                                    id=f"{chat_id}-send-button",
                                    className="chat-send-button",
                                    type="button",
                                    n_clicks=0,
                                    **chat_part("send"),
                                ),
                            ],
                            className="chat-button-row",
                        ),
                    ],
                    className="chat-input-inner",
                    **chat_part("composer"),
                ),
                className="chat-input-section",
            ),
            html.Div(id=f"{chat_id}-hidden-messages", hidden=True, **chat_part("components")),
            WebSocket(id=config["websocket"]),
        ],
        id=chat_id,
        className=f"chat-root vizro-ws-chat{' chat-plain' if on_plain_page else ''}",
        **_data("vizro-ws-chat", json.dumps(config)),
    )


def register_component_callback(app: Dash, chat_id: str) -> None:
    """Let Dash render the components of answers: the browser code puts their JSON into a store beside each place.

    Set by a callback, they are to Dash what any callback's output is: their own callbacks run when they come.
    """
    app.clientside_callback(  # type: ignore[no-untyped-call]
        "function (tree) { return tree; }",
        Output({"type": f"{chat_id}-answer", "index": MATCH}, "children"),
        Input({"type": f"{chat_id}-answer-tree", "index": MATCH}, "data"),
        prevent_initial_call=True,
        hidden=True,
    )


def _tools(chat_id: str, config: dict[str, Any]) -> list[html.Button]:
    """Return the buttons beside the send button, here so that nothing moves when the browser code fills them."""
    tools = []
    if config["history"]:
        tools.append(_tool("history"))
    if config["uploads"] is not None:
        tools.append(_tool("attach", id=f"{chat_id}-upload"))
    if config["exampleQuestions"]:
        tools.append(_tool("examples", id=f"{chat_id}-example-questions-button", n_clicks=0))
    return [*tools, _tool("menu")]


def _steering(config: dict[str, Any]) -> list[html.Button]:
    """Return the button that sends while the other one stops, where that can be done."""
    if config["whileAnswering"] == "wait":
        return []
    return [html.Button(className="chat-steer-button", type="button", hidden=True, **chat_part("steer"))]


def _tool(name: str, **properties: Any) -> html.Button:
    return html.Button(className="chat-tool-button", type="button", **chat_part(name), **properties)


def chat_part(name: str) -> dict[str, Any]:
    """Return the attribute by which the browser code finds an element."""
    return _data("chat-part", name)


def _data(name: str, value: str) -> dict[str, Any]:
    return {f"data-{name}": value}
