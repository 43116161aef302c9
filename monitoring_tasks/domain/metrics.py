"""What is known of every metric: one row each, and every question asked of the rows.

A new metric is a row here and its formula in `estimate`.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.texts import did_you_mean

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
"""The values of `contract.Problem`, which rests on this table."""
EVERY = (BINARY, MULTICLASS, REGRESSION)
LABEL_RATE = "label_rate_"
"""Before the name of a class: its share among the labels."""
DECISION_RATE = "decision_rate"
"""Share of the rows that are decided to be positive."""
CLASS_RATE = f"{DECISION_RATE}_"
"""Before the name of a class: the share of the rows that are predicted to be of it."""
PROMISED = "promised_"
"""Before the name of a metric: what the scores alone say it is."""
SCORE_MEAN = "score_mean"
PREDICTION_MEAN = "prediction_mean"
CLASS_SCORE = f"{SCORE_MEAN}_"
"""Before the name of a class: the mean of its scores."""


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
        is_rank: Whether only the order of the scores counts for it.
        no_skill: Its value for scores that know nothing; None where that depends.
        is_family: Whether there is one a class, named `<name><class>`.
        in_percent: Whether people read it in percent.
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
    is_rank: bool = False
    no_skill: float | None = None
    is_family: bool = False
    in_percent: bool = False

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
        from_scores=True, is_rank=True, no_skill=0.5,
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
        from_scores=True, is_rank=True,
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
    for metric in realized:
        if metric.name in ESTIMATED:
            yield replace(
                metric, kind=Kind.ESTIMATED, problems=ESTIMATED[metric.name],
                label_free=True, compares=(),
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
            label_free=label_free, in_percent=name == "demographic_parity_ratio",
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
    yield Metric(
        kind=kind, name="error_ratio", better=down, label_free=True, in_percent=True
    )


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


def _output() -> Iterator[Metric]:
    """List how outputs lie; neither direction is better."""
    kind, either, inf = Kind.OUTPUT, Better.NONE, math.inf
    for name in (SCORE_MEAN, DECISION_RATE):
        yield Metric(
            kind=kind, name=name, problems=(BINARY,), better=either, label_free=True,
        )  # fmt: skip
    for family in (CLASS_SCORE, CLASS_RATE):
        yield Metric(
            kind=kind, name=family, problems=(MULTICLASS,), better=either,
            label_free=True, is_family=True,
        )  # fmt: skip
    yield Metric(
        kind=kind, name=PREDICTION_MEAN, problems=(REGRESSION,), better=either,
        low=-inf, high=inf, unit="label", label_free=True,
    )  # fmt: skip


def _table() -> tuple[Metric, ...]:
    realized = tuple(_realized())
    without_labels = (*_service(), *_drift(), *_output())
    return (*realized, *_estimated(realized), *_fairness(), *without_labels)


METRICS = _table()
_BY_NAME = {(metric.kind, metric.name): metric for metric in METRICS}


def find_metric(kind: Kind | str, name: str) -> Metric | None:
    """Return the row of a metric; None where there is none of that name.

    Args:
        kind: What the number is measured from.
        name: Name of the metric; of a family with the class at its end.
    """
    # A family's bare name, without a class, is the name of no number.
    if (metric := _BY_NAME.get((Kind(kind), name))) is not None:
        return None if metric.is_family else metric
    families = (m for m in METRICS if m.is_family and m.kind == kind)
    return next((m for m in families if name.startswith(m.name)), None)


def metric_of(kind: Kind | str, name: str) -> Metric:
    """Return the row of a metric.

    Args:
        kind: What the number is measured from.
        name: Name of the metric; of a family with the class at its end.

    Raises:
        LookupError: If there is none of that name; it names the nearest there is.
    """
    metric = find_metric(kind, name)
    if metric is None:
        names = [m.name for m in METRICS if m.kind == kind]
        msg = f"no {kind} metric is called '{name}'{did_you_mean(name, names)}"
        raise LookupError(msg)
    return metric


def metrics_for(kind: Kind | str, problem: str) -> list[Metric]:
    """Return the metrics measured for a problem, in the order of the table.

    Args:
        kind: What the numbers are measured from.
        problem: A value of `Problem`.
    """
    return [m for m in METRICS if m.kind == kind and problem in m.problems]


def comparison_metrics(problem: str) -> tuple[str, ...]:
    """Return what versions can be compared by; the first unless the contract says."""
    return tuple(m.name for m in METRICS if problem in m.compares)


def in_percent(name: str) -> bool:
    """Whether people read the values of a metric in percent, of whatever kind it is."""
    return any(m.in_percent for m in METRICS if m.name == name)


def needs_labels(kind: Kind, metric: str) -> bool:
    """Whether a number is taken from labels, so that it waits for them.

    Args:
        kind: What the number is measured from.
        metric: Name of the metric.
    """
    if kind is Kind.FAIRNESS:
        row = find_metric(kind, metric)
        # Of what the table does not know nothing may be said before its labels.
        return row is None or not row.label_free
    return kind in {Kind.REALIZED, Kind.OUTCOME}
