"""A chat with a model whose answers come as a whole. Needs OPENAI_API_KEY."""

import vizro.models as vm
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message


class Model(ChatAction):
    """Passes the conversation on to a model."""

    model: str = Field(default="gpt-4.1-nano", description="The name of OpenAI's model.")

    def generate_response(self, messages: list[Message]) -> str:
        """Return the model's answer."""
        conversation = [{"role": message["role"], "content": message["content"]} for message in messages]
        return OpenAI().responses.create(model=self.model, input=conversation, store=False).output_text


page = vm.Page(title="A model", components=[Chat(actions=Model())])
Vizro().build(vm.Dashboard(pages=[page])).run()
