"""The author's side: what answers in a chat. Knows no transport."""

from vizro_ws_chat.actions.chat_action import ChatAction
from vizro_ws_chat.actions.feedback import Feedback
from vizro_ws_chat.actions.messages import Attachment, Message, Role
from vizro_ws_chat.actions.streaming import StreamingChatAction

__all__ = ["Attachment", "ChatAction", "Feedback", "Message", "Role", "StreamingChatAction"]
