"""Hold a day's numbers against their limits, and other versions beside the live one.

The only file of `compare/` that reads the store or the registry: it reads through the
day, hands the parts to pure functions and writes what they said.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from monitoring_tasks.compare.attribution import judge_attribution
from monitoring_tasks.compare.attribution_measurement import (
    ScoreChanges,
    changes_key,
    measure_day,
    reference_changes,
    with_scores,
)
from monitoring_tasks.compare.candidate_comparison import CandidateComparison
from monitoring_tasks.compare.candidates import (
    Candidate,
    candidates_for,
    likely_scorers,
)
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.day_findings import day_findings
from monitoring_tasks.compare.label_counts import stray_labels
from monitoring_tasks.compare.label_gate import judge_labels
from monitoring_tasks.compare.limit_warnings import limit_warnings, with_warnings
from monitoring_tasks.compare.numbers_of_today import numbers_of_today
from monitoring_tasks.compare.pooled_numbers import by_number, longest_pool
from monitoring_tasks.compare.release_comparison import (
    measure_release_day,
    pool_release_days,
    why_not_comparable,
    with_release,
    without_gain,
)
from monitoring_tasks.compare.release_judgement import (
    is_watched,
    judge_release,
    remembered_days,
    watched_release,
)
from monitoring_tasks.compare.reproduced_rows import Reproducibility
from monitoring_tasks.compare.reproducibility import (
    reference_reproducibility,
    reproducibility_key,
)
from monitoring_tasks.compare.reproduction import ReproductionCheck
from monitoring_tasks.compare.reproduction_schedule import is_reproduction_due
from monitoring_tasks.compare.unlabelled_comparison import UnlabelledComparison
from monitoring_tasks.compare.version_comparison import is_comparison_due
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Check, Finding, Kind
from monitoring_tasks.domain.releases import Release, ServedDay
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.version_tags import QUARANTINE_TAG
from monitoring_tasks.store.history import dated_numbers, promised_numbers
from monitoring_tasks.store.reproduced_days import reproduced_days
from monitoring_tasks.store.served_days import paired_days, served_days
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from monitoring_tasks.workspace.labelled_rows import first_served

if TYPE_CHECKING:
    import pandas as pd

REMEMBERED_DAYS = 400
"""How far back a version is remembered to have served."""


def compare_day(day: Day) -> None:
    """Hold the day's numbers against their limits, and other versions beside it."""
    with contained(day, "compare"):
        # First: what is wrong with the labels is said of the numbers they give.
        _judge_labels(day)
        findings = _judge_numbers(day)
        comparisons: list[Comparison] = []
        # On rows that are not fit no version could show anything.
        if day.evaluation.data.is_fit:
            comparisons, of_release = _compare_versions(day, findings)
            findings += [*of_release, *_judge_attribution(day)]
            findings += _check_outputs(day, findings, comparisons)
        day.record.save_findings(findings, comparisons)


def _judge_labels(day: Day) -> None:
    """Hold the day's labels against those of the days before it."""
    verdict, policy = day.evaluation.label_verdict, day.contract.policy
    counts = day.evaluation.label_counts
    is_joined = counts is not None and bool(counts.rows + counts.refused)
    if verdict is None:
        return
    version = day.evaluation.version
    faults: tuple[Check, ...] = ()
    if is_joined and day.evaluation.is_fit:
        faults = judge_labels(
            day.evaluation,
            day.past.evaluations(policy.labels.window_days),
            day.contract,
            day.reference(version) if version else None,
        )
    judged = verdict.with_faults(faults)
    if judged != verdict:
        day.record.save_label_verdict(judged)


def compare_with(
    day: Day, candidates: Sequence[Candidate], *, most: int
) -> list[Comparison]:
    """Compare versions with the live one on the day's pooled rows.

    By their labels on days that have them, else by estimates that have earned trust.

    Args:
        day: The day; days before it that the live version served are pooled with it.
        candidates: Versions to try, most wanted first.
        most: How many of them are measured, >= 1.
    """
    champion = str(day.evaluation.version)
    days = day.contract.policy.versions.pool_days
    comparison = CandidateComparison(
        contract=day.contract,
        first=first_served(day, champion, days=days),
        labelled_rows=partial(day.labelled_rows, champion, days=days, mature=True),
        by_estimate=_unlabelled(day, champion, days=days).compare,
        score=day.score,
    )
    compared = comparison.compare(candidates, most=most)
    return [c.with_remark(_sample_remark(day)) for c in compared]


def _sample_remark(day: Day) -> str:
    """Say that numbers over several days rest on samples, of whichever day."""
    contract = day.contract
    if day.sample_remark or contract.sources.predictions.freeze != "facts":
        return day.sample_remark
    most = contract.policy.sample_rows
    return f"of each day {most:,} rows at most, a sample where it had more"


def registered_candidates(day: Day) -> list[Candidate]:
    """List every registered version of the day's model, newest first."""
    return [
        Candidate(
            version=version.version,
            trained_until=version.trained_until,
            is_withdrawn=bool(version.tags.get(QUARANTINE_TAG)),
        )
        for version in day.workspace.versions(day.model)
    ]


def with_limit_warnings(day: Day, decision: Decision) -> Decision:
    """Add to the reasons of a day that a limit it was held against means nothing.

    It changes no verdict. What was worked out is kept in the workspace's cache.

    Args:
        day: The day; without a reference of its version nothing is said.
        decision: What the day means so far.
    """
    version = day.evaluation.version
    reference = day.reference(version) if version else None
    if reference is None:
        return decision
    kept = KeptAnswers(
        folder=day.workspace.settings.home / "cache" / "limits",
        prefix=f"{day.model}-",
    )
    return with_warnings(
        decision, limit_warnings(day.contract, reference, kept.remember)
    )


def _judge_numbers(day: Day) -> list[Finding]:
    """Judge the numbers of the day, alone and together with those of days before."""
    contract = day.contract
    versions = sorted({m.version for m in day.measurements})
    context = DayContext(
        day=day.day,
        contract=contract,
        references=day.references(versions),
        label_coverage={
            p.version: p.label_coverage for p in day.profiles if p.segment == "all"
        },
        recent=by_number(_recent_numbers(day)),
        stray_labels=stray_labels(
            day.evaluation.label_counts, day.evaluation.label_faults
        ),
    )
    estimated = {o.metric for o in contract.objectives if o.source == "estimated"}
    return day_findings(
        day.measurements,
        _numbers_so_far(day),
        context,
        trust=day.estimator_trust(estimated),
    )


def _recent_numbers(day: Day) -> list[DatedNumber]:
    """Return the numbers of the days before that are pooled with this day's."""
    kinds = {Kind.OUTPUT, Kind.REALIZED, Kind.ESTIMATED}
    promised = {objective.metric for objective in day.contract.objectives}
    pooled = [
        m
        for m in day.measurements
        if m.kind is Kind.OUTPUT or (m.kind in kinds and m.metric in promised)
    ]
    days = longest_pool(day.contract.policy) - 1
    if not pooled or not days:
        return []
    numbers = dated_numbers(
        day.workspace.database,
        day.unit,
        days=days,
        kinds=kinds,
        segments={m.segment for m in pooled},
        metrics={m.metric for m in pooled},
    )
    # What an earlier try left of the day itself is not what was just measured.
    return [number for number in numbers if number.day < day.day]


def _numbers_so_far(day: Day) -> list[DatedNumber]:
    """Return the promised numbers of the days before, as known then, and the day's."""
    policy, objectives = day.contract.policy, day.contract.objectives
    before = promised_numbers(
        day.workspace.database,
        day.unit,
        objectives,
        days=max(policy.sequence_days, policy.forecast.window_days),
    )
    today = numbers_of_today(day.measurements, day.profiles, objectives, day=day.day)
    # What an earlier try left of the day itself is not what was just measured.
    return [*(number for number in before if number.day < day.day), *today]


def _compare_versions(
    day: Day, findings: Sequence[Finding]
) -> tuple[list[Comparison], list[Finding]]:
    """Hold other versions against the live one, and a release against its past."""
    contract, champion = day.contract, day.evaluation.version
    is_due, is_watching = is_comparison_due(contract, findings), is_watched(contract)
    if champion is None or not (is_due or is_watching):
        return [], []
    # One read for both: the longer span has the days of the shorter.
    days = max(remembered_days(contract.policy), REMEMBERED_DAYS if is_due else 0)
    served = served_days(day.workspace.database, day.unit, days=days)
    release = None
    if is_watching:
        release = watched_release(served, champion, day.day, contract.policy)
    comparisons: list[Comparison] = []
    if is_due:
        comparisons = _compare_candidates(day, champion, served, release)
    if release is None:
        return comparisons, []
    margin = contract.policy.versions.margin
    released = _compare_release(day, release)
    finding = judge_release(released, release, margin)
    return with_release(comparisons, released, contract), [finding]


def _compare_candidates(
    day: Day, champion: str, served: Sequence[ServedDay], release: Release | None
) -> list[Comparison]:
    """Try as many versions as the policy allows, the most wanted ones.

    What a release replaced comes first: it is measured as the others are.
    """
    contract = day.contract
    fallback = contract.response.fallback
    candidates = candidates_for(
        champion, registered_candidates(day), served, fallback=fallback
    )
    if release is not None:
        candidates.sort(key=lambda c: c.version != release.replaced)
    most = contract.policy.versions.candidates
    # The fallback comes first and must not cost another version its turn.
    most += fallback is not None
    return compare_with(day, candidates, most=most)


def _unlabelled(day: Day, champion: str, *, days: int) -> UnlabelledComparison:
    return UnlabelledComparison(
        contract=day.contract,
        champion=champion,
        trust=lambda metric: day.estimator_trust({metric}),
        served_rows=partial(day.served_rows, champion, days=days),
        reference=day.reference,
        score=day.score,
    )


def _compare_release(day: Day, release: Release) -> Comparison:
    """Hold a release against the version it replaced, over all its days so far."""
    contract = day.contract
    why = why_not_comparable(release, registered_candidates(day))
    if why:
        return without_gain(release, contract, why)
    today = measure_release_day(
        _rows_of(day, release.version),
        release,
        contract,
        day=day.day,
        score=day.score,
    )
    before = paired_days(
        day.workspace.database,
        day.unit,
        since=release.since,
        version=release.version,
        compared=without_gain(release, contract, ""),
    )
    pooled = pool_release_days(today, before, release, contract)
    return pooled.with_remark(_sample_remark(day))


def _rows_of(day: Day, version: str) -> "pd.DataFrame":
    """Return the rows of the day that a version scored, with the labels known."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    frame: pd.DataFrame = day.labelled[0].to_pandas()
    column = day.contract.columns.model_version
    return frame[(texts(frame[column]) == version).to_numpy()]


def _judge_attribution(day: Day) -> list[Finding]:
    """Hold what the day's scores hang on against the reference of the version.

    Nothing when the policy asks about no rows. Asked of the version most rows carry.
    """
    contract, version = day.contract, day.evaluation.version
    if contract.policy.attribution.rows == 0 or version is None:
        return []
    number, distance = measure_day(
        with_scores(_rows_of(day, version), contract),
        version,
        contract,
        of_reference=lambda: day.workspace.remember(
            "input dependence",
            day.model,
            version,
            make=lambda: _reference_changes(day, version),
        ),
        score=day.score,
    )
    number = number.with_remark(day.sample_remark)
    return [judge_attribution(number, distance, contract.policy, day=day.day)]


def _check_outputs(
    day: Day, findings: Sequence[Finding], comparisons: Sequence[Comparison]
) -> list[Finding]:
    """Hold rows against what the versions they state give for their inputs."""
    contract = day.contract
    most = contract.policy.versions.rescore.rows
    if most == 0:
        return []
    database = day.workspace.database
    before = reproduced_days(database, day.unit, days=REMEMBERED_DAYS)
    if not is_reproduction_due(
        day.evaluation,
        findings,
        before,
        contract,
        # Measured on rows: their versions were loaded, the process runs.
        is_scoring=any(compared.rows for compared in comparisons),
    ):
        return []
    from monitoring_tasks.rows.version_samples import (  # noqa: PLC0415 (few days)
        version_samples,
    )

    samples = version_samples(day.rows, contract, most)
    check = ReproductionCheck(
        contract=contract,
        before=[past for past in before if past.day < day.day],
        usual_of=partial(_usual_outputs, day),
        others=partial(_other_scorers, day, tuple(samples)),
        score=day.score,
    )
    remark = day.sample_remark
    return [
        replace(finding, measurement=finding.measurement.with_remark(remark))
        for finding in check.findings(samples)
    ]


def _usual_outputs(day: Day, version: str) -> Reproducibility | str | None:
    """Load how well a version reproduces its reference, or ask the version once."""
    workspace, contract = day.workspace, day.contract
    if day.reference(version) is None:
        return None
    # Named by its digest, so that another reference is another key.
    logged = workspace.registry.load_reference_folder(day.model, version).name
    kept = KeptAnswers(folder=workspace.settings.home / "cache" / "reproduction")
    answer = kept.remember(
        reproducibility_key(contract, version, reference=logged),
        lambda: reference_reproducibility(
            workspace.references.rows(day.model, version),
            version,
            contract,
            score=day.score,
        ),
        # A failure is not kept: the version may answer the next time.
        is_kept=lambda answer: not isinstance(answer, str),
    )
    return Reproducibility.from_json(answer) if isinstance(answer, dict) else answer


def _other_scorers(day: Day, stated: Sequence[str], version: str) -> list[str]:
    """List as many versions that may have scored rows instead as are compared."""
    served = served_days(day.workspace.database, day.unit, days=REMEMBERED_DAYS)
    others = likely_scorers(version, registered_candidates(day), served, stated=stated)
    return others[: day.contract.policy.versions.candidates]


def _reference_changes(day: Day, version: str) -> ScoreChanges | str:
    """Load what the exchanges changed on the reference, or ask the version once."""
    workspace, contract = day.workspace, day.contract
    if day.reference(version) is None:
        return f"version {version} has no reference"
    kept = KeptAnswers(folder=workspace.settings.home / "cache" / "attribution")
    # Named by its digest, so that another reference is another key.
    logged = workspace.registry.load_reference_folder(day.model, version).name
    key = changes_key(contract, version, reference=logged)
    kept_changes = kept.load_days(key)
    if kept_changes is not None:
        return kept_changes
    rows = workspace.references.rows(day.model, version)
    changes = reference_changes(rows, version, contract, score=day.score)
    # A failure is not kept: the version may answer the next time.
    if changes and not isinstance(changes, str):
        kept.save_days(key, changes)
    return changes
