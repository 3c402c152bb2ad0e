"""Chats with each of the choices that their author has, a page each, and a page without."""

import os
from collections.abc import Iterator
from pathlib import Path

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Feedback, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    model: str = "scripted"

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().responses.create(model=self.model, input=[dict(m) for m in messages], stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


def keep(feedback: Feedback) -> None:
    with Path(os.environ["FEEDBACK_FILE"]).open("a", encoding="utf-8") as file:
        print(feedback.rating, feedback.comment, feedback.message["content"], sep="|", file=file)


def page(title: str, **options: object) -> vm.Page:
    return vm.Page(title=title, components=[Chat(id=title.lower(), actions=OpenAIStreamingChat(), **options)])


Vizro().build(
    vm.Dashboard(
        pages=[
            page(
                "Examples",
                name="Analyst",
                description="Knows the figures.",
                example_questions=["How was the last quarter?", "What should we do?"],
            ),
            page("Top", anchor="top"),
            page("Rated", on_feedback=keep),
            page("Chord", submit_key="mod+enter"),
            vm.Page(title="Elsewhere", components=[vm.Card(text="No chat here.")]),
        ]
    )
).run()
