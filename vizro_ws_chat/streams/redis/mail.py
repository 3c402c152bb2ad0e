"""What processes tell each other about runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.run import RunKey

_MOST_LETTERS = 10_000


class _Letter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a newer version may have more to say


class Wake(_Letter):
    """Look again at what there is to read."""

    do: Literal["wake"] = "wake"


class CancelRun(_Letter):
    """Stop a run of yours."""

    do: Literal["cancel"] = "cancel"
    run: RunKey


class StillReading(_Letter):
    """These runs of yours are being read here."""

    do: Literal["reading"] = "reading"
    runs: Sequence[RunKey]


class _Request(_Letter):
    sender: str
    number: int
    run: RunKey


class Answer(_Request):
    """A reader has answered what a run of yours asks."""

    do: Literal["answer"] = "answer"
    part: int
    value: Any


class Deliver(_Request):
    """A reader says something into a run of yours."""

    do: Literal["deliver"] = "deliver"
    id: str
    text: str


class Reply(_Letter):
    """What became of a request of yours: done, unless there is a code."""

    do: Literal["reply"] = "reply"
    number: int
    code: RefusalCode | None = None
    ref: str | None = None


Letter: TypeAlias = Annotated[Wake | CancelRun | StillReading | Answer | Deliver | Reply, Field(discriminator="do")]
_LETTER: TypeAdapter[Letter] = TypeAdapter(Letter)


def post(client: Client, keys: Keys, letters: Mapping[str, Letter], keep_ms: int) -> None:
    """Put letters into processes' mail, all of them in one go.

    Args:
        client: Connects to Redis.
        keys: Names keys.
        letters: The processes, and what each is told.
        keep_ms: How long it is kept for a process that does not take it, in milliseconds.
    """
    pipe = client.pipeline(transaction=False)
    for worker, letter in letters.items():
        box = keys.mail_of(worker)
        pipe.xadd(box, {"m": letter.model_dump_json()}, maxlen=_MOST_LETTERS, approximate=True)
        pipe.pexpire(box, keep_ms)
    pipe.execute()


def read_letter(entry: dict[bytes, bytes]) -> Letter:
    """Return the letter in an entry of a process's mail.

    Raises:
        ValueError: When it is none.
    """
    try:
        return _LETTER.validate_json(entry.get(b"m", b""))
    except ValidationError as error:  # its own message quotes what was said
        raise ValueError(f"it is none that is known here: {error.errors()[0]['type']}") from None
