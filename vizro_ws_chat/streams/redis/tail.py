"""Reading from Redis: one thread for all runs of other processes that are read here, and for the mail."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

import redis

from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.mail import Letter, read_letter
from vizro_ws_chat.streams.redis.mirror import FROM_THE_START, Entries, Mirror

logger = redacted_logger(__name__)

BLOCK_SECONDS = 2.0
"""How long Redis holds back an answer when there is nothing new."""

_MOST_ENTRIES = 500
_PAUSE_SECONDS = 0.2
_END_SECONDS = 5.0


class Tail:
    """Tails the streams of mirrors and the mail of this process.

    Args:
        client: Connects to Redis, and has patience for `BLOCK_SECONDS`.
        keys: Names keys.
        worker: This process's id.
        take_letter: Called with what other processes say. It must be quick.
        wake: Puts a letter into this process's own mail, so that a wait for news ends.
        when_failed: Called when Redis could not be read. Nobody else asks it all the time.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        worker: str,
        *,
        take_letter: Callable[[Letter], None],
        wake: Callable[[], None],
        when_failed: Callable[[], None],
    ) -> None:
        self._client = client
        self._keys = keys
        self._mail = keys.mail_of(worker)
        self._mail_cursor = str(FROM_THE_START)
        self._take_letter = take_letter
        self._wake = wake
        self._when_failed = when_failed
        self._lock = threading.Lock()
        self._mirrors: set[Mirror] = set()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._main, name="vizro-ws-chat-tail", daemon=True)
        self._thread.start()

    def follow(self, mirror: Mirror) -> None:
        """Read on in a run."""
        with self._lock:
            self._mirrors.add(mirror)
        self._wake()

    def leave(self, mirror: Mirror) -> None:
        """Read no more of a run."""
        with self._lock:
            self._mirrors.discard(mirror)

    def close(self) -> None:
        """End. Closing twice is closing once."""
        self._closed.set()
        self._wake()
        self._thread.join(BLOCK_SECONDS + _END_SECONDS)
        self._client.close()

    # ---- on its thread ----

    def _main(self) -> None:
        while not self._closed.is_set():
            try:
                self._read()
            except redis.RedisError as error:
                # Whether it is away is the heartbeat's to tell.
                logger.debug("Reading from Redis failed: %r", error)
                self._when_failed()
                self._closed.wait(_PAUSE_SECONDS)
            except Exception:  # whatever it is, other runs and the mail depend on this thread
                logger.exception("What was read from Redis could not be taken")
                self._closed.wait(_PAUSE_SECONDS)

    def _read(self) -> None:
        """Wait for what is new, and take it."""
        mirrors = self._followed()
        cursors = {name: str(min(mirror.cursor for mirror in each)) for name, each in mirrors.items()}
        cursors[self._mail] = self._mail_cursor
        new = self._client.xread(cursors, count=_MOST_ENTRIES, block=int(BLOCK_SECONDS * 1000))
        for stream, entries in new or []:
            name = stream.decode()
            if name == self._mail:
                self._take_mail(entries)
            for mirror in mirrors.get(name, ()):
                mirror.take(entries)

    def _followed(self) -> dict[str, list[Mirror]]:
        """Return the mirrors of each stream: several, while one that is lost has readers that are yet to be told."""
        mirrors: defaultdict[str, list[Mirror]] = defaultdict(list)
        with self._lock:
            self._mirrors = {mirror for mirror in self._mirrors if not mirror.is_over}
            for mirror in self._mirrors:
                mirrors[self._keys.frames(mirror.name)].append(mirror)
        return mirrors

    def _take_mail(self, entries: Entries) -> None:
        for entry_id, fields in entries:
            self._mail_cursor = entry_id.decode()
            try:
                self._take_letter(read_letter(dict(fields)))
            except Exception:
                logger.exception("A letter of another process could not be taken")
