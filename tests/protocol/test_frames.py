import pytest
from pydantic import ValidationError

from vizro_ws_chat.protocol.frames import Cancel, Hello, MessageRef, PartEnd, RefusedFrame, Resume, TextDelta
from vizro_ws_chat.protocol.ids import FrameId

RUN = "b2J4c0V5d1pqUm1uQ2hhdA"


@pytest.mark.parametrize("run", ["r" * 16, "r" * 64, "A-Z_a-z_0123456789"])
def test_run_ids(run: str) -> None:
    assert Cancel(run=run).run == run


@pytest.mark.parametrize("run", ["r" * 15, "r" * 65, "", "r" * 16 + "\n", "é" * 20, "r" * 16 + "."])
def test_what_is_no_run_id(run: str) -> None:
    with pytest.raises(ValidationError):
        Cancel(run=run)


@pytest.mark.parametrize("message_id", ["a" * 42, "a" * 44, "a" * 42 + "=", "a" * 43 + "\n"])
def test_what_is_no_message_id(message_id: str) -> None:
    with pytest.raises(ValidationError):
        MessageRef(id=message_id, parent=None, role="user")


def test_frames_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Cancel(run=RUN).run = "other" * 4


def test_the_id_of_a_run_frame_is_parsed() -> None:
    assert PartEnd(run=RUN, id="17-4", part=0).frame_id == FrameId(17, 4)


def test_parts_count_from_zero() -> None:
    with pytest.raises(ValidationError):
        TextDelta(run=RUN, id="1-1", part=-1, d="")


def test_refused_leaves_out_what_it_has_not() -> None:
    assert RefusedFrame(code="rate", text="Slow.").model_dump() == {"type": "refused", "code": "rate", "text": "Slow."}


def test_a_browser_can_resume_few_runs_only() -> None:
    resume = [Resume(run=RUN, after=None)]
    Hello(v=1, chat="chat", resume=resume * 16)
    with pytest.raises(ValidationError):
        Hello(v=1, chat="chat", resume=resume * 17)
