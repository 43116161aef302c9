"""The numbers that a time line shows of many days, in one query. Reads only."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Measurement
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import finding_from
from monitoring_tasks.store.schema import FindingRow


def timeline_numbers(
    database: Database,
    evaluations: Sequence[Evaluation],
    charted: Measurement,
    *,
    daily_kinds: Collection[Kind],
    charted_kinds: Collection[Kind],
) -> dict[str, list[Finding | Measurement]]:
    """Load the numbers of many days at once; one read a day would take seconds.

    Args:
        database: The store.
        evaluations: The days; numbers of their main versions alone are loaded.
        charted: Names the number that is charted: metric, column, segment, horizon.
        daily_kinds: Kinds of numbers that are shown of every day, of the whole batch.
        charted_kinds: Kinds of which the charted number is shown.

    Returns:
        Numbers by the key of their evaluation; a finding where one was judged.
    """
    row = FindingRow
    query = (
        sa.select(table_of(row))
        .where(
            row.evaluation.in_([evaluation.key for evaluation in evaluations]),
            sa.or_(
                sa.and_(
                    row.kind.in_([kind.value for kind in daily_kinds]),
                    row.segment == "all",
                    row.horizon == 1,
                ),
                sa.and_(
                    row.kind.in_([kind.value for kind in charted_kinds]),
                    row.metric == charted.metric,
                    row.column == charted.column,
                    row.segment == charted.segment,
                    row.horizon == charted.horizon,
                ),
            ),
        )
        .order_by(row.evaluation, row.kind, row.metric, row.column)
    )
    versions = {evaluation.key: evaluation.version for evaluation in evaluations}
    numbers: dict[str, list[Finding | Measurement]] = {}
    with database.transaction() as connection:
        for stored in connection.execute(query).mappings():
            if stored["version"] == versions[stored["evaluation"]]:
                number = finding_from(dict(stored))
                numbers.setdefault(stored["evaluation"], []).append(number)
    return numbers
