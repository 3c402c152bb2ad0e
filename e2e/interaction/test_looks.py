"""The looks: both themes, both directions of text, phones, and a page on which nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

# Shifts that follow an input within half a second do not count, as in the definition of the metric.
WATCH_SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => {
        if (!entry.hadRecentInput) {
            window.shifts.push(entry.sources.map(({node}) => node?.outerHTML?.slice(0, 100)));
        }
    })).observe({type: "layout-shift"});
}"""
COLOURS = """root => ["textarea", ".chat-user-message", ".assistant-markdown", ".chat-toolbar button"].map(selector => {
    const {color, backgroundColor} = getComputedStyle(root.querySelector(selector));
    return `${color} on ${backgroundColor}`;
})"""
SMALL_TARGETS = """root => [...root.querySelectorAll("button")]
    .filter(button => button.checkVisibility())
    .map(button => [button.getAttribute("aria-label") ?? button.textContent, button.getBoundingClientRect()])
    .filter(([name, {height}]) => height < 44)
    .map(([name]) => name)"""
TOO_WIDE = """root => [document.documentElement, root, ...root.querySelectorAll("*")]
    .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .filter(element => !element.closest("pre, .chat-table-scroll, .chat-visually-hidden"))
    .map(element => element.outerHTML.slice(0, 80))"""

# How far the content of a table's last column ends before the table does.
ENDS_BEFORE = """table => {
    const range = document.createRange();
    range.selectNodeContents(table.rows[0].cells[table.rows[0].cells.length - 1]);
    return table.getBoundingClientRect().right - range.getBoundingClientRect().right;
}"""
# Where the first and the last character of a text stand.
ENDS_OF_TEXT = """element => {
    const text = element.firstChild;
    return [0, text.length - 1].map(place => {
        const range = document.createRange();
        range.setStart(text, place);
        range.setEnd(text, place + 1);
        return range.getBoundingClientRect().left;
    });
}"""
LEFT = "element => element.getBoundingClientRect().left"
SKELETON = """root => {
    const history = root.querySelector(".chat-history-container");
    const {content, width, backgroundImage} = getComputedStyle(history, "::before");
    return content !== "none" && parseFloat(width) > 300 && backgroundImage.includes("gradient");
}"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREENS = pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    chat = ChatPage(page)
    expect(chat.empty_state).to_be_visible()
    return chat


def answer(chat: ChatPage, upstream: ScriptedOpenAI, question: str, text: str) -> None:
    upstream.on(question, Scenario(text))
    chat.send(question)
    chat.wait_for_answer(text)
    chat.wait_until_ready()


def test_nothing_moves_when_an_answer_begins_and_ends(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    waiting, middle = Gate(), Gate()
    upstream.on("still", Scenario(["Begun ", "and ended."], before_headers=waiting, hold_after={1: middle}))
    answer(chat, upstream, "before", "An answer before.")
    chat.page.evaluate(WATCH_SHIFTS)
    chat.send("still")
    expect(chat.root.locator(".chat-loading-message")).to_be_visible()
    waiting.release()
    chat.wait_for_answer("Begun")
    middle.release()
    chat.wait_until_ready()
    expect(chat.actions(chat.assistant_messages.last).get_by_role("button", name="Copy")).to_be_visible()
    assert chat.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(shifts))))") == []


def test_theme_is_switched_live(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    answer(chat, upstream, "theme", "Seen.")
    before = chat.root.evaluate(COLOURS)
    chat.page.locator("#theme-toggle").click()
    chat.page.wait_for_function("document.documentElement.dataset.bsTheme === 'light'")
    after = chat.root.evaluate(COLOURS)
    assert all(old != new for old, new in zip(before, after, strict=True)), (before, after)


def test_text_goes_the_way_of_its_language(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    answer(chat, upstream, "كيف", "نعم، هذا صحيح.")
    for text in (chat.user_messages.last, chat.assistant_messages.last.locator("p")):
        expect(text).to_have_css("direction", "rtl")
    chat.input.fill("سؤال")
    expect(chat.input).to_have_css("direction", "rtl")
    chat.input.fill("A question")
    expect(chat.input).to_have_css("direction", "ltr")


def test_page_from_right_to_left_is_mirrored(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    chat.page.evaluate("document.documentElement.dir = 'rtl'")
    answer(chat, upstream, "كيف", "نعم.")
    root, question, send = (part.bounding_box() for part in (chat.root, chat.user_messages.last, chat.send_button))
    assert root
    assert question
    assert send
    middle = root["x"] + root["width"] / 2
    assert question["x"] + question["width"] < middle
    assert send["x"] < middle
    row = chat.actions(chat.assistant_messages.last)
    row.hover()
    time, model = row.locator("time").bounding_box(), row.locator(".chat-message-model bdi").bounding_box()
    assert time
    assert model
    # Between the two, a point.
    assert time["x"] - 20 < model["x"] + model["width"] < time["x"] - 8
    assert chat.root.evaluate(TOO_WIDE) == []


def test_sentences_of_the_chat_keep_their_direction_on_a_page_from_right_to_left(
    chat: ChatPage, upstream: ScriptedOpenAI
) -> None:
    upstream.on("wrong", Scenario(status=400))
    chat.page.evaluate("document.documentElement.dir = 'rtl'")
    chat.send("wrong")
    sentence = chat.failures.locator(".chat-message-sentence")
    expect(sentence).to_have_text("Something went wrong while answering.")
    first, last = sentence.evaluate(ENDS_OF_TEXT)
    assert first < last


def test_fits_a_phone_and_a_finger(
    new_context: Callable[..., BrowserContext], app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(app.url)
    chat = ChatPage(page)
    expect(chat.empty_state).to_be_visible()

    def assert_fits() -> None:
        assert chat.root.evaluate(TOO_WIDE) == []
        assert chat.root.evaluate(SMALL_TARGETS) == []

    assert_fits()
    answer(chat, upstream, "phone", "An answer.")
    expect(chat.actions(chat.user_messages.last).get_by_role("button", name="Edit")).to_be_visible()
    assert_fits()
    chat.menu_button.tap()
    assert_fits()
    chat.page.keyboard.press("Escape")
    chat.examples_button.tap()
    assert_fits()
    chat.page.keyboard.press("Escape")
    chat.press(chat.user_messages.last, "Edit")
    expect(chat.editor).to_be_focused()
    assert_fits()
    assert chat.editor.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16


def test_paper_shows_the_conversation_alone(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    answer(chat, upstream, "print", "Printed.")
    chat.page.emulate_media(media="print")
    expect(chat.assistant_messages.last).to_be_visible()
    expect(chat.input).to_be_hidden()
    expect(chat.actions(chat.assistant_messages.last)).to_be_hidden()


@SCREENS
def test_table_ends_with_its_last_column(
    new_context: Callable[..., BrowserContext], app: AppProcess, upstream: ScriptedOpenAI, screen: dict[str, object]
) -> None:
    upstream.on("table", Scenario("| Region | Change |\n|---|---:|\n| North | 1 |\n\nDone."))
    page = new_context(**screen).new_page()
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("table")
    chat.wait_for_answer("Done.")
    chat.wait_until_ready()
    assert chat.root.locator("table").evaluate(ENDS_BEFORE) == pytest.approx(0, abs=1)


@SCREENS
def test_time_stands_below_the_edge_of_an_error(
    new_context: Callable[..., BrowserContext], app: AppProcess, upstream: ScriptedOpenAI, screen: dict[str, object]
) -> None:
    upstream.on("fail", Scenario(status=400))
    page = new_context(**screen).new_page()
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("fail")
    expect(chat.failures).to_be_visible()
    time = chat.actions(chat.assistant_messages.last).locator("time")
    assert time.evaluate(LEFT) == pytest.approx(chat.failures.evaluate(LEFT), abs=0.5)


@SCREENS
def test_skeleton_keeps_the_place_until_the_browser_code_is_there(
    new_context: Callable[..., BrowserContext], app: AppProcess, screen: dict[str, object]
) -> None:
    page = new_context(**screen).new_page()
    late: list[str] = []

    def hold_back(route: Route) -> None:
        late.append(route.request.url)
        route.fulfill(body="", content_type="text/javascript")

    page.route("**/vizro_ws_chat/static/chat.*.js", hold_back)
    page.goto(app.url)
    chat = ChatPage(page)
    expect(chat.input).to_be_visible()
    assert chat.root.evaluate(SKELETON)
    before = chat.input.bounding_box()
    page.unroute_all()
    page.add_script_tag(url=late[0])
    expect(chat.empty_state).to_be_visible()
    assert not chat.root.evaluate(SKELETON)
    assert chat.input.bounding_box() == before
