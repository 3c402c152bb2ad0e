"""What one connection reads, and whether more is to come."""

from __future__ import annotations

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import make_run
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.asking import Heard
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.transports.run_readers import RunReaders


def ask(run: Run) -> None:
    run.ask('"?"', lambda value: Heard('"!"', value), expired='""', timeout=100)


def reading(run: Run) -> RunReaders:
    readers = RunReaders(RunHub(Settings(), ManualScheduler()), lambda: None)
    readers.read(run, None)
    return readers


def test_a_run_that_asks_is_awaited_until_that_was_read() -> None:
    run = make_run()
    readers = reading(run)
    assert readers.is_awaiting
    ask(run)
    assert readers.is_awaiting
    frames: list[Frame] = []
    readers.fill(frames)
    assert len(frames) == 3
    assert not readers.is_awaiting
    run.answer(0, "yes")
    assert readers.is_awaiting


def test_a_question_that_comes_while_it_is_looked_is_not_missed() -> None:
    """A stream that ended now would leave its browser without the question."""

    class AsksNow(Run):
        @property
        def is_asking(self) -> bool:
            if not self.texts("ask"):
                ask(self)
            return super().is_asking

    made = make_run()
    run = AsksNow.__new__(AsksNow)
    run.__dict__.update(made.__dict__)
    readers = reading(run)
    run.write("Well: ")
    readers.fill([])
    assert readers.is_awaiting


def test_with_another_run_that_goes_on_more_is_to_come() -> None:
    asking, going = make_run(), make_run()
    readers = reading(asking)
    going.id = "another-run-of-this-chat"
    readers.read(going, None)
    ask(asking)
    readers.fill([])
    assert readers.is_awaiting
    going.finish()
    readers.fill([])
    assert not readers.is_awaiting
    asking.stop()
    assert readers.is_awaiting
    readers.fill([])
    assert not readers.is_awaiting
