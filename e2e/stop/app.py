"""Chats that answer without the guide's action, one page per action and transport, at /{action}-{transport}."""

import itertools
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import vizro.models as vm
from openai import AsyncOpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction

logger = logging.getLogger(__name__)
# Between two chunks of the endless answer.
PACE_SECONDS = 0.005
never = threading.Event()
woken: defaultdict[str, threading.Event] = defaultdict(threading.Event)


class AsyncChat(StreamingChatAction):
    async def generate_response(self, messages: list[Message]) -> AsyncIterator[str]:
        response = await AsyncOpenAI().responses.create(model="any", input=messages, store=False, stream=True)
        async for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


class NoNetwork(StreamingChatAction):
    """Waits in ways that no socket can break off."""

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        match messages[-1]["content"].split():
            case ["callback"]:
                stopped = threading.Event()
                context.on_cancel(stopped.set)
                yield "waiting"
                stopped.wait()
                logger.warning("the callback was called")
            case ["loop"]:
                yield "computing"
                while not context.cancelled:
                    sum(range(1000))
                logger.warning("the loop has ended")
            case ["yielding"]:
                try:
                    for number in itertools.count():
                        yield f"{number} "
                        never.wait(PACE_SECONDS)
                finally:
                    logger.warning("the generator was closed")
            case ["deaf", name]:
                yield "early"
                woken[name].wait()
                try:
                    yield "late"
                finally:
                    logger.warning("late text was yielded to %s", name)
            case ["wake", name]:
                woken[name].set()
                yield "awake"
            case ["echo"]:
                yield " / ".join(message["content"] for message in messages)


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
for transport in ("websocket", "sse"):
    for name, action in (("async", AsyncChat()), ("no-network", NoNetwork())):
        chat = Chat(id=f"{name}-{transport}", actions=action, transport=transport)
        pages.append(vm.Page(title=chat.id, components=[chat]))
Vizro().build(vm.Dashboard(pages=pages)).run()
