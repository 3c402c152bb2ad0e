"""Where the runs of an app are: in this process alone, or shared with others."""

from __future__ import annotations

import atexit
import hashlib
import hmac

from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import Interrupted, MessageRef
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.runs import Runs
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.health import Health
from vizro_ws_chat.transports.history_desk import HistoryDesk

_CONTEXT = b"vizro-ws-chat app v1"
_TAG_DIGITS = 12
_ANY_FRAME = "0-1"


def make_runs(
    settings: Settings,
    scheduler: Scheduler,
    archive: ThreadArchive,
    key: bytes,
    *,
    health: Health,
    history: HistoryDesk,
) -> tuple[RunHub, Runs]:
    """Return the runs of this process, and those that can be reached from it.

    Args:
        settings: Limits and times, and where runs are shared.
        scheduler: Calls functions later.
        archive: Signs the answers of processes that have died.
        key: The app's. Only processes that have the same share runs.
        health: Is told how to see whether Redis is there.
        history: Keeps the answers of processes that have died.

    Raises:
        ConfigurationError: When runs can't be shared as the settings say.
    """
    if settings.redis_url is None:
        hub = RunHub(settings, scheduler)
        return hub, hub
    from vizro_ws_chat.streams.redis.shared_runs import SharedRuns  # noqa: PLC0415 - needs an extra

    def seal_for(run: RunKey, question: MessageRef, content: Content) -> MessageRef:
        scope = Scope(run.chat, run.owner)
        answer = archive.add(scope, question.id, "assistant", content)
        keeper = history.of(scope)
        if keeper is not None:
            keeper.answered(scope, answer, Interrupted(run=run.id, id=_ANY_FRAME, message=answer.ref))
        return answer.ref

    app = hmac.digest(key, _CONTEXT, hashlib.sha256).hex()[:_TAG_DIGITS]
    shared = SharedRuns(settings, scheduler, app=app, seal_for=seal_for)
    atexit.register(shared.close)
    health.add("redis", lambda: not shared.is_away)
    return shared.hub, shared


def check_sharing(settings: Settings) -> None:
    """Check, when the app is made, that runs can be shared as the settings say.

    Raises:
        ConfigurationError: When they can't.
    """
    if settings.redis_url is None:
        return
    from vizro_ws_chat.streams.redis.client import open_client  # noqa: PLC0415 - for an extra

    client = open_client(settings.redis_url, settings.redis_timeout_seconds)  # tells when the package is missing
    from vizro_ws_chat.streams.redis.check import check_server  # noqa: PLC0415 - needs it

    try:
        check_server(client, settings.redis_prefix)
    finally:
        client.close()
