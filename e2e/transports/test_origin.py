"""A page of another site gets nothing of the chat: no socket, no answer, no call of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI

if TYPE_CHECKING:
    from e2e.conftest import Watch

# What an attacker's page would run: the socket and each kind of POST that a page can send.
ATTACK = """async ([base, run]) => {
    const hello = {type: "hello", v: 1, chat: "auto", resume: []};
    const send = (suffix) => ({type: "send", run: run + suffix, parent: null, text: "attack " + suffix});
    const body = (suffix) => JSON.stringify([hello, send(suffix)]);
    const overSocket = () => new Promise((done) => {
        const seen = [];
        const socket = new WebSocket(base.replace("http", "ws") + "ws?chat=auto&attempt=1");
        socket.onopen = () => { seen.push("open"); socket.send(body("socket")); };
        socket.onmessage = (message) => {
            seen.push(message.data);
            if (message.data.includes("finish")) { socket.close(); }
        };
        socket.onclose = () => done(seen.join(""));
    });
    const post = (suffix, options) => fetch(base + "stream", {method: "POST", body: body(suffix), ...options})
        .then((response) => response.text(), () => "");
    return {
        socket: await overSocket(),
        json: await post("json", {headers: {"Content-Type": "application/json", "X-Vizro-WS-Chat": "1"}}),
        form: await post("form", {mode: "no-cors", headers: {"Content-Type": "text/plain"}}),
    };
}"""


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"BASE_PATH": "/"}


def attack(page: Page, app: AppProcess, run: str) -> dict[str, Any]:
    result: dict[str, Any] = page.evaluate(ATTACK, [f"{app.url}_vizro_ws_chat/", run])
    return result


def test_page_of_another_origin_is_refused(page: Page, app: AppProcess, upstream: ScriptedOpenAI, watch: Watch) -> None:
    watch.expect("WebSocket connection|CORS policy|ERR_FAILED|403|favicon")
    upstream.on("attack", Scenario(["Your data."]))
    page.goto(f"{upstream.base_url}/models")  # the same host, but another port: another origin
    assert attack(page, app, "a" * 32) == {"socket": "", "json": "", "form": ""}
    assert upstream.requests == []


def test_the_same_requests_are_answered_on_the_own_page(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, watch: Watch
) -> None:
    """Without this, the other test would pass for any mistake in its requests."""
    watch.expect("403")
    upstream.on("attack", Scenario(["Your data."]))
    page.goto(app.url)
    result = attack(page, app, "b" * 32)
    assert "Your data." in result["socket"]
    assert "Your data." in result["json"]
    assert "forbidden" in result["form"]
