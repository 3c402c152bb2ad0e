"""Answers that are more than text: parts in their places, changed where they stand, kept over reloads."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

MARK = "element => { element.marked = 'the same' }"
IS_MARKED = "element => element.marked"
NAMES = "element => [...element.children].map(child => child.className.split(' ')[0])"


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


@pytest.fixture
def go_on(app: AppProcess, context: object) -> Callable[[ChatPage], None]:
    """Lets the generator that waits go on."""

    def go_on(chat: ChatPage) -> None:
        chat.page.request.get(f"{app.url}go-on")

    return go_on


def ask(chat: ChatPage, text: str) -> Locator:
    """Ask and return the answer's bubble."""
    answers = chat.assistant_messages.count()
    chat.send(text)
    expect(chat.assistant_messages).to_have_count(answers + 1)
    return chat.assistant_messages.nth(answers)


def test_a_chart_in_the_middle_of_the_text_is_never_remounted(
    chat: ChatPage, go_on: Callable[[ChatPage], None]
) -> None:
    answer = ask(chat, "mixed")
    plot = answer.locator(".js-plotly-plot")
    expect(plot.locator(".main-svg").first).to_be_visible()
    expect(answer).to_contain_text("after")
    plot.evaluate(MARK)
    go_on(chat)
    expect(answer).to_contain_text("after the chart.")
    chat.wait_until_ready()
    assert answer.evaluate(NAMES) == ["assistant-markdown", "chat-component", "assistant-markdown"]
    ask(chat, "Hi")
    chat.wait_until_ready()
    assert plot.evaluate(IS_MARKED) == "the same"


def test_models_get_the_text_alone(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    answer = ask(chat, "mixed")
    expect(answer).to_contain_text("after")
    go_on(chat)
    chat.wait_until_ready()
    said = ask(chat, "What was said?")
    expect(said).to_have_text("mixed / Before the chart after the chart. / What was said?", use_inner_text=False)


def test_components_change_where_they_stand(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    answer = ask(chat, "growing")
    plot = answer.locator(".js-plotly-plot")
    points = "element => element._fullData?.[0].y.length"
    bar = answer.locator(".progress-bar")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    expect(plot.locator(".main-svg").first).to_be_visible()
    plot.evaluate(MARK)
    bar.evaluate(MARK)
    for count in (3, 4, 5):
        go_on(chat)
        expect(bar).to_have_attribute("aria-valuenow", str(count * 20))
        chat.page.wait_for_function(f"element => ({points})(element) === {count}", arg=plot.element_handle())
    chat.wait_until_ready()
    assert [plot.evaluate(IS_MARKED), bar.evaluate(IS_MARKED)] == ["the same", "the same"]
    chat.page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "100")
    expect(answer).to_contain_text("Done.")
    chat.page.wait_for_function(f"element => ({points})(element) === 5", arg=plot.element_handle())


def test_a_reload_in_the_middle_goes_on_where_it_was(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    answer = ask(chat, "growing")
    bar = answer.locator(".progress-bar")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    go_on(chat)
    expect(bar).to_have_attribute("aria-valuenow", "60")
    chat.page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "60")
    for count in (4, 5):
        go_on(chat)
        expect(bar).to_have_attribute("aria-valuenow", str(count * 20))
    chat.wait_until_ready()
    expect(answer).to_contain_text("Done.")


def test_changes_that_come_fast_end_where_they_should(chat: ChatPage) -> None:
    answer = ask(chat, "many")
    chat.wait_until_ready()
    expect(answer.locator(".progress-bar")).to_have_attribute("aria-valuenow", "99.66666666666667")


def test_stop_keeps_what_is_there(chat: ChatPage) -> None:
    answer = ask(chat, "growing")
    expect(answer.locator(".progress-bar")).to_have_attribute("aria-valuenow", "0")
    chat.stop()
    chat.wait_until_ready()
    expect(chat.stopped_notes).to_have_count(1)
    expect(answer.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def test_thoughts_are_folded_and_stream(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    ask(chat, "thinking")
    summary = chat.thoughts.locator("summary")
    expect(summary).to_have_text("Thinking…")
    expect(chat.thoughts).to_have_js_property("open", False)
    summary.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.thoughts).to_contain_text("First this,")
    expect(chat.thoughts.locator("strong")).to_have_text("this")
    go_on(chat)
    chat.wait_until_ready()
    expect(chat.thoughts).to_contain_text("First this, then that.")
    expect(summary).to_contain_text("Thought for")
    chat.page.reload()
    expect(summary).to_contain_text("Thought for")
    expect(chat.assistant_messages).to_contain_text("So it is.")


def test_tools_are_steps_with_a_state(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    ask(chat, "tool")
    expect(chat.steps.first).to_have_attribute("data-state", "running")
    chat.steps.first.locator("summary").click()
    expect(chat.steps.first).to_contain_text('"table": "iris"')
    go_on(chat)
    chat.wait_until_ready()
    expect(chat.steps).to_have_count(3)
    for step, state in zip(chat.steps.all(), ["done", "error", "denied"], strict=True):
        expect(step).to_have_attribute("data-state", state)
    expect(chat.steps.first).to_contain_text('"rows": 150')
    expect(chat.steps.first).to_have_js_property("open", True)
    chat.page.reload()
    expect(chat.steps).to_contain_text(["count_rows", "drop_table", "send_mail"])


def test_a_tool_that_was_running_when_the_answer_was_stopped_is_not_running_any_more(chat: ChatPage) -> None:
    ask(chat, "tool")
    expect(chat.steps).to_have_attribute("data-state", "running")
    chat.stop()
    expect(chat.steps).to_have_attribute("data-state", "cut")


def test_sources_are_numbered_listed_and_shown_beside_their_numbers(chat: ChatPage) -> None:
    answer = ask(chat, "sources")
    chat.wait_until_ready()
    expect(answer).to_contain_text("The first[1] and the second[2] and the first again[1].")
    expect(chat.sources).to_contain_text(["First source", "Second source"])
    link = chat.sources.last.get_by_role("link")
    expect(link).to_have_attribute("href", "https://example.com/second?a=1&b=(2)")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    card = answer.get_by_role("tooltip")
    expect(card).to_have_count(0)
    answer.get_by_role("link", name="[1]").first.hover()
    expect(card).to_contain_text("What the first one says.")
    place = card.bounding_box()
    assert place
    chat.page.mouse.move(place["x"] + 10, place["y"] + 10, steps=20)
    expect(card).to_contain_text("What the first one says.")
    answer.get_by_role("link", name="[2]").focus()
    expect(card).to_contain_text("Second source")
    chat.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    chat.page.reload()
    expect(chat.sources).to_have_count(2)


def test_a_status_stands_until_something_is_said(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    answer = ask(chat, "status")
    expect(answer.locator(".chat-doing")).to_have_text("Searching…")
    go_on(chat)
    expect(answer.locator(".chat-doing")).to_have_text("Reading 3 pages…")
    go_on(chat)
    chat.wait_until_ready()
    expect(answer).to_have_text("Found.\n", use_inner_text=False)


def test_files_are_for_their_reader(chat: ChatPage, new_context: Callable[..., BrowserContext]) -> None:
    answer = ask(chat, "files")
    chat.wait_until_ready()
    expect(answer.get_by_role("link")).to_have_count(2)
    expect(answer.locator("img")).to_have_js_property("naturalWidth", 1)
    href = answer.get_by_role("link").first.evaluate("element => element.href")
    response = chat.page.request.get(href)
    assert response.body() == b"a,b\n1,2\n"
    assert "attachment" in response.headers["content-disposition"]
    other = new_context().new_page()
    assert other.request.get(href).status == 404
    chat.page.reload()
    expect(answer.get_by_role("link")).to_have_count(2)


def test_suggestions_and_usage(chat: ChatPage) -> None:
    answer = ask(chat, "around")
    chat.wait_until_ready()
    expect(chat.suggestions).to_have_text(["Why?"])
    usage = chat.root.locator(".chat-message-usage")
    expect(usage).to_have_attribute("title", "1,234 tokens in, 56 out")
    expect(answer).to_have_text("An answer.\n", use_inner_text=False)
    chat.page.reload()
    expect(usage).to_have_count(1)


def test_what_can_not_be_shown_leaves_a_note_and_the_answer_goes_on(chat: ChatPage) -> None:
    answer = ask(chat, "broken")
    chat.wait_until_ready()
    expect(answer).to_contain_text("Before.")
    expect(answer).to_contain_text("A part of the answer could not be shown. Reference:")
    expect(answer).to_contain_text("After.")
    expect(chat.failures).to_have_count(0)


def test_callbacks_and_vizro_models(chat: ChatPage) -> None:
    answer = ask(chat, "form")
    chat.wait_until_ready()
    answer.locator("#name").fill("Ada")
    answer.locator("#name").press("Enter")
    expect(answer.locator("#heard")).to_have_text("Hello, Ada")
    expect(answer.locator(".card-text strong")).to_have_text("card")


def test_an_export_tells_of_every_part(chat: ChatPage, go_on: Callable[[ChatPage], None]) -> None:
    for prompt in ("tool", "sources", "files"):
        answer = ask(chat, prompt)
        if prompt == "tool":
            expect(chat.steps.first).to_have_attribute("data-state", "running")
            go_on(chat)
        expect(answer).not_to_be_empty()
        chat.wait_until_ready()
    with chat.page.expect_download() as download:
        chat.choose("Export as Markdown")
    text = download.value.path().read_text(encoding="utf-8")
    assert "count_rows" in text
    assert "1. [First source](<https://example.org/first>)" in text
    assert "table.csv" in text


def test_a_chart_of_ten_thousand_points_changes_in_place(page: Page, app: AppProcess) -> None:
    page.goto(f"{app.url}websocket")
    chat = ChatPage(page)
    answer = ask(chat, "fast")
    plot = answer.locator(".js-plotly-plot")
    expect(plot.locator(".main-svg").first).to_be_visible()
    plot.evaluate(MARK)
    chat.wait_until_ready()
    expect(answer).to_contain_text("Done.")
    last = json.dumps([(value * 100) % 1_000 for value in range(3)])
    page.wait_for_function(
        f"element => JSON.stringify([...element.data[0].y.slice(0, 3)]) === '{last}'.replaceAll(' ', '')",
        arg=plot.element_handle(),
    )
    assert plot.evaluate(IS_MARKED) == "the same"


def test_nothing_complains(chat: ChatPage, watch: Watch) -> None:
    for prompt in ("sources", "files", "around", "form"):
        ask(chat, prompt)
        chat.wait_until_ready()
    assert watch.problems() == []
