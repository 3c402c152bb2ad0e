import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from vizro_ws_chat import UserFacingError
from vizro_ws_chat.actions.lazy_attachment import LazyAttachment

WHOLE = {"filename": "a.txt", "content": "data:,Hi"}


class Reading:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return WHOLE["content"]


@pytest.mark.parametrize(
    "look",
    [
        lambda file: file["filename"],
        lambda file: "content" in file and len(file) == 2,
        lambda file: list(file) == list(file.keys()) == ["filename", "content"],
        bool,
    ],
)
def test_the_name_is_known_without_reading(look: Callable[[Any], object]) -> None:
    reading = Reading()
    assert look(LazyAttachment("a.txt", reading))
    assert reading.times == 0


def looks() -> list[Callable[[Any], Any]]:
    return [
        lambda file: {**WHOLE, "content": file["content"]},
        lambda file: {**WHOLE, "content": file.get("content")},
        lambda file: {**WHOLE, "content": file.pop("content")},
        lambda file: {**file},
        dict,
        lambda file: dict(file.items()),
        lambda file: dict(zip(file, file.values(), strict=True)),
        lambda file: file.copy(),
        lambda file: file | {},
        lambda file: {} | file,
        copy.copy,
        copy.deepcopy,
        lambda file: pickle.loads(pickle.dumps(file)),
        lambda file: json.loads(json.dumps(file)),
        lambda file: json.loads(json.dumps({"files": [file]}, indent=1))["files"][0],
        lambda file: {"filename": "{filename}".format(**file), "content": "{content}".format(**file)},
    ]


@pytest.mark.parametrize("look", looks())
def test_whoever_looks_at_the_content_gets_it(look: Callable[[Any], Any]) -> None:
    reading = Reading()
    file = LazyAttachment("a.txt", reading)
    assert look(file) == WHOLE
    assert reading.times == 1


def test_it_is_read_once() -> None:
    reading = Reading()
    file = LazyAttachment("a.txt", reading)
    assert file == WHOLE
    assert file != {}
    assert file["content"] == file.get("content")
    assert file.get("size", 5) == 5
    assert reading.times == 1


def test_what_is_set_is_not_read() -> None:
    reading = Reading()
    file = LazyAttachment("a.txt", reading)
    file["content"] = "mine"
    assert dict(file) == {"filename": "a.txt", "content": "mine"}
    assert reading.times == 0


def test_what_can_not_be_read_is_told_to_whoever_looks() -> None:
    def gone() -> str:
        raise UserFacingError("It has gone.")

    file = LazyAttachment("a.txt", gone)
    assert file["filename"] == "a.txt"
    for _ in range(2):
        with pytest.raises(UserFacingError, match="gone"):
            file["content"]
