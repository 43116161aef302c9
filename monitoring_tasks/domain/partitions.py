"""What was read from the source systems, frozen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.domain.label_summary import LabelSummary

VALUES = "values of "
"""What a part of a source's state begins with that is about some columns alone."""


class PartitionKind(StrEnum):
    """What the rows of a partition are."""

    PREDICTIONS = "predictions"
    LABELS = "labels"
    RESCORED = "rescored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """An immutable copy of the declared columns of one day, and where it came from.

    Where the rows stay with their source (`freeze: facts`) it is of a sample of them.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day.
        kind: Predictions, labels, or predictions scored again for a repair.
        path: Address of the Parquet file (path or fsspec URL).
        rows: Number of rows of the day.
        digest: SHA-256 of the content, hex; equal content, equal address.
        query: What was asked of which source, without secrets.
        watermark: Latest instant in the rows; None when there is none.
        as_of: What was known at this instant is in; nothing later.
        sampled: How many rows the file holds; None where it is all of them.
        source: Digest of what the source held (`SourceState`); None where all rows
            were copied.
    """

    model: str
    day: date
    kind: PartitionKind
    path: str
    rows: int
    digest: str
    query: str
    watermark: datetime | None
    as_of: datetime
    sampled: int | None = None
    source: str | None = None

    @property
    def is_sample(self) -> bool:
        """Whether the day has rows that the file does not hold."""
        return self.sampled is not None and self.sampled < self.rows

    @property
    def remark(self) -> str:
        """What is said of numbers made of the file; empty where it holds the day."""
        if not self.is_sample:
            return ""
        return f"on a sample of {self.sampled} of {self.rows} rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What a source held when a day was read of it, and stayed there.

    Attributes:
        parts: What was read, such as a file -> what tells that it is still the same.
    """

    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of all parts, hex."""
        content = json.dumps(dict(self.parts), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def changes_since(self, before: "SourceState") -> tuple[str, ...]:
        """Return what is another now, in words; empty where nothing is.

        Args:
            before: The same source, earlier.
        """
        names = sorted(
            name
            for name in {*self.parts, *before.parts}
            # Of columns that were not read then nothing is known.
            if not name.startswith(VALUES)
            or (name in self.parts and name in before.parts)
            or (name in before.parts and not self._reads_all_of(name))
        )
        return tuple(
            f"{name}: {self.parts.get(name, 'gone')}, "
            f"was {before.parts.get(name, 'not there')}"
            for name in names
            if self.parts.get(name) != before.parts.get(name)
        )

    def _reads_all_of(self, name: str) -> bool:
        """Whether the columns of a part are read now as well, among others."""
        columns = {*name.removeprefix(VALUES).split(", ")}
        return any(
            columns <= {*own.removeprefix(VALUES).split(", ")}
            for own in self.parts
            if own.startswith(VALUES)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDays:
    """Rows that were delivered with a day and are not of it; they are left out.

    Attributes:
        rows: How many.
        delivered: How many rows were delivered in all.
        text: One sentence: how many of how many are of which days.
    """

    rows: int
    delivered: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCounts:
    """How labels met predictions.

    Attributes:
        rows: Label rows known at `as_of`.
        joined: Predictions that got a label.
        missing: Predictions without one.
        orphans: Labels whose id no prediction of the day has.
        duplicates: Label rows beyond the first of their id, all saying the same.
        conflicts: Ids whose labels contradict each other; they count as unknown.
        corrected: Ids whose later label differs from an earlier one; the later counts.
        early: Labels that arrived before the instant their row is about.
        refused: Label rows whose value is no label; they are not used.
        lost: Label rows that are refused or fit no prediction although they should.
        remark: Why labels are lost, in words; empty where none are.
        arrived: Whole days after the day's end -> labels that arrived then; None where
            the rows do not say when.
        summaries: Segment (`all`, or `column=value`) -> how its labels lie.
    """

    rows: int = 0
    joined: int = 0
    missing: int = 0
    orphans: int = 0
    duplicates: int = 0
    conflicts: int = 0
    corrected: int = 0
    early: int = 0
    refused: int = 0
    lost: int = 0
    remark: str = ""
    arrived: Mapping[int, int] | None = None
    summaries: Mapping[str, LabelSummary] = field(default_factory=dict)
