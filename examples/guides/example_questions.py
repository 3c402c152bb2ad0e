"""A chat that offers questions. It knows the answers to these alone."""

import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message

ANSWERS = {
    "Which planet is the largest?": "**Jupiter**: eleven times as wide as the Earth.",
    "Which planet is the hottest?": "**Venus**: about 460 °C.",
    "Which planet has the shortest year?": "**Mercury**: 88 days.",
}


class Planets(ChatAction):
    """Answers from a table."""

    def generate_response(self, messages: list[Message]) -> str:
        """Look the question up."""
        return ANSWERS.get(messages[-1]["content"], "I don't know. Choose one of the example questions.")


page = vm.Page(title="Planets", components=[Chat(actions=Planets(), example_questions=list(ANSWERS))])
Vizro().build(vm.Dashboard(pages=[page])).run()
