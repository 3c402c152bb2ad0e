from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import vizro.models as vm
from dash import Dash
from vizro import Vizro

from vizro_ws_chat import Message, StreamingChatAction

Build = Callable[..., Dash]


class Echo(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield messages[-1]["content"]


@pytest.fixture
def build() -> Iterator[Build]:
    """Build a dashboard of one page and return its Dash app."""
    Vizro._reset()  # type: ignore[no-untyped-call]

    def build(*components: Any, **options: Any) -> Dash:
        page = vm.Page(title="Page", components=list(components))
        app: Dash = Vizro(**options).build(vm.Dashboard(pages=[page])).dash
        app.server.secret_key = app.server.secret_key or "a secret"
        return app

    yield build
    Vizro._reset()  # type: ignore[no-untyped-call]


@pytest.fixture(autouse=True)
def key_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("VIZRO_WS_CHAT_KEY_FILE", str(tmp_path / "key"))


@pytest.fixture
def echo() -> StreamingChatAction:
    return Echo()
