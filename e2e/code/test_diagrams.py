"""Diagrams are drawn where they can do no harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]

# Loading three megabytes and, for a diagram that waits for what it may not have, running into the deadline of 10 s.
DRAWN_MS = 30_000

DIAGRAM = "```mermaid\nflowchart LR\n  accTitle: How it goes\n  A[Load] --> B{Clean?}\n  B --> C[Plot]\n```\n"
# Everything in it that might call somewhere: HTML in labels, links, images, styles, fonts.
HOSTILE = """```mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true},
  "themeCSS": "@import url(http://elsewhere.invalid/a.css); * { background: url(http://elsewhere.invalid/b.png) }",
  "fontFamily": "x; src: url(http://elsewhere.invalid/c.woff2)"}}%%
flowchart LR
  A["<img src='http://elsewhere.invalid/d.png' onerror='parent.hacked=1'><script>parent.hacked=1</script>"] --> B
  click B call alert() "x"
  click A href "javascript:parent.hacked=1" _top
  C@{ img: "http://elsewhere.invalid/e.png", label: "f" }
  style B fill:url(http://elsewhere.invalid/g.svg)
```
"""


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


def test_diagram_can_neither_call_anywhere_nor_reach_the_page(show: Show, page: Page, watch: Any) -> None:
    # What is kept from loading is told in the console.
    watch.expect("Content Security Policy")
    chat = show(HOSTILE + "\n" + DIAGRAM)
    # The second is drawn after the first, by the same frame: what the first had in mind would have been done by then.
    expect(chat.assistant_messages.get_by_role("img", name="How it goes")).to_be_visible(timeout=DRAWN_MS)
    page.wait_for_load_state("networkidle")
    assert not any("elsewhere" in url for url in watch.requests if not url.startswith("data:"))
    assert page.evaluate("window.hacked") is None
