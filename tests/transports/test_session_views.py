"""How the author shows messages, on its way to the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.transports.making import (
    SCOPE,
    Browser,
    Dictated,
    a_turn,
    hello,
    make_service,
    new_run,
    send,
    text_of,
)
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import Role
from vizro_ws_chat.uploads.stored_file import StoredFile


class Showing(Dictated):
    """Shows messages in a way of its own."""

    has_views = True

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.times = times
        self.shown: list[tuple[str, Content, list[str]]] = []

    def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
        self.shown.append((role, content, [file.name for file in files]))
        return json.dumps(f"{role}: {content}" * self.times) if self.times else None


def test_messages_are_sent_with_how_the_author_shows_them() -> None:
    responder = Showing()
    browser = Browser(make_service(responder), hello())
    run = new_run()
    [accepted] = browser.say(send(run))
    assert accepted.view == '"user: Hi"'
    responder.finish("Hello")
    frames = browser.hear_until_the_end()
    assert [frame.kind for frame in frames if frame.type == "part-start"] == ["text", "view"]
    assert text_of(frames) == 'Hello"assistant: Hello"'
    assert responder.shown == [("user", "Hi", []), ("assistant", "Hello", [])]
    again, *_ = browser.say(send(run))
    assert again == accepted


def test_what_is_shown_is_not_signed() -> None:
    responders = (Showing(), Dictated())
    services = [make_service(responder) for responder in responders]
    ends = [
        a_turn(Browser(service, hello()), responder, "Hi", "Hello")
        for service, responder in zip(services, responders, strict=True)
    ]
    assert ends[0].message == ends[1].message
    [question, answer] = services[0].archive.chain(SCOPE, ends[0].message.id) or []
    assert (question.content, answer.content) == ("Hi", "Hello")


@pytest.mark.parametrize("times", [0, 10_000])
def test_without_a_view_or_with_one_that_is_too_long_a_question_is_shown_as_it_is(times: int) -> None:
    responder = Showing(times)
    browser = Browser(make_service(responder), hello())
    [accepted] = browser.say(send())
    assert accepted.view is None
    responder.finish("Hello")
    browser.hear_until_the_end()


def test_the_author_shows_messages_in_the_apps_context() -> None:
    entered: list[str] = []

    @contextmanager
    def environment() -> Iterator[None]:
        entered.append("in")
        yield
        entered.append("out")

    class Noting(Showing):
        def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
            entered.append(role)
            return None

    responder = Noting()
    browser = Browser(make_service(responder, environment=environment), hello())
    browser.say(send())
    assert entered[:3] == ["in", "user", "out"]
    responder.finish("Hello")
    browser.hear_until_the_end()
    assert entered.index("assistant") > 3
