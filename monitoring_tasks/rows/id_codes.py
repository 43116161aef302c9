"""Ids of two tables as numbers: each text is hashed once, all else is arithmetic."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring_tasks.rows.column_arrays import filled, one_array
from monitoring_tasks.rows.keys import is_increasing

Codes = NDArray[np.int32]
"""Numbers from 0 that stand for texts; -1 is null."""
LARGEST_TEXTS = 2**31 - 1
"""Bytes of texts that one array of Arrow's usual kind can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCodes:
    """The ids of predictions and of labels as numbers that are equal where ids are.

    Attributes:
        predictions: By row, shape (n_predictions,); -1 where the id is null.
        labels: By row, shape (n_labels,).
        known: How many ids the predictions have: their codes are below.
        strangers: The ids of labels no prediction has, in the order of their codes.
    """

    predictions: Codes
    labels: Codes
    known: int
    strangers: pa.Array

    @property
    def count(self) -> int:
        """How many ids there are on both sides."""
        return self.known + len(self.strangers)

    @property
    def first_rows(self) -> Codes:
        """The first prediction of each of their ids, shape (known,)."""
        first = np.zeros(self.known, dtype=np.int32)
        rows = np.flatnonzero(self.predictions >= 0)[::-1]
        first[self.predictions[rows]] = rows  # the last one written is the first row
        return first


def id_codes(predictions: pa.ChunkedArray, labels: pa.ChunkedArray) -> IdCodes:
    """Number the ids of both sides.

    Args:
        predictions: Ids as texts, null where there is none.
        labels: Ids as texts, none of them null.
    """
    ours = _told_apart(predictions)
    known = len(ours.dictionary)
    if len(labels) == known and labels.equals(predictions):
        # A label for each row, in order: no hash of a million texts is made.
        codes = codes_of(ours.indices)
        none = ours.dictionary.slice(0, 0)
        return IdCodes(predictions=codes, labels=codes, known=known, strangers=none)
    # Both as one kind of text: of a very large column it is another than usual.
    wanted = labels.cast(ours.dictionary.type)
    codes = codes_of(pc.index_in(wanted, value_set=ours.dictionary)).copy()
    is_stranger = codes < 0
    others = encoded(wanted.filter(pa.array(is_stranger)))
    codes[is_stranger] = codes_of(others.indices) + known
    return IdCodes(
        predictions=codes_of(ours.indices),
        labels=codes,
        known=known,
        strangers=others.dictionary,
    )


def _told_apart(ids: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return ids as positions; frozen ones are in order and need no hashing."""
    if not is_increasing(ids):
        return encoded(ids)
    whole = one_array(_of_one_array(ids))
    return pa.DictionaryArray.from_arrays(
        pa.array(np.arange(len(whole), dtype=np.int32)), whole
    )


def encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column as positions in the values it has.

    Args:
        column: Plain values; texts of more than 2 GiB come back as large ones.
    """
    return one_array(_of_one_array(column)).dictionary_encode()


def _of_one_array(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as a type of which one array can hold all of it."""
    if pa.types.is_string(column.type) and column.nbytes > LARGEST_TEXTS:
        return column.cast(pa.large_string())
    return column


def codes_of(indices: pa.Array | pa.ChunkedArray) -> Codes:
    """Return Arrow's positions as numbers, -1 for null; not to be written to.

    Args:
        indices: Whole numbers.
    """
    codes: Codes = filled(one_array(indices), -1).cast(pa.int32()).to_numpy()
    return codes


def is_newest(codes: Codes, arrived: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return which rows arrived last for their id; null arrived never.

    Args:
        codes: The id of each row, as a number from 0.
        arrived: Instants, shape (n_rows,).
    """
    instants = filled(arrived.cast(pa.int64()), 0).to_numpy()
    is_valid = pc.is_valid(arrived).to_numpy()
    last = np.full(int(codes.max(initial=-1)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, codes[is_valid], instants[is_valid])
    newest: NDArray[np.bool_] = is_valid & (instants == last[codes])
    return newest


def agreed_values(codes: Codes, values: Codes, count: int) -> tuple[Codes, int]:
    """Return the one value of each id whose rows agree, and how many ids' do not.

    Args:
        codes: The id of each row.
        values: The value of each row, as a number from 0.
        count: How many ids there are.

    Returns:
        By id, shape (count,): its value; -1 without a row, or where they differ.
    """
    agreed = np.full(count, -1, dtype=np.int32)
    agreed[codes] = values
    # Whichever row was written last, rows that differ from it contradict it.
    contradicted = np.unique(codes[agreed[codes] != values])
    agreed[contradicted] = -1
    return agreed, len(contradicted)
