"""The Vizro models."""

from vizro_ws_chat.models.chat import Chat

__all__ = ["Chat"]
