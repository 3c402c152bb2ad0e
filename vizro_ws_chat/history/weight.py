"""How much memory changes take that wait to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vizro_ws_chat.history.records import Answered, Asked, Change, Deleted, Rated
from vizro_ws_chat.protocol.content import length_of
from vizro_ws_chat.threads.signing import Message

_CHANGE_CHARS = 500
"""What a change takes beside its texts."""
_REFERENCE_CHARS = 10
"""What a message takes in the conversation before a question."""


class Weight:
    """The weight of changes. Questions of one conversation have what is before them in common: it counts once."""

    def __init__(self) -> None:
        self._own_chars = 0
        self._message_chars = 0
        self._times: Counter[str] = Counter()

    @property
    def chars(self) -> int:
        """About how many characters all of them take."""
        return self._own_chars + self._message_chars

    def add(self, change: Change) -> None:
        """Count a change."""
        self._own_chars += _own_chars(change)
        for message in messages_of(change):
            if message.id not in self._times:
                self._message_chars += length_of(message.content)
            self._times[message.id] += 1

    def remove(self, change: Change) -> None:
        """Count a change no more."""
        self._own_chars -= _own_chars(change)
        for message in messages_of(change):
            self._times[message.id] -= 1
            if not self._times[message.id]:
                del self._times[message.id]
                self._message_chars -= length_of(message.content)


def messages_of(change: Change) -> Sequence[Message]:
    """Return the messages in a change."""
    match change:
        case Asked(question=question, before=before):
            return [*before, question.message]
        case Answered(answer=answer):
            return [answer.message]
        case Rated() | Deleted():
            return []


def _own_chars(change: Change) -> int:
    match change:
        case Asked(before=before):
            return _CHANGE_CHARS + _REFERENCE_CHARS * len(before)
        case Answered(answer=answer):
            return _CHANGE_CHARS + len(answer.view or "")
        case Rated(comment=comment):
            return _CHANGE_CHARS + len(comment)
        case Deleted():
            return _CHANGE_CHARS
