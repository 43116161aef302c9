"""Hold rows against what the versions they state give for their inputs.

Reads through the day; the only file of the folder that does.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from monitoring_tasks.compare.reproduction.check import ReproductionCheck
from monitoring_tasks.compare.reproduction.reproducibility import ReferenceOutputs
from monitoring_tasks.compare.reproduction.schedule import is_reproduction_due
from monitoring_tasks.compare.versions.candidates import REMEMBERED_DAYS, likely_scorers
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.store.reproduced_days import reproduced_days
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from monitoring_tasks.workspace.release_history import (
    registered_candidates,
    served_before,
)


def check_outputs(
    day: Day, findings: Sequence[Finding], comparisons: Sequence[Comparison]
) -> list[Finding]:
    """Hold rows against what the versions they state give for their inputs.

    Args:
        day: The day; its batch is fit.
        findings: Its judged numbers, which may be what asks for it.
        comparisons: Other versions on its rows.

    Returns:
        A finding of each version its rows state; none on days that are not looked at.
    """
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
