"""What a decision to roll back rests on, as one JSON document with a digest."""

from typing import Any

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.journal import hash_json, plain_json
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.records import as_json, evaluation_row
from monitoring_tasks.workspace.workspace import Workspace

KEPT = (
    "key",
    "model",
    "day",
    "as_of",
    "version",
    "rows",
    "labelled",
    "predictions",
    "labels",
    "data_verdict",
    "verdict",
    "performance",
    "confirmed",
    "severity",
    "cause",
    "reasons",
    "evidence",
)
"""Of the evaluation. `predictions` and `labels` are digests of the frozen rows."""


def bundle(
    space: Workspace, unit: Unit, comparison: Comparison | None
) -> dict[str, Any]:
    """Put together what a decision rests on, JSON only.

    Args:
        space: The workspace.
        unit: The day that was judged.
        comparison: The target against the live version on the same rows.
    """
    row = evaluation_row(space.results.evaluation(unit))
    return {
        "evaluation": plain_json({name: row[name] for name in KEPT}),
        "comparison": None if comparison is None else as_json(comparison),
        "contract": hash_json(space.contract(unit.model).model_dump(mode="json")),
    }


def digest_now(space: Workspace, decided: dict[str, Any]) -> str:
    """Give the digest the same evidence has now; another one if anything changed."""
    unit = Unit.from_key(decided["evaluation"]["key"])
    # As it was written, not read and written again: words of before keep their digest.
    now = bundle(space, unit, None) | {"comparison": decided["comparison"]}
    return hash_json(now)


def comparison_in(decided: dict[str, Any]) -> Comparison | None:
    """Read the comparison back."""
    plain = decided["comparison"]
    return None if plain is None else Comparison.from_json(plain)
