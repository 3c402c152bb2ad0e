"""What an agent may ask of a dataset: operations from a list, with the names of columns. Nothing is evaluated."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

MOST_ROWS = 100
MOST_CHARS = 8000
"""Of a result, so that a wide or long one doesn't fill a model's context."""

_MOST_COLUMNS = 200
_MOST_CELLS = 100_000
"""Of a pivot table while it is made."""
_CUT_OFF = "… (cut off: ask for less)"


class QueryError(Exception):
    """A query can't be answered. The message is for the model, which may ask in another way."""


@dataclass(frozen=True)
class Query:
    """The arguments of an operation, as the model gives them; each operation reads those that it needs."""

    by: str | None = None
    column: str | None = None
    agg: str = "mean"
    index: str | None = None
    columns: str | None = None
    values: str | None = None
    n: int = 10
    ascending: bool = True
    value: str | float | None = None

    @property
    def rows(self) -> int:
        """How many rows are asked for, within bounds."""
        return max(1, min(self.n, MOST_ROWS))


Operation: TypeAlias = Callable[[pd.DataFrame, Query], Any]


def run_query(frame: pd.DataFrame, operation: str, query: Query) -> str:
    """Return what an operation tells of a dataset, as text.

    Raises:
        QueryError: When the operation is not on the list, or its arguments don't fit the data.
    """
    name = operation.strip().removesuffix("()")
    if name not in OPERATIONS:
        raise QueryError(f"The operation {name!r} is not allowed. Allowed are: {', '.join(sorted(OPERATIONS))}.")
    try:
        result = OPERATIONS[name](frame, query)
    except (ArithmeticError, AttributeError, KeyError, MemoryError, TypeError, ValueError) as error:
        raise QueryError(f"{name} failed: {error}") from error
    text = _text_of(result)
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}\n{_CUT_OFF}"


def _text_of(result: Any) -> str:
    """Return a result as text; of what is too large only the beginning, since to write all of it takes long."""
    if not isinstance(result, pd.DataFrame | pd.Series):
        return str(result)
    shown = result.head(MOST_ROWS)
    if isinstance(shown, pd.DataFrame):
        shown = shown.iloc[:, :_MOST_COLUMNS]
    text = str(shown.to_string())
    return text if shown.size == result.size else f"{text}\n{_CUT_OFF}"


def _column(frame: pd.DataFrame, name: str | None, argument: str) -> str:
    if name is None:
        raise QueryError(f"This operation needs the argument {argument!r}: the name of a column.")
    if name not in frame.columns:
        raise QueryError(f"There is no column {name!r}. There are: {', '.join(map(str, frame.columns))}.")
    return name


def _aggregation(query: Query) -> str:
    if query.agg not in AGGREGATIONS:
        raise QueryError(f"The aggregation {query.agg!r} is not allowed. Allowed are: {', '.join(AGGREGATIONS)}.")
    return query.agg


def _numbers(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The columns that can be reckoned with, or the one that is asked for."""
    if query.column is not None:
        return frame[[_column(frame, query.column, "column")]]
    return frame.select_dtypes("number")


def _info(frame: pd.DataFrame, _: Query) -> str:
    text = io.StringIO()
    frame.info(buf=text)
    return text.getvalue()


def _groupby(frame: pd.DataFrame, query: Query) -> Any:
    groups = frame.groupby(_column(frame, query.by, "by"), observed=True)
    aggregation = _aggregation(query)
    if query.column is not None:
        return groups[_column(frame, query.column, "column")].agg(aggregation)
    counts = aggregation in ("count", "nunique", "first", "last")
    return groups.agg(aggregation) if counts else groups.agg(aggregation, numeric_only=True)


def _pivot_table(frame: pd.DataFrame, query: Query) -> Any:
    index = _column(frame, query.index, "index")
    columns = None if query.columns is None else _column(frame, query.columns, "columns")
    cells = frame[index].nunique() * (1 if columns is None else frame[columns].nunique())
    if cells > _MOST_CELLS:
        raise QueryError(f"A pivot table of {index!r} and {columns!r} would have {cells} cells, which is too many.")
    return frame.pivot_table(
        index=index,
        columns=columns,
        values=None if query.values is None else _column(frame, query.values, "values"),
        aggfunc=_aggregation(query),
        observed=True,
    )


def _sort_values(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    return frame.sort_values(_column(frame, query.by, "by"), ascending=query.ascending).head(query.rows)


def _fillna(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    """Fill the columns that the value fits: numbers with a number, all others with text."""
    value = 0 if query.value is None else query.value
    numbers = set(frame.select_dtypes("number").columns)
    fitting = [column for column in frame.columns if (column in numbers) != isinstance(value, str)]
    return frame.fillna(dict.fromkeys(fitting, value)).head(query.rows)


AGGREGATIONS = ("mean", "median", "sum", "min", "max", "std", "var", "count", "nunique", "first", "last")

OPERATIONS: Mapping[str, Operation] = {
    "shape": lambda frame, _: frame.shape,
    "columns": lambda frame, _: list(frame.columns),
    "dtypes": lambda frame, _: frame.dtypes,
    "info": _info,
    "describe": lambda frame, _: frame.describe(),
    "head": lambda frame, query: frame.head(query.rows),
    "tail": lambda frame, query: frame.tail(query.rows),
    "count": lambda frame, _: frame.count(),
    "nunique": lambda frame, _: frame.nunique(),
    "isnull": lambda frame, _: frame.isna().sum(),
    "notnull": lambda frame, _: frame.notna().sum(),
    "dropna": lambda frame, query: frame.dropna().head(query.rows),
    "fillna": _fillna,
    "mean": lambda frame, query: _numbers(frame, query).mean(),
    "median": lambda frame, query: _numbers(frame, query).median(),
    "sum": lambda frame, query: _numbers(frame, query).sum(),
    "min": lambda frame, query: _numbers(frame, query).min(),
    "max": lambda frame, query: _numbers(frame, query).max(),
    "std": lambda frame, query: _numbers(frame, query).std(),
    "var": lambda frame, query: _numbers(frame, query).var(),
    "corr": lambda frame, _: frame.corr(numeric_only=True),
    "cov": lambda frame, _: frame.cov(numeric_only=True),
    "value_counts": lambda frame, query: frame[_column(frame, query.column, "column")].value_counts().head(MOST_ROWS),
    "unique": lambda frame, query: list(frame[_column(frame, query.column, "column")].unique()[:MOST_ROWS]),
    "sort_values": _sort_values,
    "sort_index": lambda frame, query: frame.sort_index(ascending=query.ascending).head(query.rows),
    "nlargest": lambda frame, query: frame.nlargest(query.rows, _column(frame, query.column, "column")),
    "nsmallest": lambda frame, query: frame.nsmallest(query.rows, _column(frame, query.column, "column")),
    "groupby": _groupby,
    "pivot_table": _pivot_table,
}
"""All that an agent may do with a dataset. None of it can reach anything but the dataset, or change it."""
