"""What a decision to roll back rests on, as one JSON document with a digest. Pure."""

from dataclasses import asdict

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.json_values import JsonObject, hash_json, plain_json

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


def make_evidence(
    evaluation: JsonObject, comparison: Comparison | None, contract: Contract
) -> JsonObject:
    """Return what a decision rests on, JSON only.

    Args:
        evaluation: The day that was judged, as the row the store keeps of it.
        comparison: The target against the live version on the same rows.
        contract: What was expected of the model.
    """
    return {
        "evaluation": plain_json({name: evaluation[name] for name in KEPT}),
        "comparison": None if comparison is None else plain_json(asdict(comparison)),
        # Its digest is enough: all that is asked later is whether it has changed.
        "contract": hash_json(contract.model_dump(mode="json")),
    }


def comparison_in(evidence: JsonObject) -> Comparison | None:
    """Return the comparison a decision rests on; None when there was none."""
    plain = evidence["comparison"]
    return None if plain is None else Comparison.from_json(plain)
