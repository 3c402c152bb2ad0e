"""axe finds nothing to complain about, in any state, theme and screen; icon buttons have names and tooltips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from screenshots.stage import SCREENS, THEMES, new_context, show_theme
from screenshots.states import STATES, script
from vizro_ws_chat.testing import AppProcess, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

ROOT = Path(__file__).parents[2]
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
# The chat alone: Vizro's frame around it is not ours. "Incomplete" is what axe wants a person to look at.
VIOLATIONS = """async selector => {
    const { violations } = await axe.run(selector);
    return violations.map(({ id, impact, nodes }) =>
        [id, impact, ...nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`)]);
}"""

# Buttons without a word on them that can be seen, and lack a name for screen readers or a tooltip for everybody else;
# those of Plotly have tooltips of their own.
NAMELESS = """selector => [...document.querySelectorAll(`${selector} button:not(.js-plotly-plot *)`)]
    .filter(button => button.checkVisibility() && button.innerText.trim() === "")
    .filter(button => !button.getAttribute("aria-label") || button.title !== button.getAttribute("aria-label"))
    .map(button => button.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def app_path() -> Path:
    return ROOT / "screenshots" / "app.py"


@pytest.fixture(scope="module")
def app_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "VIZRO_WS_CHAT_UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
        "PICTURES_HISTORY": f"sqlite:///{tmp_path_factory.mktemp('history') / 'history.db'}",
    }


@pytest.fixture(scope="module", autouse=True)
def scripted(upstream: ScriptedOpenAI) -> None:
    script(upstream)


@pytest.fixture(params=SCREENS)
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = new_context(browser, request.param)
    yield context
    context.close()


@pytest.mark.parametrize("enter", STATES.values(), ids=STATES)
def test_axe_finds_nothing(context: BrowserContext, app: AppProcess, enter: Callable[[ChatPage], None]) -> None:
    page = context.new_page()
    page.goto(app.url)
    chat = ChatPage(page)
    enter(chat)
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = {}
    for theme in THEMES:
        show_theme(page, theme)
        found[theme] = page.evaluate(VIOLATIONS, "[data-vizro-ws-chat]")
    assert not any(found.values()), found
    assert page.locator("[data-vizro-ws-chat] button[title]").count() > 0
    assert page.evaluate(NAMELESS, "[data-vizro-ws-chat]") == []
