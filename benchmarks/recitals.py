"""What the reciting app answers, by the first word of the question."""

from __future__ import annotations

from benchmarks.answers import cut, mixed_markdown

# 27 KB in 8,000 tokens, as models cut Markdown.
BURST_PARTS, BURST_TOKENS = 28, 8_000
# An ordinary answer.
TURN_PARTS, TURN_TOKENS = 1, 200


def _tokens(parts: int, count: int) -> list[str]:
    return cut("".join(mixed_markdown(part) for part in range(1, parts + 1)), count)


RECITALS = {"burst": _tokens(BURST_PARTS, BURST_TOKENS), "turn": _tokens(TURN_PARTS, TURN_TOKENS)}
