from collections.abc import Iterator

import pytest
from openai import OpenAI

from vizro_ws_chat.testing import ScriptedOpenAI


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", server.api_key)
        yield server


@pytest.fixture
def client(server: ScriptedOpenAI) -> Iterator[OpenAI]:
    with OpenAI(max_retries=0) as client:
        yield client
