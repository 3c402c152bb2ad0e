"""Chats that tell what files they were asked about: one for any, one for images, one for none."""

import json
from collections.abc import Iterator
from typing import Any

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Attachment, Chat, Message, StreamingChatAction


class TellsFiles(StreamingChatAction):
    def generate_response(
        self, messages: list[Message], uploaded_files: list[Attachment] | None = None, **kwargs: Any
    ) -> Iterator[str]:
        seen = {
            "uploaded_files": uploaded_files,
            "attachments": [message.get("attachments", []) for message in messages if message["role"] == "user"],
        }
        yield f"```\n{json.dumps(seen)}\n```"


app = Vizro()
app.build(
    vm.Dashboard(
        pages=[
            vm.Page(title="Any", components=[Chat(id="any", actions=TellsFiles(), file_upload=True)]),
            vm.Page(
                title="Images",
                components=[Chat(id="images", actions=TellsFiles(), file_upload=True, file_types=["image/*"])],
            ),
            vm.Page(title="None", components=[Chat(id="none", actions=TellsFiles())]),
        ]
    )
)

if __name__ == "__main__":
    app.run()
