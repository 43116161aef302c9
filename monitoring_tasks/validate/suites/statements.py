"""A statement about a batch: one expectation, and the gate it belongs to."""

from dataclasses import dataclass
from itertools import chain

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.validate.engine_checks.catalogue import read_kwargs
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs

COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")
"""What an expectation may call the columns it is about."""
ENGINE, GREAT_EXPECTATIONS = "engine", "Great Expectations"
"""Who evaluates an expectation."""


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
        values = [self.kwargs.get(key) or () for key in COLUMN_KEYS]
        named = ([v] if isinstance(v, str) else v for v in values)
        return tuple(dict.fromkeys(chain.from_iterable(named)))

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
