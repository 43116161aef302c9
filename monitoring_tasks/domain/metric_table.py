"""Every metric: one row each. A new one is a row here and its formula in `estimate`."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.problems import Problem

BINARY, MULTICLASS = (Problem.BINARY,), (Problem.MULTICLASS,)
CLASSIFICATION, REGRESSION = (*BINARY, *MULTICLASS), (Problem.REGRESSION,)
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


def _realized() -> Iterator[Metric]:
    """List what labels tell; the first a problem is compared by is its main metric."""
    inf, kind = math.inf, Kind.REALIZED
    up, down = Better.HIGHER, Better.LOWER
    yield Metric(
        kind=kind, name="roc_auc", problems=BINARY, better=up, compares=BINARY,
        from_scores=True, is_rank=True, no_skill=0.5,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="accuracy", problems=CLASSIFICATION, better=up,
        compares=CLASSIFICATION,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="brier", problems=BINARY, better=down, compares=BINARY,
        from_scores=True,
    )  # fmt: skip
    for name in ("f1", "precision", "recall"):
        yield Metric(kind=kind, name=name, problems=CLASSIFICATION, better=up)
    yield Metric(kind=kind, name="specificity", problems=BINARY, better=up)
    yield Metric(
        kind=kind, name="average_precision", problems=BINARY, better=up,
        from_scores=True, is_rank=True,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="log_loss", problems=BINARY, better=down, high=inf,
        from_scores=True,
    )  # fmt: skip
    yield Metric(
        kind=kind, name="calibration_error", problems=BINARY, better=down,
        from_scores=True,
    )  # fmt: skip
    yield Metric(kind=kind, name="positive_rate", problems=BINARY, better=Better.NONE)
    yield Metric(
        kind=kind, name="business_value", problems=BINARY, better=up, low=-inf,
        high=inf, unit="value",
    )  # fmt: skip
    yield Metric(
        kind=kind, name=LABEL_RATE, problems=MULTICLASS, better=Better.NONE,
        is_family=True,
    )  # fmt: skip
    for name in ("mae", "rmse"):
        yield Metric(
            kind=kind, name=name, problems=REGRESSION, better=down, high=inf,
            unit="label", compares=REGRESSION,
        )  # fmt: skip
    for name in ("mse", "rmsle"):
        yield Metric(kind=kind, name=name, problems=REGRESSION, better=down, high=inf)
    yield Metric(
        kind=kind, name="bias", problems=REGRESSION, better=Better.NEARER_ZERO,
        low=-inf, high=inf, unit="label",
    )  # fmt: skip
    yield Metric(
        kind=kind, name="label_mean", problems=REGRESSION, better=Better.NONE,
        low=-inf, high=inf, unit="label",
    )  # fmt: skip


ESTIMATED = {
    "roc_auc": CLASSIFICATION,
    "average_precision": BINARY,
    "f1": CLASSIFICATION,
    "precision": BINARY,
    "recall": BINARY,
    "specificity": BINARY,
    "accuracy": CLASSIFICATION,
    "business_value": BINARY,
    "mae": REGRESSION,
    "rmse": REGRESSION,
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
    kind, problems = Kind.FAIRNESS, BINARY
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
            kind=kind, name=name, problems=BINARY, better=either, label_free=True,
        )  # fmt: skip
    for family in (CLASS_SCORE, CLASS_RATE):
        yield Metric(
            kind=kind, name=family, problems=MULTICLASS, better=either,
            label_free=True, is_family=True,
        )  # fmt: skip
    yield Metric(
        kind=kind, name=PREDICTION_MEAN, problems=REGRESSION, better=either,
        low=-inf, high=inf, unit="label", label_free=True,
    )  # fmt: skip


def _table() -> tuple[Metric, ...]:
    realized = tuple(_realized())
    without_labels = (*_service(), *_drift(), *_output())
    return (*realized, *_estimated(realized), *_fairness(), *without_labels)


METRICS = _table()
