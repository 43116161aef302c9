"""Rows of a day scored again with the version they state. Pure.

Rows are handed in, and so is who scores them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.compare.reproduction.judgement import (
    UnlikeRows,
    judge_unlike_rows,
    unproven,
)
from monitoring_tasks.compare.reproduction.reproduced_rows import (
    Reproducibility,
    RowErrors,
    row_errors,
)
from monitoring_tasks.compare.reproduction.reproducibility import without_reference
from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Verdict
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reproductions import ReproducedDay
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.rows.scored_outputs import contract_outputs
from monitoring_tasks.statistics.confinement import confined_to

if TYPE_CHECKING:
    import pandas as pd
MOSTLY = 0.5
"""Share of the rows with other outputs that another version has to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentShare:
    """Rows of a segment with other outputs.

    Attributes:
        segment: `column=value`.
        share: Share of the segment's rows, 0..1.
        rows: The same in rows.
    """

    segment: str
    share: float
    rows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproductionCheck:
    """Holds rows against the versions they state.

    Attributes:
        contract: The columns, and what counts.
        before: What days before said, of all versions, oldest first.
        usual_of: What a version's reference taught; None where it has no rows, or, as
            text, why nothing could be learnt.
        others: Versions that may have scored the rows instead, most likely first.
        score: Scores rows with registered versions.
    """

    contract: Contract
    before: Sequence[ReproducedDay]
    usual_of: Callable[[str], Reproducibility | str | None]
    others: Callable[[str], Sequence[str]]
    score: ScoreRows

    def findings(self, samples: "Mapping[str, pd.DataFrame]") -> list[Finding]:
        """Return what is thought of the rows of each version.

        That nothing can be proven by the rows of a version is said once.

        Args:
            samples: By stated version, rows that have every output. Not modified.
        """
        findings = [
            self._finding(version, rows)
            for version, rows in samples.items()
            if len(rows)
        ]
        said = {d.version for d in self.before if d.verdict is Verdict.INCONCLUSIVE}
        return [
            finding
            for finding in findings
            if finding.verdict is not Verdict.INCONCLUSIVE
            or finding.measurement.version not in said
        ]

    def _finding(self, version: str, rows: "pd.DataFrame") -> Finding:
        usual = self.usual_of(version)
        if isinstance(usual, str):
            return unproven(version, usual)
        scored = self._score(rows, version)
        if isinstance(scored, str):
            return unproven(version, scored)
        usual = usual or without_reference(rows, scored, self.contract)
        outputs = contract_outputs(rows, scored, self.contract, usual.edges)
        if isinstance(outputs, str):
            return unproven(version, outputs)
        errors = row_errors(rows, outputs, self.contract, usual)
        counted = self._counted(version, rows, errors, usual)
        return judge_unlike_rows(counted, usual, self.before, self.contract.policy)

    def _score(self, rows: "pd.DataFrame", version: str) -> "pd.DataFrame | str":
        columns = self.contract.columns
        return self.score(rows[[columns.id, *columns.features]], [version])[version]

    def _counted(
        self,
        version: str,
        rows: "pd.DataFrame",
        errors: RowErrors,
        usual: Reproducibility,
    ) -> UnlikeRows:
        """Count the rows with other outputs, and say where they lie and whose they are.

        Rows that another version gives exactly are its rows, however near the two are.
        """
        unlike, differing = errors.unlike, int(errors.differs.sum())
        least = self.contract.policy.versions.rescore.notable_share * len(rows)
        other, count = "", 0
        if differing - usual.unlike / max(usual.rows, 1) * len(rows) >= least:
            other, theirs = self._other_version(version, rows, errors, usual)
            if other:
                unlike, count = unlike | theirs, int(theirs.sum())
        total = int(unlike.sum())
        remarks = self._where(rows, unlike)
        if count:
            remarks.append(f"{count} of them are what version {other} gives")
        if differing > total and total < least:
            remarks.append(f"{differing - total} others are off by too little to count")
        return UnlikeRows(
            version=version,
            rows=len(rows),
            unlike=total,
            is_explained=count >= max(MOSTLY * total, 1),
            what=self._what(errors),
            remarks=tuple(remarks),
        )

    def _where(self, rows: "pd.DataFrame", unlike: "np.ndarray") -> list[str]:
        """Name the segment that most rows with other outputs lie in, if one does."""
        total = int(unlike.sum())
        if not total:
            return []
        parts = self._segments(rows, unlike)
        part = confined_to(parts, failing=total, share=total / len(rows))
        return [f"most of them where {escaped_text(part.segment)}"] if part else []

    def _what(self, errors: RowErrors) -> str:
        """Name what is unlike: the numbers, or decisions alone."""
        numbers, unlike = int(errors.unlike_number.sum()), int(errors.unlike.sum())
        if self.contract.problem is Problem.REGRESSION:
            return "another prediction"
        is_decision = unlike > 0 and numbers < MOSTLY * unlike
        return "another decision" if is_decision else "another score"

    def _other_version(
        self,
        version: str,
        rows: "pd.DataFrame",
        errors: RowErrors,
        usual: Reproducibility,
    ) -> "tuple[str, np.ndarray]":
        """Return the version that gives most of the rows that differ, and which.

        Returns:
            An empty name where no version gives most of them.
        """
        differing = rows.loc[errors.differs]
        for other in self.others(version):
            scored = self._score(differing, other)
            if isinstance(scored, str):
                continue
            # It decides as its own reference shows.
            learnt = self.usual_of(other)
            own = learnt if isinstance(learnt, Reproducibility) else usual
            # No more is granted to it than to the version the rows state.
            finest = {
                n: min(p, usual.precision.get(n, 0.0)) for n, p in own.precision.items()
            }
            own = replace(own, precision=finest)
            outputs = contract_outputs(differing, scored, self.contract, own.edges)
            if isinstance(outputs, str):
                continue
            same = ~row_errors(differing, outputs, self.contract, own).differs
            if same.mean() >= MOSTLY:
                theirs = errors.differs.copy()
                theirs[errors.differs] = same
                return other, theirs
        return "", np.zeros(len(rows), dtype=bool)

    def _segments(
        self, rows: "pd.DataFrame", unlike: "np.ndarray"
    ) -> Iterator[SegmentShare]:
        """Yield every value of the watched columns with its rows with other outputs."""
        from monitoring_tasks.rows.encoding import categories  # noqa: PLC0415 (heavy)

        columns = self.contract.columns
        for name in dict.fromkeys((*columns.segments, *columns.protected)):
            values = categories(rows[name])
            for value in values[unlike].dropna().unique():
                is_of = values.eq(value).to_numpy()
                yield SegmentShare(
                    segment=f"{name}={value}",
                    share=float(unlike[is_of].mean()),
                    rows=float(unlike[is_of].sum()),
                )
