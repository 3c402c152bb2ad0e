"""The conversation: messages that are signed over their parents, so that browsers can keep them."""
