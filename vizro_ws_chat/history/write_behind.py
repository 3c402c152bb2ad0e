"""Writing changes to a store that may be away, while nobody waits for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.history.records import Answered, Asked, Change, Deleted, Rated
from vizro_ws_chat.history.store import HistoryStore
from vizro_ws_chat.history.weight import Weight, messages_of
from vizro_ws_chat.protocol.content import parts_of
from vizro_ws_chat.redaction import redacted_logger, withholding

logger = redacted_logger(__name__)

_MAX_AT_ONCE = 200
"""Changes that are made in one transaction."""
_FIRST_RETRY_SECONDS = 0.5
_LAST_RETRY_SECONDS = 5.0
_END_SECONDS = 5.0


class WriteBehind:
    """Writes changes to a store on a thread of its own, in order: whatever has come up in one transaction.

    While the store is away it keeps them and tries again. The thread begins with the first change: in the
    process that serves, and not in the one that it was forked from. When the system has none to give, the next one
    that wants something to be written begins it, or the end writes without it.

    Args:
        store: Where to. It is not closed with this.
        max_chars: How much is kept while the store is away. Of what is beyond it, the oldest is lost, and logged.
        retry_seconds: When the store is tried again for the first time. It takes twice as long each time, up to five
            seconds.
    """

    def __init__(self, store: HistoryStore, max_chars: int, *, retry_seconds: float = _FIRST_RETRY_SECONDS) -> None:
        self._store = store
        self._max_chars = max_chars
        self._retry_seconds = retry_seconds
        self._changed = threading.Condition()
        self._waiting: deque[Change] = deque()
        self._batch: deque[Change] = deque()
        """What is being written."""
        self._weight = Weight()
        self._put = 0
        """Changes so far."""
        self._is_away = False
        self._shall_try = False
        self._is_closed = False
        self._thread: threading.Thread | None = None

    @property
    def is_away(self) -> bool:
        """Whether the store could not be written to when it was last tried."""
        return self._is_away

    def put(self, change: Change) -> None:
        """Let a change be written. Waits for nobody."""
        with self._changed:
            if self._is_closed:
                _lose([change], "it came after the end")
                return
            self._waiting.append(change)
            self._weight.add(change)
            self._put += 1
            self._make_room()
            self._begin()
            self._changed.notify_all()

    def try_again(self) -> None:
        """Try a store that was away at once: it has just done what somebody else has asked."""
        with self._changed:
            self._shall_try = True
            self._changed.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until all that was put is written, but not for a store that is away.

        Args:
            timeout: For how long at most, in seconds.

        Returns:
            Whether it is.
        """
        with self._changed:
            until = self._put
            if self._settled < until:
                self._begin()
            self._changed.wait_for(lambda: self._is_away or self._settled >= until, timeout)
            return self._settled >= until

    def close(self) -> None:
        """Write what there is, for some seconds at most, and end. What is put from then on is lost, and logged."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is None:
            self._main()
            return
        thread.join(_END_SECONDS)
        with self._changed:
            left = [*self._batch, *self._waiting] if thread.is_alive() else []
            self._waiting.clear()
        _lose(left, "the store takes too long at the end")

    @property
    def _settled(self) -> int:
        return self._put - len(self._batch) - len(self._waiting)

    def _begin(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = None
        thread = threading.Thread(target=self._main, name="vizro-ws-chat-history", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has none to give
            logger.error("The history is not written for now, and waits: %s", error)  # noqa: TRY400 - the place says nothing
        else:
            self._thread = thread

    def _make_room(self) -> None:
        # The oldest may be being written, which makes room or brings them back.
        max_chars = 2 * self._max_chars if self._batch else self._max_chars
        while self._weight.chars > max_chars and len(self._waiting) > 1:
            oldest = self._waiting.popleft()
            self._weight.remove(oldest)
            _lose([oldest], "too much waits for the store")

    # ---- on its thread ----

    def _main(self) -> None:
        retry_seconds = self._retry_seconds
        while self._take():
            try:
                self._write()
            except AwayError:
                if not self._wait(retry_seconds):
                    return
                retry_seconds = min(2 * retry_seconds, _LAST_RETRY_SECONDS)
            else:
                retry_seconds = self._retry_seconds

    def _take(self) -> bool:
        """Take what is to be written next; `False` at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            while self._waiting and len(self._batch) < _MAX_AT_ONCE:
                self._batch.append(self._waiting.popleft())
            return bool(self._batch)

    def _write(self) -> None:
        try:
            self._store.write(list(self._batch))
        except AwayError:
            raise
        except Exception:  # noqa: BLE001 - which comes again, of the change that is wrong
            self._write_each()
        else:
            self._written(len(self._batch))

    def _write_each(self) -> None:
        """Write one after the other: what is wrong with one is not the fault of the others."""
        while self._batch:
            change = self._batch[0]
            try:
                self._store.write([change])
            except AwayError:
                raise
            except Exception:
                with withholding(_texts_of(change)):
                    logger.exception("%s is lost to the history: the store can't keep it", _name_of(change))
            self._written(1)

    def _written(self, number: int) -> None:
        with self._changed:
            for _ in range(number):
                self._weight.remove(self._batch.popleft())
            self._is_away = False
            self._changed.notify_all()

    def _wait(self, seconds: float) -> bool:
        """Put back what could not be written, and wait for the next try; `False` when that was the last."""
        with self._changed:
            self._is_away = True
            self._waiting.extendleft(reversed(self._batch))
            self._batch.clear()
            self._make_room()
            self._changed.notify_all()
            if self._is_closed:
                _lose(self._waiting, "the store is away at the end")
                self._waiting.clear()
                return False
            self._shall_try = False
            self._changed.wait_for(lambda: self._is_closed or self._shall_try, seconds)
            return True


def _lose(changes: Iterable[Change], reason: str) -> None:
    for change in changes:
        logger.error("%s is lost to the history: %s", _name_of(change), reason)


def _name_of(change: Change) -> str:
    match change:
        case Asked(question=question):
            return f"The question of run {question.run}"
        case Answered(answer=answer):
            return f"The answer of run {answer.run}"
        case Rated(message=message):
            return f"The rating of message {message}"
        case Deleted(thread=thread):
            return f"The deletion of conversation {thread}"


def _texts_of(change: Change) -> list[str]:
    comment = [change.comment] if isinstance(change, Rated) else []
    return comment + [part.text for message in messages_of(change) for part in parts_of(message.content)]
