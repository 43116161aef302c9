"""A proposal counts false pages as `explain` does and never makes them more."""

import pytest

from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.limit_checks import unjudgeable
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.operations.policy import proposing
from monitoring_tasks.operations.policy.threshold_proposals import Proposal
from tests.builders import make_contract, make_reference

NOISE = DailyNoise(mean=0.7, spread=0.03, days=42, sampling=0.02, rows=900)
AUC = {"metric": "roc_auc", "source": "realized", "max_drop": 0.1}


def limit_basis_of(rows: float = 900, **parts: object) -> LimitBasis:
    """Return what limits are held against: an AUC that moves little."""
    contract = make_contract(objectives=[AUC], **parts)
    monitored = MonitoredMetric(
        objective=contract.objectives[0],
        noise=NOISE,
        baselines=dict.fromkeys((1, 7, 28), NOISE),
        sampling=0.02,
        rows=rows,
    )
    return LimitBasis(
        contract=contract,
        reference=make_reference(),
        evaluations=(),
        monitored=(monitored,),
        left_out=(),
        labels_known=True,
    )


@pytest.mark.parametrize(
    ("stands", "then", "is_changed", "is_met"),
    [
        pytest.param(3.15, 0.9, True, True, id="better"),
        pytest.param(3.15, 3.5, False, False, id="worse than what stands"),
        pytest.param(0.39, 1.54, False, True, id="what stands is good enough"),
        pytest.param(3.15, 1.2, True, False, id="better, and not good enough"),
    ],
)
def test_proposal_is_never_worse_than_what_stands(
    monkeypatch: pytest.MonkeyPatch,
    stands: float,
    then: float,
    *,
    is_changed: bool,
    is_met: bool,
) -> None:
    """Both rates are those of `explain`, and a worse contract is not proposed."""
    basis = limit_basis_of()
    looser = make_contract(objectives=[AUC | {"max_drop": 0.2}])

    def pages(_: LimitBasis, contract: Contract) -> float:
        return stands if contract == basis.contract else then

    monkeypatch.setattr(proposing, "limit_basis_of", lambda *_: basis)
    monkeypatch.setattr(proposing, "_smallest", lambda *_: [0.1])
    monkeypatch.setattr(proposing, "false_pages_a_year", pages)
    monkeypatch.setattr(
        proposing,
        "propose",
        lambda *_, **__: Proposal(
            contract=looser, pulled=("x",), pages=0.5, drop=1.0, is_met=True
        ),
    )
    contract, told = proposing.propose_limits(
        None,  # type: ignore[arg-type] (only handed to `limit_basis_of`)
        "flights",
        false_pages_per_year=1.0,
    )
    assert contract == (looser if is_changed else basis.contract)
    assert bool(told["changes"]) is is_changed
    after = then if is_changed else stands
    assert told["pages_per_year"] == {"before": stands, "after": after}
    assert told["is_met"] is is_met


def test_days_too_small_to_judge_are_named() -> None:
    """`min_rows` above a day's rows leaves a limit that never speaks."""
    (never,) = unjudgeable(limit_basis_of(24, policy={"min_rows": 1000}))
    assert "a typical day has 24 rows, policy.min_rows is 1000" in never
    assert "no horizon judges it" in never
    (some,) = unjudgeable(limit_basis_of(24, policy={"min_rows": 100}))
    assert "not judged over 1 d" in some
    assert unjudgeable(limit_basis_of(900)) == []
