"""Old results removed: days that nothing refers to, in the store and as files.

Rows go before files, so that no row ever names a file that is gone. What a killed run
has left of files goes with the next one.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import islice

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.retention import first_kept_day, kept_spans, split_kept
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.report.rendering import page_days, page_path
from monitoring_tasks.store.pruning import (
    days_before,
    models_in_store,
    partition_folders,
    remove_days,
    remove_folders,
    remove_label_rounds,
)
from monitoring_tasks.workspace.processes import process_name
from monitoring_tasks.workspace.workspace import Workspace

PRUNED = "pruned"
"""State of the journal's line."""
FOLDERS, PAGES = "folders of frozen rows", "pages"
DAYS_AT_ONCE = 14
"""Days removed in one transaction: the store is locked for moments only."""
LEASE_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was removed of a model, or would be.

    Attributes:
        model: Registered model name.
        first_kept: The first day young enough to stay.
        days: Days removed.
        removed: Rows by table, and files by kind.
        kept: Why older days stay -> how many.
    """

    model: str
    first_kept: date
    days: int
    removed: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)


Progress = Callable[[str, Sequence[date]], Iterator[date]]
"""Given a model and its days, hands the days on and shows how far they are."""


def prune(
    workspace: Workspace,
    keep: str,
    *,
    models: Sequence[str] = (),
    actor: str,
    dry_run: bool,
    progress: Progress = lambda _, days: iter(days),
) -> list[Pruned]:
    """Remove what is older than a span and nothing refers to, model by model.

    Args:
        workspace: The workspace.
        keep: How long days are kept, such as `3y`.
        models: Registered model names; none for every one in the store.
        actor: Who asks, for the journal.
        dry_run: Whether it is only counted.
        progress: Shows how far a model's days are.

    Returns:
        One of each model, also of those of which nothing goes.

    Raises:
        ConfigurationError: If the span is none, or too short, or the store knows no
            such model.
    """
    names = models_in_store(workspace.database)
    for name in models:
        if name not in names:
            msg = f"the store has no model '{name}'; it has: {', '.join(names)}"
            raise ConfigurationError(msg)
    for_model = partial(
        _prune_model, workspace, keep=keep, actor=actor, progress=progress
    )
    return [for_model(name, dry_run=dry_run) for name in models or names]


def _prune_model(
    workspace: Workspace,
    model: str,
    *,
    keep: str,
    actor: str,
    progress: Progress,
    dry_run: bool,
) -> Pruned:
    lease = f"prune/{model}"
    with (
        nullcontext()
        if dry_run
        else workspace.leases.hold(lease, holder=process_name(), seconds=LEASE_SECONDS)
    ):
        old = _read_old_days(workspace, model, keep)
        if old.free and not dry_run:
            # Before they are gone: a removal nobody wrote down must not happen.
            workspace.journal.append(_line(workspace, old, keep=keep, actor=actor))
        days = progress(model, old.free)
        removed = _remove(workspace, old, days, dry_run=dry_run)
    return Pruned(
        model=model,
        first_kept=old.first_kept,
        days=len(old.free),
        removed={what: count for what, count in removed.items() if count},
        kept=old.kept,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _OldDays:
    """The old days of a model.

    Attributes:
        model: Registered model name.
        first_kept: The first day young enough to stay.
        free: Days nothing refers to.
        kept: Why others stay -> how many.
        folders: Folders of frozen rows by day.
    """

    model: str
    first_kept: date
    free: Sequence[date]
    kept: Mapping[str, int]
    folders: Mapping[date, Sequence[str]]


def _read_old_days(workspace: Workspace, model: str, keep: str) -> _OldDays:
    first = _first_kept(workspace, model, keep)
    folders = partition_folders(str(workspace.settings.partitions), model, first)
    # Files without rows too: a run that was killed has left them.
    pages = page_days(workspace.settings.reports, model)
    in_store = days_before(workspace.database, model, first)
    old = in_store | set(folders) | {day for day in pages if day < first}
    holds = [
        hold.id
        for hold in workspace.holds.active(model)
        if hold.kind is HoldKind.LEGAL_HOLD
    ]
    if holds:
        free: list[date] = []
        kept = {f"legal hold {hold}": len(old) for hold in holds if old}
    else:
        incidents = workspace.incidents.find(model, with_candidates=True)
        spans = kept_spans(incidents, workspace.rollbacks.find(model))
        free, kept = split_kept(old, spans)
    return _OldDays(
        model=model, first_kept=first, free=free, kept=kept, folders=folders
    )


def _first_kept(workspace: Workspace, model: str, keep: str) -> date:
    today = workspace.now(model).date()
    try:
        first = first_kept_day(keep, today)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    declared = {p.parent.name for p in contract_files(workspace.settings.expectations)}
    reach = workspace.contract(model).policy.reach_days if model in declared else 0
    if (today - first).days < reach:
        msg = (
            f"'{keep}' is too short for {model}: late labels re-open its days for "
            f"{reach} days (policy.look_back_days)"
        )
        raise ConfigurationError(msg)
    return first


def _remove(
    workspace: Workspace, old: _OldDays, days: Iterator[date], *, dry_run: bool
) -> Counter[str]:
    removed: Counter[str] = Counter()
    while several := list(islice(days, DAYS_AT_ONCE)):
        removed += remove_days(workspace.database, old.model, several, dry_run=dry_run)
        removed += _remove_files(workspace, old, several, dry_run=dry_run)
    if old.free:
        removed["label_rounds"] = remove_label_rounds(
            workspace.database,
            old.model,
            datetime.combine(old.first_kept, time(), tzinfo=UTC),
            dry_run=dry_run,
        )
    return removed


def _remove_files(
    workspace: Workspace, old: _OldDays, days: Sequence[date], *, dry_run: bool
) -> Counter[str]:
    folders = [folder for day in days for folder in old.folders.get(day, ())]
    reports = workspace.settings.reports
    pages = [page_path(reports, old.model, day) for day in days]
    pages = [page for page in pages if page.is_file()]
    if not dry_run:
        remove_folders(str(workspace.settings.partitions), folders)
        for page in pages:
            page.unlink()
    return Counter({FOLDERS: len(folders), PAGES: len(pages)})


def _line(workspace: Workspace, old: _OldDays, *, keep: str, actor: str) -> Line:
    return Line(
        key=f"{old.model}@prune",
        state=PRUNED,
        at=workspace.clock.now(),
        model=old.model,
        reason=f"keep {keep}: {len(old.free)} days before {old.first_kept} go",
        actor=actor,
        detail={
            "keep": keep,
            "first_kept": old.first_kept.isoformat(),
            "first": old.free[0].isoformat(),
            "last": old.free[-1].isoformat(),
            "days": len(old.free),
            "kept": dict(old.kept),
        },
    )
