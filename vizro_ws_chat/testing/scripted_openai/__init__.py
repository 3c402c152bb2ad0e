"""An OpenAI-compatible server that answers from a script. Run `python -m` on this package for a demo server."""

from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.scenario import Gate, Scenario
from vizro_ws_chat.testing.scripted_openai.server import ScriptedOpenAI

__all__ = ["Gate", "RecordedRequest", "Scenario", "ScriptedOpenAI"]
