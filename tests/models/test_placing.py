"""Where a chat may stand in a dashboard, without anything being registered first."""

# mypy: disable-error-code="call-arg"
# Vizro's models declare their defaults in a way that mypy does not see.

from __future__ import annotations

from collections.abc import Iterator

import pytest
import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class Echo(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield messages[-1]["content"]


@pytest.fixture(autouse=True)
def _forget_models() -> Iterator[None]:
    yield
    Vizro._reset()  # type: ignore[no-untyped-call]


def test_on_a_page() -> None:
    chat = Chat(id="chat", actions=[Echo()])
    assert vm.Page(title="Page", components=[chat]).components == [chat]


def test_in_a_container() -> None:
    chat = Chat(id="chat", actions=[Echo()])
    container = vm.Container(components=[chat])
    assert vm.Page(title="Page", components=[container]).components == [container]
    assert container.components == [chat]


def test_in_tabs() -> None:
    tabs = vm.Tabs(tabs=[vm.Container(title="Chat", components=[Chat(id="chat", actions=[Echo()])])])
    assert vm.Page(title="Page", components=[tabs]).components == [tabs]
