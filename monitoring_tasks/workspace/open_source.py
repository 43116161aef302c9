"""A day's source while it is open: what was counted in it, and laid beside its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.engine.opening import OpenedDay
from monitoring_tasks.rows.label_keys import KeyedLabels, keyed_labels
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.workspace.source_versions import versions_in


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidLabels:
    """Labels of a day beside its rows.

    Attributes:
        labels: As they were read.
        keyed: What is known of them; None where nothing can be joined.
        table: Where they were laid; None where nothing can be joined.
    """

    labels: pa.Table | None
    keyed: KeyedLabels | None = None
    table: ir.Table | None = None


@dataclass(eq=False)
class OpenSource:
    """The rows of a day in an engine, as their source states versions.

    Attributes:
        day: The day, open.
        contract: Declares the columns, by their own names.
    """

    day: OpenedDay
    contract: Contract
    _laid: LaidLabels | None = None

    @cached_property
    def versions(self) -> Mapping[str, int]:
        """Rows by what their version column says; those where it says nothing not."""
        return versions_in(self.day.day.rows)

    def lasts(self) -> bool:
        """Return whether another step would see the same rows in it."""
        return self.day.lasts()

    def lay(self, labels: pa.Table | None) -> LaidLabels:
        """Return labels laid beside the rows; the same ones are laid once.

        Args:
            labels: The labels known; None when there are none.
        """
        if self._laid is None or self._laid.labels is not labels:
            keyed = keyed_labels(
                labels,
                self.contract.columns,
                arrived_at=self.contract.sources.labels.arrived_at,
                values=values_of(self.contract),
                ids_are_texts=self.day.ids_are_texts,
            )
            table = self.day.lay(keyed.by_key) if keyed else None
            self._laid = LaidLabels(labels=labels, keyed=keyed, table=table)
        return self._laid
