"""The answers of the default scenario: a demo without a model, a key or a network."""

from __future__ import annotations

import re

from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.scenario import Scenario

_HELLO = (
    "Hello! I am a scripted demo, not a model. Ask me for a **table**, a **list**, some **code**, some **math** or a "
    "**diagram**."
)

_TABLE = """\
Here is a table from the scripted demo.

| Region | Orders | Revenue | Change |
|:-------|-------:|--------:|-------:|
| North  |  1,204 | $48,160 |   +4 % |
| South  |    987 | $41,454 |   -2 % |
| East   |  1,530 | $58,140 |  +11 % |
| West   |    742 | $33,390 |   +1 % |

**East** leads, and it also grows fastest. The figures are made up.
"""

_CODE = """\
This is how the scripted demo would plot it:

```python
import vizro.plotly.express as px

orders = px.data.tips()
figure = px.histogram(
    orders,
    x="day",
    y="total_bill",
    color="time",
    barmode="group",
)
figure.show()
```

`barmode="group"` puts the bars side by side; leave it out to stack them.
"""

_MATH = r"""
The mean and the spread, as the scripted demo knows them:

$$
\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i
\qquad
s = \sqrt{\frac{1}{n - 1} \sum_{i=1}^{n} (x_i - \bar{x})^2}
$$

With $n = 4$ orders of $20, $22, $25 and $33 the mean is $\bar{x} = 25$ and the spread $s \approx 5.7$, both in dollars.
"""

_DIAGRAM = """\
How an answer comes to you, drawn by the scripted demo:

```mermaid
sequenceDiagram
    accTitle: How an answer comes to you
    participant You
    participant Dashboard
    participant Model
    You->>Dashboard: question
    Dashboard->>Model: conversation
    loop every token
        Model-->>Dashboard: text
        Dashboard-->>You: text
    end
    Dashboard-->>You: finished
```

The button beside *Copy* shows what it is drawn from.
"""

_LIST = """\
Three things to look at first, says the scripted demo:

1. **Trend**: is the number going up or down?
   - over the last week
   - over the same week of last year
2. **Mix**: which group makes up most of it?
3. **Outliers**: a single day can carry a month.

- [x] load the data
- [ ] find out what the outlier was
"""

_ANSWER = """\
## A scripted demo

This answer was written beforehand and is sent **word by word**, at about the pace of a real model. No model has
read your question, so it can say nothing about

> {question}

What it can do is show how an answer is displayed:

- *emphasis*, **strong text** and `inline code`
- [links](https://vizro.readthedocs.io) to pages elsewhere
- text in other scripts: 日本語, العربية, ελληνικά, and emoji 📈

### What to try

1. Press **Stop** while this is being written: what you have read so far stays.
2. Reload the page in mid answer: it goes on where it was.
3. Ask for a *table*, a *list*, some *code*, some *math* or a *diagram*, or just say *hello*.

```python
print("Code is shown as code")
```

That was all. Thank you for reading to the end.
"""

_REPLIES = {
    "table": _TABLE,
    "code": _CODE,
    "list": _LIST,
    "math": _MATH,
    "diagram": _DIAGRAM,
    "hello": _HELLO,
    "hi": _HELLO,
}
# Characters of the question that the answer repeats.
_QUOTED = 200


def reply(request: RecordedRequest) -> str:
    """The demo's answer: chosen by the first word that it knows, else the long one."""
    for word in re.findall(r"\w+", request.text.casefold()):
        if word in _REPLIES:
            return _REPLIES[word]
    question = " ".join(request.text.split())
    return _ANSWER.format(question=question[:_QUOTED] or "nothing")


# 50 chunks a second after 0.3 s: what users know of a mid-sized hosted model.
DEMO = Scenario(reply, delay_seconds=0.02, first_delay_seconds=0.3)
