"""An answer that tries everything in a real browser: nothing runs, nothing is fetched, the page stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Dialog, Page, Request, expect

from e2e.hostile.payloads import EVIL, PAYLOADS, PIECES
from tests.waiting import wait_until
from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

_PER_ANSWER = 50
MADE_UP = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=30).map("".join)
ANSWERS = [PAYLOADS[start : start + _PER_ANSWER] for start in range(0, len(PAYLOADS), _PER_ANSWER)]
# What the conversation holds that could still do harm when it is clicked, or takes a name of the page.
LEFT = """root => {
    const found = [];
    for (const element of root.querySelectorAll("*")) {
        const { localName } = element;
        if (["script", "iframe", "object", "embed", "form", "style", "link", "meta", "base"].includes(localName)) {
            found.push(element.outerHTML);
        }
        for (const { name, value } of element.attributes) {
            if (name.startsWith("on") || (name === "style" && value.includes("url("))) found.push(element.outerHTML);
            if (name === "href" && localName === "a") {
                const { protocol, origin } = new URL(value, location.href);
                const isSafe = ["http:", "https:", "mailto:"].includes(protocol);
                if (!isSafe || (origin !== location.origin && element.rel !== "noopener noreferrer")) {
                    found.push(element.outerHTML);
                }
            }
        }
    }
    return found;
}"""


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture
def attacks(page: Page, app: AppProcess) -> list[str]:
    """What an attack has reached: it is to stay empty."""
    reached: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        reached.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if EVIL in (urlsplit(request.url).hostname or ""):
            reached.append(f"request: {request.url}")

    page.expose_function("attack", lambda _: reached.append("a script ran"))
    page.on("dialog", on_dialog)
    page.context.on("request", on_request)
    page.on("popup", lambda popup: reached.append(f"popup: {popup.url}"))
    page.goto(app.url)
    return reached


def test_there_are_hundreds_of_them() -> None:
    assert len(set(PAYLOADS)) >= 200


@pytest.mark.parametrize("payloads", ANSWERS, ids=range(len(ANSWERS)))
def test_nothing_runs_and_nothing_is_fetched(
    payloads: list[str], attacks: list[str], page: Page, upstream: ScriptedOpenAI, watch: Any
) -> None:
    watch.expect("Content Security Policy|net::ERR")  # of the frame without an origin, where diagrams are drawn
    text = "\n\n".join([*payloads, "The end."])
    # In pieces, so that what is unfinished is shown too.
    upstream.on("attack", Scenario([text[start : start + 40] for start in range(0, len(text), 40)]))
    chat = ChatPage(page)
    chat.send("attack")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer).to_contain_text("The end.")
    diagrams = text.count("```mermaid")
    if diagrams:
        expect(answer.locator(".chat-diagram-figure:visible, .chat-diagram-note:visible").first).to_be_visible()
    # Each link is pointed at, as a reader would.
    for link in answer.locator("a:visible").all()[:20]:
        link.hover()
    assert answer.evaluate(LEFT) == []
    assert page.locator("#react-entry-point").count() == 1
    page.reload()
    expect(chat.assistant_messages).to_contain_text("The end.")
    assert chat.assistant_messages.evaluate(LEFT) == []
    assert attacks == []


@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(texts=st.lists(MADE_UP, min_size=120, max_size=120))
def test_nothing_comes_of_what_chance_makes_up(
    texts: list[str], attacks: list[str], page: Page, upstream: ScriptedOpenAI, watch: Any
) -> None:
    watch.expect("Content Security Policy|net::ERR")
    text = "\n\n".join([*texts, "The end."])
    upstream.on("made up", Scenario([text[start : start + 100] for start in range(0, len(text), 100)]))
    chat = ChatPage(page)
    chat.send("made up")
    chat.wait_until_ready()
    answer = chat.assistant_messages.last
    expect(answer).to_contain_text("The end.")
    assert answer.evaluate(LEFT) == []
    assert attacks == []


def test_a_formula_neither_covers_what_is_beside_it_nor_ends_the_tab(
    attacks: list[str], page: Page, upstream: ScriptedOpenAI
) -> None:
    cover = r"$\llap{\colorbox{red}{\textcolor{red}{xxxxxxxxxxxxxxx}}}$"
    deep = "$" + r"\sqrt{" * 200 + "x" + "}" * 200 + "$"
    upstream.on("formulas", Scenario([f"[bank.example](https://{EVIL}) {cover} and {deep} end."]))
    chat = ChatPage(page)
    chat.send("formulas")
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".chat-math .katex-html")).to_have_count(1)
    expect(chat.assistant_messages).to_contain_text("end.")
    host = chat.assistant_messages.locator(".chat-link-host")
    expect(host).to_have_text(f"({EVIL})")
    is_on_top = """host => {
        const { left, top, width, height } = host.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) === host;
    }"""
    assert host.evaluate(is_on_top)


def test_an_attack_that_succeeds_is_found(attacks: list[str], page: Page, watch: Any) -> None:
    watch.expect("net::ERR|a request left the machine")
    page.locator("body").evaluate(
        f"body => body.insertAdjacentHTML('beforeend', '<img src=x onerror=attack(1)><img src=//{EVIL}/x>')"
    )
    wait_until(lambda: page.evaluate("1") and len(attacks) == 2)
    assert sorted(attack.partition(":")[0] for attack in attacks) == ["a script ran", "request"]
