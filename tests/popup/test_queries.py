from __future__ import annotations

import pandas as pd
import pytest

from vizro_ws_chat.popup.queries import MOST_CHARS, MOST_ROWS, OPERATIONS, Query, QueryError, run_query

FRAME = pd.DataFrame(
    {"region": ["North", "South", "North", None], "month": [1, 1, 2, 2], "revenue": [10.0, 20.0, 40.0, None]}
)
PEER = {
    *("describe", "head", "tail", "info", "mean", "median", "sum", "min", "max", "std", "var", "count", "nunique"),
    *("value_counts", "unique", "sort_values", "sort_index", "nlargest", "nsmallest", "groupby", "pivot_table"),
    *("corr", "cov", "shape", "dtypes", "columns", "isnull", "notnull", "dropna", "fillna"),
}


def run(operation: str, **arguments: object) -> str:
    return run_query(FRAME, operation, Query(**arguments))


def test_the_operations_are_the_peers() -> None:
    assert set(OPERATIONS) == PEER


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_answers_and_changes_nothing(operation: str) -> None:
    before = FRAME.copy(deep=True)
    column = "revenue" if operation != "value_counts" else "region"
    assert run(operation, by="region", column=column, index="region", values="revenue")
    pd.testing.assert_frame_equal(FRAME, before)


def test_figures() -> None:
    assert "25" in run("groupby", by="region", column="revenue")
    assert "50" in run("groupby", by="region", column="revenue", agg="sum")
    assert run("sum", column="revenue").split() == ["revenue", "70.0"]
    assert "40.0" in run("pivot_table", index="region", columns="month", values="revenue")
    assert run("shape()") == "(4, 3)"
    assert run("nlargest", column="revenue", n=1).count("\n") == 1
    assert run("sort_values", by="revenue", ascending=False, n=1).split()[-1] == "40.0"


def test_a_pivot_table_of_too_many_cells_is_refused() -> None:
    many = pd.DataFrame({"id": range(1_000), "key": range(1_000), "v": 1.0})
    with pytest.raises(QueryError, match="1000000 cells"):
        run_query(many, "pivot_table", Query(index="id", columns="key", values="v"))


@pytest.mark.parametrize("query", [Query(by="id", agg="sum"), Query(by="id", column="v")])
def test_of_a_long_result_only_the_beginning_is_written(query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def to_string(frame: pd.DataFrame) -> str:
        written.append(len(frame))
        return "rows"

    for kind in (pd.DataFrame, pd.Series):
        monkeypatch.setattr(kind, "to_string", to_string)
    many = pd.DataFrame({"id": range(10_000), "v": 1.0})
    assert "cut off" in run_query(many, "groupby", query)
    assert written == [MOST_ROWS]


def test_what_the_data_makes_impossible_is_told() -> None:
    double = pd.DataFrame([[1, 2]], columns=["a", "a"])
    for operation in ("value_counts", "unique", "nlargest"):
        with pytest.raises(QueryError, match=f"{operation} failed"):
            run_query(double, operation, Query(column="a"))


@pytest.mark.parametrize(
    "operation",
    [
        "eval",
        "query",
        "to_csv",
        "to_pickle",
        "pipe",
        "apply",
        "__class__",
        "plot",
        "style.to_html",
        "head; import os",
        "",
    ],
)
def test_what_is_not_on_the_list_is_refused(operation: str) -> None:
    with pytest.raises(QueryError, match=r"is not allowed\. Allowed are: columns, corr, count"):
        run(operation)


@pytest.mark.parametrize("operation", ["groupby", "pivot_table"])
def test_an_aggregation_that_is_not_on_the_list_is_refused(operation: str) -> None:
    with pytest.raises(QueryError, match="The aggregation '__import__' is not allowed"):
        run(operation, by="region", index="region", agg="__import__")


def test_columns_that_are_missing_or_unknown() -> None:
    with pytest.raises(QueryError, match="needs the argument 'by'"):
        run("groupby")
    with pytest.raises(QueryError, match=r"no column 'profit'\. There are: region, month, revenue"):
        run("unique", column="profit")


def test_what_does_not_fit_the_data_is_told() -> None:
    with pytest.raises(QueryError, match="nlargest failed"):
        run("nlargest", column="region")


def test_a_result_has_bounds() -> None:
    frame = pd.DataFrame({f"column {n}": range(5000) for n in range(60)})
    text = run_query(frame, "head", Query(n=10**9))
    assert len(text) < MOST_CHARS + 100
    assert text.endswith("(cut off: ask for less)")
    assert run_query(frame[["column 0"]], "head", Query(n=10**9)).count("\n") == MOST_ROWS
    assert run_query(frame[["column 0"]], "tail", Query(n=-3)).count("\n") == 1
