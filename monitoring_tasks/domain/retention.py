"""How long results are kept, and which days are kept longer."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.regulatory_clocks import RETENTION_DAYS
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.root_cause import LOOK_BACK_DAYS
from monitoring_tasks.domain.units import Unit

LEAST_DAYS = RETENTION_DAYS
"""Nothing younger is removed, whatever is asked: evidence is owed for so long."""
SPAN = re.compile(r"([1-9]\d{0,3})([dwmy])")
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSpan:
    """Days that something still refers to.

    Attributes:
        first: The first of them.
        last: The last of them.
        why: What refers to them, in a few words.
    """

    first: date
    last: date
    why: str

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


def first_kept_day(span: str, today: date) -> date:
    """Return the first day that is young enough to stay.

    Args:
        span: How long days are kept, such as `3y`, `18m`, `52w` or `400d`.
        today: The day it is counted back from.

    Raises:
        ValueError: If it is no span, or shorter than `LEAST_DAYS`.

    >>> first_kept_day("1y", date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    matched = SPAN.fullmatch(span.strip().lower())
    if matched is None:
        msg = f"'{span}' is no span of time; write it as 3y, 18m, 52w or 400d"
        raise ValueError(msg)
    count, unit = int(matched[1]), matched[2]
    if unit in {"d", "w"}:
        first = today - timedelta(days=count * (7 if unit == "w" else 1))
    else:
        first = _months_before(today, count * (MONTHS_A_YEAR if unit == "y" else 1))
    if (today - first).days < LEAST_DAYS:
        msg = (
            f"'{span}' is too short: what days were judged by is kept for "
            f"{LEAST_DAYS} days at least, as evidence is owed for so long"
        )
        raise ValueError(msg)
    return first


def kept_spans(
    incidents: Iterable[Incident], rollbacks: Iterable[Rollback]
) -> list[KeptSpan]:
    """Return the days that incidents and rollbacks of a model rest on, of any age.

    That is their own days and those they were held against: `LOOK_BACK_DAYS` before.

    Args:
        incidents: All of the model, closed, merged and dismissed ones too.
        rollbacks: All of the model, whatever became of them.
    """
    look_back = timedelta(days=LOOK_BACK_DAYS)
    of_incidents = [
        KeptSpan(
            first=incident.onset_day - look_back,
            last=max(incident.last_day, incident.resolved_day or incident.last_day),
            why=f"incident {incident.id}",
        )
        for incident in incidents
    ]
    of_rollbacks = []
    for rollback in rollbacks:
        day = Unit.from_key(rollback.evaluation).day
        moved = rollback.applied_at.date() if rollback.applied_at else day
        of_rollbacks.append(
            KeptSpan(
                first=day - look_back,
                # What came after a move is held against what was before.
                last=max(day, moved) + look_back,
                why=f"rollback {rollback.id}",
            )
        )
    return [*of_incidents, *of_rollbacks]


def split_kept(
    days: Iterable[date], spans: Sequence[KeptSpan]
) -> tuple[list[date], dict[str, int]]:
    """Return the days nothing refers to, and how many are kept for which reason.

    Args:
        days: Days that are old enough to go.
        spans: Days that stay.
    """
    free: list[date] = []
    kept: dict[str, int] = {}
    for day in sorted(days):
        reasons = [span.why for span in spans if span.holds(day)]
        if not reasons:
            free.append(day)
        for why in reasons:
            kept[why] = kept.get(why, 0) + 1
    return free, kept


def _months_before(day: date, months: int) -> date:
    count = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(count, MONTHS_A_YEAR)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
