from typing import get_args

import pytest

from vizro_ws_chat.protocol.codes import ERRORS, REFUSALS, ByeCode, ErrorCode, RefusalCode, refusal_text


def test_every_refusal_has_a_sentence_and_an_http_status() -> None:
    assert set(REFUSALS) == set(get_args(RefusalCode))
    for code, refusal in REFUSALS.items():
        assert refusal.text.endswith("."), code
        assert 400 <= refusal.http_status <= 599, code
        assert refusal_text(code) == refusal.text


def test_close_codes_are_those_of_the_rfc() -> None:
    assert {refusal.close_code for refusal in REFUSALS.values()} <= {None, 1008, 1011}


def test_every_error_has_a_sentence() -> None:
    assert set(ERRORS) == set(get_args(ErrorCode))
    assert all(sentence.endswith(".") for sentence in ERRORS.values())


@pytest.mark.parametrize("code", get_args(RefusalCode) + get_args(ErrorCode) + get_args(ByeCode))
def test_codes_are_words_and_hyphens(code: str) -> None:
    assert code.replace("-", "").isalpha()
    assert code.islower()
