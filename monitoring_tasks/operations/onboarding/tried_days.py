"""What is shown of days that were tried."""

from collections import Counter
from dataclasses import dataclass

from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.operations.onboarding.first_days import FirstDays
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedDays:
    """What is shown of days that were tried.

    Attributes:
        evaluation: Of the newest day that has its labels; of the newest of all where
            none has.
        is_labelled: Whether it has its labels.
        later: Verdicts of the days after it, with how many there are of each.
        page: Where its page lies.
    """

    evaluation: Evaluation
    is_labelled: bool
    later: dict[str, int]
    page: str


def newest_labelled(workspace: Workspace, model: str, plan: FirstDays) -> TriedDays:
    """Return the newest day that has its labels, else the newest, and write its page.

    Args:
        workspace: The workspace.
        model: Registered model name.
        plan: The days that were judged.
    """
    evaluations = workspace.results.current(model, plan.first, plan.last)
    needed = workspace.contract(model).policy.label_coverage
    labelled = [
        evaluation
        for evaluation in evaluations
        if evaluation.labelled
        and evaluation.labelled >= needed * (evaluation.rows or 1)
    ]
    shown = (labelled or evaluations)[-1]
    later = Counter(str(e.verdict) for e in evaluations if e.day > shown.day)
    return TriedDays(
        evaluation=shown,
        is_labelled=bool(labelled),
        later=dict(later),
        page=str(learn_and_report(Day(workspace, shown.unit))),
    )
