"""Aids for testing a dashboard with a chat. Needs neither pytest nor Playwright."""

from vizro_ws_chat.testing.fault_proxy import FaultProxy
from vizro_ws_chat.testing.processes import AppFailedError, AppProcess, serve_development, serve_gunicorn
from vizro_ws_chat.testing.scripted_openai import Gate, RecordedRequest, Scenario, ScriptedOpenAI

__all__ = [
    "AppFailedError",
    "AppProcess",
    "FaultProxy",
    "Gate",
    "RecordedRequest",
    "Scenario",
    "ScriptedOpenAI",
    "serve_development",
    "serve_gunicorn",
]
