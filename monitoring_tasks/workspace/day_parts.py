"""What was written down of one day of one model: each part is read once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Self, cast

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Measurement, measurement_of
from monitoring_tasks.domain.partitions import LabelCounts, Partition, PartitionKind
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_names import VersionNames
from monitoring_tasks.errors import (
    DataError,
    NoDataError,
    RegistryError,
    RowsNotKeptError,
)
from monitoring_tasks.workspace.version_names import version_names_on
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class DayParts:
    """The parts of a day, each read when it is first asked for.

    Attributes:
        workspace: Where parts are read from and written to.
        unit: Which day of which model, as of when, in which mode.
    """

    workspace: Workspace
    unit: Unit

    @property
    def model(self) -> str:
        """Registered model name."""
        return self.unit.model

    @property
    def day(self) -> date:
        """The model's own calendar day."""
        return self.unit.day

    @cached_property
    def contract(self) -> Contract:
        """What is expected of the model."""
        return self.workspace.contract(self.unit.model)

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the steps so far have written down of the day.

        Raises:
            LookupError: If it was never started.
        """
        return self.workspace.results.evaluation(self.unit)

    @cached_property
    def frozen(self) -> Partition | None:
        """What is kept of the predictions; None when there are none."""
        return self._partition(PartitionKind.PREDICTIONS, self.evaluation.predictions)

    @cached_property
    def predictions(self) -> "pa.Table | None":
        """The frozen predictions, all or a sample; None when there are none.

        Where all are kept, texts that repeat are codes of a dictionary.
        """
        from monitoring_tasks.rows.coded_texts import (  # noqa: PLC0415 (heavy)
            with_coded_texts,
        )

        rows = self._rows_of(self.frozen)
        if rows is None or self.is_sample:
            return rows
        return with_coded_texts(rows, self.contract.columns.categories)

    @cached_property
    def labels(self) -> "pa.Table | None":
        """The frozen labels; None when none are known."""
        digest = self.evaluation.labels
        return self._rows_of(self._partition(PartitionKind.LABELS, digest))

    @property
    def is_sample(self) -> bool:
        """Whether a sample of the predictions is kept, and the day has more rows."""
        return self.frozen is not None and self.frozen.is_sample

    @property
    def sample_remark(self) -> str:
        """What is said of what is made of kept rows; empty where all are kept."""
        return self.frozen.remark if self.frozen else ""

    @property
    def pooled_sample_remark(self) -> str:
        """What is said of what is made of kept rows of several days, this one's too."""
        contract = self.contract
        if self.sample_remark or contract.sources.predictions.freeze != "facts":
            return self.sample_remark
        most = contract.policy.sample_rows
        return f"of each day {most:,} rows at most, a sample where it had more"

    @property
    def rows(self) -> "pa.Table":
        """The frozen predictions, all or a sample, of a day that has some.

        Raises:
            NoDataError: If there are no predictions.
        """
        if self.predictions is None:
            msg = f"{self.unit.key}: there are no predictions to read"
            raise NoDataError(msg)
        return self.predictions

    def require_all_rows(self, purpose: str) -> None:
        """Refuse a day of which a sample is kept.

        Args:
            purpose: What needs every row, in words that a sentence begins with.

        Raises:
            RowsNotKeptError: If only a sample of its rows is kept.
        """
        if self.frozen is not None and self.frozen.is_sample:
            msg = (
                f"{purpose} needs every row of {self.day}, and "
                f"{self.frozen.sampled} of {self.frozen.rows} are kept "
                "(`freeze: facts`); the others are with the source alone"
            )
            raise RowsNotKeptError(msg)

    @cached_property
    def labelled(self) -> "tuple[pa.Table, LabelCounts]":
        """The kept predictions with the label column joined on, and how they met.

        Labels that did not pass validation are left out: their rows count as
        unlabelled. Beside a sample so are labels of other rows.

        Raises:
            NoDataError: If there are no predictions.
        """
        from monitoring_tasks.rows.label_keys import labels_of  # noqa: PLC0415 (heavy)
        from monitoring_tasks.workspace.frozen_rows import (  # noqa: PLC0415 (heavy)
            with_labels,
        )

        predictions = self.rows
        labels = self.labels if self.evaluation.are_labels_usable else None
        if labels is not None and self.is_sample:
            labels = labels_of(predictions, labels, self.contract.columns)
        return with_labels(self.contract, predictions, labels)

    @cached_property
    def version_names(self) -> VersionNames:
        """What versions were called while the rows of the day were scored.

        Raises:
            SourceUnavailableError: If the registry does not answer.
        """
        return version_names_on(self.workspace, self.unit)

    @cached_property
    def numbers(self) -> "tuple[Finding | Measurement, ...]":
        """Every number of the day in a fixed order; a finding where it was judged."""
        return tuple(self.workspace.results.numbers(self.unit))

    @property
    def measurements(self) -> list[Measurement]:
        """Every number of the day, judged or not, in a fixed order."""
        return [measurement_of(number) for number in self.numbers]

    @property
    def findings(self) -> list[Finding]:
        """The judged numbers of the day, in a fixed order."""
        return [n for n in self.numbers if isinstance(n, Finding)]

    @cached_property
    def profiles(self) -> tuple[DayProfile, ...]:
        """The counts of the day, by version and segment."""
        unit = self.unit
        return tuple(
            self.workspace.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
        )

    def reference(self, version: str) -> ReferenceProfile | None:
        """Return the reference of a version; None when it was logged without one."""
        return self.workspace.reference(self.unit.model, version)

    def references(self, versions: Sequence[str]) -> dict[str, ReferenceProfile]:
        """Return the references of those versions that have one."""
        loaded = {version: self.reference(version) for version in versions}
        return {v: reference for v, reference in loaded.items() if reference}

    def readable_references(
        self, versions: Sequence[str]
    ) -> dict[str, ReferenceProfile]:
        """Return the same of other versions, whose lost files stop no day."""
        readable: dict[str, ReferenceProfile] = {}
        for version in versions:
            try:
                readable |= self.references([version])
            except (DataError, RegistryError) as error:
                logger.warning("version %s is not compared with: %s", version, error)
        return readable

    def forget_rows(self) -> None:
        """Let rows, and what was counted of them, be read again: others were frozen."""
        self._forget(DayParts.frozen, DayParts.predictions)
        self._forget(DayParts.labels, DayParts.labelled)
        self._forget(DayParts.numbers, DayParts.profiles)

    def forget_numbers(self) -> None:
        """Let the numbers of the day be read again: they were written anew."""
        self._forget(DayParts.numbers)

    def _forget(self, *parts: Callable[[Self], object]) -> None:
        for part in parts:
            # mypy takes a cached property, asked of the class, for a function.
            name = cast("cached_property[object]", part).attrname
            # It is read again once its value is gone from the instance.
            self.__dict__.pop(str(name), None)

    def _partition(self, kind: PartitionKind, digest: str | None) -> Partition | None:
        if digest is None:
            return None
        return self.workspace.results.partition(self.unit, kind.value, digest)

    def _rows_of(self, partition: Partition | None) -> "pa.Table | None":
        from monitoring_tasks.store.partitions import (  # noqa: PLC0415 (heavy)
            read_partition,
        )

        return read_partition(partition) if partition else None
