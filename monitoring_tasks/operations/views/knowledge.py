"""As known when a day was judged, and what labels told by then."""

from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.learn.step import last_labelled
from monitoring_tasks.workspace.workspace import Workspace


def knowledge_view(workspace: Workspace, evaluation: Evaluation) -> dict[str, Any]:
    """Return as known when an evaluation judged its day, and what labels told by then.

    Args:
        workspace: The workspace; only read.
        evaluation: The evaluation that is shown.

    Returns:
        `revision`, see `revision_of`; `last_labelled`: the newest day
        up to this one that had enough labels, and a sentence; None without one.
    """
    last = last_labelled(
        workspace, evaluation.model, until=evaluation.day, as_of=evaluation.as_of
    )
    return {
        "revision": revision_of(workspace, evaluation),
        "last_labelled": labelled_view(last, today=evaluation.day),
    }


def revision_of(workspace: Workspace, evaluation: Evaluation) -> dict[str, Any]:
    """Return as known when a day was judged.

    Args:
        workspace: The workspace; only read.
        evaluation: One evaluation of the day.

    Returns:
        `as_known`: `then`, as its schedule saw it, or `later`; `days_after`: whole days
        after that; `labels`: share of its rows whose label was known, 0..1, or None.
    """
    after = (
        evaluation.as_of - workspace.as_of(evaluation.model, evaluation.day)
    ).total_seconds()
    rows, labelled = evaluation.rows or 0, evaluation.labelled
    return {
        "as_known": "later" if after > 0 else "then",
        "days_after": max(int(after // 86400), 0),
        "labels": labelled / rows if rows and labelled is not None else None,
    }


def labelled_view(last: LabelledDay | None, *, today: date) -> dict[str, Any] | None:
    """Return what labels told last, beside a day; None where they told nothing yet.

    Args:
        last: The newest day that has enough labels.
        today: The day it is shown beside.
    """
    if last is None:
        return None
    return asdict(last) | {"sentence": last.sentence(today)}
