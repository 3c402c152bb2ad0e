"""Answers of Dash components: rendered by Dash, alive, kept over reload and page change."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


def ask(chat: ChatPage, text: str) -> Locator:
    """Ask and return the answer's bubble."""
    answers = chat.assistant_messages.count()
    chat.send(text)
    expect(chat.assistant_messages).to_have_count(answers + 1)
    chat.wait_until_ready()
    return chat.assistant_messages.nth(answers)


def test_chart_is_drawn_in_full_width_and_stays_interactive(chat: ChatPage) -> None:
    answer = ask(chat, "chart")
    plot = answer.locator(".js-plotly-plot .main-svg").first
    expect(plot).to_be_visible()
    expect(answer.locator(".chat-component")).to_be_visible()
    widths = answer.evaluate("element => [element.offsetWidth, element.querySelector('.main-svg').clientWidth]")
    assert widths[1] >= widths[0] - 2
    point = answer.locator(".scatterlayer .point").first
    point.hover(force=True)
    expect(answer.locator(".hoverlayer .hovertext")).to_be_visible()


def test_later_answers_leave_a_chart_as_it_is(chat: ChatPage) -> None:
    plot = ask(chat, "chart").locator(".js-plotly-plot")
    plot.evaluate("element => { element.marked = 'the same' }")
    ask(chat, "form")
    ask(chat, "text")
    ask(chat, "list")
    assert chat.assistant_messages.first.locator(".js-plotly-plot").evaluate("element => element.marked") == "the same"


def test_callbacks_on_components_of_an_answer_work(chat: ChatPage) -> None:
    form = ask(chat, "form")
    expect(form.locator("#greeting")).to_have_text("Hello, stranger")
    form.locator("#name").fill("Ada")
    form.locator("#name").press("Enter")
    expect(form.locator("#greeting")).to_have_text("Hello, Ada")
    clickable = ask(chat, "clickable")
    clickable.locator(".barlayer .point").first.click(force=True)
    expect(clickable.locator("#heard")).to_have_text("Clicked a")
    expect(form.locator("#greeting")).to_have_text("Hello, Ada")


def test_callbacks_are_those_of_the_latest_answer_with_an_id(chat: ChatPage) -> None:
    ask(chat, "form")
    form = ask(chat, "form")
    form.locator("#name").fill("Ada")
    form.locator("#name").press("Enter")
    expect(form.locator("#greeting")).to_have_text("Hello, Ada")


def test_lists_and_libraries(chat: ChatPage) -> None:
    answer = ask(chat, "list")
    expect(answer).to_have_text("Some textand bolda badgeanother")
    grid = ask(chat, "grid")
    expect(grid.locator(".ag-row")).to_have_count(5)


def test_components_survive_a_reload_and_a_page_change(chat: ChatPage) -> None:
    ask(chat, "chart")
    chat.page.reload()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    chat.page.get_by_role("link", name="Home").click()
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    answer = ask(chat, "history")
    expect(answer).to_have_text("str dict str")


def test_charts_follow_the_theme(chat: ChatPage) -> None:
    answer = ask(chat, "chart")
    text = answer.locator(".xtick text").first
    expect(text).to_be_visible()
    before = text.evaluate("element => getComputedStyle(element).fill")
    chat.page.locator("#theme-toggle").click()
    expect(text).not_to_have_css("fill", before)


def test_components_go_with_their_version(chat: ChatPage) -> None:
    ask(chat, "chart")
    chat.edit(chat.user_messages.first, "form")
    expect(chat.assistant_messages.locator("#greeting")).to_have_text("Hello, stranger")
    expect(chat.assistant_messages.locator(".js-plotly-plot")).to_have_count(0)
    chat.wait_until_ready()
    chat.press(chat.user_messages.first, "Previous version")
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(chat.page.locator("#greeting")).to_have_count(0)


@pytest.mark.parametrize("answer", ["dict", "twice"])
def test_what_can_not_be_shown_is_told_in_the_bubble(chat: ChatPage, answer: str) -> None:
    chat.send(answer)
    expect(chat.failures).to_contain_text("Something went wrong while answering.")
    expect(chat.failures).to_contain_text("Reference")
    chat.wait_until_ready()
    ask(chat, "chart")


def test_the_action_knows_the_state_of_the_page(chat: ChatPage) -> None:
    expect(ask(chat, "country")).to_have_text("The country is France")
    chat.page.locator(".dash-dropdown").first.click()
    chat.page.get_by_role("option", name="Spain").click()
    expect(ask(chat, "country")).to_have_text("The country is Spain")


def test_the_action_knows_the_controls_of_the_page(page: Page, app: AppProcess) -> None:
    page.goto(f"{app.url}controls")
    chat = ChatPage(page)
    answer = ask(chat, "controls")
    expect(answer).to_contain_text("filters: [['setosa', 'versicolor', 'virginica']], parameters: []")
    page.get_by_role("checkbox", name="setosa").uncheck()
    expect(ask(chat, "controls")).to_contain_text("filters: [['versicolor', 'virginica']], parameters: []")


def test_actions_behind_it_run_when_an_answer_is_complete(chat: ChatPage) -> None:
    expect(chat.page.get_by_text("The answer is complete.")).to_have_count(0)
    ask(chat, "text")
    expect(chat.page.get_by_text("The answer is complete.")).to_be_visible()


def test_nothing_complains(chat: ChatPage, watch: Any) -> None:
    ask(chat, "chart")
    ask(chat, "form")
    assert watch.problems() == []
