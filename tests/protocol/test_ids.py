import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.protocol.ids import FrameId

halves = st.integers(min_value=0, max_value=999_999_999_999_999)


@given(halves, halves)
def test_text_and_back(epoch: int, seq: int) -> None:
    assert FrameId.parse(str(FrameId(epoch, seq))) == (epoch, seq)


@given(st.text())
def test_parse_raises_nothing_but_value_error(text: str) -> None:
    try:
        parsed = FrameId.parse(text)
    except ValueError:
        return
    assert str(parsed.epoch).isascii()


def test_ids_are_ordered_by_epoch_then_by_number_not_by_text() -> None:
    assert FrameId(1, 9) < FrameId(1, 10) < FrameId(2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1",
        "1-",
        "-1",
        "1-2-3",
        "1--2",
        " 1-2",
        "1-2\n",
        "+1-2",
        "1_0-2",
        "1.0-2",
        "0x1-2",
        "1\N{EN DASH}2",
        "1234567890123456-1",
        "1-1234567890123456",
        "\N{ARABIC-INDIC DIGIT ONE}-\N{ARABIC-INDIC DIGIT TWO}",
        "\N{FULLWIDTH DIGIT ONE}-\N{FULLWIDTH DIGIT TWO}",
    ],
)
def test_what_is_not_an_id(text: str) -> None:
    with pytest.raises(ValueError, match="not a frame id"):
        FrameId.parse(text)


def test_the_largest_id_is_exact_in_a_javascript_number() -> None:
    largest = FrameId.parse("999999999999999-999999999999999")
    assert largest.epoch == float(largest.epoch)
    assert largest.epoch < 2**53
