"""The seven steps of a day, wired: read, call the core, write.

    extract -> validate -> estimate -> compare -> decide -> respond -> learn

Each step takes and returns the unit's key (`model/day/as_of/mode`), leaves all else
in the store and may be run again at any time: the second run ends in the same
tables. `run_day` composes them without Airflow, `backfill` does many days at once.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.evaluations import Mode, Unit
from monitoring_tasks.extract.connections import ConnectionLookup
from monitoring_tasks.wiring import acting, judging, measuring
from monitoring_tasks.wiring.backfilling import backfill_days
from monitoring_tasks.wiring.batches import check_day, freeze_day
from monitoring_tasks.wiring.label_state import last_labelled
from monitoring_tasks.wiring.processes import process_name
from monitoring_tasks.wiring.settling import settle_days
from monitoring_tasks.wiring.workspace import Workspace, open_workspace

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
) -> str:
    """Freeze the predictions of a day and the labels known at `as_of`.

    Args:
        model: Registered model name.
        day: ISO day.
        as_of: ISO instant with an offset; later knowledge is left out.
        mode: `live`, `backfill`, `replay` or `dry_run`.
        look_up: From a connection's name to its URL.

    Returns:
        The unit's key.
    """
    unit = Unit(
        model=model,
        day=date.fromisoformat(day),
        as_of=datetime.fromisoformat(as_of),
        mode=Mode(mode),
    )
    with open_workspace(look_up=look_up) as space, _step(space, unit, "extract"):
        freeze_day(space, unit)
    return unit.key


def validate(key: str) -> str:
    """Say whether the data is fit to judge the model by; quarantine it if not."""
    with open_workspace() as space:
        return _run(space, key, "validate", check_day)


def estimate(key: str) -> str:
    """Count the day and measure it: performance, drift, fairness, service."""
    with open_workspace() as space:
        return _run(space, key, "estimate", _estimate_one)


def compare(key: str) -> str:
    """Hold the numbers against their limits, and other versions beside the live one."""
    with open_workspace() as space:
        return _run(space, key, "compare", judging.compare_unit)


def decide(key: str) -> str:
    """Say what the day means: verdict, severity, cause, remedy."""
    with open_workspace() as space:
        return _run(space, key, "decide", _decide_one)


def respond(key: str) -> str:
    """Open an incident or roll back, once, as far as mode and contract allow."""
    with open_workspace() as space:
        return _run(space, key, "respond", _respond_one)


def learn(key: str) -> str:
    """Write the day's report, estimates beside what came true; return its address."""
    from monitoring_tasks.wiring.reporting import report_unit  # noqa: PLC0415 (charts)

    unit = Unit.from_key(key)
    with open_workspace() as space, _step(space, unit, "learn"):
        return str(report_unit(space, unit))


def run_day(space: Workspace, unit: Unit) -> dict[str, Any]:
    """Run all steps but the report for one day in one process.

    Returns:
        The header of the evaluation, as `daywatch show --json` prints it.
    """
    with _step(space, unit, "day"):
        freeze_day(space, unit)
        check_day(space, unit)
        _estimate_one(space, unit)
        _judge(space, unit)
    return space.results.evaluation(unit)


def backfill(  # noqa: PLR0913 (what may be asked of a range of days)
    model: str,
    first: str,
    last: str,
    *,
    space: Workspace | None = None,
    look_up: ConnectionLookup | None = None,
    progress: Callable[[date], None] | None = None,
    processes: int = 1,
    with_labels: bool = False,
) -> dict[str, Any]:
    """Evaluate every day from `first` to `last`, without side effects.

    As known on the day; or, with labels, as known now, in a revision beside that one.

    Days are counted a month at a time and judged in order.

    Args:
        model: Registered model name.
        first: First ISO day.
        last: Last ISO day, included.
        space: An open workspace; None opens one.
        look_up: From a connection's name to its URL, when no workspace is given.
        progress: Called with each day once it is judged.
        processes: How many processes freeze and validate days.
        with_labels: Whether all that came since counts, labels first of all.

    Returns:
        `verdicts`: number of days by verdict; `as_known`: `then`, or `now`; `skipped`:
        ISO days that keep an older verdict, for the source no longer has their
        predictions.
    """
    opened = nullcontext(space) if space else open_workspace(look_up=look_up)
    with opened as world:
        return backfill_days(
            world,
            model,
            between=(date.fromisoformat(first), date.fromisoformat(last)),
            judge=_judge,
            progress=progress,
            processes=processes,
            with_labels=with_labels,
        )


def settle(
    model: str,
    *,
    as_of: str,
    mode: str,
    between: tuple[date | None, date | None] = (None, None),
    look_up: ConnectionLookup | None = None,
) -> list[str]:
    """Judge the days again whose labels changed since they were last looked at.

    And the days after them that pooled those labels; see
    `wiring.settling.settle_days`.

    Args:
        model: Registered model name.
        as_of: ISO instant with an offset; labels that came later are left out.
        mode: `live`, `backfill`, `replay` or `dry_run`; only `live` acts.
        between: First and last day that are asked; None for as far as days are looked
            back at, and for all.
        look_up: From a connection's name to its URL.

    Returns:
        The keys of the new evaluations.
    """
    with open_workspace(look_up=look_up) as space:
        done = settle_days(
            space,
            model,
            instant=datetime.fromisoformat(as_of),
            mode=Mode(mode),
            between=between,
            run_day=run_day,
        )
    return [unit.key for unit in done.units]


def watch(model: str, *, as_of: str, mode: str) -> dict[str, Any]:
    """Find the recent days that should have a verdict and have none.

    A live look also ends what a stopped process left of a rollback (`rollback` says
    what stands open).
    """
    from monitoring_tasks.wiring.watching import watch_model  # noqa: PLC0415 (rare)

    with open_workspace() as space:
        instant = datetime.fromisoformat(as_of)
        return watch_model(space, model, as_of=instant, mode=Mode(mode))


def drill(
    model: str,
    *,
    faults: Sequence[str] = (),
    day: str | None = None,
    days: int = 5,
    size: float | None = None,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Put known faults into healthy days and see whether the judgement is right.

    Takes place in a throw-away workspace; the real one only gets the log.

    Args:
        model: Registered model name.
        faults: Names of the faults, one after the other; all of them if none is given.
        day: ISO day; no later one is drilled on.
        days: How many healthy days to drill on.
        size: How large the faults are, in their own unit; None for each one's own.
        progress: Called with each day of each fault once it is judged.

    Returns:
        What was drilled, seen and expected, with the number `right` and `wrong`.
    """
    from monitoring_tasks.learn.fault_catalogue import choose  # noqa: PLC0415 (rare)
    from monitoring_tasks.wiring.drills.drilling import drill_model  # noqa: PLC0415 (rare)

    with open_workspace() as space:
        return drill_model(
            space,
            model,
            choose(faults, size=size),
            run_day=run_day,
            last=date.fromisoformat(day) if day else None,
            days=days,
            progress=progress,
        )


def _estimate_one(space: Workspace, unit: Unit) -> None:
    measuring.estimate_units(space, [unit])


def _decide_one(space: Workspace, unit: Unit) -> None:
    decision = judging.decide_unit(space, unit)
    labelled = last_labelled(space, unit.model, until=unit.day, as_of=unit.as_of)
    told = labelled.sentence(unit.day) if labelled else "no day has its labels yet"
    logger.info("%s %s: %s; %s", unit.model, unit.day, decision.verdict, told)


def _respond_one(space: Workspace, unit: Unit) -> None:
    decision = judging.decision_of(space, unit)
    space.results.save_action(unit, acting.act(space, unit, decision))


def _judge(space: Workspace, unit: Unit) -> None:
    judging.compare_unit(space, unit)
    judging.decide_unit(space, unit)
    _respond_one(space, unit)


def _run(
    space: Workspace, key: str, name: str, step: Callable[[Workspace, Unit], None]
) -> str:
    unit = Unit.from_key(key)
    with _step(space, unit, name):
        step(space, unit)
    return key


@contextmanager
def _step(space: Workspace, unit: Unit, name: str) -> Iterator[None]:
    """Hold the day's lease while a step runs, and log one line when it is done."""
    lease = f"{unit.model}/{unit.day}"
    with space.leases.hold(lease, holder=process_name(), seconds=DAY_LEASE_SECONDS):
        yield
    logger.info("%s done: %s", name, unit.key)
