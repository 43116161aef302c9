"""How many of the breaches of drawn days chance alone would bring: on arrays."""

from collections.abc import Mapping, Sequence

import numpy as np

from monitoring_tasks.compare.change_detector import Floats
from monitoring_tasks.compare.simulated_codes import BREACH, WARN, Codes, Flags, Judged


def control_groups(
    judged: Mapping[int, Sequence[Judged]], rate: float
) -> dict[int, list[Codes]]:
    """Demote a day's breaches of segments and groups that chance alone may bring.

    What lies past a hard limit stands, as on the day (`judge`, `multiplicity`).

    Args:
        judged: By objective, its drawn days over every horizon.
        rate: Share of false discoveries to put up with, in (0, 1).

    Returns:
        The verdicts of the same objectives and horizons, in the same order.
    """
    tests = [
        judged_horizon.p_values
        for horizons in judged.values()
        for judged_horizon in horizons
        if judged_horizon.p_values is not None
    ]
    kept = iter(_kept(np.stack(tests), rate)) if tests else iter(())
    controlled: dict[int, list[Codes]] = {}
    for key, horizons in judged.items():
        controlled[key] = []
        for judged_horizon in horizons:
            codes = judged_horizon.codes
            if judged_horizon.p_values is not None:
                lost = (
                    ~next(kept) & ~np.isnan(judged_horizon.p_values) & (codes == BREACH)
                )
                stands = (
                    False
                    if judged_horizon.is_past_hard is None
                    else judged_horizon.is_past_hard
                )
                codes = np.where(lost & ~np.asarray(stands), np.int8(WARN), codes)
            controlled[key].append(codes)
    return controlled


def _kept(p_values: Floats, rate: float) -> Flags:
    """Say which of a day's tests Benjamini-Hochberg keeps; shape (tests, runs, days).

    What has no p-value that day is no test that day.
    """
    ordered = np.sort(p_values, axis=0)  # nan last
    count = np.sum(~np.isnan(p_values), axis=0)
    rank = np.arange(1, len(p_values) + 1)[:, None, None]
    below = ordered <= rank / np.maximum(count, 1) * rate
    edge = np.max(np.where(below, ordered, -1.0), axis=0)
    return np.asarray(p_values <= edge)
