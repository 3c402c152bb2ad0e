"""Aids for testing a dashboard with a chat. Needs neither pytest nor Playwright."""

from vizro_ws_chat.testing.fault_proxy import FaultProxy
from vizro_ws_chat.testing.faults import BlackHole, Cut, Fault, HalfClose, Opening, Refuse, Stall, Throttle
from vizro_ws_chat.testing.nginx_server import NginxFailedError, NginxMissingError, NginxServer
from vizro_ws_chat.testing.postgres_server import PostgresMissingError, PostgresServer
from vizro_ws_chat.testing.processes import AppFailedError, AppProcess, serve_development, serve_gunicorn
from vizro_ws_chat.testing.redis_server import RedisMissingError, RedisServer
from vizro_ws_chat.testing.scripted_openai import Gate, RecordedRequest, Scenario, ScriptedOpenAI

__all__ = [
    "AppFailedError",
    "AppProcess",
    "BlackHole",
    "Cut",
    "Fault",
    "FaultProxy",
    "Gate",
    "HalfClose",
    "NginxFailedError",
    "NginxMissingError",
    "NginxServer",
    "Opening",
    "PostgresMissingError",
    "PostgresServer",
    "RecordedRequest",
    "RedisMissingError",
    "RedisServer",
    "Refuse",
    "Scenario",
    "ScriptedOpenAI",
    "Stall",
    "Throttle",
    "serve_development",
    "serve_gunicorn",
]
