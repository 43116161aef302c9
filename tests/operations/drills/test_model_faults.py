import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills import model_faults
from monitoring_tasks.operations.drills.deliveries import Delivery
from tests.builders import COLUMNS
from tests.operations.drills.delivered import ROWS, delivery, differing, terms

REGRESSION = {"problem": "regression", "columns": COLUMNS | {"score": None}}
MULTICLASS = {
    "problem": "multiclass",
    "classes": ("a", "b", "c"),
    "columns": COLUMNS | {"score": {name: f"p_{name}" for name in "abc"}},
}


def auc(day: Delivery) -> float:
    """Return the realized AUC of a day, as scikit-learn has it."""
    joined = day.predictions.merge(day.labels, on="id")
    return float(roc_auc_score(joined["label"], joined["score"]))


@pytest.mark.parametrize("size", [0.03, 0.1, 0.3])
def test_bad_release_loses_as_much_as_asked(size: float) -> None:
    """The AUC falls by the size; .012 is three standard errors of the exchange."""
    big = delivery(20_000)
    lost = auc(big) - auc(model_faults.bad_release(big, terms(size)))
    assert lost == pytest.approx(size, abs=0.012)


@pytest.mark.parametrize("size", [0.4, 2.0], ids=["just past", "far past"])
def test_bad_release_never_falls_below_chance(size: float) -> None:
    """More than there is cannot be lost: then the scores say nothing."""
    big = delivery(20_000)
    after = auc(model_faults.bad_release(big, terms(size)))
    assert after == pytest.approx(0.5, abs=0.02)


def test_bad_release_shows_in_nothing_but_labels() -> None:
    """The same pairs of score and class are given out, to other rows."""
    before = delivery()
    after = model_faults.bad_release(before, terms(0.3))
    changed = differing(before.predictions, after.predictions)
    assert changed == ["score", "prediction"]
    pairs = [
        day.predictions[["score", "prediction"]].sort_values("score").to_numpy()
        for day in (before, after)
    ]
    assert np.array_equal(*pairs)
    pd.testing.assert_frame_equal(after.labels, before.labels)


@pytest.mark.parametrize("labels", [0, 1], ids=["one class", "no labels at all"])
def test_bad_release_without_an_auc_takes_it_for_perfect(labels: int) -> None:
    """Half of what a perfect model could lose: the scores of half of the rows."""
    day = delivery()
    known = day.labels.assign(label=1) if labels == 0 else day.labels.iloc[:0]
    before = Delivery(predictions=day.predictions, labels=known)
    after = model_faults.bad_release(before, terms(0.25))
    moved = (after.predictions["score"] != day.predictions["score"]).mean()
    assert moved == pytest.approx(0.5, abs=0.01)


def test_biased_group_loses_its_true_positives_and_the_other_none() -> None:
    """Half of the smaller group's accepted rows are refused, with scores to match."""
    before = delivery()
    rows = model_faults.biased_group(before, terms(0.5)).predictions
    was = before.predictions
    hit = was["prediction"] != rows["prediction"]
    women = (was["sex"] == "f") & (was["prediction"] == 1)
    assert hit[~women].sum() == 0
    assert hit[women].mean() == pytest.approx(0.5, abs=0.1)
    assert rows.loc[hit, "score"].max() < 0.5
    assert differing(was[~hit], rows[~hit]) == []


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        pytest.param({"columns": COLUMNS}, "watches no column", id="no groups"),
        pytest.param(REGRESSION, "binary", id="a number"),
    ],
)
def test_biased_group_says_when_there_is_none(
    parts: dict[str, object], why: str
) -> None:
    """Without groups, or acceptance, nobody can be refused unfairly."""
    with pytest.raises(NotApplicableError, match=why):
        model_faults.biased_group(delivery(), terms(**parts))


def test_biased_group_needs_somebody_refused() -> None:
    """Where all are accepted no row shows what a refused one scores."""
    day = delivery()
    all_in = Delivery(
        predictions=day.predictions.assign(prediction=1), labels=day.labels
    )
    with pytest.raises(NotApplicableError, match="nobody is refused"):
        model_faults.biased_group(all_in, terms())


def test_label_delay_leaves_no_label_and_all_columns() -> None:
    """What arrives is a batch without rows."""
    after = model_faults.label_delay(delivery(), terms())
    assert (len(after.labels), list(after.labels)) == (0, ["id", "label"])
    assert len(after.predictions) == ROWS


@pytest.mark.parametrize(("size", "low", "high"), [(0.4, 0.35, 0.45), (1, 1, 1)])
def test_label_flip_turns_a_share_of_the_labels(
    size: float, low: float, high: float
) -> None:
    """Zeros become ones and ones zeros; the type stays."""
    before = delivery()
    after = model_faults.label_flip(before, terms(size)).labels
    turned = after["label"] != before.labels["label"]
    assert low <= turned.mean() <= high
    assert after["label"].dtype == before.labels["label"].dtype
    assert set(after["label"]) == {0, 1}


def test_label_flip_leaves_an_unknown_label_unknown() -> None:
    """A label nobody knows has no contrary."""
    day = delivery(4)
    labels = day.labels.assign(label=[1.0, 0.0, None, 1.0])
    after = model_faults.label_flip(
        Delivery(predictions=day.predictions, labels=labels), terms(1)
    )
    assert after.labels["label"].fillna(-1).tolist() == [0, 1, -1, 0]


@pytest.mark.parametrize(
    ("parts", "truth", "contrary"),
    [
        pytest.param(MULTICLASS, ["a", "b", "c"], ["b", "c", "a"], id="classes"),
        pytest.param(REGRESSION, [1.0, 2.0, 6.0], [5.0, 4.0, 0.0], id="numbers"),
    ],
)
def test_label_flip_of_other_problems(
    parts: dict[str, object], truth: list[object], contrary: list[object]
) -> None:
    """A class becomes the next one, a number its mirror image at the mean."""
    day = delivery(3)
    before = Delivery(
        predictions=day.predictions, labels=day.labels.assign(label=truth)
    )
    after = model_faults.label_flip(before, terms(1, **parts))
    assert after.labels["label"].tolist() == contrary


def test_concept_flip_takes_all_meaning_and_keeps_the_base_rate() -> None:
    """The scores rank no better than chance, and inputs and scores stay."""
    before = delivery(20_000)
    after = model_faults.concept_flip(before, terms())
    assert auc(after) == pytest.approx(0.5, abs=0.02)
    assert after.labels["label"].sum() == before.labels["label"].sum()
    assert differing(before.predictions, after.predictions) == []


def test_concept_flip_of_nothing_changes_nothing() -> None:
    """At size 0 every label stays with its row."""
    before = delivery()
    after = model_faults.concept_flip(before, terms(0))
    pd.testing.assert_frame_equal(after.labels, before.labels)
