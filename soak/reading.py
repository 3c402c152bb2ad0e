"""Drives a reader over one connection after the other until its run has ended."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from soak.chatter import Chatter
from soak.connections import Connection, EventStreamConnection, WebSocketConnection
from soak.endpoint import ConnectionLostError, ConnectionRefusedByServerError, Endpoint, say
from soak.history import RunHistory
from soak.weather import CALM, DRAW_HEADER
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, Cancel, ClientFrame, Hello, Ping

_TRANSPORTS: list[Callable[[Endpoint, list[ClientFrame]], Connection]] = [WebSocketConnection, EventStreamConnection]
# After so many connections nothing more happens to them: every answer ends.
_ROUGH_CONNECTIONS = 6
# Two of the server's heartbeats and a half: the server says something at least once in each.
_PATIENCE_HEARTBEATS = 2.5
_CHANCE_OF_LEAVING = 0.03
# Between connections that can't be opened.
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Manner:
    """How a user behaves in one turn.

    Attributes:
        cancel_after: Frames after which Stop is pressed; 0 at once with the message; `None` never.
        is_sent_twice: A double click.
        away_seconds: For how long the user is away after the first connection.
    """

    cancel_after: int | None = None
    is_sent_twice: bool = False
    away_seconds: float = 0.0


class Reader:
    """One tab that reads one run.

    Args:
        endpoint: Where to connect to.
        chatter: What to say and to understand.
        history: Where it is written down what happened.
        manner: How the user behaves.
        chance: Decides transports and faults.
        heartbeat: The server's, in seconds.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        chatter: Chatter,
        history: RunHistory,
        manner: Manner,
        chance: random.Random,
        *,
        heartbeat: float,
    ) -> None:
        self._endpoint = endpoint
        self._chatter = chatter
        self._history = history
        self._manner = manner
        self._chance = chance
        self._heartbeat = heartbeat
        self._connections = 0
        self._failures = 0
        self._heard = 0
        self._cancels_sent = 0
        self._twice_sent = not manner.is_sent_twice

    def read(self, deadline: float) -> None:
        """Read to the end, or until it is `deadline` (monotonic seconds)."""
        while not self._chatter.has_ended and time.monotonic() < deadline:
            self._connections += 1
            try:
                self._read_one_connection()
            except ConnectionRefusedByServerError as refusal:
                if refusal.frame:
                    self._chatter.receive([refusal.frame])
            except ConnectionLostError:
                pass  # the next one goes on where this has ended
            if not self._chatter.has_ended:
                self._history.is_left = True
                self._pause()

    def _pause(self) -> None:
        """Come back at once after a connection that was open, unless the server said when or the user is away."""
        if self._chatter.retry_ms is not None:
            time.sleep(self._chatter.retry_ms / 1000)
        elif self._failures:
            time.sleep(min(_FIRST_PAUSE_SECONDS * 2**self._failures, _LONGEST_PAUSE_SECONDS))
        elif self._connections == 1 and self._manner.away_seconds:
            time.sleep(self._manner.away_seconds)

    def _read_one_connection(self) -> None:
        is_rough = self._connections <= _ROUGH_CONNECTIONS
        draw = str(self._chance.random()) if is_rough else CALM
        endpoint = replace(self._endpoint, headers={DRAW_HEADER: draw})
        transport = self._chance.choice(_TRANSPORTS)
        self._failures += 1
        connection = transport(endpoint, self._chatter.open())
        self._failures = 0
        try:
            self._converse(connection, endpoint, is_rough=is_rough)
        finally:
            connection.close()

    def _converse(self, connection: Connection, endpoint: Endpoint, *, is_rough: bool) -> None:
        is_duplex = isinstance(connection, WebSocketConnection)
        while not self._chatter.has_ended and self._chatter.retry_ms is None:
            if is_duplex and not self._twice_sent:
                self._twice_sent = True
                if again := self._chatter.repeat():
                    connection.send(again)
            self._cancel_in_time(connection, endpoint, is_duplex=is_duplex)
            frames = connection.receive(self._heartbeat)
            self._heard += len(frames)
            answers = self._chatter.receive(frames)
            if is_duplex and answers:
                connection.send(answers)
            if not frames:
                self._check_alive(connection, is_duplex=is_duplex)
            elif self._leaves(is_rough=is_rough):
                return

    def _leaves(self, *, is_rough: bool) -> bool:
        is_going_away = self._manner.away_seconds > 0 and self._connections == 1
        return is_going_away or (is_rough and self._chance.random() < _CHANCE_OF_LEAVING)

    def _check_alive(self, connection: Connection, *, is_duplex: bool) -> None:
        silence = time.monotonic() - connection.last_heard
        if silence > _PATIENCE_HEARTBEATS * self._heartbeat:
            raise ConnectionLostError("nothing was heard")
        if is_duplex and silence > self._heartbeat:
            connection.send([Ping()])

    def _cancel_in_time(self, connection: Connection, endpoint: Endpoint, *, is_duplex: bool) -> None:
        after = self._manner.cancel_after
        # Pressed once, and told again to each new connection, since a cancel may be lost like everything.
        if after is None or self._heard < after or self._cancels_sent >= self._connections:
            return
        self._cancels_sent = self._connections
        self._history.is_cancelled = True
        cancel = Cancel(run=self._history.run)
        if is_duplex:
            connection.send([cancel])
        else:
            say(endpoint, [Hello(v=PROTOCOL_VERSION, chat=self._chatter.chat, resume=[]), cancel])
