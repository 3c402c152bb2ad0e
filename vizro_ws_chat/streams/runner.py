"""Driving the author's generator: on a thread of its own, or as a task of the shared event loop."""

from __future__ import annotations

import asyncio
import inspect
import secrets
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, ClassVar

from vizro_ws_chat.exceptions import (
    AnswerError,
    AskTimeoutError,
    ChunkTypeError,
    NoTextError,
    RefusedError,
    RunCancelled,
    UserFacingError,
)
from vizro_ws_chat.protocol.codes import ErrorCode
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.redaction import redacted_logger, withhold_also
from vizro_ws_chat.streams.asking import OpenQuestion
from vizro_ws_chat.streams.breaker import Breaker, breaker_for_current_thread
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.output import Output
from vizro_ws_chat.streams.page_access import NO_ACCESS, PageAccess
from vizro_ws_chat.streams.run import Ending, Run
from vizro_ws_chat.streams.scheduler import Scheduler, Timer
from vizro_ws_chat.streams.upstream import async_generators_in, streams_in
from vizro_ws_chat.streams.writer import KeepFile, RunWriter, as_output
from vizro_ws_chat.telemetry.observer import UNOBSERVED, RunObservation

logger = redacted_logger(__name__)

_END = object()
_ERROR_CODES: dict[type[BaseException], ErrorCode] = {
    AnswerError: "bad-answer",
    ChunkTypeError: "bad-chunk",
    NoTextError: "no-text",
}
_FIRST_PAUSE_SECONDS = 0.002
_LONGEST_PAUSE_SECONDS = 1.0
_CLEANUP_SECONDS = 5.0
_LONGEST_STRETCH_SECONDS = 0.01
_REST_SECONDS = 0.001


def _keep_nothing(name: str, content: bytes, mime_type: str) -> FileRef:
    raise RefusedError("uploads-full", f"nobody keeps files here, such as {name} ({mime_type}, {len(content)} bytes)")


@dataclass(frozen=True)
class Producer:
    """How the answer of a run is made.

    Attributes:
        produce: Returns the iterator of chunks; the author's code.
        is_async: Whether that is an async iterator.
        environment: Entered around the author's code: the web framework's context.
        view: Returns how the author shows an answer with this content; `None` when all are shown as the chat does.
        as_output: Returns what writes a chunk that is no text; it raises `ChunkTypeError` when nothing can.
        keep_file: Keeps files for the reader.
        ask_seconds: For how long the reader's answers are waited for.
        page_access: What of the dashboard the answer may change.
        keep_question: Keeps what is asked, once that is not refused and before its answer can end; it must be quick.
        keep: Keeps how the run has ended, before any reader hears of it; it must be quick.
        observe: Tells an observer that a run begins, and returns what is told of it; called where the run is asked for.
    """

    produce: Callable[[RunContext], Any]
    is_async: bool
    environment: Callable[[], AbstractContextManager[object]]
    view: Callable[[Content], str | None] | None = None
    as_output: Callable[[object], Output] = as_output
    keep_file: KeepFile = _keep_nothing
    ask_seconds: float = 600.0
    page_access: PageAccess = NO_ACCESS
    keep_question: Callable[[], None] = lambda: None
    keep: Callable[[Ending], None] = lambda _: None
    observe: Callable[[], RunObservation] = lambda: UNOBSERVED

    def writer(self, run: Run, context: RunContext) -> RunWriter:
        """Return what takes the chunks."""
        return RunWriter(run, context, self.as_output, self.keep_file, self.ask_seconds, self.page_access)


def start_runner(run: Run, producer: Producer, scheduler: Scheduler, event_loop: EventLoopThread) -> None:
    """Begin to drive a run."""
    if producer.is_async:
        AsyncRunner(run, producer, event_loop).start()
    else:
        ThreadRunner(run, producer, scheduler).start()


class ThreadRunner:
    """Drives a generator on a thread of its own, which ends with the run."""

    _last_on: ClassVar[ThreadRunner | None] = None
    """Which of all of them was the last to have something of its generator."""

    def __init__(self, run: Run, producer: Producer, scheduler: Scheduler) -> None:
        self._run = run
        self._producer = producer
        self._scheduler = scheduler
        self._context = RunContext(run.id, run.token, run.inbox, run.give_title)
        self._lock = threading.Lock()
        self._ended = False
        self._next_break: Timer | None = None

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._main, name=f"vizro-ws-chat-run-{self._run.id[:8]}", daemon=True).start()

    def _main(self) -> None:
        breaker = breaker_for_current_thread()
        self._run.token.on_cancel(lambda: self._break_off(breaker, _FIRST_PAUSE_SECONDS))
        try:
            with self._run.observation.working(), self._producer.environment():
                self._drive(breaker)
        except BaseException as error:  # noqa: BLE001 - whatever the author's code raises ends its run only
            _report(self._run, error)
        finally:
            self._run.interrupt()  # no effect but for a run that nothing else has ended
            self._stop_breaking_off()
            ThreadRunner._last_on = None

    def _drive(self, breaker: Breaker) -> None:
        chunks: Any = None
        try:
            if not self._run.status.is_terminal:
                with breaker:
                    chunks = iter(self._producer.produce(self._context))
                self._drain(chunks, breaker)
                self._add_view(breaker)
                self._run.finish(self._context.suggested())
        except BaseException as error:  # noqa: BLE001 - whatever the author's code raises ends its run only
            _report(self._run, error)
        finally:
            self._release(chunks)

    def _drain(self, chunks: Any, breaker: Breaker) -> None:
        clock = self._scheduler.clock
        writer = self._producer.writer(self._run, self._context)
        rested = clock()
        reply: object = None
        while not self._run.status.is_terminal:
            with breaker:
                chunk = _next(chunks, reply)
            if chunk is _END:
                _check_has_text(self._run)
                return
            reply = writer.take(chunk)
            self._run.observation.took(is_question=isinstance(reply, OpenQuestion))
            if isinstance(reply, OpenQuestion):
                if not reply.wait():
                    self._run.expire(reply)
                withhold_also(reply.said)
                rested = clock()
            pause, now = self._run.seconds_ahead, clock()
            if ThreadRunner._last_on is not self:  # it has waited for something, or others could not have come on
                ThreadRunner._last_on, rested = self, now
            # Under gevent, a generator that never waits leaves no time to anybody; nor does a sleep of no time.
            if pause or now - rested >= _LONGEST_STRETCH_SECONDS:
                self._scheduler.sleep(pause or _REST_SECONDS)
                rested = clock()

    def _add_view(self, breaker: Breaker) -> None:
        view = self._producer.view
        if view is None:
            return

        def make(content: Content) -> str | None:
            with breaker:
                return view(content)

        self._run.add_view(make)

    def _release(self, chunks: Any) -> None:
        """Close the generator and the streams that it leaves open: leaving a loop over a stream does not close it."""
        streams = [*streams_in(chunks), *self._context.tracked()]
        for closable in (chunks, *streams):
            try:
                if hasattr(closable, "close"):
                    closable.close()
            except BaseException:  # also of SystemExit: the next one is to be closed all the same
                logger.exception("Run %s: closing %s failed", self._run.id, type(closable).__name__)

    def _break_off(self, breaker: Breaker, pause: float) -> None:
        """Break off what the generator waits for, again until it has ended: it may go on to wait for the next thing."""
        with self._lock:
            if self._ended:
                return
            if breaker.attempt():  # its `finally` may now talk to a network, too
                pause = _CLEANUP_SECONDS
            longer = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            self._next_break = self._scheduler.call_later(pause, lambda: self._break_off(breaker, longer))

    def _stop_breaking_off(self) -> None:
        with self._lock:
            self._ended = True
            if self._next_break is not None:
                self._next_break.cancel()


class AsyncRunner:
    """Drives an async generator as a task of the shared event loop."""

    def __init__(self, run: Run, producer: Producer, event_loop: EventLoopThread) -> None:
        self._run = run
        self._producer = producer
        self._event_loop = event_loop
        self._context = RunContext(run.id, run.token, run.inbox, run.give_title)
        self._is_driving = True

    def start(self) -> None:
        """Begin."""
        # While it cleans up it is not cancelled, or it would leave open what it has not come to.
        cancel = self._event_loop.submit(self._main, can_cancel=lambda: self._is_driving)
        self._run.token.on_cancel(cancel)

    async def _main(self) -> None:
        try:
            with self._run.observation.working(), self._producer.environment():
                await self._drive()
        except BaseException as error:  # noqa: BLE001 - whatever the author's code raises ends its run only
            _report(self._run, error)
        finally:
            self._run.interrupt()

    async def _drive(self) -> None:
        chunks: Any = None
        try:
            if not self._run.status.is_terminal:
                chunks = aiter(self._producer.produce(self._context))
                await self._drain(chunks)
                if self._producer.view is not None:  # no coroutine: on a thread it keeps nobody waiting
                    await asyncio.to_thread(self._run.add_view, self._producer.view)
                self._run.finish(self._context.suggested())
        except BaseException as error:  # noqa: BLE001 - whatever the author's code raises ends its run only
            _report(self._run, error)
        finally:
            self._is_driving = False
            await self._release(chunks)

    async def _drain(self, chunks: Any) -> None:
        writer = self._producer.writer(self._run, self._context)
        reply: object = None
        while not self._run.status.is_terminal:
            chunk = await _anext(chunks, reply)
            if chunk is _END:
                _check_has_text(self._run)
                return
            reply = writer.take(chunk)
            self._run.observation.took(is_question=isinstance(reply, OpenQuestion))
            if isinstance(reply, OpenQuestion):
                if not await reply.wait_async():
                    self._run.expire(reply)
                withhold_also(reply.said)
            # Also for no time at all: a generator that never waits would leave none to the others on its loop.
            await asyncio.sleep(self._run.seconds_ahead)

    async def _release(self, chunks: Any) -> None:
        streams = [*streams_in(chunks), *self._context.tracked()]
        for closable in (*async_generators_in(chunks), chunks, *streams):
            try:
                close = getattr(closable, "aclose", None) or getattr(closable, "close", None)
                closing = close() if close is not None else None
                if inspect.isawaitable(closing):
                    await closing
            except BaseException:  # also of SystemExit: the next one is to be closed all the same
                logger.exception("Run %s: closing %s failed", self._run.id, type(closable).__name__)


def _next(chunks: Any, reply: object) -> object:
    """Return the next chunk of an iterator, or `_END`. A generator gets the reply to its last chunk."""
    if not isinstance(chunks, Generator):
        return next(chunks, _END)
    try:
        if _is_late(reply):
            return chunks.throw(AskTimeoutError())
        return chunks.send(_value(reply) if _takes_values(chunks) else None)
    except StopIteration:
        return _END


def _takes_values(generator: Generator[Any, Any, Any]) -> bool:
    """Whether a generator is at a `yield`, and not in a `yield from` of something that can't be sent values."""
    inner: Any = generator
    while isinstance(inner, GeneratorType):
        inner = inner.gi_yieldfrom
    return inner is None or hasattr(inner, "send")


async def _anext(chunks: Any, reply: object) -> object:
    """Return the next chunk of an async iterator, as `_next` does."""
    if not isinstance(chunks, AsyncGenerator):
        return await anext(chunks, _END)
    try:
        return await (chunks.athrow(AskTimeoutError()) if _is_late(reply) else chunks.asend(_value(reply)))
    except StopAsyncIteration:
        return _END


def _is_late(reply: object) -> bool:
    return isinstance(reply, OpenQuestion) and reply.is_late


def _value(reply: object) -> object:
    return reply.reply if isinstance(reply, OpenQuestion) else reply


def _check_has_text(run: Run) -> None:
    if run.is_empty:
        raise NoTextError


def _report(run: Run, error: BaseException) -> None:
    """End a run with an error: a sentence and a reference for the user, the traceback for the log."""
    if run.token.cancelled or isinstance(error, RunCancelled | asyncio.CancelledError):
        logger.debug("Run %s was broken off: %r", run.id, error, extra=run.log_fields)
        return
    ref = secrets.token_hex(4)
    if isinstance(error, UserFacingError):
        logger.warning(
            "Run %s failed with a message for the user (reference %s)",
            run.id,
            ref,
            exc_info=error,
            extra=run.log_fields,
        )
        run.fail("user", ref=ref, text=str(error) or None)
    else:
        logger.error("Run %s failed (reference %s)", run.id, ref, exc_info=error, extra=run.log_fields)
        run.fail(_ERROR_CODES.get(type(error), "failed"), ref=ref)
