"""Hold a day's numbers against their limits, and other versions beside the live one.

The only file of `compare/` that reads the store or the registry: it reads through the
day, hands the parts to pure functions and writes what they said.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from monitoring_tasks.compare.attribution_of_day import (
    ReferenceAttribution,
    attribution_of_day,
)
from monitoring_tasks.compare.candidate_comparison import CandidateComparison
from monitoring_tasks.compare.candidates import candidates_for, likely_scorers
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.day_findings import day_findings
from monitoring_tasks.compare.first_day import (
    release_that_begins,
    served_versions,
    with_first_day,
)
from monitoring_tasks.compare.label_counts import stray_labels
from monitoring_tasks.compare.label_gate import judge_labels
from monitoring_tasks.compare.limit_warnings import limit_warnings, with_warnings
from monitoring_tasks.compare.numbers_of_today import numbers_of_today
from monitoring_tasks.compare.pooled_numbers import by_number, longest_pool
from monitoring_tasks.compare.release_comparison import with_release
from monitoring_tasks.compare.release_judgement import is_watched, judge_release
from monitoring_tasks.compare.release_watch import ReleaseWatch
from monitoring_tasks.compare.reproducibility import ReferenceOutputs
from monitoring_tasks.compare.reproduction import ReproductionCheck
from monitoring_tasks.compare.reproduction_schedule import is_reproduction_due
from monitoring_tasks.compare.unlabelled_comparison import UnlabelledComparison
from monitoring_tasks.compare.version_comparison import is_comparison_due
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Check, Finding, Kind
from monitoring_tasks.domain.releases import Release, ServedDay
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.store.reproduced_days import reproduced_days
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from monitoring_tasks.workspace.labelled_rows import first_served, rows_scored_by
from monitoring_tasks.workspace.release_history import (
    mended_on,
    paired_before,
    registered_candidates,
    served_before,
)

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
    return [c.with_remark(day.pooled_sample_remark) for c in compared]


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


def with_first_day_warnings(day: Day, decision: Decision) -> Decision:
    """Add to the reasons of a release's first day what its reference showed.

    It changes no verdict.

    Args:
        day: The day; where its version served before, nothing is said.
        decision: What the day means so far.
    """
    policy, version = day.contract.policy, day.evaluation.version or ""
    served = served_versions(day.past.evaluations(policy.remembered_days))
    release = release_that_begins(served, version, day.day, policy)
    if release is None:
        return decision
    versions = sorted({version, *(s.version for s in served if s.version)})
    readable = day.readable_references(versions)
    return with_first_day(decision, release, readable, day.contract)


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
    span = max(policy.sequence_days, policy.forecast.window_days)
    today = numbers_of_today(day.measurements, day.profiles, objectives, day=day.day)
    return [*day.past.promised_numbers(objectives, span), *today]


def _compare_versions(
    day: Day, findings: Sequence[Finding]
) -> tuple[list[Comparison], list[Finding]]:
    """Hold other versions against the live one, and a release against its past."""
    contract, champion = day.contract, day.evaluation.version
    is_due, is_watching = is_comparison_due(contract, findings), is_watched(contract)
    if champion is None or not (is_due or is_watching):
        return [], []
    # One read for both: the longer span has the days of the shorter.
    days = max(contract.policy.remembered_days, REMEMBERED_DAYS if is_due else 0)
    served = served_before(day, days=days)
    watch = _release_watch(day)
    release = watch.release(served, champion) if is_watching else None
    comparisons: list[Comparison] = []
    if is_due:
        comparisons = _compare_candidates(day, champion, served, release)
    if release is None:
        return comparisons, []
    released = watch.compare(release).with_remark(day.pooled_sample_remark)
    finding = judge_release(released, release, contract.policy.versions.margin)
    return with_release(comparisons, released, contract), [finding]


def _compare_candidates(
    day: Day, champion: str, served: Sequence[ServedDay], release: Release | None
) -> list[Comparison]:
    """Try as many versions as the policy allows, the most wanted ones."""
    contract, fallback = day.contract, day.contract.response.fallback
    candidates = candidates_for(
        champion,
        registered_candidates(day),
        served,
        fallback=fallback,
        replaced=release.replaced if release else None,
    )
    # The fallback comes first and must not cost another version its turn.
    most = contract.policy.versions.candidates + (fallback is not None)
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


def _release_watch(day: Day) -> ReleaseWatch:
    return ReleaseWatch(
        contract=day.contract,
        day=day.day,
        paired_days=partial(paired_before, day, metric=day.contract.comparison_metric),
        mended_on=partial(mended_on, day),
        registered=partial(registered_candidates, day),
        rows_of=partial(rows_scored_by, day),
        score=day.score,
    )


def _judge_attribution(day: Day) -> list[Finding]:
    """Hold what the day's scores hang on against the reference of the version.

    Nothing when the policy asks about no rows. Asked of the version most rows carry.
    """
    contract, version = day.contract, day.evaluation.version
    if contract.policy.attribution.rows == 0 or version is None:
        return []
    workspace, model = day.workspace, day.model
    on_reference = ReferenceAttribution(
        contract=contract,
        version=version,
        logged=partial(workspace.references.digest, model, version),
        rows=partial(workspace.references.rows, model, version),
        kept=KeptAnswers(folder=workspace.settings.home / "cache" / "attribution"),
        score=day.score,
    )
    finding = attribution_of_day(
        rows_scored_by(day, version),
        version,
        contract,
        day=day.day,
        of_reference=lambda: workspace.remember(
            "input dependence", model, version, make=on_reference.changes
        ),
        score=day.score,
        remark=day.sample_remark,
    )
    return [finding]


def _check_outputs(
    day: Day, findings: Sequence[Finding], comparisons: Sequence[Comparison]
) -> list[Finding]:
    """Hold rows against what the versions they state give for their inputs."""
    contract = day.contract
    most = contract.policy.versions.rescore.rows
    if most == 0:
        return []
    before = reproduced_days(day.workspace.database, day.unit, days=REMEMBERED_DAYS)
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
        usual_of=_reference_outputs(day).of,
        others=partial(_other_scorers, day, tuple(samples)),
        score=day.score,
    )
    remark = day.sample_remark
    return [
        replace(finding, measurement=finding.measurement.with_remark(remark))
        for finding in check.findings(samples)
    ]


def _reference_outputs(day: Day) -> ReferenceOutputs:
    references, home = day.workspace.references, day.workspace.settings.home
    return ReferenceOutputs(
        contract=day.contract,
        logged=partial(references.digest, day.model),
        rows=partial(references.rows, day.model),
        kept=KeptAnswers(folder=home / "cache" / "reproduction"),
        score=day.score,
    )


def _other_scorers(day: Day, stated: Sequence[str], version: str) -> list[str]:
    """List as many versions that may have scored rows instead as are compared."""
    served = served_before(day, days=REMEMBERED_DAYS)
    others = likely_scorers(version, registered_candidates(day), served, stated=stated)
    return others[: day.contract.policy.versions.candidates]
