"""Signatures of messages, and the key they are made with.

A message's id is an HMAC-SHA256 (RFC 2104) over its chat, owner, parent, role, content and files. Since the parent's id
is part of it, an id stands for the whole conversation up to there, as a commit's does. A browser can bring a
conversation back, but it can't change or invent one, nor use another owner's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import FileRef, MessageRef, Role
from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

_KEY_BYTES = 32
_CONTEXT = "vizro-ws-chat message v1"


class Scope(NamedTuple):
    """Where a conversation is held, and by whom. Its messages mean nothing elsewhere.

    Attributes:
        chat: The chat's id.
        owner: Who holds it, as `transports.owner` tells.
    """

    chat: str
    owner: str


class Message(NamedTuple):
    """A signed message.

    Attributes:
        id: The signature, 43 characters of base64url.
        parent: Id of the message before, `None` for the first.
        role: Who said it.
        content: What was said.
        files: What was attached.
    """

    id: str
    parent: str | None
    role: Role
    content: Content
    files: tuple[FileRef, ...] = ()

    @property
    def ref(self) -> MessageRef:
        """The message as frames name it, without its content."""
        return MessageRef(id=self.id, parent=self.parent, role=self.role)


class Signer:
    """Signs messages with one key, and knows what was signed with those before it.

    Args:
        key: Signs.
        old_keys: Have signed before; while they are here, the conversations of then go on.
    """

    def __init__(self, key: bytes, old_keys: Sequence[bytes] = ()) -> None:
        # A key of our own is derived, so that the app's secret is never used for two purposes.
        self._keys = [hmac.digest(each, _CONTEXT.encode(), hashlib.sha256) for each in (key, *old_keys)]

    def sign(
        self, scope: Scope, parent: str | None, role: Role, content: Content, files: tuple[FileRef, ...] = ()
    ) -> Message:
        """Return the signed message."""
        signature = _signature(self._keys[0], _signed(scope, parent, role, content, files))
        return Message(signature, parent, role, content, files)

    def verify(self, scope: Scope, message: Message) -> bool:
        """Return whether a message's id is the signature of all else in it."""
        signed = _signed(scope, message.parent, message.role, message.content, message.files)
        return any(hmac.compare_digest(_signature(key, signed), message.id) for key in self._keys)


def _signed(scope: Scope, parent: str | None, role: Role, content: Content, files: tuple[FileRef, ...]) -> bytes:
    # The id of a file stands for its bytes, which never change.
    attached = [[[file.id, file.name, file.size, file.type] for file in files]] if files else []
    return json.dumps([*scope, parent, role, content, *attached], separators=(",", ":")).encode()


def _signature(key: bytes, signed: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, signed, hashlib.sha256)).rstrip(b"=").decode()


def load_key(secret_key: str | bytes | None, key_file: Path | None) -> bytes:
    """Return the key: the Flask app's secret if it has one, else that of a key file, made when it is not there.

    All workers of one machine share the file. Without a place to write it the key is random: conversations are then
    only valid until the process ends, which is logged as a warning.

    Args:
        secret_key: Flask's `secret_key`.
        key_file: Where the key is kept, readable by its owner only; `None` when there is no place for one.

    Raises:
        ConfigurationError: If the file holds too little to be a key.
    """
    if secret_key:
        return as_bytes(secret_key)
    if key_file is None:
        return _temporary_key("the user has no home folder")
    try:
        key = _read_or_make(key_file)
    except OSError as error:
        return _temporary_key(f"{key_file}: {error.strerror}")
    if len(key) < _KEY_BYTES:  # an empty file would be a key that everyone knows
        raise ConfigurationError(
            f"The key file {key_file} holds {len(key)} bytes, fewer than {_KEY_BYTES}. Delete it and a new one is made."
        )
    return key


def as_bytes(secret_key: str | bytes) -> bytes:
    """Return a secret of Flask's as a key."""
    return secret_key.encode() if isinstance(secret_key, str) else secret_key


def default_key_file(environment: Mapping[str, str]) -> Path | None:
    """Return where the key is kept: `VIZRO_WS_CHAT_KEY_FILE`, else the user's state folder (XDG) if there is one."""
    if explicit := environment.get("VIZRO_WS_CHAT_KEY_FILE"):
        return Path(explicit)
    try:
        state = environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    except RuntimeError:  # a user id without an entry in the system's list of users, as in some containers
        return None
    return Path(state) / "vizro-ws-chat" / "key"


def _temporary_key(reason: str) -> bytes:
    logger.warning(
        "The key for signing conversations can't be kept (%s). They will not survive a restart and are not valid in "
        "other workers. Set the Flask app's secret_key, or VIZRO_WS_CHAT_KEY_FILE to a writable path.",
        reason,
    )
    return secrets.token_bytes(_KEY_BYTES)


def _read_or_make(key_file: Path) -> bytes:
    if key_file.exists():
        return key_file.read_bytes()
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written beside and linked into place: of several workers that start at once one wins, and all read its key whole.
    draft = key_file.with_name(f"{key_file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(draft, key_file)
        except FileExistsError:
            logger.debug("Another worker made the key first")
    finally:
        draft.unlink()
    return key_file.read_bytes()
