"""What must be known of a run to read it, beside its frames."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from vizro_ws_chat.protocol.frames import MessageRef
from vizro_ws_chat.streams.run import RunKey


class RunFacts(BaseModel):
    """What is kept of a run beside its frames.

    Attributes:
        worker: The id of the process that it is in.
        key: What it is found by.
        question: The message that it answers.
        question_view: How the author shows the question.
    """

    # A newer version may have more to say; and what is said is nothing for the log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    worker: str
    key: RunKey
    question: MessageRef
    question_view: str | None = None
