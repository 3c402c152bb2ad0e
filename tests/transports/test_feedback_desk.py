from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.feedback_desk import FeedbackDesk


class Author:
    """The author's code, which does what it is told, one call after the other."""

    def __init__(self, **settings: Any) -> None:
        self.scheduler = ManualScheduler()
        self._heard = 0
        self.calls: list[str] = []
        self.contexts: list[str] = []
        self.outcomes: list[RefusedError | None] = []
        self._orders: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self.desk = FeedbackDesk(Settings(**settings), self.scheduler, self._environment)

    @contextmanager
    def _environment(self) -> Iterator[None]:
        self.contexts.append("entered")
        yield

    def hear(self, answer: str, content: str) -> None:
        """Take feedback."""
        self._heard += 1
        self.desk.take(answer, content, lambda: self._tell(content), self.outcomes.append)

    def _tell(self, content: str) -> None:
        self.calls.append(content)
        if (error := self._orders.get()) is not None:
            raise error

    def go_on(self, error: BaseException | None = None) -> None:
        """Let the call return, or fail."""
        outcomes = len(self.outcomes)
        self._orders.put(error)
        wait_until(lambda: len(self.outcomes) > outcomes, "the outcome")

    def let_all_go(self) -> None:
        """Let every call return."""
        for _ in range(self._heard):
            self._orders.put(None)

    def wait_for_calls(self, *contents: str) -> None:
        """Wait until these calls have begun, and no others."""
        wait_until(lambda: self.calls == list(contents), f"the calls {contents}")


MakeAuthor = Callable[..., Author]


@pytest.fixture
def make_author() -> Iterator[MakeAuthor]:
    """Make authors whose threads have ended when the test has: others count what is left."""
    authors: list[Author] = []

    def make(**settings: Any) -> Author:
        authors.append(Author(**settings))
        return authors[-1]

    yield make
    for author in authors:
        author.let_all_go()
    wait_until(lambda: all(thread.name != "vizro-ws-chat-feedback" for thread in threading.enumerate()))


def test_who_says_something_hears_when_the_author_knows(make_author: MakeAuthor) -> None:
    author = make_author()
    author.hear("answer", "up")
    author.wait_for_calls("up")
    assert author.outcomes == []
    author.go_on()
    assert author.outcomes == [None]
    assert author.contexts == ["entered"]
    assert author.scheduler.waiting == 0


def test_what_is_said_again_is_told_once(make_author: MakeAuthor) -> None:
    author = make_author()
    author.hear("answer", "up")
    author.hear("answer", "up")
    author.go_on()
    wait_until(lambda: author.outcomes == [None, None], "both outcomes")
    author.hear("answer", "up")
    assert author.outcomes == [None, None, None]
    author.wait_for_calls("up")


def test_another_opinion_is_told_after_the_first(make_author: MakeAuthor) -> None:
    author = make_author()
    author.hear("answer", "up")
    with pytest.raises(RefusedError) as refusal:
        author.hear("answer", "down")
    assert (refusal.value.code, refusal.value.retry_ms) == ("busy", 2_000)
    author.go_on()
    author.hear("answer", "down")
    author.go_on()
    author.hear("answer", "up")
    author.go_on()
    author.wait_for_calls("up", "down", "up")


def test_a_slow_author_keeps_nobody_waiting(make_author: MakeAuthor) -> None:
    author = make_author(feedback_seconds=5)
    author.hear("answer", "up")
    author.wait_for_calls("up")
    author.scheduler.advance(5)
    assert author.outcomes == [None]
    author.hear("answer", "up")
    assert author.outcomes == [None, None], "nor whoever comes later"
    author.wait_for_calls("up")


def test_only_so_many_wait_for_the_same(make_author: MakeAuthor) -> None:
    author = make_author(busy_retry_seconds=1.5)
    for _ in range(5):
        author.hear("answer", "up")
    with pytest.raises(RefusedError) as refusal:
        author.hear("answer", "up")
    assert (refusal.value.code, refusal.value.retry_ms) == ("busy", 1500)
    author.go_on()
    wait_until(lambda: author.outcomes == [None] * 5)


def test_without_a_thread_it_is_as_if_nothing_was_said(
    make_author: MakeAuthor, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = make_author()
    with monkeypatch.context() as broken:
        broken.setattr(threading.Thread, "start", raise_no_thread)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            author.hear("answer", "up")
    author.hear("answer", "up")
    author.go_on()
    assert author.calls == ["up"]


def raise_no_thread(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_an_author_has_only_so_much_to_do_at_once(make_author: MakeAuthor) -> None:
    author = make_author(max_feedback_calls=2)
    author.hear("one", "up")
    author.hear("two", "up")
    with pytest.raises(RefusedError, match="busy"):
        author.hear("three", "up")
    author.go_on()
    author.hear("three", "up")


@pytest.mark.parametrize("error", [ValueError("the secret reason"), SystemExit(1)])
def test_a_failure_is_logged_under_the_reference_that_is_told(
    make_author: MakeAuthor, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    author = make_author()
    author.hear("answer", "up")
    with caplog.at_level(logging.ERROR, "vizro_ws_chat"):
        author.go_on(error)
    [refusal] = author.outcomes
    assert refusal is not None
    assert refusal.code == "internal"
    assert refusal.ref is not None
    assert refusal.ref in caplog.text
    assert type(error).__name__ in caplog.text
    author.hear("answer", "up")
    author.go_on()
    assert author.calls == ["up", "up"], "a failure is not taken for told"


def test_only_so_much_is_remembered(make_author: MakeAuthor) -> None:
    author = make_author(max_remembered_feedback=1)
    for answer in ("one", "two", "one"):
        author.hear(answer, "up")
        author.go_on()
    assert len(author.calls) == 3
