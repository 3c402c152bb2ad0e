"""OpenAI's models, and servers that speak its APIs. Needs `openai`: `pip install 'vizro-ws-chat[openai]'`.

from vizro_ws_chat.integrations.openai import OpenAIChat, openai_parts
"""

from vizro_ws_chat.integrations.optional import require

require("openai", extra="openai")

from vizro_ws_chat.integrations.openai_chat import OpenAIChat  # noqa: E402 - tells first what is missing
from vizro_ws_chat.integrations.openai_stream import AsyncOpenAIParts, openai_parts, openai_parts_async  # noqa: E402
from vizro_ws_chat.integrations.turn import FunctionCall, ModelTurn  # noqa: E402

__all__ = ["AsyncOpenAIParts", "FunctionCall", "ModelTurn", "OpenAIChat", "openai_parts", "openai_parts_async"]
