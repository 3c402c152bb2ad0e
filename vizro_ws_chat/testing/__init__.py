"""Aids for testing a dashboard with a chat. Needs neither pytest nor Playwright."""

from vizro_ws_chat.testing.scripted_openai import Gate, RecordedRequest, Scenario, ScriptedOpenAI

__all__ = ["Gate", "RecordedRequest", "Scenario", "ScriptedOpenAI"]
