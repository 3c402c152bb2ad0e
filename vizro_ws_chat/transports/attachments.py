"""The files of messages: those that a send names, and those that the author's code may look at."""

from __future__ import annotations

from collections.abc import Sequence

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.threads.signing import Message, Scope
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.uploads.store import UploadStore
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
