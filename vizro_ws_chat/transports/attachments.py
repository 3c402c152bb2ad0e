"""The files of messages: those that a send names, and their content for the author's code."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.threads.signing import Message, Scope
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.uploads.store import UploadStore


def find_files(service: ChatService, scope: Scope, ids: Sequence[str]) -> tuple[FileRef, ...]:
    """Return the files that are to be attached to a message.

    Raises:
        RefusedError: When the chat takes none, they are too many, or one is not there.
    """
    if ids and service.responders[scope.chat].file_types is None:
        raise RefusedError("no-uploads", "the chat takes no files")
    if len(ids) > service.settings.max_uploads_per_message:
        raise RefusedError("too-many-files", f"{len(ids)} files")
    found = []
    for upload_id in ids:
        ref = service.uploads.find(*scope, upload_id)
        if ref is None:
            raise RefusedError("unknown-file", f"the file {upload_id} has expired, or is another owner's")
        found.append(ref)
    return tuple(found)


def read_files(uploads: UploadStore, messages: Sequence[Message]) -> dict[str, str]:
    """Return the content of all files of a conversation, by their ids, as data URLs.

    Those of earlier messages may have expired and are missing then.

    Raises:
        RefusedError: `unknown-file`, when one of the last message has expired.
    """
    contents = {file.id: content for message in messages for file in message.files if (content := _read(uploads, file))}
    for file in messages[-1].files:
        if file.id not in contents:
            raise RefusedError("unknown-file", f"the file {file.id} has expired")
    return contents


def _read(uploads: UploadStore, file: FileRef) -> str | None:
    path = uploads.path(file)
    try:
        content = path.read_bytes() if path else None
    except FileNotFoundError:  # just now
        return None
    return None if content is None else f"data:{file.type};base64,{base64.b64encode(content).decode()}"
