"""The same in a real browser: whatever becomes of its connections, the page has every answer, whole and once."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from soak.answers import Question, answer_chunks
from soak.arena import CHATS, Arena
from soak.weather import fault_of
from vizro_ws_chat.testing import FaultProxy
from vizro_ws_chat.testing.browser import CHROMIUM_ARGUMENTS, find_chromium
from vizro_ws_chat.testing.chat_page import ChatPage
from vizro_ws_chat.testing.faults import Fault, Opening

SETTINGS: dict[str, object] = {"heartbeat_seconds": 1.0, "dead_seconds": 3.0}
"""All else is as it is by default: users come back within the grace time."""

_TURNS = 5
_CHUNKS, _PAUSE_MS = 120, 6
_PATIENCE_SECONDS = 90.0
_RELOADED_SHARE, _CUT_SHARE = 0.2, 0.7


@dataclass
class Paged:
    """What came of it.

    Attributes:
        turns: Answers that were read.
        reloads: Of them, how many pages were reloaded in mid answer.
        faults: How often the network failed them: each connection of a chat has a fault, and some answers are cut.
        findings: What was wrong.
    """

    turns: int = 0
    reloads: int = 0
    faults: int = 0
    findings: list[str] = field(default_factory=list)


def read_in_browser(arena: Arena, *, turns: int, seed: int) -> Paged:
    """Let a user in Chromium ask so many questions, a few on each page.

    Args:
        arena: Where.
        turns: How many questions.
        seed: Decides what is asked and what the network does.
    """
    paged = Paged()

    def plan(opening: Opening) -> Fault | None:
        if "/_vizro_ws_chat/" not in opening.path:
            return None
        chance = random.Random(f"{seed} {opening.number}")
        fault = None
        while fault is None:
            fault = fault_of(chance, is_websocket=opening.is_websocket)
        paged.faults += 1
        return fault

    with sync_playwright() as playwright, FaultProxy(arena.server.url, plan=plan, record=False) as proxy:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        for number in range(-(-turns // _TURNS)):
            chance = random.Random(f"{seed} page {number}")
            _read_page(browser, proxy, chance, min(_TURNS, turns - paged.turns), paged)
        browser.close()
    calls = arena.calls()
    paged.findings += [f"run {run} was executed {count} times" for run, count in calls.items() if count != 1]
    if calls.total() != paged.turns:
        paged.findings.append(f"{calls.total()} runs for {paged.turns} questions")
    return paged


def _read_page(browser: Browser, proxy: FaultProxy, chance: random.Random, turns: int, paged: Paged) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(proxy.url)
    name = chance.choice(CHATS)
    chat = ChatPage(page, name, timeout=_PATIENCE_SECONDS)
    chat.input.wait_for()
    contents: list[str] = []
    for _ in range(turns):
        question = Question(chance.randrange(1_000_000), _CHUNKS, _PAUSE_MS).text
        chat.send(question)
        if chance.random() < _CUT_SHARE:
            page.wait_for_timeout(chance.randrange(800))
            proxy.cut(reset=chance.random() < 0.5)
            paged.faults += 1
        if chance.random() < _RELOADED_SHARE:
            page.wait_for_timeout(chance.randrange(1_000))
            page.reload()
            paged.reloads += 1
        paged.turns += 1
        contents += [question, "".join(answer_chunks([*contents, question]))]
        _check(page, chat, name, contents, paged)
    context.close()


def _check(page: Page, chat: ChatPage, name: str, contents: list[str], paged: Paged) -> None:
    """Compare what the page keeps, once it has all of it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (kept := _kept(page, name)) != contents and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    if kept != contents:
        paged.findings.append(f"{name}: the page has {kept!r} and not {contents!r}")
    if texts := [*chat.failures.all_inner_texts(), *chat.stopped_notes.all_inner_texts()]:
        paged.findings.append(f"{name}: the page says {texts}")


def _kept(page: Page, name: str) -> list[str]:
    """Return the texts of a chat's messages that are complete, as its session storage has them."""
    stored: list[str] = page.evaluate(
        "name => Object.keys(sessionStorage).filter((key) => key.includes(` ${name}\\n`))"
        ".map((key) => sessionStorage[key])",
        name,
    )
    messages: list[dict[str, Any]] = sorted(map(json.loads, stored), key=lambda message: message["order"])
    return [message["content"] for message in messages if message["status"] == "done"]
