"""Days of any size as Parquet files, written a piece at a time."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.growth.shape import PIECE, Shape
from benchmarks.speed.made_model import PROTECTED, SEGMENT

DAY = date(2026, 3, 2)
ID_DIGITS = 12
MICROSECONDS = 86_400_000_000


def write_files(
    folder: Path, shape: Shape, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Write the rows of a day, labels joined on, a file a piece.

    Args:
        folder: Takes `part-*.parquet`; made.
        shape: What the day looks like.
        tell: Called now and then with how far it is.
    """
    folder.mkdir(parents=True)
    for number, piece in enumerate(pieces(shape)):
        texts = [
            f.name
            for f in piece.schema
            if f.name != "id" and pa.types.is_string(f.type)
        ]
        # Dictionaries of numbers that are all different only make files larger.
        pq.write_table(
            piece, folder / f"part-{number:04d}.parquet", use_dictionary=texts
        )
        if number % 10 == 9:
            tell(f"{(number + 1) * PIECE:,} of {shape.rows:,} rows are written")


def pieces(shape: Shape) -> Iterator[pa.Table]:
    """Yield the rows of a day in order; the same shape gives the same rows again.

    Args:
        shape: What the day looks like.
    """
    for first in range(0, shape.rows, PIECE):
        yield _piece(shape, first, min(PIECE, shape.rows - first))


def _piece(shape: Shape, first: int, rows: int) -> pa.Table:
    random = np.random.default_rng([shape.rows, first])
    numbers = np.arange(first, first + rows)
    score = random.random(rows)
    start = int(datetime.combine(DAY, time(), UTC).timestamp() * 1e6)
    at = start + numbers * (MICROSECONDS // shape.rows)
    columns: dict[str, Any] = {
        "id": pc.utf8_lpad(pa.array(numbers).cast("string"), ID_DIGITS, "0"),
        "at": pa.array(at).cast(pa.timestamp("us", "UTC")),
        "version": _drawn(random, ["1"], rows),
        SEGMENT: _drawn(random, [f"region {n}" for n in range(shape.segments)], rows),
        PROTECTED: _drawn(random, ["f", "m"], rows),
        "score": score,
        "prediction": (score > 0.5).astype("int64"),
        "label": (random.random(rows) < score).astype("int64"),
    }
    for number, name in enumerate(shape.continuous):
        scale = 1 + number % 15
        columns[name] = random.normal(number % 15, scale, rows)
    for name, values in shape.categorical.items():
        columns[name] = _drawn(random, [f"value {n}" for n in range(values)], rows)
    return pa.table(columns)


def _drawn(random: np.random.Generator, values: list[str], rows: int) -> pa.Array:
    codes = random.integers(0, len(values), rows, dtype="int32")
    return pa.DictionaryArray.from_arrays(codes, values).dictionary_decode()
