"""A chat below BASE_PATH, under a policy if one is given, with another script for its first diagram."""

import os
from collections.abc import Iterator

import vizro.models as vm
from flask import Response, request
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        response = OpenAI().responses.create(model="scripted", input=[dict(m) for m in messages], stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


app = Vizro(url_base_pathname=os.environ.get("BASE_PATH", "/"))
app.build(vm.Dashboard(pages=[vm.Page(title="Chat", components=[Chat(id="chat", actions=OpenAIStreamingChat())])]))

if policy := os.environ.get("CONTENT_SECURITY_POLICY"):

    @app.dash.server.after_request
    def add_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy.replace("HASHES", " ".join(app.dash.csp_hashes()))
        return response


if script := os.environ.get("FIRST_DIAGRAMS_SCRIPT"):
    scripts = [script]

    @app.dash.server.before_request
    def serve_other_script() -> Response | None:
        is_asked = "/diagrams." in request.path and scripts
        return Response(scripts.pop(), mimetype="text/javascript") if is_asked else None


if __name__ == "__main__":
    app.run()
