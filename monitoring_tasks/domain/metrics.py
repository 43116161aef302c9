"""What is known of every metric: one row each, and every question asked of the rows.

A new metric is a row here and its formula in `estimate`.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from monitoring_tasks.domain.findings import Kind

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
"""The values of `contract.Problem`, which rests on this table."""
EVERY = (BINARY, MULTICLASS, REGRESSION)
LABEL_RATE = "label_rate_"
"""Before the name of a class: its share among the labels."""


class Better(StrEnum):
    """In which direction a number is better; `none` where neither is."""

    HIGHER = "higher"
    LOWER = "lower"
    NEARER_ZERO = "nearer_zero"
    NONE = "none"

    @property
    def worse_signs(self) -> tuple[int, ...]:
        """The sides on which a number gets worse: 1 above, -1 below."""
        sides = {Better.HIGHER: (-1,), Better.LOWER: (1,), Better.NEARER_ZERO: (-1, 1)}
        return sides.get(self, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is known of a number.

    Attributes:
        kind: What it is measured from.
        name: Its name; of a family (`is_family`) what the names begin with.
        problems: The problems it is measured for.
        better: In which direction it is better.
        low: Smallest value it can have.
        high: Largest value it can have.
        unit: Of its values: empty for none, `label`, `seconds`, `rows` or `value`.
        label_free: Whether it is known before labels are.
        per_group: Of fairness: whether it is of one group rather than between groups.
        compares: The problems whose versions may be compared by it.
        from_scores: Whether scores are read for it, not predictions.
        no_skill: Its value for scores that know nothing; None where that depends.
        is_family: Whether there is one a class, named `<name><class>`.
    """

    kind: Kind
    name: str
    problems: tuple[str, ...] = EVERY
    better: Better
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    label_free: bool = False
    per_group: bool = False
    compares: tuple[str, ...] = ()
    from_scores: bool = False
    no_skill: float | None = None
    is_family: bool = False

    def within(self, value: float) -> float:
        """Return a value kept within the metric's range."""
        return min(max(value, self.low), self.high)

    @property
    def range_text(self) -> str:
        """The range in words: `0 to 1`, `0 or more`, `any number`."""
        if math.isinf(self.low):
            return "any number"
        if math.isinf(self.high):
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"


def _realized() -> Iterator[Metric]:
    """List what labels tell; the first a problem is compared by is its main metric."""
    inf, kind = math.inf, Kind.REALIZED
    up, down = Better.HIGHER, Better.LOWER
    both, binary, regression = (BINARY, MULTICLASS), (BINARY,), (REGRESSION,)
    yield Metric(
        kind=kind, name="roc_auc", problems=binary, better=up, compares=binary,
        from_scores=True, no_skill=0.5,
    )  # fmt: skip
    yield Metric(kind=kind, name="accuracy", problems=both, better=up, compares=both)
    yield Metric(
        kind=kind, name="brier", problems=binary, better=down, compares=binary,
        from_scores=True,
    )  # fmt: skip
    for name in ("f1", "precision", "recall"):
        yield Metric(kind=kind, name=name, problems=both, better=up)
    yield Metric(kind=kind, name="specificity", problems=binary, better=up)
    yield Metric(
        kind=kind, name="average_precision", problems=binary, better=up,
        from_scores=True,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="log_loss", problems=binary, better=down, high=inf,
        from_scores=True,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="calibration_error", problems=binary, better=down,
        from_scores=True,
    )  # fmt: skip
    yield Metric(kind=kind, name="positive_rate", problems=binary, better=Better.NONE)
    yield Metric(
        kind=kind, name="business_value", problems=binary, better=up, low=-inf,
        high=inf, unit="value",
    )  # fmt: skip
    yield Metric(
        kind=kind, name=LABEL_RATE, problems=(MULTICLASS,), better=Better.NONE,
        is_family=True,
    )  # fmt: skip
    for name in ("mae", "rmse"):
        yield Metric(
            kind=kind, name=name, problems=regression, better=down, high=inf,
            unit="label", compares=regression,
        )  # fmt: skip
    for name in ("mse", "rmsle"):
        yield Metric(kind=kind, name=name, problems=regression, better=down, high=inf)
    yield Metric(
        kind=kind, name="bias", problems=regression, better=Better.NEARER_ZERO,
        low=-inf, high=inf, unit="label",
    )  # fmt: skip
    yield Metric(
        kind=kind, name="label_mean", problems=regression, better=Better.NONE,
        low=-inf, high=inf, unit="label",
    )  # fmt: skip


ESTIMATED = {
    "roc_auc": (BINARY, MULTICLASS),
    "average_precision": (BINARY,),
    "f1": (BINARY, MULTICLASS),
    "precision": (BINARY,),
    "recall": (BINARY,),
    "specificity": (BINARY,),
    "accuracy": (BINARY, MULTICLASS),
    "business_value": (BINARY,),
    "mae": (REGRESSION,),
    "rmse": (REGRESSION,),
}
"""What is estimated before labels, and for which problems."""


def _estimated(realized: Iterable[Metric]) -> Iterator[Metric]:
    """List the estimates: each is of the nature of the number it stands for."""
    for one in realized:
        if one.name in ESTIMATED:
            yield Metric(
                kind=Kind.ESTIMATED, name=one.name, problems=ESTIMATED[one.name],
                better=one.better, low=one.low, high=one.high, unit=one.unit,
                label_free=True, from_scores=one.from_scores, no_skill=one.no_skill,
            )  # fmt: skip


def _fairness() -> Iterator[Metric]:
    kind, problems = Kind.FAIRNESS, (BINARY,)
    up, down = Better.HIGHER, Better.LOWER
    gaps = {
        "demographic_parity_gap": (down, 1.0, True),
        "demographic_parity_ratio": (up, 1.0, True),
        "equal_opportunity_gap": (down, 1.0, False),
        "equalized_odds_gap": (down, 1.0, False),
        "predictive_parity_gap": (down, 1.0, False),
        "calibration_gap": (down, 2.0, False),
        "estimated_equal_opportunity_gap": (down, 1.0, True),
        "estimated_equalized_odds_gap": (down, 1.0, True),
        "estimated_predictive_parity_gap": (down, 1.0, True),
    }
    for name, (better, high, label_free) in gaps.items():
        yield Metric(
            kind=kind, name=name, problems=problems, better=better, high=high,
            label_free=label_free,
        )  # fmt: skip
    rates = {
        "selection_rate": (Better.NONE, 0.0, True),
        "tpr": (up, 0.0, False),
        "fpr": (down, 0.0, False),
        "precision": (up, 0.0, False),
        "base_rate": (Better.NONE, 0.0, False),
        "calibration": (Better.NEARER_ZERO, -1.0, False),
    }
    for name, (better, low, label_free) in rates.items():
        yield Metric(
            kind=kind, name=name, problems=problems, better=better, low=low,
            label_free=label_free, per_group=True,
        )  # fmt: skip


def _service() -> Iterator[Metric]:
    kind, down = Kind.SERVICE, Better.LOWER
    yield Metric(
        kind=kind, name="volume", better=Better.HIGHER, high=math.inf, unit="rows",
        label_free=True,
    )  # fmt: skip
    for share in ("p50", "p95", "p99"):
        yield Metric(
            kind=kind, name=f"latency_{share}_seconds", better=down, high=math.inf,
            unit="seconds", label_free=True,
        )  # fmt: skip
    yield Metric(kind=kind, name="error_ratio", better=down, label_free=True)


def _drift() -> Iterator[Metric]:
    shares = (
        "jensen_shannon", "hellinger", "kolmogorov_smirnov", "l_infinity",
        "domain_classifier_auroc",
    )  # fmt: skip
    for name in shares:
        yield Metric(kind=Kind.DRIFT, name=name, better=Better.LOWER, label_free=True)
    for name in ("psi", "chi2", "wasserstein", "reconstruction_error"):
        yield Metric(
            kind=Kind.DRIFT, name=name, better=Better.LOWER, high=math.inf,
            label_free=True,
        )  # fmt: skip


def _table() -> tuple[Metric, ...]:
    realized = tuple(_realized())
    return (*realized, *_estimated(realized), *_fairness(), *_service(), *_drift())


METRICS = _table()
_BY_NAME = {(metric.kind, metric.name): metric for metric in METRICS}


def find_metric(kind: Kind | str, name: str) -> Metric | None:
    """Return the row of a metric; None where there is none of that name."""
    if (found := _BY_NAME.get((Kind(kind), name))) is not None:
        return None if found.is_family else found
    families = (m for m in METRICS if m.is_family and m.kind == kind)
    return next((m for m in families if name.startswith(m.name)), None)


def metric_of(kind: Kind | str, name: str) -> Metric:
    """Return the row of a metric.

    Raises:
        LookupError: If there is none of that name; it names the nearest there is.
    """
    found = find_metric(kind, name)
    if found is None:
        names = [m.name for m in METRICS if m.kind == kind]
        msg = f"no {kind} metric is called '{name}'{did_you_mean(name, names)}"
        raise LookupError(msg)
    return found


def metrics_for(kind: Kind | str, problem: str) -> list[Metric]:
    """Return the metrics measured for a problem, in the order of the table."""
    return [m for m in METRICS if m.kind == kind and problem in m.problems]


def comparison_metrics(problem: str) -> tuple[str, ...]:
    """Return what versions can be compared by; the first unless the contract says."""
    return tuple(m.name for m in METRICS if problem in m.compares)


def needs_labels(kind: Kind, metric: str) -> bool:
    """Whether a number is taken from labels, so that it waits for them."""
    if kind is Kind.FAIRNESS:
        found = find_metric(kind, metric)
        return found is None or not found.label_free
    return kind in {Kind.REALIZED, Kind.OUTCOME}


def loss(better: Better, value: float, expected: float) -> float:
    """Return by how much a value is worse than expected; negative when it is better.

    Of what is better nearer zero, how much farther from zero it lies, on either side.

    >>> loss(Better.NEARER_ZERO, -3.0, 1.0)
    2.0
    """
    if better is Better.NEARER_ZERO:
        return abs(value) - abs(expected)
    (sign,) = better.worse_signs
    return sign * (value - expected)


def loss_on_side(better: Better, value: float, expected: float, sign: int) -> float:
    """Return the loss on one of the sides a metric gets worse on: 1 above, -1 below."""
    if better is Better.NEARER_ZERO:
        return sign * value - abs(expected)
    return sign * (value - expected)


def did_you_mean(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return `; did you mean 'x'?` for the nearest of some names; empty for none near.

    Near is a likeness of `cutoff` or more, of 1 for equal names (`difflib`).

    >>> did_you_mean("roc_acu", ["mae", "roc_auc"])
    "; did you mean 'roc_auc'?"
    """
    by_small = {one.casefold(): one for one in names}
    near = get_close_matches(name.casefold(), by_small, n=1, cutoff=cutoff)
    return f"; did you mean '{by_small[near[0]]}'?" if near else ""
