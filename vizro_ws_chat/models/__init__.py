"""What an author puts on a page: the Vizro model, and its like for a Dash app without Vizro."""

from vizro_ws_chat.models.chat import Chat
from vizro_ws_chat.models.dash_chat import dash_chat

__all__ = ["Chat", "dash_chat"]
