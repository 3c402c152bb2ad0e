"""What is left of answers when processes, machines and Redis go away, and what browsers notice of it behind nginx."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.deploy.deployment import Client, Deployment, machine_of
from tests.transports.clients import ConnectionEndedError
from tests.transports.making import hello, new_run, send, text_of
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import Frame, Hello, History, MessageRef, Send
from vizro_ws_chat.testing import AppProcess, Gate, Scenario

TRANSPORTS = ["websocket", "sse"]
NOTICE_SECONDS = 30.0
"""Far more than a process needs to notice that Redis has gone or come."""


@dataclass
class Held:
    """An answer that has said "One " and waits.

    Attributes:
        send: What was asked.
        question: The same, signed.
        client: Who reads it.
    """

    send: Send
    question: MessageRef
    client: Client

    @property
    def resume(self) -> Hello:
        """What is said to read it from the start."""
        return hello("sync", **{self.send.run: None})


def start_held(deployment: Deployment, transport: str, go_on: Gate) -> Held:
    text = f"held {new_run()}"
    deployment.model.on(text, Scenario(["One ", "answer"], hold_after={1: go_on}))
    the_send = send(text=text)
    client = deployment.open(transport, hello("sync"), the_send)
    frames = client.hear("text-delta")
    assert text_of(frames) == "One "
    return Held(the_send, next(frame.message for frame in frames if frame.type == "accepted"), client)


def hear_no_more(client: Client) -> None:
    """Wait until nginx has ended the connection."""
    with pytest.raises((ConnectionEndedError, OSError)):
        client.hear("finish")
    client.hang_up()


def a_turn(deployment: Deployment, transport: str) -> str:
    text = f"turn {new_run()}"
    deployment.model.on(text, Scenario("Here again."))
    with deployment.open(transport, hello("sync"), send(text=text)) as client:
        return text_of(client.hear("finish"))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_process_that_is_killed(deployment: Deployment, transport: str) -> None:
    """Its readers get all of its text, by way of whom nginx leads them to, and the conversation goes on."""
    held = start_held(deployment, transport, Gate())
    machine = machine_of(held.client, deployment)
    with deployment.open_elsewhere("sse", machine, held.resume) as elsewhere:
        assert text_of(elsewhere.hear("text-delta")) == "One "
        os.kill(deployment.worker_of(machine), signal.SIGKILL)
        hear_no_more(held.client)
        with come_back(deployment, transport, held.resume) as again:
            frames = again.hear("interrupted")
        assert elsewhere.hear("interrupted")[-1] == frames[-1]
    answer = frames[-1].message
    assert answer is not None, "what there is of it can be built upon"

    text = f"and then {new_run()}"
    deployment.model.on(text, Scenario("Here again."))
    follow_up = send(text=text, parent=answer.id)
    messages = [
        {**held.question.model_dump(), "content": held.send.text},
        {**answer.model_dump(), "content": "One "},
    ]
    history = History(run=follow_up.run, index=0, count=1, text=json.dumps(messages))
    with come_back(deployment, transport, hello("sync"), history, follow_up) as client:
        assert text_of(client.hear("finish")) == "Here again."
    with urllib.request.urlopen(deployment.machines[machine].url) as response:  # the new process is ready
        response.read()


def come_back(deployment: Deployment, transport: str, *frames: Frame) -> Client:
    """Connect as browsers do, again and again: a machine whose only process is just starting lets them wait."""
    while True:
        with suppress(TimeoutError):
            return deployment.open(transport, *frames)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_machine_that_is_stopped_ends_its_answers_first_wherever_they_are_read(
    deployment: Deployment, transport: str
) -> None:
    go_on = Gate()
    held = start_held(deployment, "websocket", go_on)
    machine = machine_of(held.client, deployment)
    with deployment.open_elsewhere(transport, machine, held.resume) as elsewhere:
        assert text_of(elsewhere.hear("text-delta")) == "One "
        held.client.hang_up()
        process = deployment.machines[machine]
        before = process.output.count("Worker exiting")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait_for_output("Worker exiting", NOTICE_SECONDS, count=before + 1), "no request is left"
        go_on.release()
        assert text_of(elsewhere.hear("finish")) == "answer"
    process.stop()
    process.start()


def test_a_machine_that_is_not_there_is_passed_over(deployment: Deployment) -> None:
    deployment.machines[0].kill()
    for transport in TRANSPORTS * 5:
        assert a_turn(deployment, transport) == "Here again."
    deployment.machines[0].start()


def test_both_machines_away_and_back(deployment: Deployment) -> None:
    for machine in deployment.machines:
        machine.kill()
    for _ in range(10):  # so that nginx takes both for dead
        assert not is_there(deployment)
    with ThreadPoolExecutor() as pool:
        list(pool.map(AppProcess.start, deployment.machines))
    wait_until(lambda: is_there(deployment), "an answer of nginx")
    for transport in TRANSPORTS:
        assert a_turn(deployment, transport) == "Here again."


def is_there(deployment: Deployment) -> bool:
    try:
        return bool(deployment.get())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code not in (502, 504)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_redis_is_restarted_in_mid_answer(deployment: Deployment, transport: str) -> None:
    go_on = Gate()
    held = start_held(deployment, transport, go_on)
    machine = machine_of(held.client, deployment)
    process = deployment.machines[machine]
    before = process.output.count("Redis is back")
    deployment.redis.kill()
    assert process.wait_for_output("Redis is away", NOTICE_SECONDS, count=before + 1)
    assert a_turn(deployment, transport) == "Here again."
    deployment.redis.start()
    assert process.wait_for_output("Redis is back", NOTICE_SECONDS, count=before + 1)
    with read_elsewhere(deployment, transport, machine, held.resume) as elsewhere:
        go_on.release()
        assert text_of(elsewhere.hear("finish")) == text_of(held.client.hear("finish")) == "answer"
    held.client.hang_up()


def read_elsewhere(deployment: Deployment, transport: str, than: int, resume: Hello) -> Client:
    """Come back, as browsers do, for as long as the other machine is busy: it may find Redis a little later."""
    while True:
        client = deployment.open_elsewhere(transport, than, resume)
        frames = client.hear_until(lambda frame: frame.type in {"refused", "text-delta"})
        if frames[-1].type == "text-delta":
            assert text_of(frames) == "One "
            return client
        assert frames[-1].code == "busy"
        client.hang_up()
