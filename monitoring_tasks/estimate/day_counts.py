"""The rows of several days counted together: every version in one go."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.vocabulary import vocabulary_of
from monitoring_tasks.estimate.counting import count_days
from monitoring_tasks.rows.names import DAY

DayProfiles = Mapping[date, Mapping[str, Sequence[DayProfile]]]
"""Day -> version -> its profiles: the whole day first, then segments and groups."""


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

    @property
    def main_version(self) -> str:
        """The version most rows were scored with."""
        return next(iter(self.versions))


def count_versions(
    days: Sequence[DayRows],
    contract: Contract,
    reference_of: Callable[[str], ReferenceProfile | None],
) -> DayProfiles:
    """Count every version over all the days it scored rows of.

    Args:
        days: Days of one model, each once.
        contract: Says which column plays which role.
        reference_of: From a version to its reference, which brings bins and
            vocabulary; None where it has none.
    """
    profiles: dict[date, dict[str, list[DayProfile]]] = defaultdict(dict)
    for version in sorted({version for day in days for version in day.versions}):
        reference = reference_of(version)
        served = [day for day in days if version in day.versions]
        for rows in stacked(served):
            for profile in count_days(
                rows,
                contract=contract,
                version=version,
                bins=reference.bins if reference else {},
                vocabulary=vocabulary_of(reference),
            ):
                profiles[profile.day].setdefault(version, []).append(profile)
    return profiles


def stacked(days: Sequence[DayRows]) -> list[pa.Table]:
    """Put days on top of each other; apart where a column changed its type."""
    dated = [
        day.rows.append_column(
            DAY, pa.array([day.day] * day.rows.num_rows, pa.date32())
        )
        for day in days
    ]
    # A column that was all null on one day takes the type it has on others.
    try:
        return [pa.concat_tables(dated, promote_options="permissive")]
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return dated
