"""Two machines behind nginx that share a Redis: browsers do not notice which one they talk to."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.deploy.deployment import Deployment, deploy, machine_of
from tests.transports.clients import Upload
from tests.transports.making import by_run, hello, new_run, send, text_of, types
from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat.protocol.frames import AnswerFrame, Cancel, History
from vizro_ws_chat.testing import Gate, Scenario

TRANSPORTS = ["websocket", "sse"]
ACROSS = [("websocket", "sse"), ("sse", "websocket"), ("websocket", "websocket")]
"""By which transport an answer is started, and by which it is read elsewhere."""


@pytest.mark.parametrize(("first", "second"), ACROSS)
def test_an_answer_is_read_from_the_other_machine_while_it_is_written(
    deployment: Deployment, first: str, second: str
) -> None:
    go_on = Gate()
    text = f"both {new_run()}"
    deployment.model.on(text, Scenario(["One ", "answer"], hold_after={1: go_on}))
    the_send = send(text=text)
    with deployment.open(first, hello("sync"), the_send) as here:
        heard = here.hear("text-delta")
        resume = hello("sync", **{the_send.run: None})
        with deployment.open_elsewhere(second, machine_of(here, deployment), resume) as there:
            assert text_of(there.hear("text-delta")) == "One "
            go_on.release()
            frames, heard_here = there.hear("finish"), heard + here.hear("finish")
    assert text_of(heard_here) == "One answer"
    assert by_run(heard_here, the_send.run)[-1] == frames[-1]
    assert len(deployment.requests(text)) == 1


@pytest.mark.parametrize(("first", "second"), ACROSS)
def test_stop_on_the_other_machine(deployment: Deployment, first: str, second: str) -> None:
    text = f"stop {new_run()}"
    deployment.model.on(text, Scenario(["Only ", "this"], hold_after={1: Gate()}))
    the_send = send(text=text)
    with deployment.open(first, hello("sync"), the_send) as here:
        here.hear("text-delta")
        resume = hello("sync", **{the_send.run: None})
        with deployment.open_elsewhere(second, machine_of(here, deployment), resume) as there:
            deployment.tell(there, "sync", Cancel(run=the_send.run))
            assert text_of(there.hear("stopped")) == "Only "
            here.hear("stopped")
    [request] = deployment.requests(text)
    assert request.wait_disconnected(DEADLINE_SECONDS)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_question_is_answered_on_the_other_machine(deployment: Deployment, transport: str) -> None:
    the_send = send()
    with deployment.open("websocket", hello("asking"), the_send) as here:
        part = here.hear("part-start")[-1].part
        resume = hello("asking", **{the_send.run: None})
        with deployment.open_elsewhere(transport, machine_of(here, deployment), resume) as there:
            there.hear("part-start")
            deployment.tell(there, "asking", AnswerFrame(run=the_send.run, part=part, value="blue"))
            assert "It is blue." in text_of(there.hear("finish"))


def test_a_message_that_comes_to_both_machines_is_answered_once(deployment: Deployment) -> None:
    text = f"twice {new_run()}"
    deployment.model.on(text, Scenario("One answer"))
    the_send = send(text=text)
    with deployment.open("websocket", hello("sync"), the_send) as here:
        machine = machine_of(here, deployment)
        with deployment.open_elsewhere("websocket", machine, hello("sync"), the_send) as there:
            assert types(there.hear("accepted"))[-1] == "accepted"
            assert text_of(there.hear("finish")) == text_of(here.hear("finish")) == "One answer"
    assert len(deployment.requests(text)) == 1


def test_a_conversation_goes_on_on_the_other_machine(deployment: Deployment) -> None:
    first, second = f"one {new_run()}", f"two {new_run()}"
    deployment.model.on(first, Scenario("Answer one"))
    deployment.model.on(second, Scenario("Answer two"))
    with deployment.open("websocket", hello("sync"), send(text=first)) as here:
        frames = here.hear("finish")
        question, answer = frames[1].message, frames[-1].message
        with deployment.open_elsewhere("websocket", machine_of(here, deployment), hello("sync")) as there:
            follow_up = send(text=second, parent=answer.id)
            deployment.tell(there, "sync", follow_up)
            there.hear("need-history")
            messages = [
                {**question.model_dump(), "content": first},
                {**answer.model_dump(), "content": "Answer one"},
            ]
            history = History(run=follow_up.run, index=0, count=1, text=json.dumps(messages))
            deployment.tell(there, "sync", history, follow_up)
            assert text_of(there.hear("finish")) == "Answer two"


def test_a_file_is_sent_to_one_machine_and_read_on_the_other(deployment: Deployment) -> None:
    parts = urlsplit(deployment.machines[0].url)
    assert parts.hostname
    assert parts.port
    upload = Upload(
        (parts.hostname, parts.port), "files", "a.csv", "text/csv", 4, headers={"Cookie": deployment.cookie}
    )
    upload.send(b"a,b\n")
    status, uploaded = upload.answer()
    assert (status, uploaded.type) == (200, "uploaded")
    with deployment.open_elsewhere("websocket", 0, hello("files")) as there:
        deployment.tell(there, "files", send().model_copy(update={"files": [uploaded.file.id]}))
        assert text_of(there.hear("finish")).startswith("a.csv ")


def test_the_clocks_of_the_machines_do_not_agree(deployment: Deployment) -> None:
    """So what all tests here show does not depend on it."""
    times = []
    for machine in deployment.machines:
        with urllib.request.urlopen(f"{machine.url}server-time") as response:
            times.append(float(response.read()))
    assert times[1] - times[0] > 3000


def test_machines_with_different_secrets_say_so() -> None:
    go_on = Gate()
    with deploy(environments=({}, {"SECRET_KEY": "another one"})) as deployment:
        deployment.model.on("secret", Scenario(["One ", "answer"], hold_after={1: go_on}))
        the_send = send(text="secret")
        with deployment.open("websocket", hello("sync"), the_send) as here:
            here.hear("text-delta")
            resume = hello("sync", **{the_send.run: None})
            with deployment.open_elsewhere("websocket", machine_of(here, deployment), resume) as there:
                assert text_of(there.hear("refused")) == ""
            go_on.release()
            assert text_of(here.hear("finish")) == "answer"
        for machine in deployment.machines:
            assert machine.wait_for_output("give all of them the same SECRET_KEY", DEADLINE_SECONDS)
