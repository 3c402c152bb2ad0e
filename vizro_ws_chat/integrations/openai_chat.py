"""A chat action that asks an OpenAI model, and calls Python functions for it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, PrivateAttr

from vizro_ws_chat.actions import Message, StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError, UserFacingError
from vizro_ws_chat.integrations.conversation import as_input, to_send_back
from vizro_ws_chat.integrations.openai_stream import openai_parts
from vizro_ws_chat.integrations.tool import Tool
from vizro_ws_chat.integrations.tool_calls import ToolCalls
from vizro_ws_chat.integrations.turn import ModelTurn

if TYPE_CHECKING:
    from openai import OpenAI

_ENCRYPTED = "reasoning.encrypted_content"


class OpenAIChat(StreamingChatAction):
    """Answers with an OpenAI model, by the Responses API. The model may call Python functions.

    Example:
        ```python
        def count_orders(region: Literal["north", "south"], year: int = 2025) -> int:
            \"\"\"Count the orders of a region in a year.\"\"\"
            return orders.query("region == @region and year == @year").shape[0]


        Chat(actions=OpenAIChat(model="gpt-5-mini", tools=[count_orders], approve=["count_orders"]))
        ```

    The key is taken from `OPENAI_API_KEY`, the address from `OPENAI_BASE_URL`, as by the `openai` package.
    """

    model: str = Field(description="The model's name.")
    instructions: str | None = Field(default=None, description="What the model is to be and do.")
    tools: list[Callable[..., Any]] = Field(
        default=[],
        description="Functions that the model may call, with annotated parameters and docstrings in Google's style.",
    )
    approve: bool | list[str] = Field(
        default=False,
        description="Names of the tools that are called only when the reader approves; `True`: all of them.",
    )
    max_rounds: int = Field(
        default=10, ge=1, description="How many requests an answer may take: each but the last may call tools."
    )
    max_retries: int = Field(default=2, ge=0, description="How often a request that fails at once is made again.")
    options: dict[str, Any] = Field(
        default={},
        description="Further arguments of `client.responses.create`, such as `{'reasoning': {'summary': 'auto'}}`.",
    )

    _client: Any = PrivateAttr(default=None)
    _tools: dict[str, Tool] | None = PrivateAttr(default=None)

    def make_client(self) -> OpenAI:
        """Return the client; called once in a process. Override it for another one, such as `AzureOpenAI`."""
        from openai import OpenAI  # noqa: PLC0415 - optional

        return OpenAI(max_retries=self.max_retries)

    def generate_response(self, messages: list[Message]) -> Generator[Any, Any, None]:
        """Yield what the model says and what is done for it; see `openai_parts`.

        Raises:
            UserFacingError: When the model goes on to ask for tools after `max_rounds` requests.
        """
        if self._client is None:
            self._client = self.make_client()
        tools = self._own_tools()
        calls = ToolCalls(tools, self._approved(tools))
        conversation = as_input(messages)
        turn: ModelTurn | None = None
        for left in reversed(range(self.max_rounds)):
            stream = self._client.responses.create(**self._request(conversation, tools.values(), is_last=left == 0))
            turn = yield from openai_parts(stream, previous=turn)
            if not turn.calls or turn.cut_off:
                return
            conversation += to_send_back(turn.output)
            for call in turn.calls:
                output = yield from calls.answer(call)
                conversation.append(call.output(output))
        raise UserFacingError("The answer has taken more steps than it may.")

    def check(self) -> None:
        """Find mistakes while the dashboard is built.

        Raises:
            ConfigurationError: When a tool can't be one, or `approve` names none.
        """
        super().check()
        self._approved(self._own_tools())

    def _own_tools(self) -> dict[str, Tool]:
        if self._tools is None:
            tools = [Tool(function) for function in self.tools]
            names = [tool.name for tool in tools]
            if twice := {name for name in names if names.count(name) > 1}:
                raise ConfigurationError(
                    f"Two tools of {type(self).__name__} are called {min(twice)!r}. Give each a name of its own."
                )
            self._tools = dict(zip(names, tools, strict=True))
        return self._tools

    def _approved(self, tools: dict[str, Tool]) -> Sequence[str]:
        if isinstance(self.approve, bool):
            return list(tools) if self.approve else []
        if unknown := set(self.approve) - set(tools):
            raise ConfigurationError(
                f"{type(self).__name__}(approve=...) names {min(unknown)!r}, but the tools are {sorted(tools)}."
            )
        return self.approve

    def _request(self, conversation: list[dict[str, Any]], tools: Any, *, is_last: bool) -> dict[str, Any]:
        own = [tool.definition() for tool in tools]
        told = {} if self.instructions is None else {"instructions": self.instructions}
        request: dict[str, Any] = {
            "model": self.model,
            "input": conversation,
            "store": False,
            **told,
            **self.options,
            "stream": True,
        }
        if "reasoning" in self.options:  # or the model would have to think all of it again after each tool
            request["include"] = list(dict.fromkeys([*request.get("include", ()), _ENCRYPTED]))
        if all_tools := [*request.pop("tools", ()), *own]:
            request["tools"] = all_tools
            if is_last:  # with what it has, it is to answer now
                request["tool_choice"] = "none"
        return request
