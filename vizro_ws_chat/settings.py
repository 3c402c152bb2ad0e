"""Every limit and timeout of the chat, with its unit and its reason.

An app sets them with environment variables (`VIZRO_WS_CHAT_GRACE_SECONDS=120`) or in its Flask configuration
(`app.dash.server.config["VIZRO_WS_CHAT"] = Settings(grace_seconds=120)`, before `Vizro.build`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    StringConstraints,
    ValidationError,
)

from vizro_ws_chat.exceptions import ConfigurationError

ENVIRONMENT_PREFIX = "VIZRO_WS_CHAT_"


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


HttpOrigin = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#@\s]+$")]


RedisUrl = Annotated[str, StringConstraints(pattern=r"^(redis|rediss|unix)://")]

DatabaseUrl = Annotated[str, StringConstraints(pattern=r"^[a-z0-9+_]+://")]


class Settings(BaseModel):
    """The limits and timeouts of one app. Immutable; every field has a default that suits a small deployment."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    # ---- several processes ----
    redis_url: RedisUrl | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="Where the processes that serve the dashboard share answers, as 'redis://host:6379/0'; 'rediss://' "
        "for TLS. None: each has its own.",
    )
    redis_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")] = Field(
        default="vizro-ws-chat", description="What all keys in Redis begin with."
    )
    redis_timeout_seconds: PositiveFloat = Field(
        default=1.0,
        description="Redis is taken to be away when it does not answer for this long. Answers go on without.",
    )
    lease_seconds: Annotated[float, Field(ge=0.5)] = Field(
        default=8.0, description="A process that has not been heard of for this long is taken to be dead, and others "
        "end its answers as interrupted."
    )  # fmt: skip
    remember_seconds: PositiveFloat = Field(
        default=86_400.0, description="How long Redis remembers that an answer was given, so that a message that is "
        "sent again is never answered twice."
    )  # fmt: skip

    # ---- conversations on the server ----
    history: DatabaseUrl | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="Where chats keep conversations, as a URL of SQLAlchemy: 'sqlite:///chat.db', "
        "'postgresql+psycopg://user@host/database'. None: in their readers' browsers only.",
    )
    history_days: PositiveFloat | None = Field(
        default=None, description="How long a conversation is kept after something was last said in it. None: for ever."
    )
    max_unwritten_chars: PositiveInt = Field(
        default=50_000_000, description="Text that waits in a process while the database is away. Of more than that "
        "the oldest is kept by browsers only, and the log says so."
    )  # fmt: skip

    # ---- connections ----
    heartbeat_seconds: PositiveFloat = Field(
        default=15.0, description="How often a browser pings and a quiet SSE stream gets a comment: below the 30 to "
        "60 s after which proxies close what is quiet."
    )  # fmt: skip
    dead_seconds: PositiveFloat = Field(
        default=35.0, description="A WebSocket from which nothing has come for this long is closed: two heartbeats "
        "and a little."
    )  # fmt: skip
    idle_seconds: PositiveFloat = Field(
        default=30.0, description="A WebSocket without a running answer is closed after this time, since it holds a "
        "thread of the server."
    )  # fmt: skip
    send_deadline_seconds: PositiveFloat = Field(
        default=10.0, description="A browser that takes nothing for this long is disconnected; it resumes later."
    )
    max_connections: PositiveInt | None = Field(
        default=None, description="Connections (WebSocket and SSE) per process. None: a share of the server's "
        "threads, where they are known, else 1000."
    )  # fmt: skip
    connection_share: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.5, description="The share of the server's threads that connections may hold, so that the dashboard "
        "itself always answers."
    )  # fmt: skip
    max_owner_connections: PositiveInt = Field(
        default=20, description="Connections of one owner per process: a user's tabs, each of which has one while it "
        "is in use. Beyond it the one that has been idle for the longest is closed."
    )  # fmt: skip
    busy_retry_seconds: PositiveFloat = Field(default=2.0, description="When a refused browser is told to come back.")
    allowed_origins: Annotated[tuple[HttpOrigin, ...], BeforeValidator(_split_commas)] = Field(
        default=(), description="Origins beside the app's own that may open the chat, as 'https://host[:port]'."
    )

    image_origins: Annotated[tuple[HttpOrigin, ...], BeforeValidator(_split_commas)] = Field(
        default=(), description="Origins beside the app's own from which answers may show images, as "
        "'https://host[:port]'. Other images are shown as links, so that an answer makes no browser call elsewhere."
    )  # fmt: skip
    shutdown_share: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.7, description="The share of gunicorn's graceful_timeout for which answers go on after it was told "
        "to stop; then they are interrupted, while their browsers can still be told."
    )  # fmt: skip

    # ---- what browsers send ----
    max_frame_bytes: PositiveInt = Field(
        default=262_144, description="One message on the wire: the longest prompt in UTF-8, with room for its frame."
    )
    max_prompt_chars: PositiveInt = Field(default=32_000, description="Text of one user message.")
    max_history_chars: PositiveInt = Field(
        default=4_000_000, description="JSON text of one conversation that a browser brings back."
    )
    max_comment_chars: PositiveInt = Field(default=2_000, description="Text of one comment on an answer.")
    max_frames_per_second: Annotated[float, Field(ge=2)] = Field(
        default=50.0,
        description="Frames that one connection may send, averaged over ten seconds. What starts the "
        "author's code or opens a WebSocket counts as ten.",
    )
    max_owner_frames_per_second: Annotated[float, Field(ge=2)] = Field(
        default=100.0, description="The same for all connections of one owner in a process."
    )

    # ---- files ----
    upload_folder: Path | None = Field(
        default=None, description="Where attached files are kept, in a folder made for the app. None: where the system "
        "has its temporary files. Several machines need one that they share."
    )  # fmt: skip
    upload_ttl_seconds: PositiveFloat = Field(
        default=86_400.0, description="How long an attached file is kept after it was uploaded."
    )
    max_upload_bytes: PositiveInt = Field(
        default=10_000_000, description="One attached file. Base64 makes it a third longer for the author's code."
    )
    min_upload_bytes_per_second: PositiveInt = Field(
        default=5_000, description="A request that is sent more slowly for longer than dead_seconds is broken off, "
        "since it holds a thread of the server."
    )  # fmt: skip
    max_uploads_per_message: Annotated[int, Field(ge=1, le=100)] = Field(
        default=10, description="Files of one message: all of them are in memory while it is answered."
    )
    max_upload_total_bytes: PositiveInt = Field(
        default=100_000_000, description="Files that one owner has on the server."
    )
    max_upload_store_bytes: PositiveInt = Field(
        default=2_000_000_000, description="Files of all owners: what the app may take of a disk that others need too."
    )

    # ---- feedback ----
    feedback_seconds: PositiveFloat = Field(
        default=5.0, description="How long a browser waits for Chat(on_feedback=...): what takes longer goes on, but a "
        "failure is only logged. Below the 10 s after which browsers take a request for lost."
    )  # fmt: skip
    max_feedback_calls: PositiveInt = Field(
        default=8, description="Calls of Chat(on_feedback=...) at once in one process; each has a thread."
    )
    max_remembered_feedback: PositiveInt = Field(
        default=10_000, description="Answers of which it is remembered what was thought of them last, so that what is "
        "sent again is not told twice."
    )  # fmt: skip

    # ---- runs ----
    batch_seconds: Annotated[float, Field(ge=0)] = Field(
        default=0.014,
        description="Text is sent at once, then at most this often: a little more than once per frame of a 60 Hz "
        "screen, so that each frame has something new.",
    )
    max_deltas_per_second: PositiveFloat = Field(
        default=5_000.0, description="How often a process sends text of all its answers together: with more of them at "
        "once than this allows (70 with batch_seconds as it is), each is sent less often."
    )  # fmt: skip
    busy_batch_seconds: PositiveFloat = Field(
        default=0.15, description="The text of each answer is sent at least this often, however many there are."
    )
    max_delta_chars: PositiveInt = Field(
        default=8_192, description="Text that is held back at most. A generator that makes more of it in batch_seconds "
        "is slowed down, so that it leaves time for others."
    )  # fmt: skip
    max_runs: PositiveInt = Field(
        default=200, description="Answers being generated at once in one process; each has a thread."
    )
    max_owner_runs: PositiveInt = Field(
        default=10, description="Answers being generated at once for one owner in one process."
    )
    max_run_seconds: PositiveFloat = Field(default=900.0, description="Time after which an answer is ended.")
    max_output_chars: PositiveInt = Field(default=1_000_000, description="Text after which an answer is ended.")
    ask_seconds: PositiveFloat = Field(
        default=600.0, description="How long an answer waits for its reader's answer to an Ask that says nothing else; "
        "its thread waits with it."
    )  # fmt: skip
    max_run_messages: PositiveInt = Field(
        default=20, description="Messages that a reader can send into one answer while it is being written, each of "
        "them max_prompt_chars long. What comes after them is asked next."
    )  # fmt: skip
    grace_seconds: PositiveFloat = Field(
        default=60.0, description="How long an answer goes on while no browser reads it: a reload, a page change, a "
        "tunnel."
    )  # fmt: skip
    log_ttl_seconds: PositiveFloat = Field(
        default=300.0, description="How long a finished answer can still be read by a browser that comes back."
    )
    max_kept_chars: PositiveInt = Field(
        default=6_000_000, description="Text of finished answers that is kept for browsers that come back; the oldest "
        "go first."
    )  # fmt: skip
    max_remembered_runs: PositiveInt = Field(
        default=50_000, description="Answers of which it is remembered that they were given, so that a message that "
        "is sent again is never answered twice."
    )  # fmt: skip
    max_log_frames: Annotated[int, Field(ge=10)] = Field(
        default=2_000, description="Frames kept singly per run; older ones are folded into a snapshot."
    )
    max_cached_chars: PositiveInt = Field(
        default=6_000_000, description="Text of verified messages kept in memory, so that browsers need not bring "
        "their history with every message."
    )  # fmt: skip

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read settings from variables named `VIZRO_WS_CHAT_` and the field's name in capitals.

        Raises:
            ConfigurationError: If a value does not fit its field.
        """
        values = {
            name: environment[variable]
            for name in cls.model_fields
            if (variable := f"{ENVIRONMENT_PREFIX}{name.upper()}") in environment
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0])
            raise ConfigurationError(
                f"The environment variable {ENVIRONMENT_PREFIX}{name.upper()} does not fit: {first['msg']}. "
                f"What it sets: {cls.model_fields[name].description}"
            ) from None
