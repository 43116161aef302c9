"""Rows in the only form NannyML reads without dropping columns in silence.

NannyML 0.13.1 passes over columns of nullable, Arrow or boolean type, and fails on
Arrow-backed strings. Numbers become float64; categories become whole numbers by a
code book learnt on the reference, so that a code means the same on every day.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.counts import LARGEST, MAX_CATEGORIES
from monitoring_tasks.domain.texts import short_text
from monitoring_tasks.errors import EstimationError


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBook:
    """What the reference taught about the features.

    Attributes:
        continuous: Numeric features with a finite value in the reference.
        codes: Categorical feature -> category as text -> its code; of more than
            `MAX_CATEGORIES` the most common. Any other category has the next code, a
            null the one after.
    """

    continuous: tuple[str, ...]
    codes: Mapping[str, Mapping[str, int]]

    @property
    def columns(self) -> list[str]:
        """Every feature, numeric ones first."""
        return [*self.continuous, *self.codes]


def learn_code_book(reference: pd.DataFrame, columns: Columns) -> CodeBook:
    """Learn the features of a reference; those without any value are left out.

    Args:
        reference: Rows with every declared feature. Not modified.
        columns: Declares which features are numbers and which categories.

    Raises:
        EstimationError: If no declared feature has a value.
    """
    book = CodeBook(
        continuous=tuple(
            name
            for name in columns.continuous
            if np.isfinite(numbers(reference[name])).any()
        ),
        codes={
            name: _codes(reference[name])
            for name in columns.categorical
            if reference[name].notna().any()
        },
    )
    if not book.columns:
        msg = "no declared feature has a value in the reference"
        raise EstimationError(msg)
    return book


def _codes(column: "pd.Series[str]") -> dict[str, int]:
    """Number the categories, the most common ones of too many; others are unseen."""
    rows: Counter[str] = Counter()
    for value, count in column.value_counts().items():
        rows[_category(value)] += int(count)
    most = sorted(rows, key=lambda text: (-rows[text], text))[:MAX_CATEGORIES]
    return {text: code for code, text in enumerate(sorted(most))}


def encode(rows: pd.DataFrame, book: CodeBook) -> pd.DataFrame:
    """Return the features of `rows` as float64 and whole-number categories.

    Args:
        rows: Every feature of the book, any dtype. Not modified.
        book: Learnt on the reference.
    """
    encoded: dict[str, object] = {name: numbers(rows[name]) for name in book.continuous}
    for name, codes in book.codes.items():
        encoded[name] = pd.Categorical.from_codes(
            coded(rows[name], codes, other=len(codes), null=len(codes) + 1),
            categories=pd.RangeIndex(len(codes) + 2),
        )
    return pd.DataFrame(encoded)


def coded(
    column: "pd.Series[Any]",
    codes: Mapping[str, float],
    *,
    other: float,
    null: float,
) -> "np.ndarray[tuple[int], np.dtype[Any]]":
    """Return what stands for every value of a categorical column.

    Args:
        column: The column, any dtype. Not modified.
        codes: Category as text -> what stands for it.
        other: What stands for any other category.
        null: What stands for a null.
    """
    places, values = pd.factorize(column)
    lookup = [codes.get(_category(value), other) for value in values]
    # Place -1 stands for a null and picks the last entry.
    return np.array([*lookup, null])[places]


def numbers(column: "pd.Series[float]") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a numeric column of any dtype as float64.

    What is not finite or beyond `LARGEST` is NaN.
    """
    values = pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.abs(values) <= LARGEST, values, np.nan)


def texts(column: "pd.Series[str]") -> "pd.Series[str]":
    """Return a column of classes as text, nulls kept."""
    names = {value: _text(value) for value in column.dropna().unique()}
    return column.map(names).astype("object")


def categories(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column's categories as counting names them, nulls kept.

    Long texts are short; the engine writes true where Python writes True.
    """
    named = texts(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        return named.str.lower()
    return named.map(short_text, na_action="ignore")


def _category(value: Hashable) -> str:
    """Name a category as the rows of a day hold it: long texts are short there."""
    return short_text(_text(value))


def _text(value: Hashable) -> str:
    """Name a category the same whether it was read as 1 or, beside nulls, as 1.0."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
