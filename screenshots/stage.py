"""Where the states are shown: screens and themes."""

from __future__ import annotations

import datetime
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# Playwright's options of a browser context.
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
THEMES = ("light", "dark")
NOW = datetime.datetime(2026, 3, 2, 9, 41, tzinfo=datetime.UTC)


def new_context(browser: Browser, screen: str) -> BrowserContext:
    """A browser whose pages look the same each time: the clock stands, and nothing moves."""
    context = browser.new_context(
        **SCREENS[screen], reduced_motion="reduce", locale="en-GB", timezone_id="Europe/London"
    )
    context.clock.set_fixed_time(NOW)
    return context


def begin_in_theme(context: BrowserContext, theme: str) -> None:
    """Open pages in a theme, also after a reload: as if Vizro's own switch had been used, which remembers it."""
    is_light = str(theme == "light").lower()
    context.add_init_script(f"sessionStorage.setItem('theme-selector', '{is_light}')")


def show_theme(page: Page, theme: str) -> None:
    """Switch the dashboard's theme, as Vizro's own switch does."""
    page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
