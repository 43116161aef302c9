"""Retrospectives: written as a page, told to the channels that take them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import News
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import MonitoringError, TransientError
from monitoring_tasks.learn.retrospective.content import (
    Period,
    Retrospective,
    Span,
    is_quarterly_day,
    last_span,
)
from monitoring_tasks.learn.retrospective.rendering import page_of
from monitoring_tasks.operations.policy.proposing import propose_limits
from monitoring_tasks.operations.policy.replaying import judged_span, replay
from monitoring_tasks.operations.retrospective.reading import read_retrospective
from monitoring_tasks.report.rendering import write_whole
from monitoring_tasks.respond.channels.table import KINDS
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

FOLDER = "retrospectives"
FALSE_PAGES = 1.0
"""So many false pages a year are what `policy propose` searches for by itself."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A retrospective that was written.

    Attributes:
        page: Its page.
        retrospective: What it says.
        messages: Ids of the messages that tell of it.
    """

    page: Path
    retrospective: Retrospective
    messages: tuple[str, ...] = ()


def write_due(*, as_of: str, mode: str) -> dict[str, Any]:
    """Write the weekly retrospective, on the first Monday of a quarter that too.

    In the workspace the environment names; only a live run tells channels.

    Args:
        as_of: ISO instant with an offset; the day after the last whole week or later.
        mode: `live`, `backfill`, `replay` or `dry_run`.

    Returns:
        Plain JSON: the `pages`, and how many `messages` tell of them.
    """
    today = datetime.fromisoformat(as_of).date()
    periods = [Period.WEEKLY]
    if is_quarterly_day(today):
        periods.append(Period.QUARTERLY)
    with open_workspace() as workspace:
        written = [
            write_retrospective(
                workspace,
                period,
                span=last_span(period, today),
                tells=mode == Mode.LIVE.value,
            )
            for period in periods
        ]
    return {
        "pages": [str(one_of.page) for one_of in written],
        "messages": sum(len(one_of.messages) for one_of in written),
    }


def write_retrospective(
    workspace: Workspace,
    period: Period,
    *,
    span: Span | None = None,
    models: Sequence[str] = (),
    folder: Path | None = None,
    proposals: Mapping[str, Mapping[str, Any]] | None = None,
    tells: bool = False,
) -> Written:
    """Write the retrospective of a span; the same span again is the same page.

    Args:
        workspace: The workspace.
        period: Weekly or quarterly.
        span: The days; the last whole week or quarter if left out.
        models: Registered model names; all if none is given.
        folder: Where the page goes; `retrospectives/` of the workspace if left out.
        proposals: Changes of limits by model, see `search_proposals`.
        tells: Whether the channels are told that take retrospectives.

    Raises:
        ConfigurationError: If a model has no contract.
    """
    chosen = span or last_span(period, workspace.clock.now().date())
    for model in models:
        workspace.contract(model)  # a model nobody knows is named as such
    retrospective = read_retrospective(
        workspace,
        period,
        chosen,
        models or all_models(workspace),
        proposals=proposals,
    )
    home = folder or workspace.settings.home / FOLDER
    page = write_whole(home / f"{retrospective.name}.html", page_of(retrospective))
    messages = _told(workspace, retrospective, page) if tells else []
    return Written(page=page, retrospective=retrospective, messages=tuple(messages))


def search_proposals(
    workspace: Workspace, models: Sequence[str], *, progress: Progress | None = None
) -> dict[str, dict[str, Any]]:
    """Search for changes of limits, and say what each would have done; slow.

    Args:
        workspace: The workspace; only read.
        models: Registered model names.
        progress: Called with each limit that is tried, and each model that is done.

    Returns:
        By model, what `propose_limits` returns, `replay` beside it; `fault` where
        nothing could be searched.
    """
    proposals: dict[str, dict[str, Any]] = {}
    for model in models:
        try:
            other, proposal = propose_limits(
                workspace, model, false_pages_per_year=FALSE_PAGES, progress=progress
            )
            first, last = judged_span(workspace, model, None, None)
            proposal["replay"] = (
                replay(workspace, model, first, last, other=other)
                if proposal["changes"]
                else None
            )
        except TransientError:
            raise
        except MonitoringError as error:
            proposal = {"fault": str(error), "changes": []}
        proposals[model] = proposal
        if progress:
            progress(model)
    return proposals


def all_models(workspace: Workspace) -> list[str]:
    """Return the models of the workspace by name."""
    files = contract_files(workspace.settings.expectations)
    return sorted(path.parent.name for path in files)


def span_of(
    workspace: Workspace, period: Period, first: date | None, last: date | None
) -> Span:
    """Return the days from `first` to `last`, the usual ones where left out.

    Args:
        workspace: The workspace, for its clock.
        period: Weekly or quarterly.
        first: First day.
        last: Last day, included.
    """
    usual = last_span(period, workspace.clock.now().date())
    return Span(first=first or usual.first, last=last or usual.last)


def _told(workspace: Workspace, retrospective: Retrospective, page: Path) -> list[str]:
    channels = [
        name
        for name, channel in sorted(workspace.settings.channels.items())
        if Occasion.REVIEW in KINDS[channel.kind].tells
    ]
    news = News(
        occasion=Occasion.REVIEW,
        subject={
            "name": retrospective.name,
            "period": retrospective.period.value,
            "first": retrospective.span.first,
            "last": retrospective.span.last,
            "lines": retrospective.lines(),
            "page": page.name,
        },
        model="*",
        severity=Severity.P3.value,
        at=workspace.clock.now(),
        key=f"retrospective:{retrospective.name}",
    )
    return workspace.outbox.post(news, channels)
