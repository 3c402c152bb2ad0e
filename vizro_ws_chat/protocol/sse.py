"""Server-Sent Events, the encoding (WHATWG HTML, section 9.2.5).

A message of the wire is one line of JSON (line breaks inside strings are escaped), so one `data:` line carries it.
"""

from __future__ import annotations

CONTENT_TYPE = "text/event-stream"


def event(message: str) -> str:
    """Write a message of the wire as one event.

    Raises:
        ValueError: If the message holds a line break, which would end the event early.
    """
    if "\n" in message or "\r" in message:
        raise ValueError("a message of the wire has no raw line breaks")
    return f"data: {message}\n\n"


def comment(text: str) -> str:
    """Write a line that readers ignore but that keeps proxies from closing a quiet stream."""
    return f": {text}\n\n"
