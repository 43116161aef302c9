"""A statement about a batch: one expectation, and the gate it belongs to."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from monitoring_tasks.domain.findings import Check

COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")
"""What an expectation may call the columns it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One expectation and the gate it belongs to.

    Attributes:
        gate: The gate, one of `findings.GATES`.
        expectation: A Great Expectations expectation.
        name: What the check is called; by default the type of the expectation.
    """

    gate: str
    expectation: Any
    name: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it speaks of; empty when it is about the table."""
        # `configuration` would do, but Great Expectations rebuilds it on every access.
        values = [getattr(self.expectation, key, None) or () for key in COLUMN_KEYS]
        named = ([v] if isinstance(v, str) else v for v in values)
        return tuple(dict.fromkeys(chain.from_iterable(named)))

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
            name=self.name or self.expectation.expectation_type,
            status=status,
            severity=self.expectation.severity.value,
            column=", ".join(self.columns),
            observed=observed,
            failing_rows=failing_rows,
            failing_ids=failing_ids,
        )
