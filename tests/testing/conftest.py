from collections.abc import Iterator

import pytest
from openai import OpenAI

from vizro_ws_chat.testing import ScriptedOpenAI


@pytest.fixture
def server() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as server:
        yield server


@pytest.fixture
def client(server: ScriptedOpenAI) -> Iterator[OpenAI]:
    with OpenAI(base_url=server.base_url, api_key=server.api_key, max_retries=2) as client:
        yield client
