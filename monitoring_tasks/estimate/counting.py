"""Rows in memory counted in one pass: rows in, `DayProfile`s out.

`engine/counting.py` counts the same where the rows lie in an engine; a test holds the
two against each other.
"""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import MAX_CATEGORIES, Bins
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary
from monitoring_tasks.estimate.category_tally import most_common
from monitoring_tasks.estimate.column_codes import texts_of
from monitoring_tasks.estimate.day_tally import DayTally
from monitoring_tasks.rows.coded_texts import plain
from monitoring_tasks.rows.names import DAY


def count_days(
    batch: pa.Table,
    *,
    contract: Contract,
    version: str,
    bins: Mapping[str, Bins],
    vocabulary: Vocabulary = OPEN,
) -> list[DayProfile]:
    """Count the rows of one model version, by day, as a whole and by segment.

    Args:
        batch: Predictions with the label column joined on and the day each row
            belongs to in the column `DAY`; shape (n_rows, ...).
        contract: Says which column plays which role.
        version: Only rows scored with this version are counted.
        bins: Bins by continuous column, from the version's reference; a continuous
            column without bins is left out.
        vocabulary: Values that are counted by name, from the version's reference.

    Returns:
        Day by day: the profile of all rows first, then one per value of every
        declared segment and protected column (`column=value`), as far as those are
        counted by name; a null value is the segment `column=unknown`.
    """
    rows = rows_of_version(batch, contract, version)
    return [
        profile
        for day in sorted(pc.unique(rows.column(DAY)).to_pylist())
        for profile in count_day(
            rows.filter(pc.equal(rows.column(DAY), pa.scalar(day, pa.date32()))),
            contract=contract,
            day=day,
            version=version,
            bins=bins,
            vocabulary=vocabulary,
        )
    ]


def count_day(
    batch: pa.Table,
    *,
    contract: Contract,
    day: date,
    version: str,
    bins: Mapping[str, Bins],
    vocabulary: Vocabulary = OPEN,
) -> list[DayProfile]:
    """Count one day; as `count_days`, for a batch whose rows are all of `day`.

    Args:
        batch: Predictions with the label column joined on, shape (n_rows, ...).
        contract: Says which column plays which role.
        day: The model's own calendar day.
        version: Only rows scored with this version are counted.
        bins: Bins by continuous column, from the version's reference.
        vocabulary: Values that are counted by name, from the version's reference.
    """
    tally = DayTally(contract, bins)
    tally.add(rows_of_version(batch, contract, version))
    return tally.profiles(day, version, vocabulary)


def learn_vocabulary(
    batch: pa.Table, *, contract: Contract, version: str
) -> Vocabulary:
    """Choose what is counted by name of a reference: its most common values.

    Args:
        batch: As for `count_days`.
        contract: Says which column plays which role, and how many segments to watch.
        version: Only rows scored with this version are looked at.
    """
    tally = DayTally(contract, {})
    tally.add(rows_of_version(batch, contract, version))
    segments = [
        dimension.segment(code)
        for dimension in tally.dimensions[1:]
        for code in dimension.kept(
            (), most=contract.policy.max_segments, most_others=len(dimension.rows)
        )
    ]
    return Vocabulary(
        categories={
            name: tuple(sorted(_most_common(tally.totals())))
            for name, tally in tally.categories.items()
            if name in batch.column_names
        },
        segments=tuple(sorted(segments)),
        is_closed=True,
    )


def _most_common(totals: Mapping[str, int]) -> list[str]:
    names = list(totals)
    return [
        names[at] for at in most_common(names, list(totals.values()), MAX_CATEGORIES)
    ]


def rows_of_version(batch: pa.Table, contract: Contract, version: str) -> pa.Table:
    """Return the rows a version scored; all of them where there is no other.

    Args:
        batch: Rows of one version or several.
        contract: Names the column that says which.
        version: The version.
    """
    stated = batch.column(contract.columns.model_version)
    different = plain(pc.unique(stated))
    # As texts: a source may store versions as numbers.
    named = pa.array([text == version for text in texts_of(different)], pa.bool_())
    if pc.all(named, min_count=0).as_py():
        return batch
    return batch.filter(pc.is_in(plain(stated), value_set=different.filter(named)))
