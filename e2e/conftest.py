"""Fixtures for tests in a real browser: an app in a process of its own, a scripted model, a watched page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from vizro_ws_chat.testing import AppProcess, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.browser import CHROMIUM_ARGUMENTS, find_chromium

WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)
# Vizro hides its navigation on anything much smaller.
VIEWPORT = {"width": 1280, "height": 800}


class Watch:
    """Collects what must not happen on a page: requests to other machines, errors in the console, uncaught errors."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self._problems: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Let a console error pass that a test provokes on purpose."""
        self._expected.append(pattern)

    def attach(self, context: BrowserContext) -> None:
        """Begin to watch every page of a context."""
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._problems.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._on_url(socket.url)))

    def problems(self) -> list[str]:
        """Return what happened and was not expected."""
        return [problem for problem in self._problems if not any(re.search(known, problem) for known in self._expected)]

    def _on_request(self, request: Request) -> None:
        self._on_url(request.url)

    def _on_url(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self._problems.append(f"a request left the machine: {url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._problems.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def app_path(request: pytest.FixtureRequest) -> Path:
    """The app of a case: `app.py` beside its tests. A module may override this."""
    return Path(request.path).parent / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    """Environment variables of the app. A module may override this."""
    return {}


@pytest.fixture(scope="module")
def app(app_path: Path, app_env: dict[str, str], upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key, **app_env}
    with serve_development(app_path, env=env) as process:
        yield process


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def new_context(browser: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts, each like a browser of its own. The test may close them itself."""
    contexts: list[BrowserContext] = []

    def new_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": VIEWPORT, **options})
        context.set_default_timeout(WAIT_MS)
        watch.attach(context)
        contexts.append(context)
        return context

    yield new_context
    for context in contexts:
        context.close()
    assert not watch.problems()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
