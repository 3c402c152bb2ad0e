import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire_files import golden
from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.codec import decode_client, decode_server, encode
from vizro_ws_chat.protocol.frames import History, Ping

CLIENT, SERVER, REJECTED = golden("client"), golden("server"), golden("rejected")
RUN_FRAMES = [frame for run in golden("runs") for frame in run["frames"]]


def by_name(case: Any) -> str | None:
    return case["name"] if isinstance(case, dict) and "name" in case else None


@pytest.mark.parametrize("case", CLIENT, ids=by_name)
def test_golden_client_frames(case: Any) -> None:
    decoded = decode_client(json.dumps([case["frame"]]))
    assert json.loads(encode(decoded)) == [case["frame"]]


@pytest.mark.parametrize("case", SERVER, ids=by_name)
def test_golden_server_frames(case: Any) -> None:
    decoded = decode_server(json.dumps([case["frame"]]))
    assert json.loads(encode(decoded)) == [case["frame"]]


@pytest.mark.parametrize("frame", RUN_FRAMES, ids=lambda frame: frame["type"])
def test_golden_run_frames(frame: Any) -> None:
    assert json.loads(encode(decode_server(json.dumps([frame])))) == [frame]


def test_many_frames_in_one_message_keep_their_order() -> None:
    frames = [case["frame"] for case in CLIENT]
    assert json.loads(encode(decode_client(json.dumps(frames)))) == frames


def test_every_type_of_frame_is_golden() -> None:
    client = {"hello", "send", "history", "cancel", "answer", "deliver", "feedback", "ping", "pong"}
    server = {
        *("welcome", "accepted", "need-history", "feedback-taken", "uploaded", "refused", "ping", "pong", "bye"),
        *(
            "part-start",
            "text-delta",
            "text-splice",
            "part-end",
            "snapshot",
            "finish",
            "stopped",
            "error",
            "interrupted",
        ),
    }
    assert {case["frame"]["type"] for case in CLIENT} == client
    assert {case["frame"]["type"] for case in [*SERVER, *({"frame": frame} for frame in RUN_FRAMES)]} == server


@pytest.mark.parametrize("case", REJECTED["client"], ids=by_name)
def test_rejected_client_messages(case: Any) -> None:
    with pytest.raises(ProtocolError) as refusal:
        decode_client(case["text"])
    assert refusal.value.code == case["code"]


@pytest.mark.parametrize("case", REJECTED["server"], ids=by_name)
def test_rejected_server_messages(case: Any) -> None:
    with pytest.raises(ProtocolError):
        decode_server(case["text"])


@pytest.mark.parametrize("case", [case for case in CLIENT if len(case["frame"]) > 1], ids=by_name)
def test_each_missing_and_each_extra_field_is_refused(case: Any) -> None:
    for name in set(case["frame"]) - {"files", "inputs", "thread"}:
        with pytest.raises(ProtocolError):
            decode_client(json.dumps([{key: value for key, value in case["frame"].items() if key != name}]))
    with pytest.raises(ProtocolError):
        decode_client(json.dumps([{**case["frame"], "extra": None}]))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "\ud83d",
        b"\xff",
        b'\xef\xbb\xbf[{"type": "ping"}]',
        "[" * 100_000,
        '[{"type": "hello", "v": ' + "9" * 6_000 + ', "chat": "c", "resume": []}]',
        '[{"type": "hello", "v": 1.0, "chat": "c", "resume": []}]',
        '[{"type": "hello", "v": true, "chat": "c", "resume": []}]',
        '[{"type": "hello", "v": 1, "chat": "", "resume": []}]',
        '[{"type": "cancel", "run": "' + "r" * 16 + '\\n"}]',
        '[{"type": "history", "run": "' + "r" * 16 + '", "index": -1, "count": 1, "text": ""}]',
        '[{"type": "history", "run": "' + "r" * 16 + '", "index": 0, "count": 0, "text": ""}]',
        '[{"type": "ping"}, {"type": "shout"}]',
        '[{"type": "welcome"}]',
    ],
    ids=repr,
)
def test_hostile_messages_are_protocol_errors(message: str | bytes) -> None:
    with pytest.raises(ProtocolError) as refusal:
        decode_client(message)
    assert refusal.value.code == "bad-frame"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["send", "r" * 16, "1-1"]),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["type", "run", "parent", "text", "v", "chat", "resume", "after"]),
            children,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("decode", [decode_client, decode_server])
class TestNothingButProtocolErrors:
    @given(message=st.binary() | st.text(alphabet=st.characters()))
    def test_arbitrary_bytes_and_text(self, decode: Any, message: str | bytes) -> None:
        with pytest.raises(ProtocolError):
            decode(message)

    @given(value=json_values)
    def test_arbitrary_json(self, decode: Any, value: Any) -> None:
        try:
            decode(json.dumps(value))
        except ProtocolError:
            return

    @given(case=st.sampled_from([*CLIENT, *SERVER]), data=st.data())
    def test_golden_frames_with_one_value_replaced(self, decode: Any, case: Any, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(case["frame"])))
        try:
            frames = decode(json.dumps([{**case["frame"], name: data.draw(json_values)}]))
        except ProtocolError:
            return
        assert decode(encode(frames)) == frames


@pytest.mark.parametrize("piece", ['{"type":"ping"}', "[]", "1", '""', '"\\""', " " * 100], ids=repr)
def test_what_takes_more_to_read_than_it_is_long(piece: str) -> None:
    message = "[" + ",".join([piece] * 70_000) + "]"
    for sent in (message, message.encode(), message + '"'):
        with pytest.raises(ProtocolError, match="beside its strings"):
            decode_client(sent)


def test_strings_may_be_long_and_pieces_many() -> None:
    text = '[{"a":"\\"}],' * 2_000
    pieces = [History(run="a" * 16, index=index, count=500, text=text) for index in range(500)]
    assert decode_client(encode(pieces)) == pieces
    with pytest.raises(ProtocolError, match="EOF"):
        decode_client(encode(pieces)[:-4].encode())


def test_what_the_browser_wrote_cannot_forge_a_line_of_the_log() -> None:
    for message in ('[{"type": "ping", "a\\nb": 1}]', '[{"type": "sh\\nout\\u2028"}]'):
        with pytest.raises(ProtocolError) as refusal:
            decode_client(message)
        assert len(str(refusal.value).splitlines()) == 1


def test_what_the_browser_wrote_cannot_flood_the_log() -> None:
    with pytest.raises(ProtocolError) as refusal:
        decode_client(json.dumps([{"type": "x" * 100_000}]))
    assert len(str(refusal.value)) < 1_000


def test_encode_writes_one_line() -> None:
    assert encode([Ping(), Ping()]) == '[{"type":"ping"},{"type":"ping"}]'
