from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import COLUMNS, make_contract

ROLES = COLUMNS | {"segments": ["origin"], "protected": ["sex"]}
AUC = {"metric": "roc_auc", "source": "realized", "min": 0.6}
GAP = {"metric": "equal_opportunity_gap", "source": "fairness", "column": "sex"} | {
    "max": 0.1
}
RATE = {"metric": "tpr", "source": "fairness", "column": "sex", "min": 0.5}
LATENCY = {"metric": "latency_p95_seconds", "source": "service", "max": 1}


def refused(**parts: Any) -> list[tuple[str, str]]:  # noqa: ANN401 (a contract's)
    """Return the keys and texts of what is refused; nothing for a sound contract."""
    try:
        make_contract(**{"columns": ROLES} | parts)
    except ValidationError as error:
        return [(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
    return []


@pytest.mark.parametrize(
    ("objective", "key", "said"),
    [
        (AUC | {"metric": "roc_acu"}, "metric", "did you mean 'roc_auc'?"),
        (AUC | {"metric": "mae"}, "metric", "no realized metric of a binary model"),
        (AUC | {"source": "estimated", "metric": "brier"}, "metric", "no estimated"),
        (AUC | {"metric": "business_value"}, "metric", "needs `value`"),
        (AUC | {"segment": "oriigin=JFK"}, "segment", "did you mean 'origin'?"),
        (AUC | {"segment": "origin"}, "segment", "neither `all` nor"),
        (AUC | {"column": "sex"}, "column", "remove it"),
        (AUC | {"min": -0.117}, "min", "-0.117 is no roc_auc, which is 0 to 1"),
        (AUC | {"hard_min": -1}, "hard_min", "0 to 1"),
        (AUC | {"max_drop": 1.5}, "max_drop", "that large"),
        (AUC | {"metric": "positive_rate", "max_drop": 0.1}, "max_drop", "neither"),
        (AUC | {"over": "14d"}, "over", "none of policy.horizons (1d, 7d, 28d)"),
        (GAP | {"column": "sxe"}, "column", "did you mean 'sex'?"),
        (GAP | {"segment": "sex=f"}, "segment", "over all groups"),
        (RATE, "segment", "of one group"),
        (LATENCY, "metric", "needs `columns.latency`"),
    ],
)
def test_promise_nobody_could_judge_is_refused_at_its_key(
    objective: dict[str, Any], key: str, said: str
) -> None:
    """The objective, the key and the remedy are named."""
    ((where, text),) = refused(objectives=[AUC, objective])
    assert (where, said in text) == (f"objectives.1.{key}", True), text


@pytest.mark.parametrize(
    "objective",
    [
        AUC | {"segment": "origin=JFK"},
        AUC | {"segment": "sex=f"},
        AUC | {"over": "28d"},
        GAP | {"over": "7d"},
        RATE | {"segment": "sex=f"},
    ],
)
def test_promise_that_can_be_judged_is_accepted(objective: dict[str, Any]) -> None:
    """Segments and protected groups are both measured."""
    assert refused(objectives=[objective]) == []


def test_regression_has_other_metrics() -> None:
    """An error has no end above, and a gap needs a binary model."""
    parts = {"problem": "regression", "columns": ROLES | {"score": None}}
    mae = {"metric": "mae", "source": "realized", "max": 900, "max_drop": 50}
    assert refused(**parts, objectives=[mae]) == []
    ((_, text),) = refused(**parts, objectives=[AUC])
    assert "(mae, rmse, mse, rmsle, bias, label_mean)" in text
    ((_, text),) = refused(**parts, objectives=[GAP])
    assert text == "there is no fairness metric of a regression model"


def test_class_of_a_promise_is_one_of_the_classes() -> None:
    """A rate of a class that does not exist would never be measured."""
    scores = {"cat": "score_cat", "dog": "score_dog"}
    parts = {
        "problem": "multiclass",
        "classes": ["cat", "dog"],
        "columns": ROLES | {"score": scores},
    }
    rate = {"metric": "label_rate_dgo", "source": "realized", "max": 0.5}
    ((where, text),) = refused(**parts, objectives=[rate])
    assert where == "objectives.0.metric"
    assert text == "'dgo' is none of `classes` (cat, dog); did you mean 'dog'?"
    assert refused(**parts, objectives=[rate | {"metric": "label_rate_dog"}]) == []


def test_estimates_of_two_classes_are_a_binary_problem() -> None:
    """NannyML estimates three classes and more; realized numbers need no estimate."""
    scores = {"cat": "score_cat", "dog": "score_dog"}
    parts = {
        "problem": "multiclass",
        "classes": ["cat", "dog"],
        "columns": ROLES | {"score": scores},
    }
    estimated = {"metric": "roc_auc", "source": "estimated", "min": 0.5}
    ((where, text),) = refused(**parts, objectives=[estimated])
    assert where == "objectives.0.source"
    assert "write `problem: binary`" in text
    realized = {"metric": "accuracy", "source": "realized", "min": 0.5}
    assert refused(**parts, objectives=[realized]) == []
    assert refused(classes=["cat", "dog"], objectives=[estimated]) == []


def test_slos_are_held_to_the_same() -> None:
    """Their indicators name numbers as objectives do."""
    slo = {
        "name": "auc-holds",
        "indicator": {"source": "realized", "metric": "roc_acu"},
        "min": 0.6,
        "target": 0.9,
    }
    ((where, _),) = refused(slos=[slo])
    assert where == "slos.0.indicator.metric"
