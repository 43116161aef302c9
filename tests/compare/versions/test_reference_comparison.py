"""What is said of a reference beside those of versions before."""

import pytest

from monitoring_tasks.compare.versions.reference_comparison import unlike_before
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from tests.builders import make_contract, make_profile, make_reference

CONTRACT = make_contract()


def version(
    number: int, auc: float | None, *, spread: float = 0.03, flagged: float = 0.2
) -> ReferenceProfile:
    """Return a reference of 42 days with this mean AUC and share of positives."""
    noise = {}
    if auc is not None:
        days = DailyNoise(mean=auc, spread=spread, days=42, sampling=0.02, rows=900)
        noise["realized/roc_auc//all"] = days
    positive = round(1000 * flagged)
    cells = {(2000, 0, 0): 1000 - positive, (8000, 1, 1): positive}
    outcome = BinaryOutcome(cells=cells, score_sums={})
    profile = make_profile(version=str(number), rows=1000, outcome=outcome)
    return make_reference(version=str(number), profile=profile, noise=noise)


def said(new: ReferenceProfile, *earlier: ReferenceProfile) -> list[str]:
    """Return what every warning is about."""
    about = {"worse than": "worse", "too good": "too good", "it decides": "decides"}
    warnings = unlike_before(new, earlier[0], earlier, CONTRACT)
    return [about[words] for text in warnings for words in about if words in text]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(version(2, 0.72), [], id="alike"),
        pytest.param(version(2, 0.75), [], id="better"),
        pytest.param(version(2, 0.69), ["worse"], id="worse"),
        pytest.param(version(2, 0.715), [], id="worse by less than the margin"),
        pytest.param(version(2, 0.69, spread=0.15), [], id="worse by what days bring"),
        pytest.param(version(2, 0.93), ["too good"], id="a leak"),
        pytest.param(version(2, 0.72, flagged=0.45), ["decides"], id="flags"),
        pytest.param(version(2, None), [], id="unlabelled"),
    ],
)
def test_what_is_unlike_the_version_before_is_told(
    new: ReferenceProfile, expected: list[str]
) -> None:
    """Surely and by more than matters, else nothing."""
    assert said(new, version(1, 0.72)) == expected


def test_believable_is_what_any_version_before_has_reached() -> None:
    """The best of all, not the one that is replaced: that one may have been poor."""
    new, poor, good = version(4, 0.9), version(3, 0.7), version(2, 0.88)
    assert said(new, poor) == ["too good"]
    assert said(new, poor, good) == []


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        pytest.param(
            version(2, 0.6),
            "its reference is worse than that of version 1: roc_auc 0.600 on 42 days "
            "against 0.720 on 42 days, a loss of 0.120 where chance brings 0.015; the "
            "days are not the same, so compare both versions on the same rows",
            id="worse",
        ),
        pytest.param(
            version(2, 0.93),
            "its reference is too good to be true: roc_auc 0.930, and the best before "
            "it had 0.720 (version 1); check that neither these rows nor their labels "
            "were part of its training",
            id="too good",
        ),
        pytest.param(
            version(2, 0.72, flagged=0.45),
            "on its reference it decides 1 for 45.0% of the rows, version 1 did for "
            "20.0%; check that whoever acts on the decisions expects so many",
            id="other decisions",
        ),
    ],
)
def test_warnings_are_sentences_with_their_numbers(
    new: ReferenceProfile, sentence: str
) -> None:
    """What differs, by how much, and what to do about it."""
    before = version(1, 0.72)
    (text,) = unlike_before(new, before, [before], CONTRACT)
    assert text == sentence
