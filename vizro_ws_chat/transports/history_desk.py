"""The conversations that chats keep on the server, in one process."""

from __future__ import annotations

import atexit
import time
from collections.abc import Mapping

from vizro_ws_chat.history.keeper import Keeper
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.health import Health
from vizro_ws_chat.transports.owner import NOBODY

_FORGET_EVERY_SECONDS = 3_600.0


class HistoryDesk:
    """Knows which chat keeps its conversations where.

    Args:
        places: The URLs of the databases, by chat id; chats that keep nothing are not in it.
        settings: Limits and times.
        archive: Verifies what comes from there.
        scheduler: Calls when old conversations are to be deleted.
        health: Is told how to see whether the databases are there.

    Raises:
        ConfigurationError: When a database can't be used.
    """

    def __init__(
        self,
        places: Mapping[str, str],
        settings: Settings,
        archive: ThreadArchive,
        scheduler: Scheduler,
        health: Health,
    ) -> None:
        self._days = settings.history_days
        self._scheduler = scheduler
        by_url = {url: _open(url, settings, archive) for url in set(places.values())}
        self._keepers = {chat: by_url[url] for chat, url in places.items()}
        if by_url:
            health.add("history", lambda: not any(keeper.is_away for keeper in by_url.values()))
            atexit.register(self.close)
        if by_url and self._days is not None:
            self._forget(self._days)

    def of(self, scope: Scope) -> Keeper | None:
        """Return what keeps an owner's conversations in a chat; `None` when nothing does.

        Those of who has no owner are not kept: they may be many, and each would find what the others have said.
        """
        return None if scope.owner == NOBODY else self._keepers.get(scope.chat)

    def keeps(self, chat: str) -> bool:
        """Whether a chat keeps conversations."""
        return chat in self._keepers

    def _forget(self, days: float) -> None:
        for keeper in set(self._keepers.values()):
            keeper.forget(days)
        self._scheduler.call_later(_FORGET_EVERY_SECONDS, lambda: self._forget(days))

    def close(self) -> None:
        """Write what waits. Closing twice is closing once."""
        for keeper in set(self._keepers.values()):
            keeper.close()


def _open(url: str, settings: Settings, archive: ThreadArchive) -> Keeper:
    return Keeper(
        open_store(url),
        archive,
        max_unwritten_chars=settings.max_unwritten_chars,
        retry_ms=int(settings.busy_retry_seconds * 1000),
        epoch_ms=lambda: time.time_ns() // 1_000_000,
    )


def check_place(url: str) -> None:
    """Check, when the app is made, that a database can keep conversations, and make its tables what they must be.

    Raises:
        ConfigurationError: When it can't.
    """
    open_store(url).close()
