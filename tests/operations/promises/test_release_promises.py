"""A release that loses what is promised is called worse in four cases of five."""

from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.versions.mean_gain import mean_gain
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.releases import PairedDay
from monitoring_tasks.operations.promises.family_promise import FamilyPromise
from monitoring_tasks.operations.promises.release_promises import release_promise
from tests.operations.promises.conftest import FIRST

RELEASES = 400


@pytest.mark.parametrize("days", [7, 28])
def test_release_is_told_as_promised(
    reference: ReferenceProfile, contract: Contract, days: int
) -> None:
    """By the rule of the day, at the last look; within a few hundredths."""
    promise = release_promise(reference, contract)
    assert isinstance(promise, FamilyPromise)
    size = promise.within_7_days if days == 7 else promise.within_28_days
    assert size is not None
    policy, random = contract.policy, np.random.default_rng(1)
    error = 2**0.5 * reference.noise["realized/roc_auc//all"].sampling
    told = []
    for _ in range(RELEASES):
        gains = size + error * random.standard_normal(days)
        paired = [
            PairedDay(
                day=FIRST + timedelta(days=number),
                champion=0.8,
                candidate=0.8,
                gain=float(gain),
                error=error,
                rows=400,
            )
            for number, gain in enumerate(gains)
        ]
        interval = mean_gain(
            paired, policy.versions.release, watch_days=policy.onset_days
        )
        assert interval is not None
        told.append(interval.lower > 0 and interval.gain > policy.versions.margin)
    assert np.mean(told) == pytest.approx(0.8, abs=0.1)
