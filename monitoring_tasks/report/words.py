"""How numbers and verdicts are written on a page; the glossary.

Percent exists here only; everything else in Daywatch holds ratios.
"""

import math
from datetime import UTC, datetime

from markupsafe import Markup

from monitoring_tasks.domain.findings import Limit, Measurement, Verdict
from monitoring_tasks.domain.metrics import in_percent
from monitoring_tasks.domain.trust import TrustVerdict
from monitoring_tasks.statistics.burn_rate import SloState

NO_VALUE = "no value"
SYMBOLS = {
    Verdict.OK: "✓",
    Verdict.EXCLUDED: "-",
    Verdict.IMMATURE: "…",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NO_DATA: "∅",
    Verdict.WARN: "▲",
    Verdict.ERROR: "!",
    Verdict.BREACH: "✖",
}
NOT_DECIDED = "○"
SLO_LOOKS = {
    SloState.MET: Verdict.OK,
    SloState.AT_RISK: Verdict.WARN,
    SloState.EXHAUSTED: Verdict.BREACH,
    SloState.INSUFFICIENT: Verdict.INCONCLUSIVE,
}
"""An SLO is shown like the verdict it is closest to."""
TRUST_LOOKS = {
    TrustVerdict.TRUSTED: Verdict.OK,
    TrustVerdict.DEMOTED: Verdict.WARN,
    TrustVerdict.UNTESTED: Verdict.INCONCLUSIVE,
}
"""So is an estimator."""
MEANINGS = {
    Verdict.OK: "Something was measured and lies within its limits.",
    Verdict.EXCLUDED: "The contract says this day or number is not judged.",
    Verdict.IMMATURE: "Too few labels have arrived yet; the day is judged again.",
    Verdict.INCONCLUSIVE: "The interval reaches over the limit: it may be either.",
    Verdict.NO_DATA: "There was too little to measure. This is not a good sign.",
    Verdict.WARN: "Worth a look; nobody is paged.",
    Verdict.ERROR: "The monitor itself failed; the day was not judged.",
    Verdict.BREACH: "The whole interval lies beyond the limit: a promise is broken.",
}


LONGEST_TEXT = 1000
"""Characters of one text on a page."""


def brief(value: object, most: int = LONGEST_TEXT) -> object:
    """Return a long text shortened, and by how much; anything else as it is.

    Control characters become visible marks: some browsers stop reading at them.

    Args:
        value: Whatever a template prints.
        most: How many characters are kept, >= 1.

    >>> brief("abcdef", most=3)
    'abc… (3 characters more)'
    """
    # Markup is made here; all that comes from data is plain text.
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    kept = "".join(
        c if c.isprintable() or c in "\n\t" else "\ufffd" for c in value[:most]
    )
    left = len(value) - most
    return f"{kept}… ({left} characters more)" if left > 0 else kept


def number(value: float | None) -> str:
    """Write a number with as many digits as a reader can use.

    >>> [number(v) for v in (None, 0.75123, 12345.6, 3.0, 0.00012)]
    ['no value', '0.751', '12,346', '3', '0.00012']
    """
    if value is None:
        return NO_VALUE
    size = abs(value)
    if float(value).is_integer() or size >= 1000:  # noqa: PLR2004 (digits no one reads)
        return f"{value:,.0f}"
    if size < 0.01:  # noqa: PLR2004 (three decimals would say 0)
        return f"{value:.2g}"
    # Three digits that count, wherever the point stands.
    decimals = max(0, 3 - max(0, math.floor(math.log10(size)) + 1))
    return f"{value:.{max(decimals, 1)}f}"


def percent(ratio: float | None) -> str:
    """Write a ratio as percent.

    >>> percent(0.0123)
    '1.2 %'
    """
    if ratio is None:
        return NO_VALUE
    digits = 2 if 0 < abs(ratio) < 0.001 else 1  # noqa: PLR2004 (below 0.1 %)
    return f"{100 * ratio:.{digits}f} %"


def shown(metric: str, value: float | None) -> str:
    """Return the value of a metric as the table of metrics says it is read.

    Args:
        metric: Its name.
        value: A ratio where the metric is one; None where there is no number.
    """
    return percent(value) if in_percent(metric) else number(value)


def interval(measurement: Measurement) -> str:
    """Return the interval of a number; a dash when it has none."""
    if measurement.lower is None or measurement.upper is None:
        return "-"
    metric = measurement.metric
    return f"{shown(metric, measurement.lower)} to {shown(metric, measurement.upper)}"


def limit(metric: str, span: Limit | None) -> str:
    """Return what a number may be, in words.

    Args:
        metric: Its name.
        span: Its limits; None where there are none.

    >>> limit("roc_auc", Limit(low=0.7))
    'at least 0.700'
    """
    if span is None or (span.low is None and span.high is None):
        return "none"
    parts = []
    if span.low is not None:
        parts.append(f"at least {shown(metric, span.low)}")
    if span.high is not None:
        parts.append(f"at most {shown(metric, span.high)}")
    return ", ".join(parts)


def instant(at: datetime) -> str:
    """Write an instant, in UTC, to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def plain(name: str) -> str:
    """Write a stored word as words.

    >>> plain("covariate_drift")
    'covariate drift'
    """
    return name.replace("_", " ")
