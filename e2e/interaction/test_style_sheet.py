"""The style sheet touches chats only, and gives way to anybody else's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

# Every rule of the chat's style sheet, as the browser has understood it.
RULES = """() => {
    const sheet = [...document.styleSheets].find(({href}) => href?.includes("vizro_ws_chat"));
    const rules = [];
    const walk = list => [...list].forEach(rule => {
        rules.push({
            kind: rule.constructor.name, name: rule.name ?? "", selector: rule.selectorText ?? "",
            properties: rule.selectorText ? [...rule.style].filter(name => name.startsWith("--")) : [],
        });
        if (rule.cssRules && rule.constructor.name !== "CSSKeyframesRule") walk(rule.cssRules);
    });
    walk(sheet.cssRules);
    return rules;
}"""


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    chat = ChatPage(page)
    expect(chat.empty_state).to_be_visible()
    return chat


def test_every_selector_is_within_a_chat_or_a_popup(chat: ChatPage) -> None:
    selectors = [rule["selector"] for rule in chat.page.evaluate(RULES) if rule["selector"]]
    assert len(selectors) > 50
    parts = [part for selector in selectors for part in split_list(selector)]
    assert [part for part in parts if not re.match(r":where\([^)]*\.(?:vizro-ws-chat|chat-popup)\b", part)] == []


def test_names_that_pages_share_are_the_chats_own(chat: ChatPage) -> None:
    rules = chat.page.evaluate(RULES)
    keyframes = [rule["name"] for rule in rules if rule["kind"] == "CSSKeyframesRule"]
    assert keyframes
    assert [name for name in keyframes if not name.startswith("vizro-ws-chat-")] == []
    properties = [name for rule in rules for name in rule["properties"]]
    assert [name for name in properties if not name.startswith("--chat-")] == []


def test_one_class_of_the_page_is_enough_to_change_anything(chat: ChatPage) -> None:
    chat.page.add_style_tag(content=".chat-send-button, .chat-tool-button { width: 50px }")
    chat.page.add_style_tag(content=".chat-empty-name { font-size: 30px }")
    expect(chat.send_button).to_have_css("width", "50px")
    expect(chat.empty_state.get_by_role("heading")).to_have_css("font-size", "30px")
    expect(chat.menu_button).to_have_css("width", "50px")


def test_variables_set_on_the_page_reach_the_chat(chat: ChatPage) -> None:
    chat.page.add_style_tag(content=":root { --chat-max-width: 500px; --chat-composer-bg: rgb(1, 2, 3) }")
    expect(chat.root.locator(".chat-input-inner")).to_have_css("width", "500px")
    expect(chat.input).to_have_css("background-color", "rgb(1, 2, 3)")


def split_list(selector: str) -> list[str]:
    """Split a selector list at the commas that are not within brackets."""
    parts, depth = [""], 0
    for character in selector:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
