"""Is the data fit to judge a model by? Reads the frozen rows, writes the verdict."""

import logging

import pyarrow as pa

from monitoring_tasks.domain.findings import REFERENCE_GATE, DataVerdict, Verdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.validate.label_checks import check_labels_of
from monitoring_tasks.validate.reference_checks import reference_checks
from monitoring_tasks.validate.reference_gate import is_suspect
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.frozen_rows import labels_of, predictions_of
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


def validate_day(space: Workspace, unit: Unit, *, in_order: bool = True) -> None:
    """Validate the frozen rows of a day and write the verdict down.

    Args:
        space: The workspace.
        unit: The day.
        in_order: Whether all earlier days are validated, so that they may be asked
            what is new; if not, `validate_again` does that later.
    """
    with contained(space, unit, "validate"):
        _validate_day(space, unit, in_order=in_order)


def _validate_day(space: Workspace, unit: Unit, *, in_order: bool) -> None:
    from monitoring_tasks.validate import checks  # noqa: PLC0415 (loads GX)

    contract = space.contract(unit.model)
    predictions = predictions_of(space, unit)
    if predictions is None:
        problem = space.results.evaluation(unit).problem or {}
        verdict = DataVerdict(
            verdict=Verdict.NO_DATA,
            reason=problem.get("text", "there are no predictions"),
        )
        space.results.save_data_verdict(unit, verdict, None)
        return
    problem = space.results.evaluation(unit).problem or {}
    other_days = problem.get("other_days")
    verdict = checks.check_predictions(
        predictions,
        contract=contract,
        suite=space.suite(unit.model, "predictions"),
        known_versions=_registered(space, unit.model),
        other_days=OtherDays(**other_days) if other_days else None,
    )
    space.results.save_data_verdict(
        unit,
        _with_reference(space, unit, verdict, predictions, in_order=in_order),
        check_labels_of(
            space, unit, predictions=predictions, labels=labels_of(space, unit)
        ),
    )


def _registered(space: Workspace, model: str) -> frozenset[str]:
    """The registered versions; none where the registry knows no such model."""
    try:
        return frozenset(version.version for version in space.versions(model))
    except VersionMissingError as error:
        if space.registry.is_absent:
            raise  # a fault of the setting, not of the day's rows
        logger.warning("no version is registered: %s", error)
        return frozenset()


def validate_again(space: Workspace, unit: Unit) -> None:
    """Let the days before tell what is new in a day that is unlike its reference."""
    verdict = space.results.checks(unit)
    if not is_suspect(verdict.checks):
        return
    with contained(space, unit, "validate"):
        predictions = predictions_of(space, unit)
        if predictions is None:
            return
        labels = space.results.evaluation(unit).label_counts
        weighed = _with_reference(space, unit, verdict, predictions, in_order=True)
        space.results.save_data_verdict(unit, weighed, labels)


def _with_reference(
    space: Workspace,
    unit: Unit,
    verdict: DataVerdict,
    predictions: pa.Table,
    *,
    in_order: bool,
) -> DataVerdict:
    """Add the gate that needs the reference of the version most rows carry."""
    from monitoring_tasks.validate.verdicts import judge_checks  # noqa: PLC0415 (rare)

    others = [check for check in verdict.checks if check.gate != REFERENCE_GATE]
    found = reference_checks(space, unit, predictions, in_order=in_order)
    return judge_checks([*others, *found])
