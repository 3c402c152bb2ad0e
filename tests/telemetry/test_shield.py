import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from vizro_ws_chat.protocol.frames import Finish
from vizro_ws_chat.telemetry.observer import RunFacts
from vizro_ws_chat.telemetry.shield import ShieldedObserver

FACTS = RunFacts("a run", "chat", None, "sse")
END = Finish(run="r" * 16, id="1-1", message=None)


class Broken:
    """An observer of which nothing works."""

    def __init__(self, *, enters: bool = False) -> None:
        self._enters = enters

    def run(self, facts: RunFacts) -> Any:
        return Broken(enters=self._enters) if self._enters else self._fail()

    @contextmanager
    def _within(self) -> Iterator[None]:
        if not self._enters:
            self._fail()
        yield
        self._fail()

    def connection(self, transport: str) -> AbstractContextManager[None]:
        return self._within()

    def working(self) -> AbstractContextManager[None]:
        return self._within()

    def _fail(self, *_: object, **__: object) -> Any:
        raise RuntimeError("the exporter is broken")

    resumed = refused = took = ended = _fail


@pytest.mark.parametrize("enters", [False, True])
def test_nothing_that_an_observer_does_wrong_reaches_the_answers(
    enters: bool, caplog: pytest.LogCaptureFixture
) -> None:
    observer = ShieldedObserver(Broken(enters=enters))
    done = []
    with observer.connection("sse"):
        observer.resumed("sse")
        observer.refused("busy")
        observation = observer.run(FACTS)
        with observation.working():
            observation.took(is_question=False)
            done.append("work")
        observation.ended(END)
    assert done == ["work"]
    assert [record.levelname for record in caplog.records] == ["ERROR"], "and it is said once"


def test_it_is_told_nothing_of_what_the_authors_code_raises() -> None:
    seen: list[object] = []

    class Curious(Broken):
        @contextmanager
        def working(self) -> Iterator[None]:
            try:
                yield
            except BaseException as error:
                seen.append(error)
                raise

        def run(self, facts: RunFacts) -> Any:
            return self

    with pytest.raises(RuntimeError, match="a prompt"), ShieldedObserver(Curious()).run(FACTS).working():
        raise RuntimeError("a prompt")
    assert seen == []


def test_later_failures_are_there_for_who_looks_closer(caplog: pytest.LogCaptureFixture) -> None:
    observer = ShieldedObserver(Broken())
    with caplog.at_level(logging.DEBUG):
        observer.refused("busy")
        observer.refused("busy")
    assert [record.levelname for record in caplog.records] == ["ERROR", "DEBUG"]
