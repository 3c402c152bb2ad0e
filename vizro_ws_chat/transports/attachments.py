"""The files of messages: those that a send names, that the author's code may look at, and that an answer has."""

from __future__ import annotations

import io
from collections.abc import Sequence

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.threads.signing import Message, Scope
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.uploads.file_names import clean_name
from vizro_ws_chat.uploads.store import Offer, UploadStore
from vizro_ws_chat.uploads.stored_file import StoredFile


def find_files(service: ChatService, scope: Scope, ids: Sequence[str]) -> tuple[FileRef, ...]:
    """Return the files that are to be attached to a message, which uses them from now on.

    Raises:
        RefusedError: When the chat takes none, they are too many, or one is not there.
    """
    if ids and service.responders[scope.chat].file_types is None:
        raise RefusedError("no-uploads", "the chat takes no files")
    if len(ids) > service.settings.max_uploads_per_message:
        raise RefusedError("too-many-files", f"{len(ids)} files")
    found = []
    for upload_id in ids:
        ref = service.uploads.claim(*scope, upload_id)
        if ref is None:
            raise RefusedError("unknown-file", f"the file {upload_id} has expired, or is another owner's")
        found.append(ref)
    return tuple(found)


def stored_files(uploads: UploadStore, messages: Sequence[Message], *, read_last: bool) -> dict[str, StoredFile]:
    """Return the files of a conversation by their ids. Those of earlier messages may have expired and are missing then.

    Args:
        uploads: Where they are.
        messages: The conversation.
        read_last: Whether those of the last message are read at once: they are certainly looked at.

    Raises:
        RefusedError: `unknown-file`, when one of the last message has expired.
    """
    files = {file.id: StoredFile(uploads, file) for message in messages for file in message.files}
    for file in messages[-1].files:
        if (files[file.id].content is None) if read_last else not files[file.id].is_there:
            raise RefusedError("unknown-file", f"the file {file.id} has expired")
    return {upload_id: file for upload_id, file in files.items() if file.is_there}


def keep_file(uploads: UploadStore, scope: Scope, name: str, content: bytes, mime_type: str) -> FileRef:
    """Keep a file of an answer for its reader.

    Raises:
        RefusedError: `file-too-large` or `uploads-full`, when a limit is reached.
        OSError: When it can't be kept.
    """
    ref = uploads.save(*scope, Offer(clean_name(name), len(content), mime_type), io.BytesIO(content))
    uploads.claim(*scope, ref.id)
    return ref
