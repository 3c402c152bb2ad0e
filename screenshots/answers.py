"""What the assistant on the pictures says, by the first word of the question."""

from __future__ import annotations

TABLE = """\
**East** leads, and it also grows fastest:

| Region | Orders | Revenue | Change |
|:-------|-------:|--------:|-------:|
| North  |  1,204 | 48,160 |   +4 % |
| South  |    987 | 41,454 |   -2 % |
| East   |  1,530 | 58,140 |  +11 % |

Most of that came after the holidays. The [method](https://vizro.readthedocs.io) has not changed since last year.
"""

CODE = """\
This puts the days side by side:

```python
import vizro.plotly.express as px

orders = px.data.tips()
figure = px.histogram(orders, x="day", y="total_bill", color="time", barmode="group")
figure.show()
```

- `barmode="group"` keeps lunch and dinner apart
- leave it out to stack them
"""

MATH = r"""Revenue is what was paid, less what was given back. For $n$ orders with price $p_i$ and returns $r_i$:

$$
R = \sum_{i=1}^{n} \left( p_i - r_i \right), \qquad \bar{R} = \frac{R}{n}
$$

Orders that are still open count in the month in which they are paid.
"""

DIAGRAM = """\
An order goes through four steps:

```mermaid
flowchart LR
    placed[Placed] --> paid[Paid] --> shipped[Shipped] --> closed[Closed]
    paid --> returned[Returned]
    shipped --> returned
```

Only what is **closed** or **returned** is final.
"""

ARABIC = """\
نمت المنطقة **الشرقية** أسرع من غيرها:

- ارتفعت الطلبات بنسبة 11 %
- انخفضت المرتجعات في الأسبوع الثاني

| المنطقة | الطلبات | التغير |
|:--------|--------:|-------:|
| الشمال | 1,204 | +4 % |
| الشرق | 1,530 | +11 % |
"""

ANSWERS = {"Which": TABLE, "Plot": CODE, "How": MATH, "What": DIAGRAM, "أي": ARABIC}
