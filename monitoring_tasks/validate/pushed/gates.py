"""The gates of a day whose rows stay in an engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.validate.prediction_gates import judge_predictions
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.statements import Sample, run_pushed_statements
from monitoring_tasks.validate.pushed.structure import (
    Sizes,
    check_pushed_segments,
    check_pushed_sizes,
    check_pushed_values,
    inspect_pushed_structure,
    read_sizes,
)
from monitoring_tasks.validate.statements import Statement
from monitoring_tasks.validate.structure import Structure


def check_pushed_predictions(
    rows: EngineRows,
    *,
    contract: Contract,
    suite: Path | None,
    sample: Sample,
    known_versions: frozenset[str] | None = None,
    other_days: OtherDays | None = None,
) -> DataVerdict:
    """Say whether a day of predictions in an engine is fit to judge the model by.

    As `check_predictions` says of rows in memory: the same gates in the same order. No
    row is fetched but the first ones that fail.

    Args:
        rows: The rows of the day.
        contract: Declares the columns, by their own names.
        suite: The user's suite for predictions; None for the built-in gates alone.
        sample: Rows of the day, for what is not asked of an engine.
        known_versions: Versions in the registry; None when that is not to be checked.
        other_days: Rows of other days that were delivered with these and left out.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    return judge_predictions(
        _PushedPredictions(rows, contract, sample),
        contract=contract,
        suite=suite,
        known_versions=known_versions,
        other_days=other_days,
    )


@dataclass(frozen=True)
class _PushedPredictions:
    """A day's predictions in an engine, as the gates ask them."""

    rows: EngineRows
    contract: Contract
    sample: Sample

    @property
    def count(self) -> int:
        return self._sizes.rows

    def check_columns(self) -> list[Check]:
        batch, contract, usable = self._batch, self.contract, self._structure.usable
        numbers = [n for n, h in self._declared.items() if h is Holds.NUMBERS]
        return [
            *self._structure.checks,
            *check_pushed_values(batch, contract, usable),
            *check_pushed_segments(batch, contract, usable),
            *check_pushed_sizes(
                batch, [n for n in numbers if n in usable], id_column=self._id_column
            ),
        ]

    def check_statements(
        self, statements: Sequence[Statement], *, as_text: frozenset[str]
    ) -> list[Check]:
        usable = self._structure.usable
        possible = [s for s in statements if usable.issuperset(s.columns)]
        skipped = [s for s in statements if not usable.issuperset(s.columns)]
        stated = run_pushed_statements(
            replace(self._batch, as_text=as_text),
            possible,
            id_column=self._id_column,
            sample=self.sample,
        )
        why = "the column cannot be used"
        return [*stated, *(s.check("skipped", observed=why) for s in skipped)]

    @property
    def _declared(self) -> Mapping[str, Holds]:
        return prediction_columns(self.contract)

    @property
    def _id_column(self) -> str | None:
        name = self.contract.columns.id
        return name if name in self._structure.usable else None

    @cached_property
    def _batch(self) -> PushedBatch:
        rows = self.rows
        own = {n: rows.names[n] for n in self._declared if rows.has(rows.names[n])}
        return PushedBatch(table=rows.table, names=own)

    @cached_property
    def _sizes(self) -> Sizes:
        return read_sizes(self._batch)

    @cached_property
    def _structure(self) -> Structure:
        return inspect_pushed_structure(self._batch, self._declared, self._sizes)
