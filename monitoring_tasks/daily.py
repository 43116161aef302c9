"""The seven steps of a day, in order.

    extract -> validate -> estimate -> compare -> decide -> respond -> learn

Each step takes and returns the unit's key (`model/day/as_of/mode`), leaves all else
in the store and may be run again at any time: the second run ends in the same
tables. `run_day` composes them without Airflow. No step knows another one: what
`decide` needs of earlier steps is handed to it here.

A task loads the step it runs and not the other six, which together take seconds.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit

# Before any step: this switches off the telemetry of what a step loads.
from monitoring_tasks.settings import ConnectionLookup

if TYPE_CHECKING:
    from monitoring_tasks.workspace.day import Day
    from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
DAY_LEASE_SECONDS = 900
"""How long a step may take before another process may take the day over."""


def extract(
    model: str,
    day: str,
    *,
    as_of: str,
    mode: str,
    look_up: ConnectionLookup | None = None,
    airflow: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Freeze the predictions of a day and the labels known at `as_of`.

    Args:
        model: Registered model name.
        day: ISO day.
        as_of: ISO instant with an offset; later knowledge is left out.
        mode: `live`, `backfill`, `replay` or `dry_run`.
        look_up: From a connection's name to its URL.
        airflow: The run of Airflow that asks and those whose assets started it, as
            plain `AirflowRun`s; none without Airflow.

    Returns:
        The unit's key.
    """
    from monitoring_tasks.extract.step import extract_day

    unit = Unit(
        model=model,
        day=date.fromisoformat(day),
        as_of=datetime.fromisoformat(as_of),
        mode=Mode(mode),
    )
    with (
        _open_workspace(look_up) as workspace,
        _step(workspace, unit, "extract"),
    ):
        runs = [AirflowRun.from_json(run) for run in airflow]
        extract_day(_day(workspace, unit), runs)
    return unit.key


def validate(key: str, *, look_up: ConnectionLookup | None = None) -> str:
    """Check whether the data is fit to judge the model by; quarantine it if not.

    Args:
        key: The unit's key.
        look_up: From a connection's name to its URL, for rows that stay in a database.
    """
    with _open_workspace(look_up) as workspace:
        return _run(workspace, key, "validate", _validate)


def estimate(key: str, *, look_up: ConnectionLookup | None = None) -> str:
    """Count the day and measure it: performance, drift, fairness, service.

    Args:
        key: The unit's key.
        look_up: From a connection's name to its URL, for rows that stay in a database.
    """
    with _open_workspace(look_up) as workspace:
        return _run(workspace, key, "estimate", _estimate)


def compare(key: str) -> str:
    """Hold the numbers against limits, and other versions against the champion."""
    from monitoring_tasks.compare.step import compare_day

    with _open_workspace() as workspace:
        return _run(workspace, key, "compare", compare_day)


def decide(key: str) -> str:
    """Decide what the day means: verdict, severity, cause, remedy."""
    with _open_workspace() as workspace:
        return _run(workspace, key, "decide", _decide)


def respond(key: str) -> str:
    """Open an incident or roll back, once, as far as mode and contract allow."""
    from monitoring_tasks.respond.step import respond_to_day

    with _open_workspace() as workspace:
        return _run(workspace, key, "respond", respond_to_day)


def learn(key: str) -> str:
    """Write the day's report, estimates beside what came true; return its address."""
    unit = Unit.from_key(key)
    with _open_workspace() as workspace, _step(workspace, unit, "learn"):
        return str(learn_and_report(_day(workspace, unit)))


def learn_and_report(day: "Day") -> Path:
    """Learn from a decided day and write its page; return the page's path."""
    from monitoring_tasks.learn.step import learn_day
    from monitoring_tasks.report.step import report_day

    return report_day(day, learn_day(day))


def run_day(workspace: "Workspace", unit: Unit) -> Evaluation:
    """Run all steps but the report for one day in one process.

    Args:
        workspace: Where the day is read from and written to.
        unit: Model, day, instant and mode.

    Returns:
        The evaluation as it was decided.
    """
    from monitoring_tasks.workspace.processes import release_memory

    day = _day(workspace, unit)
    # One lease for all steps: no other process can come in between two of them.
    with _step(workspace, unit, "day"):
        for step in (_extract, _validate, _estimate, judge_day):
            step(day)
            release_memory()
    return workspace.results.evaluation(unit)


# Each loads its step when its turn comes: the rows take most memory in the first.
def _extract(day: "Day") -> None:
    from monitoring_tasks.extract.step import extract_day

    extract_day(day)


def _validate(day: "Day") -> None:
    from monitoring_tasks.validate.step import validate_day

    validate_day(day)


def _estimate(day: "Day") -> None:
    from monitoring_tasks.estimate.step import estimate_day

    estimate_day(day)


def judge_day(day: "Day") -> None:
    """Run the steps after a day was counted, but for the report."""
    from monitoring_tasks.compare.step import compare_day
    from monitoring_tasks.respond.step import respond_to_day

    compare_day(day)
    _decide(day)
    respond_to_day(day)


def decide_counted_day(day: "Day") -> Decision:
    """Decide a day that was compared, with what earlier steps can tell of it."""
    from monitoring_tasks.compare.step import (
        lost_value_of,
        predicted_effects_of,
        with_limit_warnings,
    )
    from monitoring_tasks.compare.versions.step import with_first_day_warnings
    from monitoring_tasks.decide.step import DriftCauses, decide_day
    from monitoring_tasks.estimate.step import drift_effects, with_weak_segments

    return decide_day(
        day,
        causes=DriftCauses(
            predicted_effects=predicted_effects_of,
            lost_value=lost_value_of,
            drift_effects=drift_effects,
        ),
        annotations=(
            with_weak_segments,
            with_limit_warnings,
            with_first_day_warnings,
        ),
    )


def _decide(day: "Day") -> None:
    decision = decide_counted_day(day)
    # What the line says of labels is asked of all days: not for nobody.
    if logger.isEnabledFor(logging.INFO):
        _log_decision(day, decision)


def _log_decision(day: "Day", decision: Decision) -> None:
    from monitoring_tasks.learn.step import last_labelled

    workspace, unit = day.workspace, day.unit
    labelled = last_labelled(workspace, unit.model, until=unit.day, as_of=unit.as_of)
    sentence = labelled.sentence(unit.day) if labelled else "no day has its labels yet"
    logger.info("%s %s: %s; %s", unit.model, unit.day, decision.verdict, sentence)


def _open_workspace(look_up: ConnectionLookup | None = None) -> "Workspace":
    from monitoring_tasks.workspace.workspace import open_workspace

    return open_workspace(look_up=look_up)


def _day(workspace: "Workspace", unit: Unit) -> "Day":
    from monitoring_tasks.workspace.day import Day

    return Day(workspace, unit)


def _run(
    workspace: "Workspace", key: str, name: str, step: "Callable[[Day], None]"
) -> str:
    unit = Unit.from_key(key)
    with _step(workspace, unit, name):
        step(_day(workspace, unit))
    return key


@contextmanager
def _step(workspace: "Workspace", unit: Unit, name: str) -> Iterator[None]:
    """Hold the day's lease while a step runs, and log one line when it is done."""
    from monitoring_tasks.workspace.processes import process_name

    lease = f"{unit.model}/{unit.day}"
    with workspace.leases.hold(lease, holder=process_name(), seconds=DAY_LEASE_SECONDS):
        yield
    logger.info("%s done: %s", name, unit.key)
