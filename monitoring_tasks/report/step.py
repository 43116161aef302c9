"""The report of a day and the index of all of them: reads, and writes the pages."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.segment_selection import WHOLE_DAY
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.learn.step import Learnt, learn_day
from monitoring_tasks.report.charted import RANKED, charted_number
from monitoring_tasks.report.facts import DAILY_KINDS, Episode, Facts, timeline_of
from monitoring_tasks.report.index import INDEX_DAYS, INDEX_LINES, write_index
from monitoring_tasks.report.pages import write_day
from monitoring_tasks.report.rendering import page_path
from monitoring_tasks.report.stories import rollback_stories
from monitoring_tasks.store.day_lines import newest_days
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.store.timeline import timeline_numbers
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

TIMELINE_DAYS = 60
"""Length of the time line of a page, in days."""


def report_day(day: Day, learnt: Learnt) -> Path:
    """Write the page of one day and bring the index up to date.

    Args:
        day: The day.
        learnt: Trust in estimates, and how far labels have come.

    Returns:
        Path of the page.
    """
    path = _write_page(day, learnt)
    report_index(day.workspace)
    return path


def report_days(
    workspace: Workspace,
    model: str,
    first: date,
    last: date,
    *,
    only_missing: bool = False,
    progress: Callable[[date], None] | None = None,
) -> list[Path]:
    """Write the pages of all days judged in a range, and the index once.

    Args:
        workspace: Where days are read from and pages are written.
        model: Registered model name.
        first: First day.
        last: Last day, included.
        only_missing: Leave the days alone that have a page.
        progress: Called with each day that is done.
    """
    reports, written = workspace.settings.reports, []
    for evaluation in workspace.results.current(model, first, last):
        page = page_path(reports, model, evaluation.day)
        if not (only_missing and page.is_file()):
            day = Day(workspace, evaluation.unit)
            written.append(_write_page(day, learn_day(day)))
        if progress:
            progress(evaluation.day)
    # Once for all pages: it reads days of every model.
    report_index(workspace)
    return written


def report_index(workspace: Workspace) -> Path:
    """Write the index of the last `INDEX_DAYS` days of every model; of many, fewer."""
    listed = newest_days(workspace.database, most=INDEX_DAYS, lines=INDEX_LINES)
    return write_index(listed, workspace.settings.reports)


def _write_page(day: Day, learnt: Learnt) -> Path:
    return write_day(gather(day, learnt), day.workspace.settings.reports)


def gather(
    day: Day, learnt: Learnt | None = None, *, days: int = TIMELINE_DAYS
) -> Facts:
    """Read what a page shows of a day, as known at `day.unit.as_of`.

    Incidents and alias moves are the exception: a run writes them after the instant
    it is about, so all lines are read and each says when it was written.

    Args:
        day: The day; later evaluations of it do not count.
        learnt: Trust in estimates, and how far labels have come; None leaves them out.
        days: Length of the time line, in days, >= 1.

    Raises:
        LookupError: If the day was never started.
    """
    workspace, contract, evaluation = day.workspace, day.contract, day.evaluation
    before = day.past.evaluations(days - 1) if days > 1 else ()
    evaluations = {e.day: e for e in (*before, evaluation)}
    first, version = min(evaluations), evaluation.version or ""
    moves = [
        line
        for line in workspace.journal.lines(day.model)
        if day_of(line.at, contract.timezone) >= first
    ]
    rollbacks = workspace.rollbacks
    return Facts(
        unit=day.unit,
        contract=contract,
        batch=evaluation.data if evaluation.data_verdict else None,
        measurements=day.measurements,
        findings=day.findings,
        comparisons=evaluation.comparisons,
        profile=_profile(day),
        reference=day.reference(version) if version else None,
        timeline=timeline_of(evaluations, _numbers(day, evaluations.values())),
        first_day=first,
        episodes=_episodes(day, first),
        moves=moves,
        rollbacks=rollback_stories(
            rollbacks.find(day.model), moves, evidence=rollbacks.evidence
        ),
        simulated_clock=workspace.settings.clock == "simulated",
        slos=day.slo_statuses,
        trust=learnt.trust if learnt else (),
        labels=learnt.labels if learnt else None,
    )


def _numbers(
    day: Day, evaluations: Iterable[Evaluation]
) -> dict[str, list[Finding | Measurement]]:
    """Read the numbers of a time line: the daily ones, and the one that is charted."""
    version = day.evaluation.version or ""
    charted = charted_number(day.findings, day.contract, version)
    return timeline_numbers(
        day.workspace.database,
        list(evaluations),
        Measurement(
            kind=charted.kind,
            metric=charted.metric,
            column=charted.column,
            segment=charted.segment,
            version=version,
            horizon=charted.horizon,
        ),
        daily_kinds=DAILY_KINDS,
        charted_kinds=RANKED,
    )


def _profile(day: Day) -> DayProfile | None:
    # Profiles of thousands of segments would fill the memory; the page needs one.
    unit = day.unit
    profiles = day.workspace.profiles.load(
        unit.model, unit.day, unit.day, unit.as_of, segments=WHOLE_DAY
    )
    version = day.evaluation.version or ""
    return next((p for p in profiles if p.version == version), None)


def _episodes(day: Day, first: date) -> list[Episode]:
    """Read the incidents that began by the day and touch the time line."""
    incidents = day.workspace.incidents
    episodes = []
    for incident in incidents.find(day.model):
        is_shown = incident.last_day >= first or incident.is_active
        if incident.state is IncidentState.MERGED:
            continue
        if incident.onset_day <= day.day and is_shown:
            events = tuple(incidents.events(incident.id))
            override = override_of(incident, events)
            episodes.append(
                Episode(incident=incident, events=events, override=override)
            )
    return episodes
