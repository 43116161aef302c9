"""A release beside the version it replaced, on the rows of each of its first days."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_tasks.compare.release_judgement import (
    judge_release,
    paired_day,
    pool,
    release_of,
)
from monitoring_tasks.compare.version_comparison import (
    is_untouched,
    measure_versions,
    why_unfair,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.releases import Release
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.store.history import paired_days, served_days
from monitoring_tasks.workspace.frozen_rows import labelled_batch
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def watch_release(space: Workspace, unit: Unit) -> tuple[Comparison, Finding] | None:
    """Hold a young release against the version it replaced, over all its days so far.

    A day takes part when its labels are mature and it is neither excluded nor too
    small; the others are left out, and on such a day nothing is concluded.

    Returns:
        The comparison over the days and what is thought of it; None when the policy
        does not ask for it or no release is young.
    """
    contract = space.contract(unit.model)
    policy = contract.policy
    live = space.results.evaluation(unit).version
    if policy.versions.when == "breach" or policy.versions.candidates == 0 or not live:
        return None
    memory = policy.onset_days + policy.look_back_days
    release = release_of(
        served_days(space.database, unit, days=memory),
        live,
        unit.day,
        watch_days=policy.onset_days,
    )
    if release is None:
        return None
    compared = _compare(space, unit, release)
    return compared, judge_release(compared, release, policy.versions.margin)


def _compare(space: Workspace, unit: Unit, release: Release) -> Comparison:
    contract = space.contract(unit.model)
    known = Comparison(version=release.replaced, metric=contract.comparison_metric)
    own = _measure_day(space, unit, release)
    today = paired_day(own, confidence=contract.policy.confidence)
    if today is None:
        return own
    before = paired_days(
        space.database,
        unit,
        since=release.since,
        version=release.version,
        compared=known,
    )
    excluded = contract.policy.excluded_days
    pooled = pool(
        known,
        [*(one for one in before if one.day not in excluded), today],
        contract.policy.versions.release,
        watch_days=contract.policy.onset_days,
    )
    return replace(pooled, groups=own.groups, unmeasured=own.unmeasured)


def _measure_day(space: Workspace, unit: Unit, release: Release) -> Comparison:
    """Measure the day by itself; without a gain, and with a reason, if it cannot be."""
    contract = space.contract(unit.model)
    nothing = Comparison(version=release.replaced, metric=contract.comparison_metric)
    wanted = [v for v in space.versions(unit.model) if v.version == release.replaced]
    if not wanted:
        return _without(nothing, "it is not registered any more")
    if not is_untouched(wanted[0], release.since):
        return _without(nothing, why_unfair(wanted[0], release.since))
    rows = _served(space, unit, release.version)
    known = rows[rows[contract.columns.label].notna()]
    if why := _why_not(rows, known, unit, contract):
        return _without(nothing, why)
    sample = hash_sample(known, contract.columns.id, contract.policy.sample_rows)
    return measure_versions(space, contract, sample, wanted, days=(unit.day,))[0]


def _served(space: Workspace, unit: Unit, version: str) -> "pd.DataFrame":
    """Read the rows of the day that a version scored, with what is known of labels."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    frame: pd.DataFrame = labelled_batch(space, unit)[0].to_pandas()
    column = space.contract(unit.model).columns.model_version
    return frame[texts(frame[column]) == version]


def _why_not(
    rows: "pd.DataFrame", known: "pd.DataFrame", unit: Unit, contract: Contract
) -> str:
    policy = contract.policy
    if unit.day in policy.excluded_days:
        return "the contract excludes this day"
    if len(known) < policy.label_coverage * len(rows):
        return f"{len(known)} of {len(rows)} labels are known, too few to compare by"
    if len(known) < policy.min_rows:
        return f"{len(known)} labelled rows are fewer than the {policy.min_rows} needed"
    return ""


def _without(known: Comparison, reason: str) -> Comparison:
    return Comparison(version=known.version, metric=known.metric, reason=reason)


def side_by_side(
    compared: Sequence[Comparison], released: Comparison, margin: float
) -> list[Comparison]:
    """Put a release's comparison beside those of a day in breach.

    Proven, it stands for its version alone: it rests on more days. What each protected
    group would have of it is taken from where more rows were pooled. Else the other
    one is the later in the list, which is what a rollback goes by.
    """
    if not released.is_better_by(margin):
        return [released, *compared]
    same = [one for one in compared if one.version == released.version]
    widest = next((one for one in same if one.groups), released)
    others = [one for one in compared if one.version != released.version]
    told = replace(released, groups=widest.groups, unmeasured=widest.unmeasured)
    return [*others, told]
