"""The right answer about a case, derived from what it costs and where it lies. Pure.

What it costs is measured on thousands of rows of the world, not on the case's own days:
a day of 24 rows cannot say it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.generalisation.faults.grammar import CONTROL, Rows
from benchmarks.generalisation.faults.terms import Production
from benchmarks.generalisation.harm import Harm
from monitoring_tasks.domain.problems import Problem

LOSS = {Problem.BINARY: 0.03, Problem.MULTICLASS: 0.03, Problem.REGRESSION: 0.10}
"""Of ROC AUC, of accuracy, as a share of the mean absolute error."""
GRAVE_LOSS = {Problem.BINARY: 0.04, Problem.MULTICLASS: 0.04, Problem.REGRESSION: 0.10}
"""The same of a release that has to be told of soon; a smaller loss may take longer."""
FLIPPED = 0.10
"""Share of the rows that were decided otherwise, or not at all."""
SPOILED = 0.10
"""Share of the labels that are missing; or labels that move the metric by `LOSS`."""
NEGLIGIBLE = 0.02
"""A fault that leaves all but this share of the rows as they are is no fault."""
DATA, INTEGRATION, MODEL, LABELS = "data", "integration", "model", "label_quality"
CAUSES: Mapping[str, frozenset[str]] = {
    "input": frozenset({DATA}),
    "time": frozenset({DATA}),
    "id": frozenset({DATA, INTEGRATION}),
    "batch": frozenset({DATA, INTEGRATION}),
    "version": frozenset({INTEGRATION, MODEL}),
    "score": frozenset({INTEGRATION, MODEL}),
    "decision": frozenset({INTEGRATION, MODEL}),
    "label": frozenset({LABELS}),
    "relation": frozenset({"concept_drift"}),
    "population": frozenset({"covariate_drift"}),
    "registry": frozenset({MODEL}),
    "reference": frozenset({INTEGRATION, MODEL}),
}
SEGMENT = "segment"
IN_A_SEGMENT = frozenset({"version", "score", "decision", "registry", "relation"})
"""What lies there and hits one segment may be called so as well."""


class BadRelease(StrEnum):
    """How bad a release is, by what it loses itself."""

    GRAVE = "grave"
    MILD = "mild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is right to say of a case.

    Attributes:
        is_control: Whether nothing is wrong, or so little that it is nothing.
        is_harmful: Whether somebody has to be called (P2 or graver).
        causes: Causes that are right.
        release: How bad the release is whose loss is harmful; None for anything else.
    """

    is_control: bool
    is_harmful: bool
    causes: frozenset[str]
    release: BadRelease | None = None

    @property
    def needs_rollback(self) -> bool:
        """Whether putting the version back helps."""
        return self.release is not None


def truth_of(production: Production, rows: Rows, harm: Harm, problem: Problem) -> Truth:
    """Return the right answer.

    Args:
        production: What goes wrong, and where.
        rows: Which rows are hit.
        harm: What it costs.
        problem: What the model predicts.
    """
    where, is_equal = production.where, production.name == CONTROL
    causes = CAUSES[where]
    if rows is Rows.SEGMENT and where in IN_A_SEGMENT:
        causes |= {SEGMENT}
    harms = is_harmful(harm, problem)
    is_nothing = harm.changed < NEGLIGIBLE and not harms
    return Truth(
        is_control=is_nothing or is_equal,
        is_harmful=harms and not is_equal,
        causes=causes,
        release=_bad_release(harm, problem) if where == "registry" else None,
    )


def _bad_release(harm: Harm, problem: Problem) -> BadRelease | None:
    if harm.loss < LOSS[problem]:
        return None
    is_grave = harm.loss >= GRAVE_LOSS[problem]
    return BadRelease.GRAVE if is_grave else BadRelease.MILD


def is_harmful(harm: Harm, problem: Problem) -> bool:
    """Whether somebody has to be called."""
    most = LOSS[problem]
    return (
        harm.loss >= most
        or harm.flipped >= FLIPPED
        or harm.spoiled >= SPOILED
        or harm.misled >= most
    )
