import copy
import json
import operator
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
        lambda file: {**WHOLE, "content": file.setdefault("content", "")},
        lambda file: {**WHOLE, **dict([file.popitem()])},
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


@pytest.mark.parametrize("is_first", [True, False])
def test_it_differs_from_what_it_does_not_equal(is_first: bool) -> None:
    def differs(other: object) -> bool:
        file = LazyAttachment("a.txt", Reading())
        return bool(operator.ne(file, other) if is_first else operator.ne(other, file))

    assert not differs(WHOLE)
    assert differs({**WHOLE, "content": ""})


def setting() -> list[Callable[[Any], object]]:
    return [
        lambda file: operator.setitem(file, "content", "mine"),
        lambda file: file.update({"content": "mine"}),
        lambda file: file.update(content="mine"),
        lambda file: file.__ior__({"content": "mine"}),
    ]


@pytest.mark.parametrize("change", setting())
def test_what_is_set_is_not_read(change: Callable[[Any], object]) -> None:
    reading = Reading()
    file = LazyAttachment("a.txt", reading)
    change(file)
    assert dict(file) == {"filename": "a.txt", "content": "mine"}
    assert reading.times == 0


@pytest.mark.parametrize("change", [lambda file: operator.delitem(file, "content"), lambda file: file.clear()])
def test_what_is_taken_out_is_not_read(change: Callable[[Any], object]) -> None:
    reading = Reading()
    file = LazyAttachment("a.txt", reading)
    change(file)
    assert file.get("content") is None
    with pytest.raises(KeyError):
        file["content"]
    assert reading.times == 0


def test_what_can_not_be_read_is_told_to_whoever_looks() -> None:
    def gone() -> str:
        raise UserFacingError("It has gone.")

    file = LazyAttachment("a.txt", gone)
    assert file["filename"] == "a.txt"
    for _ in range(2):
        with pytest.raises(UserFacingError, match="gone"):
            file["content"]
