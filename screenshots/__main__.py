"""Writes the pictures."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from screenshots.stage import SCREENS, THEMES, begin_in_theme, new_context
from screenshots.states import STATES, script
from vizro_ws_chat.testing import ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.browser import CHROMIUM_ARGUMENTS, find_chromium
from vizro_ws_chat.testing.chat_page import ChatPage

APP = Path(__file__).with_name("app.py")
IMAGES = Path(__file__).parents[1] / "docs" / "images"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m screenshots", description=__doc__)
    parser.add_argument("states", nargs="*", metavar="state", help=f"of {', '.join(STATES)}; default: all")
    names = parser.parse_args().states or list(STATES)
    if unknown := set(names) - set(STATES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    IMAGES.mkdir(exist_ok=True)
    folder = tempfile.TemporaryDirectory
    with ScriptedOpenAI() as upstream, sync_playwright() as playwright, folder() as uploads, folder() as kept:
        script(upstream)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        env = {
            "OPENAI_BASE_URL": upstream.base_url,
            "OPENAI_API_KEY": upstream.api_key,
            "VIZRO_WS_CHAT_UPLOAD_FOLDER": uploads,
            "PICTURES_HISTORY": f"sqlite:///{kept}/history.db",
        }
        with serve_development(APP, env=env) as app:
            for name, screen, theme in itertools.product(names, SCREENS, THEMES):
                take(browser, app.url, name, screen, theme)
        browser.close()


def take(browser: Browser, url: str, name: str, screen: str, theme: str) -> None:
    """Bring a chat into a state and take its picture."""
    with contextlib.closing(new_context(browser, screen)) as context:
        begin_in_theme(context, theme)
        page = context.new_page()
        page.goto(url)
        chat = ChatPage(page)
        expect(chat.send_button).to_have_accessible_name("Send message")
        STATES[name](chat)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        expect(page.locator(".progress-indicator")).to_be_hidden()
        path = IMAGES / f"{name}-{screen}-{theme}.png"
        page.screenshot(path=path, caret="hide", animations="disabled")
        print(path, flush=True)


if __name__ == "__main__":
    main()
