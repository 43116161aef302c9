"""Which judged days would have other numbers now, because labels came."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitoring_tasks.domain.label_coverage import LabelRound
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.extract.step import labels_changed
from monitoring_tasks.operations.kept_verdicts import keeps_verdict
from monitoring_tasks.store.label_rounds import save_label_round
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

JUST_BEFORE = timedelta(seconds=1)
"""Instants are whole seconds."""


@dataclass(frozen=True, slots=True)
class Round:
    """A look for news at the labels of all days looked back at.

    Attributes:
        units: What has to be judged again, oldest first.
        is_whole: Whether the labels of every day could be read, and what they say used.
        skipped: Days with news that keep their verdict: the source no longer has their
            predictions.
    """

    units: tuple[Unit, ...]
    is_whole: bool
    skipped: tuple[date, ...] = ()


def ask_for_labels(
    workspace: Workspace,
    model: str,
    *,
    instant: datetime,
    mode: Mode,
    between: tuple[date | None, date | None] = (None, None),
) -> Round:
    """Find the judged days whose numbers would be others now, oldest first.

    Those whose own labels changed since they were last looked at, and those that
    pooled such a day over a longer horizon. Looks back `policy.look_back_days`, or
    further where the contract says that labels take longer (`policy.reach_days`). What
    was finished at the same instant is left out, so that a try that was stopped goes
    on where it was; days the contract excludes are never judged again, nor those whose
    predictions are gone.

    Args:
        workspace: The workspace.
        model: Registered model name.
        instant: Labels that came later do not count.
        mode: In which the days are judged again.
        between: First and last day that are asked for news; None for as far as days
            are looked back at, and for all. Days after the last are judged again where
            they pooled one that has news.
    """
    contract = workspace.contract(model)
    today = instant.astimezone(contract.zone).date()
    # A round over some days says nothing of the others.
    is_whole = between == (None, None)
    first = between[0] or today - timedelta(days=contract.policy.reach_days)
    last = between[1] or today
    reach = timedelta(days=contract.longest_horizon - 1)
    # Later days may have pooled the last one over a longer horizon.
    touched = min(max(today, last), last + reach)
    done = {
        row.day
        for row in workspace.results.current(model, first, touched, instant)
        if row.as_of == instant and row.action is not None
    }
    changed: date | None = None
    units, skipped = [], []
    for row in workspace.results.current(model, first, touched, instant - JUST_BEFORE):
        unit = Unit(model=model, day=row.day, as_of=instant, mode=mode)
        if row.verdict == "excluded":
            continue
        is_news = unit.day <= last and labels_changed(Day(workspace, unit), row.labels)
        is_whole = is_whole and is_news is not None
        is_touched = changed is not None and unit.day - changed <= reach
        if not is_news and (not is_touched or unit.day in done):
            continue
        if unit.day not in done and keeps_verdict(Day(workspace, unit)):
            skipped.append(unit.day)
            continue
        # After the skipped ones: only a day judged again changes what others pooled.
        if is_news:
            changed = unit.day
        if unit.day not in done:
            units.append(unit)
    return Round(tuple(units), is_whole and not skipped, tuple(skipped))


def note_round(
    workspace: Workspace, model: str, label_round: Round, *, instant: datetime
) -> None:
    """Write down that all days looked back at were asked, news or none.

    To be called once the days with news are judged: a day without a look at the
    instant had none. A round that could not read all of them says nothing.

    Args:
        workspace: The workspace.
        model: Registered model name.
        label_round: As `ask_for_labels` returned it.
        instant: Up to when labels counted.
    """
    if label_round.is_whole:
        reach = workspace.contract(model).policy.reach_days
        done = LabelRound(known_at=instant, look_back_days=reach)
        save_label_round(workspace.database, model, done)
