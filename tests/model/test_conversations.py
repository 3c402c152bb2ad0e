"""Whatever authors' code, users and networks do, every reader gets every character, once, and how it ended.

A state machine drives the real session, hub, runner, log and reader through sequences that Hypothesis makes up, and
compares with a plain model. In the everyday profile the sequences are the same in every run. The thorough profile makes
up thousands of new ones:

    HYPOTHESIS_PROFILE=thorough pytest tests/model
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.manual_scheduler import ManualScheduler
from tests.model.expected import ExpectedRun
from tests.model.network import Connection, Tab, Witness
from tests.model.puppets import END, Puppets
from tests.transports.making import Browser, hello, key_of, make_service, send
from vizro_ws_chat.exceptions import UserFacingError
from vizro_ws_chat.protocol.frames import Cancel
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.run import Run

QUESTION = "Hi"
MAX_TABS = 4
MAX_RUNS = 4

# Times are such that no two of them can come due at once: all moves of the clock are quarters of a second.
BATCH_SECONDS = 1.0
GRACE_SECONDS = 20.1
MAX_RUN_SECONDS = 50.2
LOG_TTL_SECONDS = 10_000.0

# Pieces that join, halves of characters that may or may not meet, and what JSON and JavaScript write differently.
CHUNKS = st.text(st.sampled_from('abc é😀\ud83d\ude00\u2028"\\\n'), max_size=4)
PAUSES = st.sampled_from([0.0, 0.0, 0.25, BATCH_SECONDS])

ENDS: dict[str, tuple[Callable[[Run], bool], RunStatus]] = {
    "finish": (Run.finish, RunStatus.DONE),
    "stop": (Run.stop, RunStatus.STOPPED),
    "interrupt": (Run.interrupt, RunStatus.INTERRUPTED),
    "fail": (lambda run: run.fail("failed", ref="reference"), RunStatus.ERROR),
}

FAULTS: dict[str, Callable[[], object]] = {
    "raise": lambda: ValueError("private"),
    "raise for the user": lambda: UserFacingError("half a character: \ud83d"),
    "yield a number": lambda: 42,
}
WAYS_TO_END = ["return", "press Stop", *FAULTS, *ENDS]


class Conversations(RuleBasedStateMachine):
    """Some runs, read by some tabs."""

    tally: ClassVar[Counter[str]] = Counter()

    tabs = Bundle("tabs")
    runs = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.puppets = Puppets()
        self.clock = ManualScheduler()
        self.expected: dict[str, ExpectedRun] = {}
        self.witnesses: dict[str, Witness] = {}
        self.open_tabs: list[Tab] = []
        self.connections: list[Connection] = []
        self.lost: list[Connection] = []

    @initialize(
        target=tabs,
        batch_seconds=st.sampled_from([0.0, BATCH_SECONDS]),
        max_delta_chars=st.sampled_from([3, 1_000]),
        max_output_chars=st.sampled_from([10, 1_000, 1_000]),
    )
    def start(self, batch_seconds: float, max_delta_chars: int, max_output_chars: int) -> Tab:
        self.service = make_service(
            self.puppets,
            scheduler=self.clock,
            batch_seconds=batch_seconds,
            max_delta_chars=max_delta_chars,
            max_output_chars=max_output_chars,
            max_log_frames=10,
            grace_seconds=GRACE_SECONDS,
            max_run_seconds=MAX_RUN_SECONDS,
            log_ttl_seconds=LOG_TTL_SECONDS,
            max_frames_per_second=1e9,
        )
        return self._open_tab()

    # ---- users ----

    def _open_tab(self) -> Tab:
        self.open_tabs.append(Tab(self._connect, self.witnesses, self.tally))
        return self.open_tabs[-1]

    def _connect(self) -> Connection:
        self.connections.append(Connection(self.service, self.witnesses))
        return self.connections[-1]

    @precondition(lambda self: len(self.open_tabs) < MAX_TABS)
    @rule(target=tabs)
    def open_tab(self) -> Tab:
        return self._open_tab()

    @precondition(lambda self: len(self.expected) < MAX_RUNS)
    @rule(target=runs, tab=tabs, stop_overtakes=st.sampled_from([False, False, False, True]))
    def ask(self, tab: Tab, stop_overtakes: bool) -> str:
        return self._ask(tab, [], None, stop_overtakes)

    @precondition(lambda self: 0 < len(self.expected) < MAX_RUNS)
    @rule(target=runs, tab=tabs, answered=runs)
    def ask_on(self, tab: Tab, answered: str) -> str:
        """Ask the next question, or the first again when there is nothing to go on from."""
        witness, before = self.witnesses[answered], self.expected[answered]
        message = witness.frames[-1].message if witness.has_ended() else None
        if message is None:
            return self._ask(tab, [], None)
        return self._ask(tab, [*before.conversation, ("assistant", before.text)], message.id)

    def _ask(
        self, tab: Tab, conversation: list[tuple[str, str]], parent: str | None, stop_overtakes: bool = False
    ) -> str:
        run_id = f"run-number-{len(self.expected):05}"
        made = self.service.settings
        expected = ExpectedRun(
            [*conversation, ("user", QUESTION)],
            now=self.clock.now,
            max_chars=made.max_output_chars,
            grace=made.grace_seconds,
            max_seconds=made.max_run_seconds,
        )
        if stop_overtakes:
            tab.connection.say(Cancel(run=run_id))
            expected.stop_before_it_begins()
        tab.send(send(run_id, QUESTION, parent))
        run = self.service.hub.get(key_of(run_id))
        assert run is not None
        self.puppets.await_start(run)
        self.witnesses[run_id], self.expected[run_id] = Witness(run), expected
        return run_id

    @rule(tab=tabs, run_id=runs)
    def send_again(self, tab: Tab, run_id: str) -> None:
        tab.send(send(run_id, QUESTION))

    # ---- authors' code ----

    @rule(run_id=runs, script=st.lists(st.tuples(CHUNKS, PAUSES), min_size=1, max_size=12))
    def write(self, run_id: str, script: list[tuple[str, float]]) -> None:
        for chunk, pause in script:
            self._write(run_id, chunk)
            self.pass_time(pause)

    @rule(run_id=runs, count=st.integers(11, 25))
    def write_more_than_the_log_keeps_singly(self, run_id: str, count: int) -> None:
        for number in range(count):
            self._write(run_id, f"{number} ")

    def _write(self, run_id: str, chunk: str) -> None:
        run = self.witnesses[run_id].run
        self.puppets.tell(run, chunk)
        self.expected[run_id].write(chunk, self.clock.now)
        self.pass_time(run.seconds_ahead)  # the runner sleeps for so long, which on this clock takes no time

    # ---- ends ----

    # One rule for all of them, so that runs live long enough for something to happen.
    @rule(run_id=runs, tab=tabs, ways=st.lists(st.sampled_from(WAYS_TO_END), min_size=1, max_size=3))
    def end(self, run_id: str, tab: Tab, ways: list[str]) -> None:
        """End a run; of several ways at once the first decides."""
        for way in ways:
            self._end(run_id, tab, way)

    def _end(self, run_id: str, tab: Tab, way: str) -> None:
        run, expected = self.witnesses[run_id].run, self.expected[run_id]
        if way == "return":
            self.puppets.tell(run, END)
            expected.return_()
        elif way == "press Stop":
            tab.connection.say(Cancel(run=run_id))
            expected.end(RunStatus.STOPPED)
        elif way in FAULTS:
            self.puppets.tell(run, FAULTS[way]())
            expected.end(RunStatus.ERROR)
        else:
            end, status = ENDS[way]
            assert end(run) == expected.end(status)

    # ---- the server ----

    @rule(seconds=st.sampled_from([0.25, 0.5, BATCH_SECONDS, 15.0, 30.0]))
    def pass_time(self, seconds: float) -> None:
        for expected in self.expected.values():
            if expected.pass_time(self.clock.now + seconds):
                self.tally[f"runs {expected.status} by time"] += 1
        self.clock.advance(seconds)
        self.logs_are_as_expected()

    @rule(tab=tabs)
    def take(self, tab: Tab) -> None:
        tab.connection.take()

    @precondition(lambda self: bool(self.lost))
    @rule()
    def notice_lost_connections(self) -> None:
        for connection in self.lost:
            connection.close()
            self.connections.remove(connection)
        self.lost.clear()

    # ---- networks ----

    @rule(tab=tabs, count=st.integers(1, 6))
    def arrive(self, tab: Tab, count: int) -> None:
        tab.arrive(count)

    @rule(tab=tabs)
    def keep_up(self, tab: Tab) -> None:
        tab.connection.take()
        tab.arrive()

    @rule(tab=tabs, arrived=st.integers(0, 6), lost=st.integers(1, 3))
    def lose_frames(self, tab: Tab, arrived: int, lost: int) -> None:
        tab.connection.take()
        tab.arrive(arrived)
        del tab.connection.in_flight[:lost]
        tab.arrive()

    @rule(tab=tabs, start=st.integers(0, 20), count=st.integers(1, 10))
    def deliver_again(self, tab: Tab, start: int, count: int) -> None:
        for frame in tab.delivered[start : start + count]:
            tab.hear(frame)

    @rule(tab=tabs, arrived=st.integers(0, 6))
    def lose_connection(self, tab: Tab, arrived: int) -> None:
        tab.connection.take()
        tab.arrive(arrived)
        self._lose_connection(tab)

    def _lose_connection(self, tab: Tab) -> None:
        lost = tab.lose_connection()
        if lost is not None:
            self.lost.append(lost)

    @rule(seconds=st.sampled_from([15.0, 30.0]))
    def everybody_is_away(self, seconds: float) -> None:
        for tab in self.open_tabs:
            self._lose_connection(tab)
        self.notice_lost_connections()
        self.readers_are_counted()
        self.pass_time(seconds)

    @rule(tab=tabs, run_id=runs, epoch=st.sampled_from([-1, 0, 0, 0, 1]), seq=st.integers(0, 25))
    def resume_from_anywhere(self, tab: Tab, run_id: str, epoch: int, seq: int) -> None:
        own = self.witnesses[run_id].epoch
        if own is None:
            tab.resume(run_id, None)
        elif epoch == 0 and seq > len(self.witnesses[run_id].frames):
            self.refuse_what_is_yet_to_come(run_id, f"{own}-{seq}")
        else:
            tab.resume(run_id, f"{own + epoch}-{seq}")

    def refuse_what_is_yet_to_come(self, run_id: str, after: str) -> None:
        _, refused = Browser(self.service, hello(**{run_id: after})).heard
        assert (refused.code, refused.run) == ("bad-resume", run_id)
        self.tally["resumes refused"] += 1

    # ---- what always holds ----

    @invariant()
    def readers_are_counted(self) -> None:
        for run_id, expected in self.expected.items():
            expected.count_readers(sum(run_id in connection.reading for connection in self.connections), self.clock.now)

    @invariant()
    def logs_are_as_expected(self) -> None:
        for run_id, expected in self.expected.items():
            witness = self.witnesses[run_id]
            assert [frame.frame_id.seq for frame in witness.frames] == list(range(1, len(witness.frames) + 1))
            assert not witness.has_ended(-1), "something follows the end"
            assert witness.has_ended() != expected.is_alive
            if expected.is_alive:
                assert expected.text.startswith(witness.text())
                if self.clock.now >= expected.last_write + self.service.settings.batch_seconds:
                    assert witness.text() == expected.text, "text is held back for too long"
            else:
                assert witness.run.status is expected.status
                assert witness.text() == expected.text
                assert (witness.frames[-1].message is not None) == bool(expected.text)

    @invariant()
    def authors_code_is_called_once_with_the_conversation(self) -> None:
        for run_id, expected in self.expected.items():
            assert self.puppets.conversations.get(run_id, []) == [expected.conversation] * expected.calls

    def _send_all_again_long_after(self) -> None:
        self.clock.advance(LOG_TTL_SECONDS)
        for run_id in self.expected:
            _, refused = Browser(self.service, hello(), send(run_id, QUESTION)).heard
            assert (refused.code, refused.run) == ("unknown-run", run_id)

    def teardown(self) -> None:
        try:
            for run_id in self.expected:
                self._end(run_id, self.open_tabs[0], "return")
            self.logs_are_as_expected()
            for tab in self.open_tabs:
                tab.catch_up()
                for run_id, reader in tab.readers.items():
                    assert (reader.text, reader.status) == (self.expected[run_id].text, self.expected[run_id].status)
            self._send_all_again_long_after()
            self.authors_code_is_called_once_with_the_conversation()
        finally:
            self.puppets.close()
        self.tally.update(f"runs {expected.status}" for expected in self.expected.values())
        self.tally["sequences"] += 1


def test_every_reader_gets_every_character_once_and_the_end(
    profile: settings, caplog: pytest.LogCaptureFixture, record_property: Callable[[str, object], None]
) -> None:
    caplog.set_level("CRITICAL", logger="vizro_ws_chat")  # or the records of all that goes wrong on purpose pile up
    Conversations.tally.clear()
    run_state_machine_as_test(Conversations, settings=profile)
    record_property("tally", ", ".join(f"{count} {what}" for what, count in Conversations.tally.most_common()))
    assert Conversations.tally["sequences"] >= profile.max_examples
    rare = {"snapshot", "gap", "runs error by time", "runs interrupted by time"}
    rare |= {f"runs {status}" for status in RunStatus if status.is_terminal}
    assert rare <= set(Conversations.tally), "the sequences do not lead everywhere any more"
