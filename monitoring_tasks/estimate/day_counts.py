"""The rows of one day counted: every version that scored some of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.vocabulary import vocabulary_of
from monitoring_tasks.estimate.counting import count_day


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRows:
    """The rows of one day, ready to be counted.

    Attributes:
        day: The model's own calendar day.
        rows: Predictions with the label column joined on and long texts cut short,
            shape (n_rows, ...).
        versions: Rows by model version, most rows first.
    """

    day: date
    rows: pa.Table
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """A day that was counted, in memory or where its rows lie.

    Attributes:
        rows: How many rows it has.
        kept: Those that are in memory, with their label; all of them or a sample.
        versions: Rows by model version, most rows first.
        profiles: The counts by version: the whole day first, then its segments.
        label_counts: How labels met all rows.
    """

    rows: int
    kept: pa.Table
    versions: Mapping[str, int]
    profiles: Mapping[str, Sequence[DayProfile]]
    label_counts: LabelCounts

    @property
    def main_version(self) -> str:
        """The version most rows were scored with."""
        return next(iter(self.versions))


def count_versions(
    batch: DayRows,
    contract: Contract,
    reference_of: Callable[[str], ReferenceProfile | None],
) -> dict[str, Sequence[DayProfile]]:
    """Return the profiles of every version: the whole day first, then its segments.

    Args:
        batch: The rows of a day.
        contract: Says which column plays which role.
        reference_of: From a version to its reference, which brings bins and
            vocabulary; None where it has none.
    """
    profiles: dict[str, Sequence[DayProfile]] = {}
    for version in sorted(batch.versions):
        reference = reference_of(version)
        profiles[version] = count_day(
            batch.rows,
            contract=contract,
            day=batch.day,
            version=version,
            bins=reference.bins if reference else {},
            vocabulary=vocabulary_of(reference),
        )
    return profiles
