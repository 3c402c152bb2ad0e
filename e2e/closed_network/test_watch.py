"""The watch over all of these tests sees what it is there to see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def watched_page(browser: Browser, watch: Any) -> Iterator[Page]:
    """Watched as every page is, but what was seen is left to the test."""
    context = browser.new_context()
    watch.attach(context)
    # Nothing leaves the machine, not even here.
    context.route("**/*", lambda route: route.fulfill(body="<p>Answered by the test.", content_type="text/html"))
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("event", "load"),
    [
        ("request", "document.body.append(Object.assign(new Image(), {src: URL}))"),
        ("request", "fetch(URL, {mode: 'no-cors'})"),
        ("request", "document.body.append(Object.assign(document.createElement('script'), {src: URL}))"),
        (
            "request",
            "document.body.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: URL}))",
        ),
        ("websocket", "new WebSocket(URL.replace('http', 'ws'))"),
    ],
)
def test_request_to_another_machine_is_a_problem(watched_page: Page, watch: Any, event: Any, load: str) -> None:
    watched_page.goto("http://localhost/")
    expect(watched_page.locator("p")).to_be_visible()
    assert not watch.problems()
    with watched_page.expect_event(event):
        watched_page.evaluate(f"URL => {{ {load} }}", "http://elsewhere.invalid/asset")
    assert any("left the machine" in problem for problem in watch.problems())


def test_errors_are_problems(watched_page: Page, watch: Any) -> None:
    watched_page.goto("http://localhost/")
    with watched_page.expect_console_message():
        watched_page.evaluate("console.error('went wrong')")
    with watched_page.context.expect_event("weberror"):
        watched_page.evaluate("setTimeout(() => { throw new Error('was not caught') })")
    console, uncaught = watch.problems()
    assert "went wrong" in console
    assert "was not caught" in uncaught
    watch.expect("went wrong")
    assert watch.problems() == [uncaught]
