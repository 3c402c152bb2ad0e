"""What is between the server and those who read: connections that lose, tabs that come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.transports.making import TERMINAL_TYPES, Browser, by_run, hello
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.frames import Accepted, Frame, OutputFrame, Snapshot, SnapshotPart
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.testing.run_reader import RunReader
from vizro_ws_chat.transports.service import ChatService


class Witness:
    """Every frame of a run, read in the moment it was written."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.frames: list[Any] = []
        run.log.subscribe(self._read)
        self._read()

    def _read(self) -> None:
        self.frames += self.run.log.read(self.frames[-1].frame_id if self.frames else None)

    @property
    def epoch(self) -> int | None:
        """The epoch of the run's ids, once there is one."""
        return self.frames[0].frame_id.epoch if self.frames else None

    def text(self, seq: int | None = None) -> str:
        """Return the text up to a frame, or all of it."""
        return "".join(frame.d for frame in self.frames[:seq] if frame.type == "text-delta")

    def parts(self, seq: int) -> list[SnapshotPart]:
        """Return what a snapshot up to a frame has to say."""
        types = {frame.type for frame in self.frames[:seq]}
        if "part-start" not in types:
            return []
        return [SnapshotPart(kind="text", text=self.text(seq), ended="part-end" in types)]

    def has_ended(self, seq: int | None = None) -> bool:
        """Whether a terminal frame is among those up to a frame."""
        return any(frame.type in TERMINAL_TYPES for frame in self.frames[:seq])


class Connection:
    """One session of the server, which must bring what follows, all of it, and nothing twice.

    Attributes:
        in_flight: What was sent and has not arrived.
        reading: The runs that the session reads, and the id after which it goes on.
    """

    def __init__(self, service: ChatService, witnesses: Mapping[str, Witness]) -> None:
        self.in_flight: list[Any] = []
        self.reading: dict[str, FrameId | None] = {}
        self._witnesses = witnesses
        self._browser = Browser(service)
        self._wakes = 0
        self._was_asked = False

    def say(self, *frames: Frame) -> None:
        """Let the server receive frames, none of which ends the connection."""
        assert self._browser.session.receive(encode(frames)) is None
        self._was_asked = True

    def resume(self, resumes: Mapping[str, str | None]) -> None:
        """Let the server receive a hello."""
        self.say(hello(**resumes))
        self.reading |= {run: FrameId.parse(after) if after else None for run, after in resumes.items()}

    def take(self) -> None:
        """Let the server send what is ready."""
        frames = self._browser.session.take()
        assert not frames or self._was_asked or self._browser.wakes > self._wakes, "nobody was told of the news"
        self._was_asked, self._wakes = False, self._browser.wakes
        if frames:
            assert decode_server(encode(frames)) == frames
        for run in self.reading:
            self._check_output(run, by_run(frames, run))
        assert {getattr(frame, "run", None) for frame in frames if hasattr(frame, "id")} <= set(self.reading)
        self.in_flight += frames
        self.reading = {run: at for run, at in self.reading.items() if not self._witnesses[run].has_ended()}
        assert self._browser.session.is_reading == bool(self.reading)

    def _check_output(self, run: str, frames: list[OutputFrame]) -> None:
        witness, after = self._witnesses[run], self.reading[run]
        seq = after.seq if after and after.epoch == witness.epoch else 0
        for frame in frames:
            place = frame.frame_id
            assert place.epoch == witness.epoch
            if isinstance(frame, Snapshot):
                assert place.seq > seq
                assert frame.parts == witness.parts(place.seq)
            else:
                assert place.seq == seq + 1
                assert frame == witness.frames[seq]
            seq = place.seq
        assert seq >= len(witness.frames), "something was left behind"
        if frames:
            self.reading[run] = frames[-1].frame_id

    def close(self) -> None:
        """Let the server notice that the connection is lost."""
        self._browser.session.close()
        self.reading = {}


class Tab:
    """A browser's tab: it reads runs over one connection after the other.

    Args:
        connect: Makes a connection.
        witnesses: What the runs' logs really had.
        tally: Counts what happens here.
    """

    def __init__(
        self, connect: Callable[[], Connection], witnesses: Mapping[str, Witness], tally: Counter[str]
    ) -> None:
        self.readers: dict[str, RunReader] = {}
        self.accepted: dict[str, Accepted] = {}
        self.delivered: list[Any] = []
        self._connect = connect
        self._witnesses = witnesses
        self._tally = tally
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection; when there is none, a new one on which all runs that have not ended are resumed."""
        if self._connection is None:
            self._connection = self._connect()
            self._connection.resume(
                {run: reader.resume.after for run, reader in self.readers.items() if not reader.status.is_terminal}
            )
        return self._connection

    def send(self, frame: Any) -> None:
        """Ask the server to answer; from then on the run is read here."""
        connection = self.connection
        connection.say(frame)
        connection.reading.setdefault(frame.run, None)
        self.readers.setdefault(frame.run, RunReader(frame.run))

    def resume(self, run: str, after: str | None) -> None:
        """Read on after any id."""
        self.connection.resume({run: after})
        self.readers.setdefault(run, RunReader(run))

    def arrive(self, count: int | None = None) -> None:
        """Let frames that are in flight arrive; all of them, unless told otherwise."""
        in_flight = self.connection.in_flight
        arriving, in_flight[:] = in_flight[:count], in_flight[len(in_flight[:count]) :]
        self.delivered += arriving
        for frame in arriving:
            self.hear(frame)

    def hear(self, frame: Any) -> None:
        """Take a frame in, for the first time or again."""
        self._tally[frame.type] += 1
        if isinstance(frame, Accepted):
            assert self.accepted.setdefault(frame.run, frame) == frame
        elif hasattr(frame, "id"):
            reader = self.readers[frame.run]
            if reader.apply(frame):
                self._tally["gap"] += 1
                self.connection.resume({frame.run: reader.resume.after})
            self.check(reader)
        else:
            assert frame.type == "welcome"

    def check(self, reader: RunReader) -> None:
        """Check that a reader has exactly what the log had up to the id that the reader names."""
        witness, after = self._witnesses[reader.run_id], reader.resume.after
        seq = FrameId.parse(after).seq if after else 0
        assert reader.text == witness.text(seq)
        assert reader.status.is_terminal == witness.has_ended(seq)
        if reader.status.is_terminal:
            assert reader.status is witness.run.status

    def lose_connection(self) -> Connection | None:
        """Lose the connection and what is in flight on it, and return it: the server has not noticed yet."""
        lost, self._connection = self._connection, None
        return lost

    def catch_up(self) -> None:
        """Read on until nothing more comes."""
        for reader in self.readers.values():
            self.check(reader)
        self.connection.take()
        self.arrive()
        if any(not reader.status.is_terminal for reader in self.readers.values()):  # after a made-up id
            self.lose_connection()
            self.connection.take()
            self.arrive()
