from typing import get_args

import pytest

from vizro_ws_chat import exceptions
from vizro_ws_chat.exceptions import (
    ChunkTypeError,
    NoTextError,
    ProtocolError,
    RefusedError,
    RunCancelled,
    VizroWsChatError,
)
from vizro_ws_chat.protocol.codes import RefusalCode, refusal_text


def test_the_picture_of_the_tree_is_the_tree() -> None:
    drawn = {}
    for line in exceptions.__doc__.splitlines():
        name = next(iter(line.strip(" │├└─").split()), "")
        if name in exceptions.__all__:
            drawn[name] = line.index(name)
    assert set(drawn) == set(exceptions.__all__)
    stack: list[tuple[str, int]] = []
    for name, indent in drawn.items():
        while stack and stack[-1][1] >= indent:
            stack.pop()
        parent = getattr(exceptions, stack[-1][0]) if stack else None
        base = getattr(exceptions, name).__base__
        assert base is parent or (parent is None and base in (Exception, BaseException)), name
        stack.append((name, indent))


@pytest.mark.parametrize("code", get_args(RefusalCode))
def test_a_refusal_keeps_its_detail_from_the_user(code: RefusalCode) -> None:
    refusal = RefusedError(code, "the secret reason", retry_ms=5, ref="abc")
    assert refusal.text == refusal_text(code)
    assert "secret" not in refusal.text
    assert str(refusal) == f"{code}: the secret reason"
    assert (refusal.retry_ms, refusal.ref) == (5, "abc")


def test_a_protocol_error_is_a_bad_frame_unless_it_says_else() -> None:
    assert ProtocolError("x").code == "bad-frame"
    assert ProtocolError("x", code="version").code == "version"


def test_a_wrong_chunk_is_named_by_its_type_not_by_its_value() -> None:
    assert "'bytes'" in str(ChunkTypeError(b"secret"))
    assert "secret" not in str(ChunkTypeError(b"secret"))


def test_no_text_says_so() -> None:
    assert "any text" in str(NoTextError())


def test_an_authors_except_exception_does_not_swallow_a_cancelled_run() -> None:
    assert not issubclass(RunCancelled, Exception)
    assert not issubclass(RunCancelled, VizroWsChatError)


def test_what_a_browser_says_forges_no_line_of_the_log_and_floods_it_not() -> None:
    refusal = RefusedError("forbidden", "the origin 'a\r\nERROR forged\x1b[31m\u202e\u2028ü" + "x" * 50_000)
    assert str(refusal).startswith("forbidden: the origin 'a\\r\\nERROR forged\\x1b[31m\\u202e\\u2028üx")
    assert len(str(refusal)) < 400
