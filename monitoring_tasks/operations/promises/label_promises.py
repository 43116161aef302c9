"""What the labels' gate promises: shares of labels that move alone. Simulated, pure."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.operations.promises.family_promise import DayTest
from monitoring_tasks.operations.promises.told_days import SEED
from monitoring_tasks.statistics.held_labels import POSITIVE, held_levels

LABELS = "labels"
RUNS, SIZES = 60, 12
PER_CLASS = "realized/label_rate_"
FIRST_DAY = date(2013, 9, 2)
"""Of the drawn days; which one says nothing, for no weekday is drawn."""
Floats = npt.NDArray[np.float64]


def label_tests(reference: ReferenceProfile, contract: Contract) -> Iterator[DayTest]:
    """Yield what is asked of each class of the labels on a day of usual size.

    Days are drawn as the reference's label rates move, the outputs along with them, and
    held by the gate's own rule against as many days before as it remembers. Then the
    labels alone move. Its look at a week, which finds smaller moves, is
    left out.

    Args:
        reference: Of the version that serves: how the label rates move.
        contract: Brings the policy.

    Returns:
        Nothing for a numeric label, or where too few reference days have labels.
    """
    for level, noise in _rates(reference, contract):
        if noise.days < contract.policy.min_reference_days or not noise.rows:
            continue
        # Towards the side with more room: a rare class can only become common.
        sign = 1 if 1 - noise.mean >= noise.mean else -1
        largest = 0.98 * max(1 - noise.mean, noise.mean)
        sizes = np.geomspace(largest / 200, largest, SIZES)
        shares = np.maximum.accumulate(
            [_told(level, noise, sign * size, contract) for size in sizes]
        )
        yield DayTest(
            family=LABELS,
            check="labels that move and outputs that do not",
            about=level,
            unit="of the labels",
            chance=partial(_between, sizes=sizes, shares=shares),
            largest=float(sizes[-1]),
            false_alarm=contract.policy.labels.false_alarm,
            gross=partial(_is_gross, noise=noise, contract=contract),
        )


def _between(size: float, *, sizes: Floats, shares: Floats) -> float:
    return float(np.interp(size, sizes, shares))


def _is_gross(size: float, *, noise: DailyNoise, contract: Contract) -> float:
    spread = math.hypot(noise.spread, noise.sampling)
    apart = size - contract.policy.labels.gross_shift
    return float(ndtr(apart / spread) if spread else apart >= 0)


def _rates(
    reference: ReferenceProfile, contract: Contract
) -> Iterator[tuple[str, DailyNoise]]:
    if contract.problem is Problem.BINARY:
        noise = reference.noise.get("realized/positive_rate//all")
        if noise is not None:
            yield POSITIVE, noise
    for key, noise in sorted(reference.noise.items()):
        if key.startswith(PER_CLASS) and key.endswith("//all"):
            yield key.removeprefix(PER_CLASS).removesuffix("//all"), noise


def _told(level: str, noise: DailyNoise, move: float, contract: Contract) -> float:
    """Return in which share of drawn days the gate says that the labels moved."""
    policy, random = contract.policy, np.random.default_rng(SEED)
    rows, days = max(round(noise.rows), 1), policy.labels.baseline_days
    told = 0
    for _ in range(RUNS):
        rates = random.normal(noise.mean, noise.spread, days + 1)
        outputs = np.clip(rates, 1e-6, 1 - 1e-6)
        true = outputs.copy()
        true[-1] = np.clip(true[-1] + move, 0.0, 1.0)
        shares = random.binomial(rows, true) / rows
        *before, today = _days(level, rows, shares, outputs)
        told += any(
            held.p_value_of_parting < policy.labels.false_alarm
            and held.size >= policy.outcome.min_label_shift
            for held in held_levels(before, [today], spreads={level: noise.spread})
        )
    return told / RUNS


def _days(level: str, rows: int, shares: Floats, outputs: Floats) -> list[LabelDay]:
    return [
        LabelDay(
            day=FIRST_DAY + timedelta(days=number),
            labels=LabelSummary(
                rows=rows,
                levels={level: float(share)},
                outputs={level: float(output)},
            ),
            is_calm=True,
        )
        for number, (share, output) in enumerate(zip(shares, outputs, strict=True))
    ]
