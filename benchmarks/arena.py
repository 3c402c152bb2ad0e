"""What the benchmarks run on: a scripted model, our app, the peer's app and one Chromium."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.tab import Tab
from vizro_ws_chat.testing import AppProcess, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.browser import CHROMIUM_ARGUMENTS, find_chromium

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "openai_streaming" / "app.py"
RECITING_APP = Path(__file__).with_name("apps") / "recital.py"
# Names other than the loopback's fail at once: the peer loads its icons from another host, and must neither wait for
# them nor be slowed by interception of its requests.
ARGUMENTS = [*CHROMIUM_ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@dataclass(frozen=True)
class Contestant:
    """One of the two apps, with a browser profile of its own."""

    name: str
    app: AppProcess
    context: BrowserContext

    @contextlib.contextmanager
    def tab(self, url: str | None = None) -> Iterator[Tab]:
        """Open the chat in a new tab, which begins a new conversation.

        Args:
            url: Another address than the app's own, such as a proxy's.
        """
        page = self.context.new_page()
        try:
            page.goto(url or self.app.url)
            yield Tab(page)
        finally:
            page.close()


@dataclass(frozen=True)
class Arena:
    """Everything a benchmark needs."""

    upstream: ScriptedOpenAI
    browser: Browser
    ours: Contestant
    peer: Contestant

    @property
    def contestants(self) -> tuple[Contestant, Contestant]:
        """Both, to be measured in turns."""
        return self.ours, self.peer


@contextlib.contextmanager
def open_arena() -> Iterator[Arena]:
    """Start everything, and end it."""
    with contextlib.ExitStack() as stack:
        upstream = stack.enter_context(ScriptedOpenAI())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        stack.callback(browser.close)
        ours, peer = stack.enter_context(open_contestants(browser, EXAMPLE, app_environment(upstream)))
        yield Arena(upstream, browser, ours, peer)


@contextlib.contextmanager
def open_contestants(browser: Browser, path: Path, env: Mapping[str, str]) -> Iterator[tuple[Contestant, Contestant]]:
    """Start an app and the same app with the peer's import: ours, and the peer's."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))

        def contestant(name: str, app_path: Path) -> Contestant:
            app = stack.enter_context(serve_development(app_path, env=env))
            return Contestant(name, app, stack.enter_context(contextlib.closing(new_context(browser))))

        yield contestant("ours", path), contestant("peer", write_peer_app(path, folder))


def open_reciters(arena: Arena) -> AbstractContextManager[tuple[Contestant, Contestant]]:
    """Start the reciting app, ours and the peer's."""
    return open_contestants(arena.browser, RECITING_APP, {"PYTHONPATH": str(ROOT)})


def app_environment(upstream: ScriptedOpenAI) -> dict[str, str]:
    """The environment in which an app's OpenAI package talks to the scripted model."""
    return {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}


def new_context(browser: Browser) -> BrowserContext:
    """A browser profile whose pages hold the probe."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(90_000)
    context.add_init_script(path=Path(__file__).with_name("probe.js"))
    return context


def write_peer_app(path: Path, folder: Path) -> Path:
    """Write the same app with the peer's import."""
    written = folder / f"peer_{path.name}"
    written.write_text(path.read_text().replace("from vizro_ws_chat import", "from vizro_experimental.chat import"))
    return written
