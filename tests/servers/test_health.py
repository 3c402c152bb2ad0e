"""What a load balancer hears of real servers."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.servers.conftest import SERVERS, Served
from tests.transports.clients import BASE, SSEClient
from tests.transports.making import hello, send
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.testing import Gate, Scenario
from vizro_ws_chat.testing.procfs import thread_count


class LoadBalancer:
    """Asks a server on one connection that is kept, without Origin and cookies."""

    def __init__(self, served: Served) -> None:
        self._connection = http.client.HTTPConnection(*served.address, timeout=DEADLINE_SECONDS)

    def close(self) -> None:
        self._connection.close()

    def ask(self) -> tuple[int, object]:
        self._connection.request("GET", f"{BASE}health")
        response = self._connection.getresponse()
        assert response.getheader("Set-Cookie") is None
        return response.status, json.loads(response.read())


def test_a_server_that_is_well(served: Served) -> None:
    with closing(LoadBalancer(served)) as balancer:
        assert balancer.ask() == (200, {"status": "ok"})


def test_being_asked_all_the_time_costs_no_connection_and_no_thread(served: Served) -> None:
    with closing(LoadBalancer(served)) as balancer:
        balancer.ask()
        served.get("/")
        before = thread_count(served.serving_pid)
        for _ in range(200):
            assert balancer.ask()[0] == 200
        assert thread_count(served.serving_pid) <= before + 1


@pytest.mark.parametrize("server", ["gthread", "gevent"])
def test_a_server_that_drains_says_so(server: str, serve: Callable[..., Served]) -> None:
    """On the connection that the balancer has: a new one is taken by nobody, or by another worker."""
    served = serve(SERVERS[server])
    go_on = Gate()
    served.model.on("long", Scenario(["almost ", "there"], hold_after={1: go_on}))
    with (
        SSEClient(served.address, hello("sync"), send(text="long")) as browser,
        closing(LoadBalancer(served)) as balancer,
    ):
        browser.hear("text-delta")
        assert balancer.ask() == (200, {"status": "ok"})
        os.kill(served.process.pid, signal.SIGTERM)
        wait_until(lambda: balancer.ask() == (503, {"status": "stopping"}))
        go_on.release()
        assert browser.hear_the_end()[-1].type == "finish"
