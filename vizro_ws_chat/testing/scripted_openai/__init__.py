"""An OpenAI-compatible server that answers from a script. Run `python -m` on this package for a demo server."""

from vizro_ws_chat.testing.scripted_openai.pieces import (
    Citation,
    CutOff,
    ErrorEvent,
    FunctionCall,
    Piece,
    Refusal,
    Thought,
    WebSearch,
)
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.scenario import Gate, Scenario
from vizro_ws_chat.testing.scripted_openai.server import ScriptedOpenAI

__all__ = [
    "Citation",
    "CutOff",
    "ErrorEvent",
    "FunctionCall",
    "Gate",
    "Piece",
    "RecordedRequest",
    "Refusal",
    "Scenario",
    "ScriptedOpenAI",
    "Thought",
    "WebSearch",
]
