"""What this process and others tell each other about runs, and ask of each other."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError

from vizro_ws_chat.exceptions import AwayError, RefusedError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.mail import Answer, CancelRun, Deliver, Letter, Reply, StillReading, Wake, post
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

_REPLY_SECONDS = 3.0


class Correspondence:
    """Writes letters to other processes, and does what theirs say.

    Args:
        link: Calls Redis.
        keys: Names keys.
        worker: This process's id.
        hub: The runs of this process.
        keep_ms: How long a letter is kept for a process that does not take it, in milliseconds.
        keep_seconds: For how long it counts that a run was read elsewhere.
    """

    def __init__(self, link: Link, keys: Keys, worker: str, hub: RunHub, *, keep_ms: int, keep_seconds: float) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._hub = hub
        self._keep_ms = keep_ms
        self._keep_seconds = keep_seconds
        self._numbers = itertools.count(1)
        self._replies: dict[int, Future[Reply]] = {}

    def post(self, client: Client, worker: str, letter: Letter) -> None:
        """Put a letter into a process's mail."""
        self.post_all(client, {worker: letter})

    def post_all(self, client: Client, letters: Mapping[str, Letter]) -> None:
        """Put letters into the mail of processes, one for each."""
        post(client, self._keys, letters, self._keep_ms)

    def tell(self, worker: str, letter: Letter) -> None:
        """Put a letter into a process's mail, if Redis is there."""
        try:
            self._link.call(lambda client: self.post(client, worker, letter))
        except AwayError:
            logger.debug("Something was not said to another process: Redis is away")

    def wake(self) -> None:
        """Let this process look into its mail."""
        self.tell(self._worker, Wake())

    def answer(self, worker: str, key: RunKey, part: int, value: object) -> None:
        """Take the reader's answer to a question of a run to its process. Raises what `_request` says."""
        self._request(
            worker, lambda number: Answer(sender=self._worker, number=number, run=key, part=part, value=value)
        )

    def deliver(self, worker: str, key: RunKey, delivery: Delivery) -> None:
        """Take what the reader says into a run to its process. Raises what `_request` says."""
        self._request(
            worker,
            lambda number: Deliver(sender=self._worker, number=number, run=key, id=delivery.id, text=delivery.text),
        )

    def _request(self, worker: str, make: Callable[[int], Answer | Deliver]) -> None:
        """Ask a process for something, and wait for its reply.

        Raises:
            AwayError: When Redis is away, or the process does not reply.
            RefusedError: What it says.
        """
        number, reply = next(self._numbers), Future[Reply]()
        self._replies[number] = reply
        try:
            self._link.call(lambda client: self.post(client, worker, make(number)))
            replied = reply.result(_REPLY_SECONDS)
        except FutureTimeoutError:
            raise AwayError from None
        finally:
            del self._replies[number]
        if replied.code is not None:
            raise RefusedError(replied.code, "another process says so", ref=replied.ref)

    def take(self, letter: Letter) -> None:
        """Do what a letter says. It does not take long."""
        match letter:
            case Wake():
                pass
            case CancelRun():
                self._hub.cancel(letter.run)
            case StillReading():
                for key in letter.runs:
                    self._hub.keep(key, self._keep_seconds)
            case Answer():  # the author's code reads it, and may take its time
                threading.Thread(
                    target=self._reply,
                    args=(letter, lambda: self._hub.answer(letter.run, letter.part, letter.value)),
                    name="vizro-ws-chat-answer",
                    daemon=True,
                ).start()
            case Deliver():
                self._reply(letter, lambda: self._hub.deliver(letter.run, Delivery(letter.id, letter.text)))
            case Reply():
                reply = self._replies.get(letter.number)
                if reply is not None and not reply.done():
                    reply.set_result(letter)

    def _reply(self, request: Answer | Deliver, do: Callable[[], None]) -> None:
        try:
            do()
            reply = Reply(number=request.number)
        except RefusedError as refusal:
            reply = Reply(number=request.number, code=refusal.code, ref=refusal.ref)
        except Exception:
            ref = secrets.token_hex(4)
            logger.exception("What another process asked for failed (reference %s)", ref)
            reply = Reply(number=request.number, code="internal", ref=ref)
        self.tell(request.sender, reply)
