"""Long answers: the reader decides what is seen, and only the conversation scrolls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

DISTANCE_TO_BOTTOM = "log => log.scrollHeight - log.clientHeight - log.scrollTop"
AT_BOTTOM = f"log => ({DISTANCE_TO_BOTTOM})(log) <= 1"
SCROLLED_AROUND = """log => {
    let scrolled = 0;
    for (let node = log.parentElement; node; node = node.parentElement) scrolled += node.scrollTop + node.scrollLeft;
    return scrolled;
}"""


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


@pytest.fixture
def transcript(chat: ChatPage) -> Locator:
    return chat.root.get_by_role("log")


@pytest.fixture
def gate(chat: ChatPage, upstream: ScriptedOpenAI) -> Gate:
    """Hold a long answer in the middle."""
    gate = Gate()
    halves = ["".join(f"Paragraph {n}.\n\n" for n in numbers) for numbers in (range(1, 40), range(40, 80))]
    upstream.on("long", Scenario(halves, hold_after={1: gate}))
    chat.send("long")
    chat.wait_for_answer("Paragraph 39.")
    return gate


def test_bottom_is_followed(chat: ChatPage, transcript: Locator, gate: Gate) -> None:
    assert transcript.evaluate(DISTANCE_TO_BOTTOM) <= 1
    gate.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages.get_by_text("Paragraph 79.")).to_be_in_viewport()
    assert transcript.evaluate(DISTANCE_TO_BOTTOM) <= 1
    assert transcript.evaluate(SCROLLED_AROUND) == 0


def test_reader_who_scrolled_up_is_left_alone(chat: ChatPage, transcript: Locator, gate: Gate) -> None:
    to_latest = chat.root.get_by_role("button", name="Scroll to latest message")
    expect(to_latest).to_be_hidden()
    transcript.hover()
    chat.page.mouse.wheel(0, -600)
    expect(to_latest).to_be_visible()
    paragraph = chat.assistant_messages.get_by_text("Paragraph 20.", exact=True)
    paragraph.scroll_into_view_if_needed()
    before = paragraph.bounding_box()
    gate.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages.get_by_text("Paragraph 79.")).to_be_attached()
    assert paragraph.bounding_box() == before
    to_latest.click()
    expect(chat.assistant_messages.get_by_text("Paragraph 79.")).to_be_in_viewport()
    expect(to_latest).to_be_hidden()
    assert transcript.evaluate(SCROLLED_AROUND) == 0


def test_text_that_is_selected_stays_in_sight(chat: ChatPage, gate: Gate) -> None:
    paragraph = chat.assistant_messages.get_by_text("Paragraph 35.")
    before = paragraph.bounding_box()
    assert before
    mouse = chat.page.mouse
    mouse.move(before["x"] + 2, before["y"] + 5)
    mouse.down()
    mouse.move(before["x"] + 60, before["y"] + 5)
    gate.release()
    expect(chat.assistant_messages.get_by_text("Paragraph 79.")).to_be_attached()
    assert paragraph.bounding_box() == before
    mouse.up()
    chat.wait_until_ready()
    assert paragraph.bounding_box() == before
    assert chat.page.evaluate("getSelection().toString()") != ""


def test_own_message_takes_the_reader_back_to_the_bottom(
    chat: ChatPage, transcript: Locator, gate: Gate, upstream: ScriptedOpenAI
) -> None:
    upstream.on("next", Scenario("Short."))
    gate.release()
    chat.wait_until_ready()
    transcript.hover()
    chat.page.mouse.wheel(0, -600)
    expect(chat.root.get_by_role("button", name="Scroll to latest message")).to_be_visible()
    chat.send("next")
    expect(chat.assistant_messages.get_by_text("Short.")).to_be_in_viewport()


def test_what_is_drawn_late_does_not_take_the_bottom_out_of_sight(
    chat: ChatPage, transcript: Locator, upstream: ScriptedOpenAI
) -> None:
    paragraphs = "".join(f"Paragraph {n}.\n\n" for n in range(40))
    formulas = "".join(f"$$\\frac{{\\frac{{a_{n}}}{{b}}}}{{\\frac{{c}}{{d}}}}$$\n\n" for n in range(8))
    upstream.on("formulas", Scenario(paragraphs + formulas))
    chat.send("formulas")
    chat.wait_until_ready()
    expect(chat.root.locator(".katex")).to_have_count(8)
    chat.page.wait_for_function(AT_BOTTOM, arg=transcript.element_handle())
    chat.page.reload()
    expect(chat.root.locator(".katex")).to_have_count(8)
    chat.page.wait_for_function(AT_BOTTOM, arg=transcript.element_handle())


def test_section_that_is_opened_stays_where_it_is(
    chat: ChatPage, transcript: Locator, upstream: ScriptedOpenAI
) -> None:
    paragraphs = "".join(f"Paragraph {n}.\n\n" for n in range(40))
    upstream.on("section", Scenario(f"{paragraphs}<details><summary>More</summary>\n\n{paragraphs}</details>"))
    chat.send("section")
    chat.wait_until_ready()
    section = transcript.get_by_text("More")
    expect(section).to_be_in_viewport()
    before = section.bounding_box()
    section.click()
    expect(chat.root.get_by_role("button", name="Scroll to latest message")).to_be_visible()
    assert section.bounding_box() == before
