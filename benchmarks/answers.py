"""Answers whose tokens are numbered, so that each can be found again on the screen."""

from __future__ import annotations

# Words. Models write paragraphs; a chat that parses only the last one again has it easier than with one endless one.
PARAGRAPH = 60


def numbered_tokens(count: int) -> list[str]:
    """Tokens `n1 `, `n2 ` … in paragraphs."""
    return [f"\n\nn{i} " if i > 1 and i % PARAGRAPH == 1 else f"n{i} " for i in range(1, count + 1)]
