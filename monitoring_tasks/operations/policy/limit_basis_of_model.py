"""What the limits of a model are held against, read from its reference and its days."""

from collections.abc import Sequence

from monitoring_tasks.compare.limit_basis import (
    LimitBasis,
    are_labels_known,
    limit_basis,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import FIT
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.store.objective_numbers import numbers_of_objective
from monitoring_tasks.workspace.workspace import Workspace


def limit_basis_of(workspace: Workspace, model: str) -> LimitBasis:
    """Read what the limits of a model are held against.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Raises:
        NoDataError: If no day was judged yet, or the version that served last has no
            reference.
    """
    contract = workspace.contract(model)
    span = workspace.results.days(model)
    evaluations = workspace.results.current(model, *span, decided=True) if span else []
    served = [evaluation for evaluation in evaluations if evaluation.version]
    if evaluations and not served:
        raise NoDataError(_no_version(model, evaluations))
    reference = _reference_of_last(workspace, model, served)
    # Days of other versions or of broken data say nothing of this one's noise.
    fit_days = {
        evaluation.key: evaluation.day
        for evaluation in served
        if evaluation.version == reference.version and evaluation.data_verdict in FIT
    }
    return limit_basis(
        contract,
        reference,
        evaluations=evaluations,
        numbers_of=lambda objective: numbers_of_objective(
            workspace.database, objective, reference.version, fit_days
        ),
        labels_known=_labels_known(workspace, contract, served),
    )


def _no_version(model: str, evaluations: Sequence[Evaluation]) -> str:
    """Say that days were judged, and that none of them had rows of a version."""
    newest = evaluations[-1]
    return (
        f"none of the {len(evaluations)} judged days of {model} tells which version "
        f"served: their data was absent or not fit; newest, {newest.day}: "
        f"{newest.data_reason or newest.verdict}. Mend that, then `daywatch backfill "
        f"{model} --from DAY --to DAY`"
    )


def _reference_of_last(
    workspace: Workspace, model: str, served: Sequence[Evaluation]
) -> ReferenceProfile:
    """Return the reference of the version that served last."""
    if not served:
        msg = (
            f"no day of {model} has been judged yet; run `daywatch backfill {model} "
            "--from DAY --to DAY` first"
        )
        raise NoDataError(msg)
    version = str(served[-1].version)
    reference = workspace.reference(model, version)
    if reference is None:
        msg = (
            f"version {version} of {model} has no reference, so its day-to-day noise "
            f"is unknown; log one with `daywatch reference {model} --version {version} "
            "--trained-until DAY --rows FILE`"
        )
        raise NoDataError(msg)
    return reference


def _labels_known(
    workspace: Workspace, contract: Contract, served: Sequence[Evaluation]
) -> bool:
    return are_labels_known(
        served,
        contract.policy.label_coverage,
        lambda day: workspace.as_of(contract.model, day),
    )
