"""The rows of a day: read and frozen, read back, joined with their labels."""

import logging
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.column_types import label_columns, prediction_columns
from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.domain.findings import REFERENCE_GATE, DataVerdict, Verdict
from monitoring_tasks.domain.partitions import (
    LabelCounts,
    OtherDays,
    Partition,
    PartitionKind,
)
from monitoring_tasks.domain.sources import is_of_day
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import (
    DataError,
    NoDataError,
    UnreadableDataError,
    VersionMissingError,
)
from monitoring_tasks.extract.label_values import values_of
from monitoring_tasks.extract.labels import join_labels
from monitoring_tasks.extract.partitions import freeze, read_partition
from monitoring_tasks.extract.request import Request, Rows
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.validate.reference_gate import is_suspect
from monitoring_tasks.wiring.containment import contained, is_from_rows, reason_of
from monitoring_tasks.wiring.label_checks import check_labels_of
from monitoring_tasks.wiring.likeness import reference_checks
from monitoring_tasks.wiring.version_names import with_versions
from monitoring_tasks.wiring.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.domain.contract import Contract
    from monitoring_tasks.domain.sources import Source

logger = logging.getLogger(__name__)


def freeze_day(space: Workspace, unit: Unit) -> None:
    """Read the day from its sources, freeze it, and write down what was found.

    What is wrong with the data is part of the day's record, not an exception.

    Raises:
        TransientError: If a source or the storage did not answer.
    """
    problem: dict[str, Any] = {}
    predictions = None
    try:
        predictions, other_days = _freeze(space, unit, PartitionKind.PREDICTIONS)
        if other_days is not None:
            problem["other_days"] = asdict(other_days)
    except DataError as error:
        problem |= {"error": type(error).__name__, "text": str(error)}
    except Exception as error:
        if not is_from_rows(error):
            raise
        reason = reason_of("extract", unit, error)
        problem |= {"error": UnreadableDataError.__name__, "text": reason}
    labels, refused = _freeze_labels(space, unit)
    if refused and not space.contract(unit.model).policy.labels.never_come:
        problem["labels"] = refused
    space.results.start(
        unit, predictions=predictions, labels=labels, problem=problem or None
    )


def _freeze_labels(space: Workspace, unit: Unit) -> tuple[Partition | None, str]:
    """Freeze the labels known; without any None, and why they cannot be read."""
    try:
        return _freeze(space, unit, PartitionKind.LABELS)[0], ""
    except NoDataError:
        return None, ""  # they may come later; coverage says so
    except Exception as error:
        if not is_from_rows(error):
            raise
        return None, reason_of("extract of the labels", unit, error)


def labels_changed(space: Workspace, unit: Unit, digest: str | None) -> bool | None:
    """Whether the labels known at `unit.as_of` differ from the frozen ones.

    None where they cannot be read now, or are gone: no news, and the next day's run
    says so itself. That there are none yet is an answer.
    """
    try:
        return _freeze(space, unit, PartitionKind.LABELS)[0].digest != digest
    except NoDataError:
        return None if digest else False
    except DataError:
        return None


def _freeze(
    space: Workspace, unit: Unit, kind: PartitionKind
) -> tuple[Partition, OtherDays | None]:
    """Freeze the rows of one kind; of predictions, say which were of other days."""
    rows = read_rows(space, unit, kind)
    partition = freeze(
        rows,
        root=str(space.settings.partitions),
        model=unit.model,
        day=unit.day,
        kind=kind,
        key=space.contract(unit.model).columns.id,
        as_of=unit.as_of,
    )
    return partition, rows.other_days


def read_rows(space: Workspace, unit: Unit, kind: PartitionKind) -> Rows:
    """Read the rows of one kind from their source, as known at `unit.as_of`.

    Raises:
        DataError: If there are none, or they cannot be read.
        TransientError: If the source did not answer.
    """
    contract = space.contract(unit.model)
    columns, policy = contract.columns, contract.policy.timestamps
    is_scored = kind is PartitionKind.PREDICTIONS
    kinds = prediction_columns(contract) if is_scored else label_columns(contract)
    source: Source
    if is_scored:
        source, wanted = contract.sources.predictions, columns.of_predictions
        if source.day_column is None:
            source = source.model_copy(update={"day_column": columns.timestamp})
    else:
        source, wanted = contract.sources.labels, (columns.id, columns.label)
    rows = read_day(
        Request(
            source=source,
            day=unit.day,
            window=window_of(unit.day, contract.timezone),
            columns=wanted,
            as_of=unit.as_of,
            home=space.settings.home,
            timezone=contract.timezone,
            look_up=space.look_up,
            holds=kinds,
            timestamp=columns.timestamp if is_scored else None,
            days_before=policy.days_before,
            days_after=policy.days_after,
        )
    )
    if is_scored:
        return replace(rows, table=with_versions(space, unit, rows.table))
    return rows


def predictions_of(space: Workspace, unit: Unit) -> pa.Table | None:
    """Read the frozen predictions of a day; None when there are none."""
    return _read(space, unit, PartitionKind.PREDICTIONS)


def labels_of(space: Workspace, unit: Unit) -> pa.Table | None:
    """Read the frozen labels of a day; None when none are known."""
    return _read(space, unit, PartitionKind.LABELS)


def _read(space: Workspace, unit: Unit, kind: PartitionKind) -> pa.Table | None:
    digest = space.results.evaluation(unit)[kind.value]
    if digest is None:
        return None
    return read_partition(space.results.partition(unit, kind.value, digest))


def labelled_batch(space: Workspace, unit: Unit) -> tuple[pa.Table, LabelCounts]:
    """Read the predictions of a day with the label column joined on.

    Labels that did not pass validation are left out: their rows count as unlabelled.
    """
    contract = space.contract(unit.model)
    predictions = predictions_of(space, unit)
    if predictions is None:
        msg = f"{unit.key}: there are no predictions to read"
        raise NoDataError(msg)
    row = space.results.evaluation(unit)
    usable = (row["label_counts"] or {}).get("usable", True)
    labels = labels_of(space, unit) if usable else None
    return with_labels(contract, predictions, labels)


def with_labels(
    contract: "Contract", predictions: pa.Table, labels: pa.Table | None
) -> tuple[pa.Table, LabelCounts]:
    """Join labels on predictions the way the contract reads them."""
    source = contract.sources.labels
    return join_labels(
        predictions,
        labels,
        contract.columns,
        arrived_at=source.arrived_at,
        values=values_of(contract),
        of_day=is_of_day(source),
    )


def check_day(space: Workspace, unit: Unit, *, in_order: bool = True) -> None:
    """Validate the frozen rows of a day and write the verdict down.

    Args:
        space: The workspace.
        unit: The day.
        in_order: Whether all earlier days are validated, so that they may be asked
            what is new; if not, `check_again` does that later.
    """
    with contained(space, unit, "validate"):
        _check_day(space, unit, in_order=in_order)


def _check_day(space: Workspace, unit: Unit, *, in_order: bool) -> None:
    from monitoring_tasks.validate import checks  # noqa: PLC0415 (loads GX)

    contract = space.contract(unit.model)
    predictions = predictions_of(space, unit)
    if predictions is None:
        problem = space.results.evaluation(unit)["problem"] or {}
        verdict = DataVerdict(
            verdict=Verdict.NO_DATA,
            reason=problem.get("text", "there are no predictions"),
        )
        space.results.save_data_verdict(unit, verdict, None)
        return
    problem = space.results.evaluation(unit)["problem"] or {}
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


def check_again(space: Workspace, unit: Unit) -> None:
    """Let the days before tell what is new in a day that is unlike its reference."""
    verdict = space.results.checks(unit)
    if not is_suspect(verdict.checks):
        return
    with contained(space, unit, "validate"):
        predictions = predictions_of(space, unit)
        if predictions is None:
            return
        labels = space.results.evaluation(unit)["label_counts"]
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


def versions_in(batch: pa.Table, column: str) -> dict[str, int]:
    """Count the rows of each model version, most rows first."""
    counted = pc.value_counts(batch[column].cast(pa.string()))
    pairs = [(str(c["values"]), int(c["counts"])) for c in counted.to_pylist()]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
