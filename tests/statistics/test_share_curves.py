"""Curves of shares: exact for few values, close for many."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from monitoring_tasks.domain.label_summary import ShareCurve
from monitoring_tasks.statistics.share_curves import (
    curve_of,
    quantile,
    quantiles,
    shares_at_most,
)

AGES = np.repeat([17.5, 22.0, 32.0, 42.0], [10, 30, 40, 20])


def test_few_values_are_all_kept_and_their_shares_are_steps() -> None:
    """Nothing lies between two ages."""
    curve = curve_of(AGES)
    assert curve.is_complete
    asked = np.array([10.0, 17.5, 21.9, 22.0, 31.9, 32.0, 99.0])
    assert shares_at_most(curve, asked) == pytest.approx(
        [0.0, 0.1, 0.1, 0.4, 0.4, 0.8, 1.0]
    )
    assert [quantile(curve, at) for at in (0.05, 0.4, 0.5, 0.75, 1.0)] == [
        17.5,
        22.0,
        32.0,
        32.0,
        42.0,
    ]


def test_many_values_are_kept_at_ranks_and_shares_lie_between_them() -> None:
    """A share is at most a hundredth off, whatever the shape of the tails."""
    values = np.exp(np.random.default_rng(3).standard_normal(5000) * 2)
    curve = curve_of(values)
    assert not curve.is_complete
    assert len(curve.values) <= 23
    asked = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    assert shares_at_most(curve, asked) == pytest.approx(
        [0.05, 0.25, 0.5, 0.75, 0.95], abs=0.01
    )
    assert shares_at_most(curve, values.min() - np.ones(1)) == 0
    assert shares_at_most(curve, values.max() + np.ones(1)) == 1


def test_value_of_many_rows_is_kept_among_many_others() -> None:
    """Six in ten are nothing at all."""
    values = np.append(np.zeros(600), np.linspace(1, 9, 400))
    curve = curve_of(values)
    assert shares_at_most(curve, np.zeros(1)) == pytest.approx(0.6)
    assert quantile(curve, 0.5) == 0


def test_curve_reads_itself_back_from_json() -> None:
    """As the store keeps it."""
    curve = curve_of(AGES)
    assert ShareCurve.from_json(json.loads(json.dumps(asdict(curve)))) == curve


def test_quantiles_lie_between_what_is_kept_and_on_values_where_all_are() -> None:
    """A quantile that is rounded up makes every share below it too small."""
    even = curve_of(np.linspace(0, 1, 1001))
    assert quantiles(even, np.array([0.125, 0.975])) == pytest.approx(
        [0.125, 0.975], abs=2e-3
    )
    assert quantiles(
        curve_of(np.array([1.0, 2.0, 5.0, 5.0])), np.array([0.3, 0.6])
    ).tolist() == [2.0, 5.0]
