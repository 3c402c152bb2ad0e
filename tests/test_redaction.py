"""What looks like a secret does not get into the log, whoever wrote it into an exception."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path

import pytest

import vizro_ws_chat
from vizro_ws_chat.redaction import REDACTED, redact, redacted_logger, withhold_also, withholding

PACKAGE = Path(vizro_ws_chat.__file__).parent
SECRET = "Zq7xVt-93_kLwPmR"


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: sk-{SECRET}.",
        f"sk-proj-{SECRET}",
        f"ghp_{SECRET}",
        f"AKIA{SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"headers={{'Authorization': 'Bearer {SECRET}', 'x': 'y'}}",
        f"headers={{'authorization': 'Basic {SECRET}'}}",
        f"Authorization: {SECRET}",
        f'{{"api_key": "{SECRET}"}}',
        f'{{"apiKey": "two words {SECRET}"}}',
        f"OpenAI(api_key='{SECRET}')",
        f"https://host/path?token={SECRET}&next=1",
        f"could not connect to redis://:{SECRET}@10.0.0.1:6379/0",
        f"postgresql+psycopg://ada:{SECRET}@db/sales",
        f"Cookie: theme=dark; session={SECRET}; x={SECRET}",
        f"{{'Cookie': 'theme=dark; session={SECRET}'}}",
        f"{'x' * 40}postgresql://ada:{SECRET}@db/sales",
        f"password = {SECRET}",
        f"AWS_SECRET_ACCESS_KEY={SECRET}",
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.c2lnbmF0dXJlLW9mLWl0",
    ],
)
def test_a_secret_is_taken_out(text: str) -> None:
    redacted = redact(f"before {text} after")
    assert SECRET not in redacted
    assert REDACTED in redacted
    assert redacted.startswith("before ")


@pytest.mark.parametrize(
    "text",
    [
        'File "/srv/app.py", line 3, in generate_response\n    yield from answer(max_tokens=100)',
        "KeyError: 'token'",
        "the basic idea; a bearer of news",
        "https://host:8050/path?next=1",
        "mailto:ada@host",
        "Rate limit reached: 30000 tokens per minute",
        "desk-lamps and risk-taking",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("piece", ["a.", "a+", "-eyJ", "eyJa.a-", "token", "cookie: ", "bearer ", "a://"])
def test_a_text_that_was_made_to_be_slow_is_not(piece: str) -> None:
    """The time that it takes grows with its length: with the square of that it would take hours."""
    text = piece * (2_000_000 // len(piece))
    assert len(redact(text)) > 0


def test_the_environment_tells_what_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SERVICE_KEY", "plain-words")
    monkeypatch.setenv("db_password", "other-words")
    monkeypatch.setenv("SOME_TOKEN", "short")
    monkeypatch.setenv("SOME_HOST", "public-words")
    assert redact("plain-words other-words short public-words") == f"{REDACTED} {REDACTED} short public-words"


@pytest.mark.parametrize(
    "prompt", ["My salary is 50,000", 'a "quoted"\nprompt\twith \\', 'Die "Größe"\nder Firma', "Wie groß? 数字 😀 it's"]
)
def test_what_is_withheld_is_found_in_any_form(prompt: str) -> None:
    quoted = [
        prompt,
        repr(prompt),
        repr({"content": prompt}),
        json.dumps([prompt]),
        json.dumps(prompt, ensure_ascii=False),
    ]
    for form in quoted:
        redacted = redact(f"Bad request: {form}", [prompt])
        assert REDACTED in redacted
        assert prompt[-8:] not in redacted
        assert repr(prompt)[-9:-1] not in redacted


def test_short_words_are_not_withheld() -> None:
    assert redact("the end of the line", ["the", " " * 9, ""]) == "the end of the line"


def test_the_longest_goes_first() -> None:
    assert redact("one two three four", ["one two three", "one two three four"]) == REDACTED


class TestLogger:
    def test_messages_and_tracebacks_are_redacted(self, caplog: pytest.LogCaptureFixture) -> None:
        def fail() -> None:
            cause = KeyError(f"password={SECRET}")
            cause.add_note("asked: my own prompt")
            raise ValueError(f"sk-{SECRET}") from cause

        logger = redacted_logger("tests.redaction")
        with withholding(["my own prompt"]), caplog.at_level(logging.DEBUG):
            try:
                fail()
            except ValueError:
                logger.exception("Failed for %s with %s", "my own prompt", f"token={SECRET}")
        assert SECRET not in caplog.text
        assert "my own prompt" not in caplog.text
        assert "in fail" in caplog.text
        assert "KeyError" in caplog.text

    def test_withheld_is_only_meanwhile(self, caplog: pytest.LogCaptureFixture) -> None:
        logger = redacted_logger("tests.redaction")
        with withholding(["outer words"]):
            with withholding(["inner words"]):
                pass
            logger.warning("outer words, inner words")
        logger.warning("outer words again")
        assert caplog.messages == [f"{REDACTED}, inner words", "outer words again"]

    def test_more_may_be_withheld_until_the_end(self, caplog: pytest.LogCaptureFixture) -> None:
        logger = redacted_logger("tests.redaction")
        with withholding(["outer words"]):
            withhold_also(["more words"])
            logger.warning("outer words, more words")
        logger.warning("more words again")
        assert caplog.messages == [f"{REDACTED}, {REDACTED}", "more words again"]

    def test_other_messages_keep_their_form(self, caplog: pytest.LogCaptureFixture) -> None:
        redacted_logger("tests.redaction").warning("%s of %s", 1, 2)
        [record] = caplog.records
        assert (record.msg, record.args) == ("%s of %s", (1, 2))


def test_every_logger_of_the_package_redacts() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name == "redaction.py" or "testing" in path.relative_to(PACKAGE).parts:
            continue
        calls = [
            node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ]
        made = {call.attr for call in calls if isinstance(call, ast.Attribute)}
        assert not made & {"getLogger", "print_exc", "print_exception"}, path
