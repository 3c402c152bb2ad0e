"""The inspector: there with Dash's developer tools, and nothing of it without."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = "async () => (await axe.run('.chat-inspector')).violations.map(({ id }) => id)"
FOLDED = ".dash-debug-menu__toggle"
WIDER_THAN_THE_SCREEN = """panel => [panel, ...panel.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth)
    .filter(element => !element.closest(".chat-inspector-runs"))
    .map(element => element.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"DEVELOPER_TOOLS": "1", "DASH_DISABLE_VERSION_CHECK": "true"}


@pytest.fixture(scope="module")
def plain_app(app_path: Path) -> Iterator[AppProcess]:
    with serve_development(app_path) as process:
        yield process


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    return open_chat(page, app, request.param)


def open_chat(page: Page, app: AppProcess, transport: str) -> ChatPage:
    page.goto(f"{app.url}{transport}")
    chat = ChatPage(page)
    page.locator(FOLDED).click()  # Dash's own menu may cover the button
    return chat


def button(chat: ChatPage, name: str) -> Locator:
    return chat.root.get_by_role("button", name=name, exact=True)


def panel(chat: ChatPage) -> Locator:
    return chat.root.get_by_role("region", name="Inspector")


def tool(chat: ChatPage, name: str) -> Locator:
    return panel(chat).get_by_role("button", name=name, exact=True)


def seen(chat: ChatPage) -> list[str]:
    return panel(chat).locator(".chat-inspector-cells span:nth-child(3)").all_text_contents()


def test_it_shows_what_a_chat_has_carried(chat: ChatPage) -> None:
    chat.send("5")
    chat.wait_until_ready()
    button(chat, "Inspect this chat").click()
    kinds = seen(chat)
    assert kinds[0] == "opening"
    assert {"hello", "send", "welcome", "accepted", "part-start", "text-delta"} <= set(kinds)
    run = panel(chat).locator("tbody tr").first
    expect(run.locator("td").nth(1)).to_have_text("done")
    expect(run.locator("td").nth(4)).to_have_text(str(len("word0 ") * 5))
    expect(panel(chat).locator("dl")).to_contain_text(f"Transport{chat.root.get_attribute('id')}")


def test_it_goes_on_while_an_answer_comes(chat: ChatPage) -> None:
    button(chat, "Inspect this chat").click()
    chat.send("300")
    expect(panel(chat).locator("tbody td").nth(1)).to_have_text("streaming")
    tool(chat, "Pause").click()
    held = seen(chat)
    chat.wait_until_ready()
    assert seen(chat) == held
    tool(chat, "Resume").click()
    expect(panel(chat).locator("li").last).to_contain_text("finish")
    assert len(seen(chat)) <= 200


def test_a_frame_unfolds_and_is_text(chat: ChatPage) -> None:
    chat.send("2")
    chat.wait_until_ready()
    button(chat, "Inspect this chat").click()
    frame = panel(chat).locator("li", has_text="text-delta").first
    frame.locator("summary").click()
    assert json.loads(frame.locator("pre").inner_text())["d"].startswith("word0")


def test_all_of_it_can_be_copied_and_cleared(new_context: Callable[..., BrowserContext], app: AppProcess) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    chat = open_chat(context.new_page(), app, "websocket")
    chat.send("2")
    chat.wait_until_ready()
    button(chat, "Inspect this chat").click()
    tool(chat, "Copy").click()
    expect(tool(chat, "Copied")).to_be_visible()
    copied = json.loads(chat.page.evaluate("navigator.clipboard.readText()"))
    assert [sighting["what"]["type"] for sighting in copied] == seen(chat)
    tool(chat, "Clear").click()
    expect(panel(chat).locator("li")).to_have_count(0)


def test_by_keyboard(chat: ChatPage) -> None:
    chat.send("300")
    button(chat, "Inspect this chat").press("Enter")
    expect(panel(chat).get_by_role("list", name="Frames")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(panel(chat)).to_be_hidden()
    expect(button(chat, "Inspect this chat")).to_be_focused()
    expect(button(chat, "Stop")).to_be_visible()  # Escape has closed the panel, and stopped nothing


def test_it_follows_its_chat_over_a_page_change(chat: ChatPage, watch: Watch) -> None:
    watch.expect("Support for defaultProps will be removed")  # React's, of Dash's own components, in debug mode
    chat.send("2")
    chat.wait_until_ready()
    chat.page.get_by_role("link", name="Home").click()
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    expect(button(chat, "Inspect this chat")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_in_both_themes(new_context: Callable[..., BrowserContext], app: AppProcess, theme: str) -> None:
    context = new_context(viewport={"width": 390, "height": 844})
    chat = open_chat(context.new_page(), app, "websocket")
    chat.send("5")
    chat.wait_until_ready()  # Vizro has set its own theme by then
    chat.page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
    button(chat, "Inspect this chat").click()
    assert panel(chat).evaluate(WIDER_THAN_THE_SCREEN) == []
    for name in ("Pause", "Clear", "Copy", "Close the inspector"):
        expect(tool(chat, name)).to_be_in_viewport()
    colours = panel(chat).evaluate(
        "panel => { const style = getComputedStyle(panel); return [style.color, style.backgroundColor]; }"
    )
    lightness = [sum(map(int, colour.split("(")[1].rstrip(")").split(",")[:3])) for colour in colours]
    assert (lightness[0] < lightness[1]) == (theme == "light")
    chat.page.evaluate(AXE.read_text())
    assert chat.page.evaluate(VIOLATIONS) == []


def test_without_developer_tools_there_is_nothing_of_it(page: Page, plain_app: AppProcess, watch: Watch) -> None:
    page.goto(f"{plain_app.url}websocket")
    chat = ChatPage(page)
    chat.send("5")
    chat.wait_until_ready()
    page.reload()
    expect(chat.assistant_messages).to_contain_text("word4")
    expect(button(chat, "Inspect this chat")).to_have_count(0)
    expect(page.locator("[class*='inspector']")).to_have_count(0)
    assert not [url for url in watch.requests if "inspector" in url]


def test_what_a_page_without_developer_tools_carries_is_kept_by_nobody(
    context: BrowserContext, page: Page, plain_app: AppProcess
) -> None:
    """The browser itself counts the objects that there are of the class that keeps frames."""
    page.goto(f"{plain_app.url}websocket")
    chat = ChatPage(page)
    chat.send("20")
    chat.wait_until_ready()
    assert kept_frames(context, page) == 0


def test_the_count_of_kept_frames_finds_them(context: BrowserContext, page: Page, app: AppProcess) -> None:
    chat = open_chat(page, app, "websocket")
    chat.send("20")
    chat.wait_until_ready()
    assert kept_frames(context, page) > 20


def kept_frames(context: BrowserContext, page: Page) -> int:
    """Return how many objects of the page's memory are frames that were kept with their time."""
    devtools = context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    prototype = devtools.send("Runtime.evaluate", {"expression": "Object.prototype"})["result"]["objectId"]
    objects = devtools.send("Runtime.queryObjects", {"prototypeObjectId": prototype})["objects"]["objectId"]
    counted = devtools.send(
        "Runtime.callFunctionOn",
        {
            "objectId": objects,
            "functionDeclaration": """function () {
                const isKept = (each) => Object.hasOwn(each, "direction") && Object.hasOwn(each, "dateMs");
                return this.filter(each => { try { return isKept(each); } catch { return false; } }).length;
            }""",
            "returnByValue": True,
        },
    )
    count: int = counted["result"]["value"]
    return count
