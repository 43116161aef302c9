"""One alarm budget for the fleet: what was promised, spent and held back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from monitoring_tasks.disk import keep_if_allowed
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import WEEK, is_digest
from monitoring_tasks.errors import ConfigurationError, NoDataError, TransientError
from monitoring_tasks.store.slo_days import newest_as_of
from monitoring_tasks.workspace.workspace import Workspace

YEAR = timedelta(days=365)
RECENT = timedelta(days=28)
"""How far back the version that serves is looked for."""
DRAWN = 100
"""Years drawn for a promise: the rate of one page a year is known to about a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBudget:
    """How many pages there were, and what became of them.

    Attributes:
        pages_a_week: What the workspace promises for seven days.
        paged_week: Incidents about which somebody was paged in the last seven days.
        paged_year: In the last 365 days.
        false_year: Those of a year that people called false.
        gathered: Active incidents that only the budget holds back.
        silenced: Active incidents that a silence holds back.
        merged: Active incidents that a common cause speaks for.
    """

    pages_a_week: int
    paged_week: int
    paged_year: int
    false_year: int
    gathered: int
    silenced: int
    merged: int

    def as_json(self) -> dict[str, int]:
        """Return it as plain JSON."""
        return asdict(self)


def count_pages(
    incidents: Sequence[Incident], *, now: datetime, pages_a_week: int
) -> PageBudget:
    """Count the pages of some incidents up to now, and what is held back.

    Args:
        incidents: One model's, or the whole fleet's.
        now: The present instant.
        pages_a_week: What the workspace promises for seven days.
    """
    dated = [(i, i.paged_at) for i in incidents if i.paged_at is not None]
    year = [(i, at) for i, at in dated if now - YEAR < at <= now]
    held = [i for i in incidents if i.is_active and i.paged_at is None]
    parents = [i.merged_into for i in held if i.merged_into is not None]
    return PageBudget(
        pages_a_week=pages_a_week,
        paged_week=sum(at > now - WEEK for _, at in year),
        paged_year=len(year),
        false_year=sum(i.state is IncidentState.FALSE_POSITIVE for i, _ in year),
        gathered=sum(is_digest(parent) for parent in parents),
        silenced=sum(i.silenced_by is not None for i in held),
        merged=sum(not is_digest(parent) for parent in parents),
    )


def fleet_view(workspace: Workspace, models: Sequence[str]) -> dict[str, Any]:
    """Return the pages spent, promised and expected; by model and in all.

    Args:
        workspace: The workspace.
        models: Registered names of its models.

    Returns:
        `spent`: the fleet's `PageBudget`, None while no day was evaluated; `models`:
        the same by model, with `expected_false_pages_a_year` and active `silences`.
    """
    is_begun = newest_as_of(workspace.database) is not None
    now = workspace.clock.now()
    incidents = workspace.incidents.budgeted(now - YEAR)
    most = workspace.settings.pages_a_week
    active = workspace.silences.acting(None, now) if is_begun else []
    by_model = {}
    for model in models:
        own = [incident for incident in incidents if incident.model == model]
        pages = count_pages(own, now=now, pages_a_week=most)
        by_model[model] = (pages.as_json() if is_begun else {}) | {
            "expected_false_pages_a_year": expected_false_pages(workspace, model),
            "silences": [s.id for s in active if s.model == model],
        }
    fleet = count_pages(incidents, now=now, pages_a_week=most)
    return {"spent": fleet.as_json() if is_begun else None, "models": by_model}


def expected_false_pages(workspace: Workspace, model: str) -> float | None:
    """Return how many false pages a year a model's contract promises.

    Drawn as `daywatch policy explain` does, fewer years of it, and kept until the
    contract or the version that serves changes. None where nothing is known of the
    model's noise, nor can be: unknown is not nothing.

    Args:
        workspace: The workspace; the number is kept in its cache.
        model: Registered model name.

    Returns:
        Pages a year, >= 0; None where nothing is known of the model's noise.
    """
    try:
        contract = workspace.contract(model)
    except ConfigurationError:
        return None
    span = workspace.results.days(model)
    rows = []
    if span is not None:
        first = span[1] - RECENT
        rows = workspace.results.current(model, first, span[1], decided=True)
    version = next((row.version for row in reversed(rows) if row.version), None)
    # By contract and version: either one changes what is promised.
    text = f"{contract.model_dump_json()}/{version}"
    key = f"{crc32(text.encode()):08x}"
    path = workspace.settings.home / "cache" / "false-pages" / f"{model}-{key}.json"
    if path.is_file():
        kept: float | None = json.loads(path.read_text())
        return kept
    try:
        false_pages = _drawn_false_pages(workspace, model)
    # Nothing is kept then: the next judged day, or look, may bring what lacks.
    except (NoDataError, TransientError):
        return None
    keep_if_allowed(path, json.dumps(false_pages))
    return false_pages


def _drawn_false_pages(workspace: Workspace, model: str) -> float | None:
    # Drawn once for many looks, which need none of it.
    from monitoring_tasks.compare.alarm_rates import Size  # noqa: PLC0415 (heavy)
    from monitoring_tasks.compare.limit_checks import (  # noqa: PLC0415 (heavy)
        promised_alarms,
    )
    from monitoring_tasks.operations.policy.limit_basis_of_model import (  # noqa: PLC0415
        limit_basis_of,
    )

    basis = limit_basis_of(workspace, model)
    alarms = promised_alarms(basis, basis.contract, size=Size(runs=DRAWN))
    return None if alarms is None else alarms.total.pages.value
