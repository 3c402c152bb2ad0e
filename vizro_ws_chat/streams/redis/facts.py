"""What must be known of a run to read it, beside its frames."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, MessageRef
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)


class RunFacts(BaseModel):
    """What is kept of a run beside its frames.

    Attributes:
        v: The version of the protocol that its frames are of.
        worker: The id of the process that it is in.
        key: What it is found by.
        question: The message that it answers.
        question_view: How the author shows the question.
    """

    # A newer version may have more to say; and what is said is nothing for the log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    v: int = PROTOCOL_VERSION
    worker: str
    key: RunKey
    question: MessageRef
    question_view: str | None = None


class FactsReader:
    """Reads what other processes have written of their runs. It says once when those are of another version."""

    def __init__(self) -> None:
        self._has_warned = False

    def read(self, text: bytes) -> RunFacts:
        """Return the facts in a text.

        Raises:
            AwayError: When this version can't read them, or the frames. Another process may be able to.
        """
        try:
            facts = RunFacts.model_validate_json(text)
        except ValidationError:
            facts = None
        if facts is None or facts.v > PROTOCOL_VERSION:
            self._warn()
            raise AwayError
        return facts

    def _warn(self) -> None:
        if not self._has_warned:
            self._has_warned = True
            logger.warning(
                "Processes with another version of vizro-ws-chat use this Redis. Their answers can't be read by this "
                "one, which tells browsers to come back. Let all processes be of one version."
            )
