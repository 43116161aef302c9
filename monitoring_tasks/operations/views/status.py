"""A model in a line: its newest day, what labels told last, incidents, objectives."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict, worst
from monitoring_tasks.errors import MonitoringError, TransientError
from monitoring_tasks.learn.step import last_labelled
from monitoring_tasks.operations.views.knowledge import labelled_view
from monitoring_tasks.operations.views.slos import slos_view
from monitoring_tasks.workspace.workspace import Workspace

REASON_DAYS = 30
"""How many days up to the newest the reasons are counted over."""


def status_views(workspace: Workspace, models: Sequence[str]) -> list[dict[str, Any]]:
    """Return the line of each model, whatever is wrong with the others.

    Args:
        workspace: The workspace; only read.
        models: Registered names of its models.
    """
    views: list[dict[str, Any]] = []
    silent: dict[str, Any] | None = None
    for model in models:
        views.append(status_view(workspace, model, registry_fault=silent))
        # A registry that did not answer about one model is not waited for again.
        fault = views[-1]["fault"]
        silent = silent or (fault if fault and fault["try_again"] else None)
    return views


def status_view(
    workspace: Workspace, model: str, *, registry_fault: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a model's newest day, alias, incidents and objectives over many days.

    `fault` says why some of it is not known, where a contract cannot be read or the
    registry did not answer: its `text`, and whether to `try_again`; None without one.
    What the store holds is shown all the same. `standing` is the worse of the newest
    verdict and the last one that rests on labels; `reason_codes` counts the reasons of
    the last `REASON_DAYS` days, by verdict.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        registry_fault: Why the registry is not to be asked; None to ask it.
    """
    newest = _newest(workspace, model)
    by_contract = _by_contract(workspace, model, newest, registry_fault=registry_fault)
    return {
        "model": model,
        "day": newest.day.isoformat() if newest else None,
        "verdict": newest.verdict if newest else None,
        "standing": _standing(newest, by_contract["last_labelled"]),
        "version": newest.version if newest else None,
        "active_incidents": len(workspace.incidents.active(model)),
        "reason_codes": _reason_counts(workspace, model, newest.day) if newest else {},
        **by_contract,
    }


def _by_contract(
    workspace: Workspace,
    model: str,
    newest: Evaluation | None,
    *,
    registry_fault: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return what only the contract and the registry can tell, or why they cannot."""
    told: dict[str, Any] = {
        "last_labelled": None, "slos": {}, "alias": None, "fault": registry_fault,
    }  # fmt: skip
    try:
        alias = workspace.contract(model).alias
        if newest is not None:
            told["last_labelled"] = _labelled(workspace, model, newest.day)
            told["slos"] = _slo_states(workspace, model)
        if registry_fault is None:
            told["alias"] = workspace.registry.alias_version(model, alias)
    except MonitoringError as error:
        is_passing = isinstance(error, TransientError)
        told["fault"] = {"text": str(error), "try_again": is_passing}
    return told


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
