"""A statement about a batch: one expectation, and the gate it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.validate.engine_checks.catalogue import read_kwargs
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs

COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")
"""What an expectation may call the columns it is about."""
ENGINE, GREAT_EXPECTATIONS = "engine", "Great Expectations"
"""Who evaluates an expectation."""


def named_columns(kwargs: JsonObject) -> Iterator[Any]:
    """Yield what an expectation's arguments name as columns, be it a text or not."""
    for key in COLUMN_KEYS:
        named = kwargs.get(key) or ()
        yield from named if isinstance(named, list | tuple) else [named]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One expectation and the gate it belongs to.

    Attributes:
        gate: The gate, one of `findings.GATES`.
        kind: Type of the expectation, in Great Expectations' words.
        kwargs: Its arguments.
        severity: `critical`, `warning` or `info`.
        name: What the check is called; by default the type of the expectation.
    """

    gate: str
    kind: str
    kwargs: JsonObject
    severity: str = "critical"
    name: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it speaks of; empty when it is about the table."""
        return tuple(dict.fromkeys(named_columns(self.kwargs)))

    @property
    def counted(self) -> Kwargs | None:
        """The arguments the engine counts with; None for Great Expectations."""
        return read_kwargs(self.kind, self.kwargs)

    @property
    def evaluated_by(self) -> str:
        """Who evaluates it; of odd columns Great Expectations after all."""
        return GREAT_EXPECTATIONS if self.counted is None else ENGINE

    def check(
        self,
        status: str,
        *,
        observed: str = "",
        failing_rows: int = 0,
        failing_ids: tuple[str, ...] = (),
    ) -> Check:
        """Write down how the expectation fared.

        Args:
            status: `passed`, `failed`, `errored` or `skipped`.
            observed: What was seen, in words.
            failing_rows: Rows that did not meet it.
            failing_ids: Ids of the first of them.
        """
        return Check(
            gate=self.gate,
            name=self.name or self.kind,
            status=status,
            severity=self.severity,
            column=", ".join(self.columns),
            observed=observed,
            failing_rows=failing_rows,
            failing_ids=failing_ids,
        )
