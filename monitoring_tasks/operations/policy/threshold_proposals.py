"""The least change of a contract's limits that keeps false alarms in a budget. Pure.

How often limits alarm and what they find is asked of the caller, who draws days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.operations.policy.levers import Lever, levers

ContractMeasure = Callable[[Contract], float]
MOST_PULLS = 24
"""Changes after which a search gives up: such a contract is another contract."""


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
        # A step that costs nothing must not be worth infinitely much.
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
