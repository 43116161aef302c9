"""A model in a line: its newest day, what labels told last, incidents, objectives."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict, worst
from monitoring_tasks.learn.step import last_labelled
from monitoring_tasks.operations.views.knowledge import labelled_view
from monitoring_tasks.operations.views.slos import slos_view
from monitoring_tasks.workspace.workspace import Workspace

REASON_DAYS = 30
"""How many days up to the newest the reasons are counted over."""


def status_view(workspace: Workspace, model: str) -> dict[str, Any]:
    """Return a model's newest day, alias, incidents and objectives over many days.

    `standing` is the worse of the newest verdict and the last one that rests on labels;
    `reason_codes` counts the reasons of the last `REASON_DAYS` days, by verdict.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
    """
    newest = _newest(workspace, model)
    alias = workspace.registry.alias_version(model, workspace.contract(model).alias)
    labelled = _labelled(workspace, model, newest.day) if newest else None
    return {
        "model": model,
        "day": newest.day.isoformat() if newest else None,
        "verdict": newest.verdict if newest else None,
        "last_labelled": labelled,
        "standing": _standing(newest, labelled),
        "version": newest.version if newest else None,
        "alias": alias,
        "active_incidents": len(workspace.incidents.active(model)),
        "slos": _slo_states(workspace, model) if newest else {},
        "reason_codes": _reason_counts(workspace, model, newest.day) if newest else {},
    }


def _reason_counts(
    workspace: Workspace, model: str, last: date
) -> dict[str, dict[str, int]]:
    """Return on how many days each reason was given, by verdict, commonest first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first = last - timedelta(days=REASON_DAYS - 1)
    for evaluation in workspace.results.current(model, first, last, decided=True):
        # A reason may be given for several numbers of a day: the day counts once.
        counts[str(evaluation.verdict)].update(
            sorted({code.value for code in evaluation.reason_codes})
        )
    return {verdict: dict(codes.most_common()) for verdict, codes in counts.items()}


def _newest(workspace: Workspace, model: str) -> Evaluation | None:
    days = workspace.results.days(model)
    if days is None:
        return None
    return workspace.results.current(model, days[1], days[1])[-1]


def _labelled(workspace: Workspace, model: str, day: date) -> dict[str, Any] | None:
    return labelled_view(last_labelled(workspace, model), today=day)


def _standing(newest: Evaluation | None, labelled: dict[str, Any] | None) -> str | None:
    verdicts = [newest and newest.verdict, labelled and labelled["verdict"]]
    stated = [Verdict(verdict) for verdict in verdicts if verdict]
    return worst(stated).value if stated else None


def _slo_states(workspace: Workspace, model: str) -> dict[str, str]:
    return {slo["name"]: slo["state"] for slo in slos_view(workspace, model)["slos"]}
