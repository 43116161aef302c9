"""Which limit could have found an incident sooner: its days judged again."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.learn.postmortem.facts import Trial
from monitoring_tasks.operations.policy.judging_again import judge_again
from monitoring_tasks.operations.policy.other_policies import needs_measuring
from monitoring_tasks.operations.policy.replay_answers import Answer
from monitoring_tasks.workspace.workspace import Workspace

LEAD_DAYS = 3
"""Days before the first bad one that are judged again: to see what else would page."""
MORE_ALARMS = 10
"""A day's limit may be crossed by chance so many times as often."""
MOST_FALSE_ALARM = 0.05
OUT_OF_TIME = "the time for it was up"
Progress = Callable[[str], None]


def tighter(contract: Contract) -> Iterator[tuple[str, Contract]]:
    """Yield contracts that confirm a breach sooner, each by one limit, and its key."""
    rule = contract.policy.persistence
    if rule.bad_days > 1:
        at_once = PersistenceRule(bad_days=1, of_days=1)
        key = f"policy.persistence: {rule.bad_days} of {rule.of_days} -> 1 of 1"
        yield key, _with_policy(contract, persistence=at_once)
    horizons = tuple(
        h.model_copy(
            update={
                "false_alarm": max(
                    h.false_alarm, min(h.false_alarm * MORE_ALARMS, MOST_FALSE_ALARM)
                )
            }
        )
        for h in contract.policy.horizons
    )
    if horizons != contract.policy.horizons:
        key = f"policy.horizons: false_alarm, {MORE_ALARMS} times"
        yield key, _with_policy(contract, horizons=horizons)
    for index, objective in enumerate(contract.objectives):
        if objective.max_drop is not None:
            half = objective.max_drop / 2
            where = f"objectives[{objective.source} {objective.metric}].max_drop"
            yield (
                f"{where}: {objective.max_drop:g} -> {half:g}",
                _with_objective(contract, index, max_drop=half),
            )


def sooner(
    workspace: Workspace,
    incident: Incident,
    found_on: date,
    *,
    seconds: float,
    progress: Progress | None = None,
) -> tuple[Trial, ...]:
    """Judge the days of an incident again under tighter limits, one at a time.

    Nothing of the workspace is changed. A trial that has begun is ended; those for
    which no time is left say so.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        found_on: The day whose judgement opened it.
        seconds: How long may be tried; 0 for not at all.
        progress: Called with the key of each limit that was tried.
    """
    begun = time.monotonic()
    contract = workspace.contract(incident.model)
    trials = []
    for key, other in tighter(contract):
        if found_on <= incident.onset_day:
            why = "it was found by its first bad day; nothing could be sooner"
            trials.append(Trial(key=key, remark=why))
        elif time.monotonic() - begun >= seconds:
            trials.append(Trial(key=key, remark=OUT_OF_TIME))
        else:
            trials.append(_tried(workspace, incident, found_on, (key, other)))
        if progress:
            progress(key)
    return tuple(trials)


def _tried(
    workspace: Workspace,
    incident: Incident,
    found_on: date,
    trial: tuple[str, Contract],
) -> Trial:
    key, other = trial
    first = incident.onset_day - timedelta(days=LEAD_DAYS)
    try:
        measures = bool(needs_measuring(workspace.contract(incident.model), other))
        answers = judge_again(
            workspace, other, first, found_on, progress=None, measures=measures
        )
    except (ConfigurationError, NoDataError) as error:
        return Trial(key=key, remark=str(error))
    return _trial(key, answers, onset=incident.onset_day, found_on=found_on)


def _trial(
    key: str, answers: dict[date, Answer], *, onset: date, found_on: date
) -> Trial:
    confirmed = sorted(day for day, answer in answers.items() if answer.confirmed)
    of_it = [day for day in confirmed if day >= onset]
    first = of_it[0] if of_it else None
    gained = max((found_on - first).days, 0) if first else 0
    further = sum(day < onset for day in confirmed)
    return Trial(key=key, first=first, days_gained=gained, further=further)


def _with_policy(contract: Contract, **parts: Any) -> Contract:  # noqa: ANN401 (parts)
    policy = contract.policy.model_copy(update=parts)
    return contract.model_copy(update={"policy": policy})


def _with_objective(contract: Contract, index: int, **parts: Any) -> Contract:  # noqa: ANN401 (parts)
    objectives = list(contract.objectives)
    plain = objectives[index].model_dump() | parts
    objectives[index] = Objective.model_validate(plain)
    return contract.model_copy(update={"objectives": tuple(objectives)})
