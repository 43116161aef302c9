"""The least change of a contract's limits that keeps false alarms in a budget. Pure.

How often limits alarm and what they find is asked of the caller, who draws days.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.persistence import PersistenceRule

Pull = Callable[[Contract], Contract | None]
ContractMeasure = Callable[[Contract], float]
MOST_PULLS = 24
"""Changes after which a search gives up: such a contract is another contract."""
RAREST = 1e-5
LONGEST = 14
"""Days of which a fast rule may count; a slower one is `slow_persistence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One limit and one step by which it lets more pass.

    Attributes:
        key: The key of the contract.
        pull: Gives the contract a step looser; None at the end of the way.
    """

    key: str
    pull: Pull


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was found.

    Attributes:
        contract: The contract as proposed; the given one when nothing has to change.
        pulled: The keys that were loosened, each as often as it was.
        pages: False pages a year under it.
        drop: The cost measure under it.
        is_met: Whether the budget is kept.
    """

    contract: Contract
    pulled: tuple[str, ...]
    pages: float
    drop: float
    is_met: bool


def propose(
    contract: Contract,
    *,
    budget: float,
    pages: ContractMeasure,
    drop: ContractMeasure,
    progress: Callable[[str], None] | None = None,
) -> Proposal:
    """Search the least change that keeps the false pages in the budget.

    Step by step the lever is pulled that saves most pages for the size of drop it
    makes go unseen; afterwards every step that turned out not to be needed is taken
    back. That is greedy: a smaller change may exist. A step lets more pass: half the
    `false_alarm` of a horizon, a bad day more to confirm a breach, a tenth more
    `max_drop`, a fiftieth of `min` or `max` further out.

    Args:
        contract: The contract as it stands. Not modified.
        budget: False pages a year, > 0.
        pages: Gives the false pages a year under a contract; should use the same
            chance for all of them.
        drop: Gives the size of the smallest drop a contract finds, relative to the one
            as it stands; larger is worse, inf when it finds none.
        progress: Called with the key of each lever that is pulled for good.

    Returns:
        The proposal; `is_met` says whether the budget could be kept at all.

    Raises:
        ValueError: If the budget is not above 0.
    """
    if budget <= 0:
        msg = f"a budget of {budget} pages a year cannot be kept by any limit"
        raise ValueError(msg)
    report = progress or (lambda _: None)
    current, pulled = contract, list[Lever]()
    rate, drop_size = pages(contract), drop(contract)
    while rate > budget and len(pulled) < MOST_PULLS:
        best = _best(current, rate, drop_size, pages=pages, drop=drop)
        if best is None:
            break
        lever, current, rate, drop_size = best
        pulled.append(lever)
        report(lever.key)
    if rate <= budget:
        pulled = _needed(contract, pulled, budget=budget, pages=pages)
    final = _pulled(contract, pulled)
    return Proposal(
        contract=final,
        pulled=tuple(lever.key for lever in pulled),
        pages=pages(final),
        drop=drop(final),
        is_met=rate <= budget,
    )


def levers(contract: Contract) -> Iterator[Lever]:
    """List what may be loosened."""
    for index, horizon in enumerate(contract.policy.horizons):
        key = f"policy.horizons[{horizon.days}].false_alarm"
        yield Lever(key=key, pull=_rarer(index))
    for name in ("persistence", "slow_persistence"):
        yield Lever(key=f"policy.{name}", pull=_slower(name))
    for index, objective in enumerate(contract.objectives):
        for key in ("max_drop", "min", "max"):
            if getattr(objective, key) is not None:
                where = f"{objective.source} {objective.metric}"
                name = f"objectives[{where}].{key}"
                yield Lever(key=name, pull=_wider(index, key))


Best = tuple[Lever, Contract, float, float]


def _best(
    current: Contract,
    rate: float,
    drop_size: float,
    *,
    pages: ContractMeasure,
    drop: ContractMeasure,
) -> Best | None:
    """Pull the lever that saves most for what it costs; None when none saves."""
    best: Best | None = None
    most = 0.0
    for lever in levers(current):
        tried = lever.pull(current)
        if tried is None:
            continue
        saved = rate - pages(tried)
        if saved <= 0:
            continue
        lost = drop(tried)
        worth = saved / (max(lost / drop_size - 1, 0.0) + 0.01) if drop_size else saved
        if worth > most:
            most, best = worth, (lever, tried, rate - saved, lost)
    return best


def _needed(
    contract: Contract,
    pulled: Sequence[Lever],
    *,
    budget: float,
    pages: ContractMeasure,
) -> list[Lever]:
    """Take back what the budget is kept without, the first steps first."""
    kept = list(pulled)
    for lever in pulled:
        without = list(kept)
        without.remove(lever)
        if pages(_pulled(contract, without)) <= budget:
            kept = without
    return kept


def _pulled(contract: Contract, pulled: Sequence[Lever]) -> Contract:
    for lever in pulled:
        contract = lever.pull(contract) or contract
    return contract


def _rarer(index: int) -> Pull:
    def pull(contract: Contract) -> Contract | None:
        horizons = list(contract.policy.horizons)
        chance = horizons[index].false_alarm / 2
        if chance < RAREST:
            return None
        horizons[index] = horizons[index].model_copy(update={"false_alarm": chance})
        return _with_policy(contract, horizons=tuple(horizons))

    return pull


def _slower(name: str) -> Pull:
    def pull(contract: Contract) -> Contract | None:
        rule: PersistenceRule = getattr(contract.policy, name)
        bad = rule.bad_days + 1
        of = max(rule.of_days, bad + 1)
        if of > LONGEST:
            return None
        return _with_policy(
            contract, **{name: PersistenceRule(bad_days=bad, of_days=of)}
        )

    return pull


def _wider(index: int, key: str) -> Pull:
    def pull(contract: Contract) -> Contract | None:
        objectives = list(contract.objectives)
        objective = objectives[index]
        value: float = getattr(objective, key)
        step = {"max_drop": value / 10, "min": -abs(value) / 50, "max": abs(value) / 50}
        if step[key] == 0:
            return None
        # Rounded, so that a person can read it; still a step further out.
        wider = round(value + step[key], _digits(step[key]))
        objectives[index] = Objective.model_validate(
            objective.model_dump() | {key: wider}
        )
        return contract.model_copy(update={"objectives": tuple(objectives)})

    return pull


def _digits(step: float) -> int:
    """Give the decimals that show a step with two digits."""
    return max(1 - int(f"{abs(step):e}".partition("e")[2]), 0)


def _with_policy(contract: Contract, **parts: Any) -> Contract:  # noqa: ANN401 (parts of a policy)
    policy = contract.policy.model_copy(update=parts)
    return contract.model_copy(update={"policy": policy})
