from math import inf
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.operations.policy.levers import levers
from monitoring_tasks.operations.policy.threshold_proposals import (
    MOST_PULLS,
    Proposal,
    propose,
)
from tests.builders import make_contract

AUC = {"metric": "roc_auc", "source": "realized", "min": 0.6, "max_drop": 0.1}


def contract_of(**objective: Any) -> Contract:  # noqa: ANN401 (limits)
    """Return a contract of one objective."""
    return make_contract(objectives=[AUC | objective])


def low(contract: Contract) -> float:
    """Return the floor."""
    return contract.objectives[0].min or 0.0


def ask(contract: Contract, *, budget: float = 1.0) -> Proposal:
    """Search where the floor alone pages, and the fast rule alone costs drops."""
    return propose(
        contract,
        budget=budget,
        pages=lambda c: max((low(c) - 0.5) * 100, 0.0),
        drop=lambda c: 1.0 + c.policy.persistence.bad_days,
    )


def test_contract_within_its_budget_stays_as_it_is() -> None:
    """Nothing is loosened that needs not be."""
    found = ask(contract_of(min=0.5))
    assert (found.contract, found.pulled, found.is_met) == (
        contract_of(min=0.5), (), True,
    )  # fmt: skip


def test_only_what_helps_is_loosened() -> None:
    """The floor falls until the budget is kept, and no further."""
    found = ask(contract_of(min=0.53))
    assert set(found.pulled) == {"objectives[realized roc_auc].min"}
    assert found.is_met
    assert 0.49 < low(found.contract) <= 0.51
    kept = found.contract.model_copy(update={"objectives": contract_of().objectives})
    assert kept == contract_of()


def test_budget_that_cannot_be_kept_is_told() -> None:
    """The search ends, and says that it did not get there."""
    found = propose(contract_of(), budget=0.1, pages=lambda _: 5.0, drop=lambda _: 1.0)
    assert (found.is_met, found.pulled, found.pages) == (False, (), 5.0)


def test_search_gives_up_after_many_steps() -> None:
    """A contract that needs more is another contract."""
    found = propose(contract_of(), budget=1e-9, pages=low, drop=lambda _: 1.0)
    assert not found.is_met
    assert len(found.pulled) == MOST_PULLS


def test_steps_not_needed_are_taken_back() -> None:
    """A first step that a better second one makes needless does not stay."""

    def pages(contract: Contract) -> float:
        is_slow = contract.policy.persistence.bad_days > 2
        saved = 0.1 if low(contract) < 0.6 else 0.0
        return 0.5 if is_slow else 2.0 - saved

    found = propose(
        contract_of(),
        budget=1.0,
        pages=pages,
        drop=lambda c: 1.0 if c.policy.persistence.bad_days == 2 else 9.0,
    )
    assert found.pulled == ("policy.persistence",)
    assert low(found.contract) == 0.6


def test_every_step_lets_more_pass() -> None:
    """Limits move away from healthy numbers, and chances become smaller."""
    contract = make_contract(
        objectives=[AUC, {"metric": "log_loss", "source": "realized", "max": 2.0}]
    )
    found = {lever.key: lever.pull(contract) or contract for lever in levers(contract)}
    assert low(found["objectives[realized roc_auc].min"]) == 0.588
    wider = found["objectives[realized roc_auc].max_drop"].objectives[0]
    assert wider.max_drop == 0.11
    assert found["objectives[realized log_loss].max"].objectives[1].max == 2.04
    rarer = found["policy.horizons[7].false_alarm"].policy.horizons
    assert [horizon.false_alarm for horizon in rarer] == [0.01, 0.0025, 0.002]
    rule = found["policy.persistence"].policy.persistence
    assert (rule.bad_days, rule.of_days) == (3, 4)


@pytest.mark.parametrize("budget", [0.0, -1.0])
def test_budget_of_nothing_is_refused(budget: float) -> None:
    """No limit that alarms at all never alarms by chance."""
    with pytest.raises(ValueError, match="cannot be kept"):
        ask(contract_of(), budget=budget)


def test_cost_that_is_endless_is_not_paid_where_another_helps() -> None:
    """A change after which nothing is found any more comes last."""
    found = propose(
        contract_of(),
        budget=0.55,
        pages=lambda c: low(c) if c.policy.persistence.bad_days == 2 else 0.0,
        drop=lambda c: 1.0 if c.policy.persistence.bad_days == 2 else inf,
    )
    assert set(found.pulled) == {"objectives[realized roc_auc].min"}
