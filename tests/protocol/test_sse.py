import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import TextDelta


def read_events(stream: str) -> list[str]:
    """Read a stream as WHATWG HTML 9.2.6 says, as far as `data` goes."""
    normalised = stream.replace("\r\n", "\n").replace("\r", "\n")
    events: list[str] = []
    data: list[str] = []
    for line in normalised.split("\n"):
        if line == "":
            if data:
                events.append("\n".join(data))
            data = []
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
    return events


@given(st.text())
def test_any_text_arrives_as_one_event(text: str) -> None:
    message = encode([TextDelta(run="r" * 16, id="1-1", part=0, d=text)])
    assert read_events(sse.event(message) + sse.event("[]")) == [message, "[]"]


def test_a_comment_is_no_event() -> None:
    assert read_events(sse.comment("keep-alive") + sse.event("[]")) == ["[]"]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_a_raw_line_break_is_refused(line_break: str) -> None:
    with pytest.raises(ValueError, match="line breaks"):
        sse.event(f"[{line_break}]")
