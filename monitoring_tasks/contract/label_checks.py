"""Whether a contract's limits leave its labels the time they take. Pure."""

from collections.abc import Iterator

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.label_delay import ROUND_DAYS
from monitoring_tasks.domain.metrics import needs_labels

DELAY = "policy.labels.delay_days"


def label_faults(contract: Contract) -> list[str]:
    """Name the objectives that can never be judged because no label ever comes."""
    stated = contract.policy.labels.stated_delay
    if stated is None or not stated.is_never:
        return []
    return [
        f"{DELAY}: never, and objective {o.source} {o.metric} needs labels, so that it "
        "is never judged; promise an estimated metric instead, or state a delay"
        for o in _on_labels(contract)
    ]


def label_notes(contract: Contract, usual: int | None) -> list[str]:
    """Say what to change where labels take longer than the contract leaves them.

    Args:
        contract: The model's contract.
        usual: Whole days by which enough labels of earlier days were there; None where
            nobody knows.
    """
    stated = contract.policy.labels.stated_delay
    if not _on_labels(contract) or (stated is not None and stated.is_never):
        return []
    delay = max(stated.days or 0, usual or 0) if stated else usual or 0
    notes = [*_as_stated(contract, usual)]
    return [*notes, *_too_short(contract, delay)] if delay else notes


def _as_stated(contract: Contract, usual: int | None) -> Iterator[str]:
    """Hold how labels came against what the contract says of it."""
    stated = contract.policy.labels.stated_delay
    oldest = contract.policy.max_action_age_days
    # A day is one day old when it ends, which is where the delay of labels begins.
    if stated is None and usual is not None and usual + 1 > oldest:
        yield (
            f"{DELAY} is not stated and labels usually take {usual} days, more than "
            f"policy.max_action_age_days ({oldest}) lets a day age: a breach they tell "
            f"never moves an alias; write {DELAY}: {usual}"
        )
    if stated is not None and usual is not None and usual > (stated.days or 0):
        yield (
            f"{DELAY}: {stated.days}, and labels usually take {usual} days: days that "
            f"only wait are called blind; write {DELAY}: {usual}"
        )


def _too_short(contract: Contract, delay: int) -> Iterator[str]:
    """Name the spans of the policy that end before labels that take `delay` days."""
    policy = contract.policy
    overdue = policy.labels.overdue_days
    reach = policy.reach_days
    if reach < delay + max(policy.max_action_age_days, 2):
        needed = delay + max(policy.max_action_age_days, ROUND_DAYS + 1)
        yield (
            f"policy.look_back_days: {policy.look_back_days} is too short for labels "
            f"that take {delay} days; write {needed}"
        )
    elif reach <= delay + ROUND_DAYS:
        # The oldest day that is asked about ended one day less ago than the reach.
        yield (
            f"policy.labels.overdue_days: {overdue} is never reached: days are looked "
            f"back at for {reach} days and labels that take {delay} are overdue after "
            f"{delay + ROUND_DAYS}; write policy.look_back_days: "
            f"{delay + ROUND_DAYS + 1}"
        )
    window = delay + policy.labels.min_days + overdue
    if policy.labels.window_days < window:
        yield (
            f"policy.labels.window_days: {policy.labels.window_days} is too short to "
            f"tell that labels which take {delay} days stay away; write {window}"
        )
    if not any(Kind(o.source) is Kind.ESTIMATED for o in contract.objectives):
        yield (
            f"objectives: for {delay} days nobody knows how the model does on a day; "
            "promise an estimated metric as well"
        )


def _on_labels(contract: Contract) -> list[Objective]:
    return [o for o in contract.objectives if needs_labels(Kind(o.source), o.metric)]
