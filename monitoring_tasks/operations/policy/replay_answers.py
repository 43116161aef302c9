"""What was said of each day, to be held against what other limits say of it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from monitoring_tasks.compare.alarm_rates import YEAR
from monitoring_tasks.compare.limit_basis import verdict_codes
from monitoring_tasks.compare.simulated_pages import openings
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.drills.grading import REMEDIES
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of a day, and what it asks for.

    `is_page` tells a confirmed breach while no earlier one is open.
    """

    verdict: str
    confirmed: bool
    is_page: bool
    severity: str | None
    cause: str | None
    remedy: str
    reason: str

    @property
    def essence(self) -> tuple[object, ...]:
        """What two answers have to agree in to be the same."""
        return (
            self.verdict,
            self.confirmed,
            self.severity,
            self.cause,
            self.remedy,
        )


def compared_answers(
    before: dict[date, Answer], after: dict[date, Answer]
) -> dict[str, Any]:
    """Return where two answers about the same days differ, as plain JSON.

    Args:
        before: Day -> what is said of it under the limits as they stand.
        after: The same under other limits; every day of it has an answer before.

    Returns:
        `before` and `after`, each counted; `gained` and `lost`: ISO days on which a
        breach is confirmed by one alone; `days`: both answers of each that differs.
    """
    apart = [day for day in after if before[day].essence != after[day].essence]
    return {
        "before": _counted(before),
        "after": _counted(after),
        "gained": [str(day) for day in apart if _is_new(after[day], before[day])],
        "lost": [str(day) for day in apart if _is_new(before[day], after[day])],
        "days": [
            {
                "day": day.isoformat(),
                "before": asdict(before[day]),
                "after": asdict(after[day]),
            }
            for day in apart
        ],
    }


def _is_new(answer: Answer, other: Answer) -> bool:
    return answer.confirmed and not other.confirmed


def answers_of(
    workspace: Workspace, model: str, first: date, last: date
) -> dict[date, Answer]:
    """Return what is said of each day by its newest decided evaluation.

    Args:
        workspace: Whose store is read.
        model: Registered model name.
        first: First day.
        last: Last day, included.

    Raises:
        NoDataError: If no day of the span was judged.
    """
    rows = workspace.results.current(model, first, last, decided=True)
    if not rows:
        msg = f"no day of {model} from {first} to {last} has been judged yet"
        raise NoDataError(msg)
    confirmed = np.array([[bool(row.confirmed) for row in rows]])
    recovery = workspace.contract(model).policy.recovery_days
    pages = openings(confirmed, verdict_codes(rows), recovery)[0]
    return {
        row.day: Answer(
            verdict=row.verdict or Verdict.NO_DATA,
            confirmed=bool(row.confirmed),
            is_page=bool(page),
            severity=row.severity,
            cause=row.cause,
            remedy=_remedy(row),
            reason=(row.reasons or [""])[0],
        )
        for row, page in zip(rows, pages, strict=True)
    }


def _remedy(row: Evaluation) -> str:
    kind = row.action.kind if row.action else "none"
    return REMEDIES[kind].value


def _counted(answers: dict[date, Answer]) -> dict[str, Any]:
    """Return how many breaches, confirmed ones and pages there are, in all and a year.

    A year has 365 judged days: days that nobody judged do not thin the rate out.
    """
    years = len(answers) / YEAR
    listed = list(answers.values())
    counts = {
        "breaches": sum(answer.verdict == "breach" for answer in listed),
        "confirmed": sum(answer.confirmed for answer in listed),
        "pages": sum(answer.is_page for answer in listed),
    }
    return {
        name: {"count": count, "per_year": count / years}
        for name, count in counts.items()
    }
