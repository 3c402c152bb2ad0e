"""What operators see of the chats: log records that say which run they are about, traces and metrics."""
