"""One simulated user with a browser: asks, stops, clicks twice, opens tabs, goes away and comes back late."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from soak.answers import Question, answer_chunks
from soak.arena import CHATS, OWN
from soak.chatter import Chatter, Conversation
from soak.endpoint import Endpoint
from soak.history import Reading, RunHistory
from soak.reading import Manner, Reader
from vizro_ws_chat.protocol.frames import Send
from vizro_ws_chat.protocol.run_state import RunStatus

REMEMBERED_TURNS = 20
"""A user looks again at one of the last turns only."""
_RUN_ID_BYTES = 16
_RUN_DEADLINE_SECONDS = 120.0
_LONGEST_CONVERSATION = 12
# An answer that takes long enough for its user to be away for too long.
_SLOW_SHARE = 0.06
_SLOW_CHUNKS = 30
_SLOW_PAUSE_MS = 200
_LEAVING_SHARE = {False: 0.05, True: 0.5}


@dataclass(frozen=True)
class Habits:
    """How users behave.

    Attributes:
        heartbeat: The server's, in seconds.
        grace: The server's: who is away for longer finds the answer interrupted.
        think_seconds: Longest time between two messages.
        chunks: Most chunks of an answer.
        pause_ms: Longest time before a chunk.
    """

    heartbeat: float
    grace: float
    think_seconds: float
    chunks: int
    pause_ms: int


@dataclass
class _Turn:
    """A message and its answer, for readers of it: other tabs, and those that come late."""

    chat: str
    send: Send
    before: Conversation
    history: RunHistory


class User:
    """Takes one turn after the other.

    Args:
        endpoint: Where the dashboard is.
        habits: How users behave.
        seed: Decides all that this user does.
        report: Called with the history of each run, when all of its readers are done.
        stop: Set to end.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        habits: Habits,
        seed: str,
        report: Callable[[RunHistory], None],
        stop: threading.Event,
    ) -> None:
        self._endpoint = endpoint
        self._habits = habits
        self._chance = random.Random(seed)
        self._report = report
        self._stop = stop
        self._chat = OWN
        self._conversation = Conversation()
        self._turns: list[_Turn] = []

    def take_turn(self) -> None:
        """Send a message and read the answer; now and then look at an old one."""
        if self._turns and self._happens(0.1):
            self._look_again(self._chance.choice(self._turns))
            return
        if not self._conversation.refs or len(self._conversation.refs) > self._chance.randrange(_LONGEST_CONVERSATION):
            self._conversation = Conversation()
            self._chat = self._chance.choice(CHATS)
        turn = self._next_turn()
        chatter = self._read(turn)
        self._turns = [*self._turns, turn][-REMEMBERED_TURNS:]
        self._remember(turn, chatter)
        self._report(turn.history)

    def think(self) -> None:
        """Do nothing for a while."""
        self._stop.wait(self._chance.uniform(0, self._habits.think_seconds))

    def _next_turn(self) -> _Turn:
        conversation = self._conversation
        run = self._chance.randbytes(_RUN_ID_BYTES).hex()
        last = conversation.refs[-1] if conversation.refs else None
        # A question without an answer is asked again; an answer sometimes made once more.
        if last and last.role == "assistant" and self._happens(0.15):
            conversation = Conversation(conversation.refs[:-1], conversation.contents[:-1])
            last = conversation.refs[-1]
        is_again = last is not None and last.role == "user"
        if is_again:
            text, contents = None, conversation.contents
        else:
            question = self._question()
            text, contents = question.text, [*conversation.contents, question.text]
        self._conversation = conversation
        return _Turn(
            chat=self._chat,
            send=Send(run=run, parent=conversation.last_id, text=text),
            before=conversation.copy(),
            history=RunHistory(
                run=run,
                truth="".join(answer_chunks(contents)),
                parent=conversation.last_id,
                answers_parent=is_again,
                first_sent=time.monotonic(),
            ),
        )

    def _question(self) -> Question:
        seed = self._chance.randrange(10**9)
        if self._chat == OWN and self._happens(_SLOW_SHARE):  # the model has a pace of its own
            return Question(seed, _SLOW_CHUNKS, _SLOW_PAUSE_MS)
        chunks = int(self._habits.chunks ** self._chance.random())
        return Question(seed, chunks, self._chance.randrange(self._habits.pause_ms + 1))

    def _read(self, turn: _Turn) -> Chatter:
        """Read the answer in one tab or, now and then, in two that both send."""
        is_slow = turn.send.text is not None and Question.parse(turn.send.text).pause_ms == _SLOW_PAUSE_MS
        is_leaving = self._happens(_LEAVING_SHARE[is_slow])
        manner = Manner(
            cancel_after=self._chance.randrange(12) if self._happens(0.15) else None,
            is_sent_twice=self._happens(0.15),
            away_seconds=self._habits.grace * self._chance.uniform(0, 2) if is_leaving else 0.0,
        )
        chatter, reader = self._open_tab("first tab", turn, manner)
        deadline = time.monotonic() + _RUN_DEADLINE_SECONDS
        if self._happens(0.15):
            _, other = self._open_tab("second tab", turn, Manner())
            thread = threading.Thread(target=other.read, args=(deadline,), name="soak-second-tab")
            thread.start()
            reader.read(deadline)
            thread.join()
        else:
            reader.read(deadline)
        return chatter

    def _look_again(self, turn: _Turn) -> None:
        """Read an old answer, or even send its message again: it must not be made a second time."""
        history = turn.history
        turn = _Turn(turn.chat, turn.send, turn.before, history)
        _, reader = self._open_tab("late tab", turn, Manner(), is_sending=self._happens(0.5))
        reader.read(time.monotonic() + _RUN_DEADLINE_SECONDS)
        self._report(history)

    def _open_tab(self, name: str, turn: _Turn, manner: Manner, *, is_sending: bool = True) -> tuple[Chatter, Reader]:
        reading = Reading(name)
        turn.history.readings.append(reading)
        chatter = Chatter(
            turn.chat,
            turn.send.run,
            turn.send if is_sending else None,
            turn.before,
            reading,
            history_pieces=self._chance.randint(1, 3),
        )
        chance = random.Random(self._chance.random())
        reader = Reader(self._endpoint, chatter, turn.history, manner, chance, heartbeat=self._habits.heartbeat)
        return chatter, reader

    def _remember(self, turn: _Turn, chatter: Chatter) -> None:
        """Add to the conversation what the browser would keep."""
        reading = chatter.reading
        if not reading.accepted or reading.status not in (
            RunStatus.DONE,
            RunStatus.STOPPED,
            RunStatus.INTERRUPTED,
        ):
            self._conversation = Conversation()
            return
        if turn.send.text is not None:
            self._conversation.add(reading.accepted[0], turn.send.text)
        if chatter.answer is not None:
            self._conversation.add(chatter.answer, reading.text)

    def _happens(self, probability: float) -> bool:
        return self._chance.random() < probability
