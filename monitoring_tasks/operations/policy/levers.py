"""What may be loosened in a contract, one step at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.persistence import PersistenceRule

Pull = Callable[[Contract], Contract | None]
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
    """Return the decimals that show a step with two digits."""
    return max(1 - int(f"{abs(step):e}".partition("e")[2]), 0)


def _with_policy(contract: Contract, **parts: Any) -> Contract:  # noqa: ANN401 (parts of a policy)
    policy = contract.policy.model_copy(update=parts)
    return contract.model_copy(update={"policy": policy})
