"""The day's own promised numbers, beside which those of days before are put."""

from collections.abc import Sequence
from datetime import date

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.trust import DatedNumber


def numbers_of_today(
    measurements: Sequence[Measurement],
    profiles: Sequence[DayProfile],
    objectives: Sequence[Objective],
    *,
    day: date,
) -> list[DatedNumber]:
    """Return the day's numbers that objectives are about, with their rows.

    Args:
        measurements: The numbers of the day; pooled ones do not count.
        profiles: The counts they were computed from, by version and segment.
        objectives: Say which numbers are promised.
        day: The day.
    """
    promised = {(o.source, o.metric, o.column, o.segment) for o in objectives}
    counted = {(profile.version, profile.segment): profile for profile in profiles}
    return [
        DatedNumber(
            day=day,
            measurement=number,
            rows=counted[number.version, number.segment].rows,
            labelled=counted[number.version, number.segment].labelled,
        )
        for number in measurements
        # What was not counted has no rows to weigh its number by.
        if number.key[:4] in promised
        and number.horizon == 1
        and (number.version, number.segment) in counted
    ]
