"""The right answer about a case, derived from what it costs and where it lies. Pure.

What it costs is measured on thousands of rows of the world, not on the case's own days:
a day of 24 rows cannot say it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.generalisation.faults.grammar import CONTROL, Rows
from benchmarks.generalisation.faults.terms import Production
from benchmarks.generalisation.harm import Harm
from monitoring_tasks.domain.problems import Problem

LOSS = {Problem.BINARY: 0.03, Problem.MULTICLASS: 0.03, Problem.REGRESSION: 0.10}
"""Of ROC AUC, of accuracy, as a share of the mean absolute error."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is right to say of a case.

    Attributes:
        is_control: Whether nothing is wrong, or so little that it is nothing.
        is_harmful: Whether somebody has to be called (P2 or graver).
        causes: Causes that are right.
        needs_rollback: Whether putting the version back helps.
    """

    is_control: bool
    is_harmful: bool
    causes: frozenset[str]
    needs_rollback: bool


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
        needs_rollback=where == "registry" and harm.loss >= LOSS[problem],
    )


def is_harmful(harm: Harm, problem: Problem) -> bool:
    """Whether somebody has to be called."""
    most = LOSS[problem]
    return (
        harm.loss >= most
        or harm.flipped >= FLIPPED
        or harm.spoiled >= SPOILED
        or harm.misled >= most
    )
