import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from math import nan
from typing import Any

import pytest

from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.redaction import redacted_logger, withholding
from vizro_ws_chat.telemetry import JsonFormatter, RunFilter

PROMPT = "What is our revenue in June?"


class Output:
    """What an operator's handler writes."""

    def __init__(self) -> None:
        self._stream = StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(JsonFormatter())

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def author(output: Output) -> Iterator[logging.Logger]:
    logger = logging.getLogger("an.author")
    logger.setLevel(logging.INFO)
    logger.addHandler(output.handler)
    yield logger
    logger.removeHandler(output.handler)
    logger.setLevel(logging.NOTSET)


def fail(text: str) -> None:
    raise RuntimeError(text)


def test_a_record_is_one_line(output: Output, author: logging.Logger) -> None:
    author.warning("Two\nlines of %s", "text")
    [line] = output.lines
    assert {**line, "time": ""} == {
        "time": "",
        "level": "WARNING",
        "logger": "an.author",
        "message": "Two\nlines of text",
    }
    assert line["time"].endswith("+00:00")


def test_it_says_which_run_it_is_about(output: Output, author: logging.Logger) -> None:
    with log_fields({"run_id": "a run", "chat": "chat", "transport": "sse"}):
        author.info("It is so")
    [line] = output.lines
    assert (line["run_id"], line["chat"], line["transport"]) == ("a run", "chat", "sse")


def test_fields_that_do_not_apply_are_left_out_whatever_else_looks_at_the_record(
    output: Output, author: logging.Logger
) -> None:
    output.handler.addFilter(RunFilter())
    author.info("It is so")
    assert output.lines[0].keys() == {"time", "level", "logger", "message"}


def test_exceptions_and_stacks(output: Output, author: logging.Logger) -> None:
    try:
        fail("no")
    except RuntimeError:
        author.exception("It failed", stack_info=True)
    [line] = output.lines
    assert line["exception"].endswith("RuntimeError: no")
    assert "test_exceptions_and_stacks" in line["stack"]


def test_what_was_given_as_extra(output: Output, author: logging.Logger) -> None:
    author.info(
        "Asked",
        extra={"rows": 12, "table": "sales", "is_cached": False, "columns": ["a"], "api_token": "abc", "mean": nan},
    )
    [line] = output.lines
    assert {name: line[name] for name in ("rows", "table", "is_cached", "columns", "api_token", "mean")} == {
        "rows": 12,
        "table": "sales",
        "is_cached": False,
        "columns": "['a']",
        "api_token": "[redacted]",
        "mean": "nan",  # which JSON does not have
    }


@pytest.mark.parametrize("secret", ["sk-abcdefghijklmnop", "Bearer abcdefghijklmnop"])
def test_what_looks_like_a_secret_is_taken_out_everywhere(
    output: Output, author: logging.Logger, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", "a value of the environment")
    try:
        fail(f"{secret}, a value of the environment")
    except RuntimeError:
        author.exception("%s, a value of the environment", secret, extra={"header": secret})
    assert secret.rsplit(maxsplit=1)[-1] not in json.dumps(output.lines)
    assert "a value of the environment" not in json.dumps(output.lines)


def test_what_was_said_is_taken_out_whoever_logs_it(output: Output, author: logging.Logger) -> None:
    with withholding([PROMPT]):
        try:
            fail(f"no answer to {PROMPT!r}")
        except RuntimeError:
            author.exception("The prompt: %s", PROMPT, extra={"prompt": PROMPT})
    [line] = output.lines
    assert (line["message"], line["prompt"]) == ("The prompt: [redacted]", "[redacted]")
    assert PROMPT not in json.dumps(line)


def test_a_traceback_that_another_formatter_has_kept_is_redacted_too(output: Output, author: logging.Logger) -> None:
    try:
        fail("sk-abcdefghijklmnop")
    except RuntimeError:
        record = author.makeRecord("an.author", logging.ERROR, "", 0, "It failed", (), sys.exc_info())
    logging.Formatter().format(record)
    author.handle(record)
    assert "sk-" not in output.lines[0]["exception"]


def test_the_records_of_the_package(output: Output) -> None:
    logger = redacted_logger("vizro_ws_chat.somewhere.else")
    logger.addHandler(output.handler)
    with log_fields({"run_id": "a run"}), withholding([PROMPT]):
        logger.warning("It is %s", PROMPT)
    assert (output.lines[0]["run_id"], output.lines[0]["message"]) == ("a run", "It is [redacted]")
