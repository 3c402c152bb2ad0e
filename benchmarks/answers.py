"""Answers whose text is numbered, so that each part can be found again on the screen."""

from __future__ import annotations

from itertools import pairwise

# Words. Models write paragraphs; a chat that parses only the last one again has it easier than with one endless one.
PARAGRAPH = 60

# A part of what models write: every block that occurs often, about 900 characters. Its mark stands at its end.
_PART = """\
## Part {part}: what the figures say

Revenue grew by **4.2 %** over the last quarter, most of it in the *northern* region; see the
[method](https://vizro.readthedocs.io) and the column `order_total` for how it was counted, and which orders were not.

- the **first** week was slow, as every year
- the second made up for it:
  - orders came back after the holidays
  - returns did not
- the rest was as planned

| Region | Orders | Revenue |
|:-------|-------:|--------:|
| North  |  1,204 | 48,160 |
| South  |    987 | 41,454 |
| East   |  1,530 | 58,140 |

```python
orders = px.data.tips()
figure = px.histogram(orders, x="day", y="total_bill", color="time", barmode="group")
figure.show()
```

> A single day can carry a month: look at the outliers before you trust a mean.

1. Load the data and drop what is not complete.
2. Compare with the same weeks of last year.

That is what this part comes to, in one sentence, before the next one begins n{part}

"""


def numbered_tokens(count: int) -> list[str]:
    """Tokens `n1 `, `n2 ` … in paragraphs."""
    return [f"\n\nn{i} " if i > 1 and i % PARAGRAPH == 1 else f"n{i} " for i in range(1, count + 1)]


def mixed_markdown(part: int) -> str:
    """A heading, lists, a table, code, a quote and text, with the mark `n{part}` at its end."""
    return _PART.format(part=part)


def cut(text: str, count: int) -> list[str]:
    """Cut a text into `count` pieces of equal length."""
    places = [len(text) * piece // count for piece in range(count + 1)]
    return [text[begin:end] for begin, end in pairwise(places)]
