"""What a made day looks like: rows, columns, values, segments. Pure."""

from dataclasses import dataclass
from typing import Any

from benchmarks.speed.made_model import CATEGORIES, PROTECTED, SEGMENT
from benchmarks.speed.made_model import contract as raw_contract
from monitoring_tasks.contract.contract import Contract

PIECE = 1_000_000
"""Rows that are drawn, and written, at a time: what making a day holds in memory."""
BYTES_A_NUMBER, BYTES_A_CATEGORY, BYTES_BESIDE = 8, 3, 45
"""Of a row in a file; beside are id, instant, score, prediction, label, segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A made day.

    Attributes:
        rows: How many rows.
        numbers: Continuous columns.
        categories: Different values of each categorical column.
        segments: Different values of the column of segments.
    """

    rows: int = 1_000_000
    numbers: int = 15
    categories: tuple[int, ...] = tuple(CATEGORIES.values())
    segments: int = 4

    @property
    def continuous(self) -> list[str]:
        """Names of the continuous columns."""
        return [f"number_{number}" for number in range(self.numbers)]

    @property
    def categorical(self) -> dict[str, int]:
        """Names of the categorical columns, and how many values each has."""
        return {f"category_{n}": values for n, values in enumerate(self.categories)}

    @property
    def gigabytes(self) -> float:
        """About how large its files are, in 10**9 bytes."""
        a_row = (
            BYTES_A_NUMBER * self.numbers
            + BYTES_A_CATEGORY * len(self.categories)
            + BYTES_BESIDE
        )
        return self.rows * a_row / 1e9

    @property
    def contract(self) -> Contract:
        """The contract of its model, which watches every segment."""
        return Contract.model_validate(self.raw_contract)

    @property
    def raw_contract(self) -> dict[str, Any]:
        """The same as `monitor.yaml` has it; rows stay in their files."""
        raw: dict[str, Any] = raw_contract()
        raw["sources"]["predictions"]["freeze"] = "facts"
        raw["columns"] |= {
            "continuous": self.continuous,
            "categorical": list(self.categorical),
            "segments": [SEGMENT],
            "protected": [PROTECTED],
        }
        raw["policy"] = {"max_segments": max(100, self.segments)}
        return raw


CASES = {
    "1 million rows": Shape(),
    "10 million rows": Shape(rows=10_000_000),
    "30 million rows": Shape(rows=30_000_000),
    "100 million rows": Shape(rows=100_000_000),
    "500 columns": Shape(numbers=375, categories=(5, 20, 100, 300, 1000) * 25),
    "a column of a million values": Shape(categories=(5, 20, 100, 300, 1_000_000)),
    "200 segments": Shape(segments=200),
}
"""What is measured; the first is what the others are read against."""
