"""What a streaming `generate_response` may yield beside text.

    from vizro_ws_chat.parts import Ask, Component, Reasoning, Source, ToolCall

Dash components, Plotly figures and Vizro models may also be yielded as they are.
"""

from vizro_ws_chat.parts.ask import Approval, Ask
from vizro_ws_chat.parts.component import Component
from vizro_ws_chat.parts.notes import File, Reasoning, Source, Status, Suggestions, Usage
from vizro_ws_chat.parts.page_actions import Navigate, Notify, SetControl
from vizro_ws_chat.parts.part import Part
from vizro_ws_chat.parts.tool_call import ToolCall

__all__ = [
    "Approval",
    "Ask",
    "Component",
    "File",
    "Navigate",
    "Notify",
    "Part",
    "Reasoning",
    "SetControl",
    "Source",
    "Status",
    "Suggestions",
    "ToolCall",
    "Usage",
]
