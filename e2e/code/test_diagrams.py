"""Diagrams are drawn where they can do no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]

# Loading three megabytes and, for a diagram that waits for what it may not have, running into the deadline of 10 s.
DRAWN_MS = 30_000

DIAGRAM = "```mermaid\nflowchart LR\n  accTitle: How it goes\n  A[Load] --> B{Clean?}\n  B --> C[Plot]\n```\n"
# Everything that might call somewhere: HTML in labels, links, styles, fonts, configurations.
HOSTILE = """```mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true},
  "themeCSS": "@import url(ELSEWHERE/a.css); * { background: url(ELSEWHERE/b.png) }",
  "fontFamily": "x; src: url(ELSEWHERE/c.woff2)"}}%%
flowchart LR
  A["<img src='ELSEWHERE/d.png' onerror='parent.hacked=1'><script>parent.hacked=1</script>"] --> B
  click B call alert() "x"
  click A href "javascript:parent.hacked=1" _top
```

```mermaid
---
config:
  securityLevel: loose
  htmlLabels: true
  themeCSS: "@import url(ELSEWHERE/h.css);"
  themeVariables:
    primaryColor: "url(ELSEWHERE/i.svg)"
    fontFamily: "x; src: url(ELSEWHERE/j.woff2)"
---
flowchart LR
  A["<meta http-equiv='refresh' content='0;url=ELSEWHERE/k'>a"] --> B["<iframe src='ELSEWHERE/l'></iframe>b"]
  B --> C["<a href='javascript:parent.hacked=1' ping='ELSEWHERE/m'>c</a>"]
```
"""


# Without its picture this can't be drawn.
WAITING = '```mermaid\nflowchart LR\n  C@{ img: "ELSEWHERE/e.png", label: "f" }\n```\n'


class Elsewhere(ThreadingHTTPServer):
    """Another machine, as far as a browser can tell. It knows for sure who has called."""

    daemon_threads = True

    def __init__(self) -> None:
        self.paths: list[str] = []
        paths = self.paths

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_diagram_is_drawn_when_it_is_complete(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, watch: Any
) -> None:
    gate = Gate()
    upstream.on("draw", Scenario([DIAGRAM[:40], DIAGRAM[40:]], hold_after={1: gate}))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("draw")
    expect(chat.assistant_messages.locator("pre")).to_contain_text("flowchart")
    assert not any("/diagrams." in url for url in watch.requests)
    gate.release()
    image = chat.assistant_messages.get_by_role("img")
    expect(image).to_be_visible(timeout=DRAWN_MS)
    expect(image).to_have_attribute("alt", "Diagram: How it goes")
    assert image.evaluate("image => image.naturalWidth") > 200
    expect(chat.assistant_messages.locator("pre")).to_be_hidden()
    chat.assistant_messages.get_by_role("button", name="Show source").click()
    expect(chat.assistant_messages.locator("pre")).to_be_visible()
    chat.assistant_messages.get_by_role("button", name="Show diagram").click()
    expect(image).to_be_visible()


def test_diagram_follows_the_theme(show: Show, page: Page) -> None:
    image = show(DIAGRAM).assistant_messages.get_by_role("img")
    expect(image).to_be_visible(timeout=DRAWN_MS)
    source = str(image.get_attribute("src"))
    page.locator("#theme-toggle").click()
    expect(image).not_to_have_attribute("src", source)
    page.locator("#theme-toggle").click()
    expect(image).to_have_attribute("src", source)


def test_what_is_no_diagram_shows_its_source(show: Show) -> None:
    chat = show("```mermaid\nflowchart nonsense [\n```\n\n" + DIAGRAM)
    expect(chat.assistant_messages.get_by_role("img")).to_have_count(1, timeout=DRAWN_MS)
    expect(chat.assistant_messages.locator(".chat-diagram-note:visible")).to_have_count(1)
    expect(chat.assistant_messages.locator("pre").first).to_have_text("flowchart nonsense [")


def test_diagram_can_neither_call_anywhere_nor_reach_the_page(
    show: Show, page: Page, watch: Any, elsewhere: Elsewhere
) -> None:
    # What is kept from loading is told in the console.
    watch.expect("Content Security Policy")
    chat = show((HOSTILE + "\n" + WAITING).replace("ELSEWHERE", elsewhere.url) + "\n" + DIAGRAM)
    # The last is drawn after the others: what they had in mind would have been done by then.
    expect(chat.assistant_messages.get_by_role("img", name="How it goes")).to_be_visible(timeout=DRAWN_MS)
    # Those that are drawn are no less hostile as images.
    images = chat.assistant_messages.get_by_role("img")
    expect(images).to_have_count(3)
    for image in images.all():
        image.evaluate("image => image.decode()")
    # Asked there and not of the browser, which does not always tell of what a frame without an origin loads.
    assert elsewhere.paths == []
    assert page.evaluate("window.hacked") is None
    # It would have noticed:
    urlopen(f"{elsewhere.url}/a.css").close()
    assert elsewhere.paths == ["/a.css"]
