"""A chat that floats over a dashboard: it stays when the page changes, and behaves as a dialog beside the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """async () => (await axe.run(".chat-popup")).violations.map(
    ({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`)])"""


class Popup:
    """A popup on a page."""

    def __init__(self, page: Page, popup_id: str = "chat_popup") -> None:
        self.chat = ChatPage(page, popup_id)
        self.toggle = page.locator(f"#{popup_id}-toggle-button")
        self.close = page.locator(f"#{popup_id}-close-button")
        self.panel = page.locator(f"#{popup_id}-panel")

    def size(self) -> tuple[int, int]:
        box = self.panel.bounding_box()
        assert box
        return round(box["width"]), round(box["height"])


@pytest.fixture
def popup(page: Page, app: AppProcess) -> Popup:
    page.goto(app.url)
    return Popup(page)


def go_to(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.locator("#page-title")).to_have_text(title)


def test_it_is_a_dialog_that_takes_the_focus_and_gives_it_back(page: Page, popup: Popup) -> None:
    for button, name in [
        (popup.toggle, "Analytics assistant"),
        (popup.close, "Close chat"),
        (popup.panel.locator(".chat-popup-resize"), "Resize chat (arrow keys)"),
    ]:
        expect(button).to_have_attribute("aria-label", name)
        expect(button).to_have_attribute("title", name)
    expect(popup.toggle).to_have_attribute("aria-expanded", "false")
    expect(popup.panel).to_be_hidden()
    popup.toggle.click()
    expect(page.get_by_role("dialog", name="Analytics assistant")).to_be_visible()
    expect(popup.toggle).to_have_attribute("aria-expanded", "true")
    expect(popup.chat.input).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup.panel).to_be_hidden()
    expect(popup.toggle).to_be_focused()
    page.keyboard.press("Enter")
    expect(popup.chat.input).to_be_focused()
    popup.close.click()
    expect(popup.panel).to_be_hidden()
    expect(popup.toggle).to_be_focused()
    popup.toggle.click()
    popup.toggle.click()
    expect(popup.panel).to_be_hidden()


def test_the_focus_is_no_prisoner(page: Page, popup: Popup) -> None:
    popup.toggle.click()
    popup.chat.wait_until_ready()
    popup.close.focus()
    page.keyboard.press("Shift+Tab")
    assert not popup.panel.evaluate(
        "panel => panel.contains(document.activeElement) && document.activeElement !== panel"
    )


def test_escape_stops_an_answer_before_it_closes(page: Page, popup: Popup, upstream: ScriptedOpenAI) -> None:
    upstream.on("stop me", Scenario(["One", " two"], hold_after={1: Gate()}))
    popup.toggle.click()
    popup.chat.send("stop me")
    popup.chat.wait_for_answer("One")
    page.keyboard.press("Escape")
    popup.chat.wait_until_ready()
    expect(popup.panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(popup.panel).to_be_hidden()


def test_escape_closes_what_is_open_in_it_first(page: Page, popup: Popup) -> None:
    popup.toggle.click()
    popup.chat.menu_button.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(popup.panel).to_be_visible()


def test_an_answer_goes_on_while_the_page_changes(page: Page, popup: Popup, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("and then", Scenario(["Once upon", " a time"], hold_after={1: gate}))
    popup.toggle.click()
    popup.chat.send("and then")
    popup.chat.wait_for_answer("Once upon")
    bubble = popup.chat.assistant_messages.last.element_handle()
    popup.chat.input.fill("a draft")
    go_to(page, "Second")
    expect(popup.panel).to_be_visible()
    gate.release()
    popup.chat.wait_for_answer("Once upon a time")
    assert bubble.evaluate("bubble => bubble.isConnected")  # nothing was taken off the page and put back
    expect(popup.chat.input).to_have_value("a draft")


def test_what_is_open_and_said_is_there_after_a_reload(page: Page, popup: Popup, upstream: ScriptedOpenAI) -> None:
    upstream.on("remember", Scenario("I do."))
    popup.toggle.click()
    popup.chat.send("remember")
    popup.chat.wait_for_answer("I do.")
    popup.chat.wait_until_ready()
    go_to(page, "Second")
    page.reload()
    expect(popup.panel).to_be_visible()
    popup.chat.wait_for_answer("I do.")
    expect(popup.chat.input).not_to_be_focused()  # nobody has opened it
    popup.close.click()
    page.reload()
    expect(popup.toggle).to_be_visible()
    expect(popup.chat.user_messages).to_have_count(1)
    expect(popup.panel).to_be_hidden()


def test_a_long_conversation_opens_at_its_end(popup: Popup, upstream: ScriptedOpenAI) -> None:
    upstream.on("long", Scenario("\n\n".join(f"Paragraph {n}" for n in range(80))))
    popup.toggle.click()
    popup.chat.send("long")
    popup.chat.wait_for_answer("Paragraph 79")
    popup.chat.wait_until_ready()
    popup.close.click()
    popup.chat.page.reload()
    expect(popup.chat.user_messages).to_have_count(1)
    popup.toggle.click()
    expect(popup.chat.root.get_by_text("Paragraph 79")).to_be_in_viewport()


def drag(page: Page, handle: Locator, x: int, y: int) -> None:
    box = handle.bounding_box()
    assert box
    start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + x, start[1] + y, steps=4)
    page.mouse.up()


def test_it_is_resized_by_its_upper_corner_and_keeps_its_size(page: Page, popup: Popup) -> None:
    popup.toggle.click()
    corner = popup.panel.get_by_role("button", name="Resize chat (arrow keys)")
    assert popup.size() == (420, 600)
    drag(page, corner, -180, -30)
    width, height = popup.size()
    assert abs(width - 600) <= 20
    assert abs(height - 630) <= 20
    corner.press("ArrowRight")
    corner.press("ArrowDown")
    assert popup.size() == (width - 24, height - 24)
    page.reload()
    expect(popup.panel).to_be_visible()
    assert popup.size() == (width - 24, height - 24)
    drag(page, corner, -2000, -2000)
    box = popup.panel.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    drag(page, corner, 2000, 2000)
    assert popup.size() == (320, 320)


def test_on_a_phone_it_is_the_whole_screen(new_context: Callable[..., BrowserContext], app: AppProcess) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(app.url)
    popup = Popup(page)
    popup.toggle.tap()
    expect(popup.panel).to_be_focused()  # the keyboard does not come up over the conversation
    assert popup.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(popup.panel).to_have_attribute("aria-modal", "true")
    for _ in range(12):  # the page behind is out of reach
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.count() == 0 or focused.evaluate("element => element.closest('.chat-popup-panel') !== null")
    popup.close.tap()
    expect(popup.panel).to_be_hidden()
    expect(popup.toggle).to_be_focused()
    expect(page.locator("[inert]")).to_have_count(0)


def test_a_second_popup_is_a_chat_of_its_own(page: Page, popup: Popup) -> None:
    charts = Popup(page, "charts")
    charts.toggle.click()
    charts.chat.send("Iris")
    expect(charts.chat.root.locator(".js-plotly-plot")).to_be_visible()
    expect(popup.panel).to_be_hidden()
    expect(popup.chat.messages).to_have_count(0)
    places = [toggle.toggle.bounding_box() for toggle in (popup, charts)]
    assert places[0]
    assert places[1]
    assert places[1]["x"] + places[1]["width"] < places[0]["x"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, popup: Popup, upstream: ScriptedOpenAI, theme: str) -> None:
    upstream.on("axe", Scenario("Some *text*."))
    popup.toggle.click()
    popup.chat.send("axe")
    popup.chat.wait_for_answer("Some text.")
    popup.chat.wait_until_ready()
    page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
    page.evaluate(AXE.read_text())
    assert page.evaluate(VIOLATIONS) == []
