"""How much of a loss the scores predict, and what it cost."""

from typing import Any

import pytest

from monitoring_tasks.compare.predicted_effect import lost_value, predicted_effects
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import DAY, make_contract, make_measurement, make_reference

NOISE = DailyNoise(mean=0.8, spread=0.01, days=30)
REFERENCES = {
    "1": make_reference(
        noise={
            "realized/roc_auc//all": NOISE,
            "realized/brier//all": DailyNoise(mean=0.1, spread=0.001, days=30),
            "realized/business_value//all": DailyNoise(mean=2.0, spread=0.1, days=30),
        }
    )
}
PROMISED = make_contract(
    objectives=[
        {"metric": "roc_auc", "source": "realized", "max_drop": 0.1},
        {"metric": "brier", "source": "realized", "max_drop": 0.05},
    ],
    value={"true_positive": 3},
)


def numbers(realized: float | None, estimated: float | None) -> list[Measurement]:
    """Return the AUC as it came true and as it was estimated."""
    return [
        make_measurement(value=realized),
        make_measurement(kind=Kind.ESTIMATED, value=estimated),
    ]


@pytest.mark.parametrize(
    ("realized", "estimated", "share", "surprising"),
    [
        pytest.param(0.64, 0.72, 0.5, False, id="half"),
        pytest.param(0.6, 0.8, 0.0, False, id="nothing"),
        pytest.param(0.6, 0.65, 0.75, True, id="more than allowed"),
        pytest.param(0.6, 0.85, -0.25, False, id="a gain"),
        pytest.param(None, 0.6, None, True, id="no labels yet"),
        pytest.param(0.6, None, None, False, id="no estimate"),
        pytest.param(0.9, 0.72, None, False, id="no loss came"),
    ],
)
def test_predicted_share_of_a_loss(
    realized: float | None,
    estimated: float | None,
    share: float | None,
    *,
    surprising: bool,
) -> None:
    """Both are held against what the reference expects; what is absent stays so."""
    (found,) = predicted_effects(
        numbers(realized, estimated), REFERENCES, PROMISED, day=DAY
    )
    assert found.share == (None if share is None else pytest.approx(share))
    assert found.is_surprising is surprising


def test_loss_of_what_should_be_low_is_a_rise() -> None:
    """A Brier score that rises by 0.1 is a loss of 0.1."""
    (found,) = predicted_effects(
        [make_measurement(metric="brier", value=0.2)], REFERENCES, PROMISED, day=DAY
    )
    assert found.realized == pytest.approx(0.1)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"metric": "f1"}, id="not promised"),
        pytest.param({"column": "sex"}, id="of a gap"),
        pytest.param({"segment": "a=b"}, id="of a segment nobody promised"),
        pytest.param({"version": "9"}, id="without a reference"),
        pytest.param({"horizon": 3}, id="of a horizon nobody asks for"),
        pytest.param({"value": None}, id="absent"),
    ],
)
def test_what_nothing_is_expected_of_has_no_effect(parts: dict[str, Any]) -> None:
    """Unknown is left out, never a share of 0."""
    number = make_measurement(**parts)
    assert predicted_effects([number], REFERENCES, PROMISED, day=DAY) == []


def test_noise_of_the_estimate_is_no_predicted_loss() -> None:
    """A drop that chance brings is not surprising, however little is allowed."""
    noisy = make_reference(
        noise={"realized/roc_auc//all": DailyNoise(mean=0.8, spread=0.2, days=30)}
    )
    (found,) = predicted_effects(numbers(None, 0.6), {"1": noisy}, PROMISED, day=DAY)
    assert found.predicted == pytest.approx(0.2)
    assert not found.is_surprising


@pytest.mark.parametrize(
    ("parts", "contract", "lost"),
    [
        pytest.param({}, PROMISED, 500.0, id="half a unit on each of 1,000 rows"),
        pytest.param({"value": 2.5}, PROMISED, -500.0, id="a gain"),
        pytest.param({"segment": "a=b"}, PROMISED, None, id="of a part"),
        pytest.param({"value": None}, PROMISED, None, id="absent"),
        pytest.param({}, make_contract(), None, id="no value stated"),
    ],
)
def test_lost_value(parts: dict[str, Any], contract: Any, lost: float | None) -> None:  # noqa: ANN401 (Contract)
    """Worth of a row beside the reference's, times the rows; unknown is not 0."""
    number = make_measurement(**{"metric": "business_value", "value": 1.5} | parts)
    found = lost_value([number], REFERENCES, contract, day=DAY)
    assert found == (None if lost is None else pytest.approx(lost))
