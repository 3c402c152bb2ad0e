"""A real-time chat for Vizro dashboards.

Import `Chat` and an action, put the chat on a page:

    from vizro_ws_chat import Chat, Message, StreamingChatAction
"""

from vizro_ws_chat.actions import Attachment, ChatAction, Feedback, Message, Role, StreamingChatAction
from vizro_ws_chat.exceptions import UserFacingError, VizroWsChatError
from vizro_ws_chat.models import Chat, dash_chat
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.inbox import Inbox

__all__ = [
    "Attachment",
    "Chat",
    "ChatAction",
    "Feedback",
    "Inbox",
    "Message",
    "Role",
    "RunContext",
    "Settings",
    "StreamingChatAction",
    "UserFacingError",
    "VizroWsChatError",
    "dash_chat",
]
__version__ = "0.1.0"
