"""Days judged again because labels came: for a schedule, and for a person."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import Any

from monitoring_tasks.daily import run_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.operations.kept_verdicts import kept_sentence
from monitoring_tasks.operations.label_news import (
    JUST_BEFORE,
    Round,
    ask_for_labels,
    note_round,
)
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.store.records import evaluation_row
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

logger = logging.getLogger(__name__)
Bar = Callable[[int], AbstractContextManager[Callable[[date], None]]]
"""Makes a progress bar over so many days."""


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
    `settle_days`.

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
    with open_workspace(look_up=look_up) as workspace:
        done = settle_days(
            workspace,
            model,
            instant=datetime.fromisoformat(as_of),
            mode=Mode(mode),
            between=between,
        )
    return [unit.key for unit in done.units]


def settle_now(
    workspace: Workspace,
    model: str,
    *,
    live: bool,
    between: tuple[date | None, date | None] = (None, None),
    progress: Bar | None = None,
) -> dict[str, Any]:
    """Judge days again with the labels that came until now, for a person.

    Args:
        workspace: The workspace.
        model: Registered model name.
        live: Whether what is decided is acted on; else it is only said.
        between: First and last day that are asked; see `settle_days`.
        progress: Makes a bar over so many days.

    Returns:
        Plain JSON: `as_of`, `mode`, days by verdict, one line per day with the
        verdict `before`, and the days that were `skipped`.

    Raises:
        NoDataError: If no day of the model was evaluated yet.
    """
    workspace.contract(model)  # a model nobody knows is named as such
    # Instants are kept as whole seconds: a finer one would not be found again.
    as_of = workspace.now(model).replace(microsecond=0)
    mode = Mode.LIVE if live else Mode.DRY_RUN
    # Verdicts as they stood before this round.
    earlier = workspace.results.current(model, date.min, date.max, as_of - JUST_BEFORE)
    before = {evaluation.day: evaluation.verdict for evaluation in earlier}
    done = settle_days(
        workspace, model, instant=as_of, mode=mode, between=between, progress=progress
    )
    evaluations = [workspace.results.evaluation(unit) for unit in done.units]
    return {
        "model": model,
        "as_of": as_of.isoformat(),
        "mode": mode.value,
        "verdicts": dict(Counter(str(e.verdict) for e in evaluations)),
        "days": [_line(e, before.get(e.day)) for e in evaluations],
        "skipped": [day.isoformat() for day in done.skipped],
    }


def _line(evaluation: Evaluation, before: str | None) -> dict[str, Any]:
    header = evaluation_row(evaluation)
    shown = ("verdict", "severity", "cause", "rows", "labelled", "action", "key")
    about = {"day": evaluation.day.isoformat(), "before": before}
    return about | {name: header[name] for name in shown}


def settle_days(
    workspace: Workspace,
    model: str,
    *,
    instant: datetime,
    mode: Mode,
    between: tuple[date | None, date | None] = (None, None),
    progress: Bar | None = None,
) -> Round:
    """Judge the days again whose labels changed since they were last looked at.

    And the days after them that pooled those labels. Each gets a new revision beside
    the old one; nothing is overwritten. A try at the same instant that was stopped is
    finished.

    Args:
        workspace: The workspace.
        model: Registered model name.
        instant: Labels that came later are left out.
        mode: Only `live` acts.
        between: See `ask_for_labels`.
        progress: Makes a bar over so many days, which is called with each judged one.

    Returns:
        What was judged, and what was skipped.
    """
    label_round = ask_for_labels(
        workspace, model, instant=instant, mode=mode, between=between
    )
    bar = progress(len(label_round.units)) if progress else nullcontext(None)
    with bar as advance:
        for unit in label_round.units:
            run_day(workspace, unit)
            if advance:
                advance(unit.day)
    note_round(workspace, model, label_round, instant=instant)
    logger.info(
        "%s: %d days judged again by their labels", model, len(label_round.units)
    )
    if label_round.skipped:
        logger.warning("%s: %s", model, kept_sentence(len(label_round.skipped)))
    return label_round
