"""Answers that fail: what the user is told, what the log keeps, what never leaves the server, and Retry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, FaultProxy, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

DEADLINE = 10.0
SECRET = "planted-5f0c2b9e"
SENTENCE = "Something went wrong while answering."
# The SDK waits this long before it asks again, instead of up to 8 s.
QUICKLY = {"retry-after-ms": "1"}


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"PLANTED_SECRET": SECRET}


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> Iterator[ChatPage]:
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    with FaultProxy(app.url) as proxy:
        page.goto(f"{proxy.url}{request.param}")
        yield ChatPage(page)
        # Neither transport compresses, so what is on the wire can be searched: frames, events and everything else.
        wire = proxy.sent.decode(errors="replace")
    assert bool(frames) == (request.param == "websocket")
    assert '"type":"welcome"' in wire
    for text in (wire, "".join(frames), page.content()):
        assert SECRET not in text
        assert upstream.api_key not in text
        assert "Traceback (most recent call last)" not in text
        assert "Scripted error" not in text
    for secret in (SECRET, upstream.api_key):
        assert secret not in app.output


def expect_failure(chat: ChatPage, app: AppProcess, *, partial: str, cause: str, sentence: str = SENTENCE) -> None:
    """The user reads a sentence and a reference, under which the log has the traceback."""
    expect(chat.failures).to_have_count(1)
    expect(chat.failures).to_contain_text(sentence)
    expect(chat.retry_button).to_be_visible()
    assert not chat.is_generating
    if partial:
        expect(chat.assistant_messages).to_have_text(partial)
    else:
        expect(chat.assistant_messages).to_be_hidden()
    reference = chat.error_reference
    assert re.fullmatch(r"[0-9a-f]{8}", reference)
    assert app.wait_for_output(f"(reference {reference})", DEADLINE)
    entry = app.output.partition(f"(reference {reference})")[2]
    assert "Traceback (most recent call last)" in entry
    assert cause in entry


def expect_next_turn(chat: ChatPage, upstream: ScriptedOpenAI, *before: str) -> None:
    """The conversation goes on, with what came of the failed answer."""
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    chat.wait_until_ready()
    expect(chat.retry_button).to_have_count(0)
    assert [message["content"].strip() for message in upstream.requests[-1].messages] == [*before, "next"]


@pytest.mark.parametrize(
    ("question", "partial", "sentence", "cause"),
    [
        ("raise before", "", SENTENCE, "RuntimeError: The password is [redacted]"),
        ("raise in the middle", "What came", SENTENCE, "RuntimeError: The password is [redacted]"),
        ("yield a number", "What came", SENTENCE, "ChunkTypeError: generate_response yielded 'int'"),
        ("yield nothing", "", "No answer came back.", "NoTextError"),
        ("say why", "What came", "The sales data is being refreshed.", "UserFacingError"),
    ],
)
def test_action_fails(
    chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, question: str, partial: str, sentence: str, cause: str
) -> None:
    chat.send(question)
    expect_failure(chat, app, partial=partial, sentence=sentence, cause=cause)
    expect_next_turn(chat, upstream, *([question, partial] if partial else [question]))


@pytest.mark.parametrize(
    ("status", "attempts", "cause"),
    [(401, 1, "AuthenticationError"), (429, 3, "RateLimitError"), (500, 3, "InternalServerError")],
)
def test_model_refuses(
    chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, status: int, attempts: int, cause: str
) -> None:
    upstream.on("refuse", Scenario(status=status, headers=QUICKLY))
    known = len(upstream.requests)
    chat.send("refuse")
    expect_failure(chat, app, partial="", cause=f"openai.{cause}")
    assert len(upstream.requests) == known + attempts
    expect_next_turn(chat, upstream, "refuse")


@pytest.mark.parametrize(
    ("scenario", "cause"),
    [
        (Scenario(["What ", "came ", "not this"], drop_after=2, drop_by="reset"), "ReadError"),
        (Scenario(["What ", "came ", "not this"], drop_after=2, drop_by="close"), "RemoteProtocolError"),
        (Scenario(["What ", "came ", "not this"], error_after=2), "APIError"),
    ],
    ids=["reset", "close", "error-event"],
)
def test_model_fails_in_mid_answer(
    chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, scenario: Scenario, cause: str
) -> None:
    upstream.on("break off", scenario)
    known = len(upstream.requests)
    chat.send("break off")
    expect_failure(chat, app, partial="What came", cause=cause)
    assert len(upstream.requests) == known + 1
    expect_next_turn(chat, upstream, "break off", "What came")


def test_retry_asks_the_same_once_and_replaces_the_failed_answer(
    chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    upstream.on("begin", Scenario("First answer."))
    chat.send("begin")
    chat.wait_for_answer("First answer.")
    chat.wait_until_ready()
    gate = Gate()
    upstream.on(
        "fragile", Scenario(["Half", "rest"], error_after=1), Scenario(["Whole ", "answer."], hold_after={1: gate})
    )
    chat.send("fragile")
    expect(chat.failures).to_have_count(1)
    expect(chat.assistant_messages).to_have_text(["First answer.", "Half"])
    known = len(upstream.requests)
    chat.retry_button.dblclick()
    expect(chat.assistant_messages).to_have_text(["First answer.", "Whole"])
    expect(chat.failures).to_have_count(0)
    expect(chat.user_messages).to_have_text(["begin", "fragile"])
    gate.release()
    expect(chat.assistant_messages).to_have_text(["First answer.", "Whole answer."])
    chat.wait_until_ready()
    assert len(upstream.requests) == known + 1
    assert upstream.requests[-1].messages == upstream.requests[-2].messages
    expect_next_turn(chat, upstream, "begin", "First answer.", "fragile", "Whole answer.")


def test_retry_can_fail_again(chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    upstream.on("stay broken", Scenario(["One", "rest"], error_after=1), Scenario(["Two", "rest"], error_after=1))
    chat.send("stay broken")
    expect(chat.assistant_messages).to_have_text("One")
    expect(chat.failures).to_have_count(1)
    first = chat.error_reference
    chat.retry()
    expect(chat.assistant_messages).to_have_text("Two")
    expect_failure(chat, app, partial="Two", cause="APIError")
    assert chat.error_reference != first
