"""A chat that recites, as fast as it is read: no model, so that what is measured is the chat alone."""

from collections.abc import Iterator

import vizro.models as vm
from vizro import Vizro

from benchmarks.recitals import RECITALS
from vizro_ws_chat import Chat, Message, StreamingChatAction


class Recite(StreamingChatAction):
    """Answers with what the question's first word names."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Recite it. Called by the chat."""
        yield from RECITALS[messages[-1]["content"].split()[0]]


page = vm.Page(title="Reciting chat", components=[Chat(id="chat", actions=Recite())])
Vizro().build(vm.Dashboard(pages=[page])).run()
