"""Reading a run as a browser does: whatever is repeated or missing, the text comes out right."""

from __future__ import annotations

from vizro_ws_chat.protocol.frames import OutputFrame, Resume, Snapshot
from vizro_ws_chat.protocol.run_state import RunState, RunStatus


class RunReader:
    """What one reader has of a run, by the rules of `docs/protocol.md`. Pure; the browser has the same in TypeScript.

    Args:
        run_id: The run to read.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._state = RunState()

    @property
    def status(self) -> RunStatus:
        """Where the run stands, as far as is known here."""
        return self._state.status

    @property
    def text(self) -> str:
        """The text of all parts so far; how the author shows the answer is none."""
        return "".join(part.text for part in self._state.parts() if part.kind != "view")

    @property
    def message_id(self) -> str | None:
        """The id of the signed answer, once the run has ended with one."""
        return self._state.message_id

    @property
    def resume(self) -> Resume:
        """What a `hello` says of this run."""
        last = self._state.last
        return Resume(run=self.run_id, after=str(last) if last else None)

    def apply(self, frame: OutputFrame) -> bool:
        """Take a frame in, or drop it because it was seen before.

        Returns:
            Whether it was not taken because something is missing before it: ask again, with `resume`.

        Raises:
            ValueError: If the frame is next in line and does not fit all the same.
        """
        last = self._state.last.seq if self._state.last else 0
        seq = frame.frame_id.seq
        if self.status.is_terminal or seq <= last:
            return False
        if seq > last + 1 and not isinstance(frame, Snapshot):
            return True
        self._state.apply([frame])
        return False
