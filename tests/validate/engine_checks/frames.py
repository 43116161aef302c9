"""Tables of odd values, and arguments for every expectation the engine counts."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

Kwargs = dict[str, Any]
Soft = st.SearchStrategy[Any]
WHOLES = st.integers(-3, 3) | st.sampled_from([2**31, -(2**40)])
FLOATS = st.sampled_from([-1.5, -0.0, 0.0, 0.1, 1.0, 2.0, 2.5, 1e6, float("nan")])
SINGLES = st.sampled_from([0.1, 0.2, 0.3, 2.5])
"""Their doubles lie beside the bounds of the same name."""
TEXTS = st.sampled_from(["", "AA", "AB", "ÜÄ's", "日本", "a\nb", "x 1", "9", "🛫"])
INSTANTS = st.integers(0, 5).map(lambda d: datetime(2024, 1, 1 + d, 12, tzinfo=UTC))
COLUMNS: dict[str, tuple[st.SearchStrategy[Any], pa.DataType]] = {
    "whole": (WHOLES, pa.int64()),
    "wholes": (WHOLES, pa.int64()),
    "small": (st.integers(0, 4), pa.int8()),
    "count": (st.integers(0, 4), pa.uint8()),
    "float": (FLOATS, pa.float64()),
    "floats": (FLOATS, pa.float64()),
    "single": (FLOATS, pa.float32()),
    "singles": (SINGLES, pa.float32()),
    "half": (SINGLES, pa.float16()),
    "flag": (st.booleans(), pa.bool_()),
    "text": (TEXTS, pa.string()),
    "texts \"'": (TEXTS, pa.string()),
    "at": (INSTANTS, pa.timestamp("us", "UTC")),
    "until": (INSTANTS, pa.timestamp("ns", "UTC")),
}
NUMBERS = (
    "whole",
    "wholes",
    "small",
    "count",
    "float",
    "floats",
    "single",
    "singles",
    "half",
)
TEXT_COLUMNS = ("text", "texts \"'")


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Draw a few rows; columns may lack some values, or all."""
    rows = draw(st.integers(1, 9))
    columns = {}
    for name, (values, kind) in COLUMNS.items():
        holes = draw(st.sampled_from(["none", "none", "some", "all"]))
        cell = values if holes == "none" else values | st.none()
        cells = st.none() if holes == "all" else cell
        drawn = draw(st.lists(cells, min_size=rows, max_size=rows))
        columns[name] = pa.array(drawn, kind)
    columns["text"] = columns["text"].dictionary_encode()
    return pa.table(columns)


MOSTLY = {"mostly": st.sampled_from([0.0, 0.5, 2 / 3, 0.9, 1.0])}
FLAG = st.booleans()


def kwargs_of(
    required: dict[str, st.SearchStrategy[Any]],
    optional: dict[str, st.SearchStrategy[Any]],
) -> st.SearchStrategy[Kwargs]:
    """Draw arguments, some of the optional ones."""
    return st.fixed_dictionaries(required, optional=optional)


def between(
    columns: tuple[str, ...], values: st.SearchStrategy[Any], **more: Soft
) -> st.SearchStrategy[Kwargs]:
    """Draw a column and two bounds in order, or one of them."""
    named = {"column": st.sampled_from(columns)} if columns else {}
    strict = {"strict_min": FLAG, "strict_max": FLAG, **more}
    pairs = st.tuples(values, values).map(sorted)
    ends = pairs.map(lambda p: {"min_value": p[0], "max_value": p[1]}) | st.one_of(
        values.map(lambda v: {"min_value": v}), values.map(lambda v: {"max_value": v})
    )
    return st.tuples(ends, kwargs_of(named, strict)).map(lambda p: p[0] | p[1])


BOUNDS = st.sampled_from([-2, -1.5, 0, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 2.5, 10, 2**31])
SHARES = st.sampled_from([0, 0.25, 0.5, 0.75, 1])
COUNTS = st.integers(0, 6)
DAYS = st.integers(1, 7).map(lambda d: f"2024-01-0{d}T12:00:00+00:00")
TEXT_SET = st.lists(st.sampled_from(["AA", "ÜÄ's", "9", "🛫"]), min_size=1, max_size=4)
NUMBER_SET = st.lists(
    st.sampled_from([0, 0.1, 0.2, 1, 2, 2.5, -3, True]), min_size=1, max_size=4
)
ANY_SET = TEXT_SET | NUMBER_SET | st.just(["AA", 1])
HASHED = (*NUMBERS, *TEXT_COLUMNS, "flag")
REGEXES = st.sampled_from(
    [r"^A", r"\d", r"\w+$", r"\s", r"(A|B)$", r"(?=A)", r"日", r"^.{2}$", "", r"\bA"]
).filter(bool)


def of_column(
    columns: tuple[str, ...],
    required: dict[str, st.SearchStrategy[Any]] | None = None,
    **optional: st.SearchStrategy[Any],
) -> st.SearchStrategy[Kwargs]:
    """Draw a column and arguments."""
    named = {"column": st.sampled_from(columns)} | (required or {})
    return kwargs_of(named, optional)


def quantiles() -> st.SearchStrategy[Kwargs]:
    """Draw quantiles and their ranges."""
    ends = st.tuples(BOUNDS, BOUNDS).map(sorted) | st.tuples(st.none(), BOUNDS).map(
        list
    )
    one = st.tuples(st.sampled_from([0.0, 0.07, 0.25, 0.5, 0.99, 1.0]), ends)
    return of_column(
        NUMBERS,
        {
            "quantile_ranges": st.lists(one, min_size=1, max_size=3).map(
                lambda p: {
                    "quantiles": [q for q, _ in p],
                    "value_ranges": [r for _, r in p],
                }
            )
        },
    )


def pairs(*alike: tuple[str, str], **optional: Soft) -> st.SearchStrategy[Kwargs]:
    """Draw two columns of one kind."""
    ignored = st.sampled_from(
        ["both_values_are_missing", "either_value_is_missing", "neither"]
    )
    ends = st.sampled_from(alike).map(lambda p: {"column_A": p[0], "column_B": p[1]})
    rest = kwargs_of({}, {"ignore_row_if": ignored, **MOSTLY, **optional})
    return st.tuples(ends, rest).map(lambda p: p[0] | p[1])


def several(
    columns: tuple[str, ...], required: dict[str, Any] | None = None
) -> st.SearchStrategy[Kwargs]:
    """Draw several columns."""
    ignored = st.sampled_from(
        ["all_values_are_missing", "any_value_is_missing", "never"]
    )
    names = st.lists(st.sampled_from(columns), min_size=2, max_size=3, unique=True)
    return kwargs_of(
        {"column_list": names} | (required or {}), {"ignore_row_if": ignored, **MOSTLY}
    )


ALIKE = (
    ("whole", "wholes"),
    ("float", "floats"),
    ("whole", "float"),
    ("single", "singles"),
    ("whole", "single"),
    ("float", "single"),
    ("at", "until"),
)
NAMES = list(COLUMNS)
softly = partial(of_column, **MOSTLY)
SOFT = MOSTLY["mostly"]
ARGUMENTS: dict[str, st.SearchStrategy[Kwargs]] = {
    "table_row_count_to_be_between": between((), COUNTS),
    "table_row_count_to_equal": kwargs_of({"value": COUNTS}, {}),
    "table_column_count_to_equal": kwargs_of(
        {"value": st.integers(len(COLUMNS) - 1, len(COLUMNS) + 1)}, {}
    ),
    "table_columns_to_match_ordered_list": kwargs_of(
        {"column_list": st.sampled_from([NAMES, NAMES[::-1], NAMES[:3]])}, {}
    ),
    "table_columns_to_match_set": kwargs_of(
        {"column_set": st.sampled_from([NAMES, NAMES[::-1], NAMES[:3]])},
        {"exact_match": FLAG},
    ),
    "column_to_exist": of_column(tuple(NAMES)),
    "column_values_to_not_be_null": softly(tuple(NAMES)),
    "column_values_to_be_null": softly(tuple(NAMES)),
    "column_values_to_be_in_set": softly(HASHED, {"value_set": ANY_SET}),
    "column_values_to_not_be_in_set": softly(HASHED, {"value_set": ANY_SET}),
    "column_values_to_be_between": between(NUMBERS, BOUNDS, **MOSTLY)
    | between(("at", "until"), DAYS, **MOSTLY),
    "column_value_z_scores_to_be_less_than": softly(
        NUMBERS, {"threshold": BOUNDS, "double_sided": FLAG}
    ),
    "column_value_lengths_to_be_between": between(TEXT_COLUMNS, COUNTS, **MOSTLY),
    "column_value_lengths_to_equal": softly(TEXT_COLUMNS, {"value": COUNTS}),
    "column_values_to_match_regex": softly(TEXT_COLUMNS, {"regex": REGEXES}),
    "column_values_to_not_match_regex": softly(TEXT_COLUMNS, {"regex": REGEXES}),
    "column_values_to_match_regex_list": of_column(
        TEXT_COLUMNS,
        {"regex_list": st.lists(REGEXES, min_size=1, max_size=2)},
        mostly=SOFT,
        match_on=st.sampled_from(["any", "all"]),
    ),
    "column_values_to_not_match_regex_list": softly(
        TEXT_COLUMNS, {"regex_list": st.lists(REGEXES, min_size=1, max_size=2)}
    ),
    "column_min_to_be_between": between(NUMBERS, BOUNDS) | between(("at",), DAYS),
    "column_max_to_be_between": between(NUMBERS, BOUNDS) | between(("at",), DAYS),
    "column_mean_to_be_between": between((*NUMBERS, "flag"), BOUNDS),
    "column_sum_to_be_between": between((*NUMBERS, "flag"), BOUNDS),
    "column_median_to_be_between": between(NUMBERS, BOUNDS),
    "column_stdev_to_be_between": between(NUMBERS, BOUNDS),
    "column_proportion_of_non_null_values_to_be_between": between(tuple(NAMES), SHARES),
    "column_quantile_values_to_be_between": quantiles(),
    "column_unique_value_count_to_be_between": between(HASHED, COUNTS),
    "column_proportion_of_unique_values_to_be_between": between(HASHED, SHARES),
    "column_distinct_values_to_be_in_set": of_column(HASHED, {"value_set": ANY_SET}),
    "column_distinct_values_to_contain_set": of_column(HASHED, {"value_set": ANY_SET}),
    "column_distinct_values_to_equal_set": of_column(HASHED, {"value_set": ANY_SET}),
    "column_most_common_value_to_be_in_set": of_column(
        HASHED, {"value_set": ANY_SET}, ties_okay=FLAG
    ),
    "column_values_to_be_unique": softly(tuple(NAMES)),
    "compound_columns_to_be_unique": several(tuple(NAMES)),
    "column_pair_values_to_be_equal": pairs(*ALIKE, TEXT_COLUMNS),
    "column_pair_values_a_to_be_greater_than_b": pairs(*ALIKE, or_equal=FLAG),
    "multicolumn_sum_to_equal": several(NUMBERS, {"sum_total": BOUNDS}),
}
"""Type of an expectation, without `expect_` -> its arguments."""
