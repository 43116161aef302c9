"""What was read from the source systems, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.domain.label_summary import LabelSummary


class PartitionKind(StrEnum):
    """What the rows of a partition are."""

    PREDICTIONS = "predictions"
    LABELS = "labels"
    RESCORED = "rescored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """An immutable copy of the declared columns of one day, and where it came from.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day.
        kind: Predictions, labels, or predictions scored again for a repair.
        path: Address of the Parquet file (path or fsspec URL).
        rows: Number of rows.
        digest: SHA-256 of the content, hex; equal content, equal address.
        query: What was asked of which source, without secrets.
        watermark: Latest instant in the rows; None when there is none.
        as_of: What was known at this instant is in; nothing later.
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
