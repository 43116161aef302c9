"""What a model's judged days really saw, beside what its limits promise."""

from typing import Any

import numpy as np
from scipy.special import gammaincinv

from monitoring_tasks.compare.alarm_rates import YEAR
from monitoring_tasks.compare.limit_basis import LimitBasis, verdict_codes
from monitoring_tasks.compare.simulated_codes import BREACH
from monitoring_tasks.compare.simulated_pages import openings
from monitoring_tasks.domain.findings import FIT


def achieved(basis: LimitBasis) -> dict[str, Any]:
    """Count what the model's judged days saw: real trouble and chance together."""
    policy = basis.contract.policy
    rows = [
        row
        for row in basis.evaluations
        if row.data_verdict in FIT and row.day not in policy.excluded_days
    ]
    codes = verdict_codes(rows)
    confirmed = np.array([[bool(row.confirmed) for row in rows]], dtype=bool)
    pages = openings(confirmed, codes, policy.recovery_days)
    counts = {
        "breaches": int((codes == BREACH).sum()),
        "confirmed": int(confirmed.sum()),
        "pages": int(pages.sum()),
    }
    years = len(rows) / YEAR
    return {
        "days": len(rows),
        "versions": sorted({str(row.version) for row in rows}),
        **{name: _yearly(count, years) for name, count in counts.items()},
    }


def _yearly(count: int, years: float) -> dict[str, float]:
    """Return a count a year with Garwood's exact interval for a Poisson count."""
    # Half a chi-squared's quantile, which has none at 0 degrees of freedom.
    low = gammaincinv(count, 0.025) if count else 0.0
    high = gammaincinv(count + 1, 0.975)
    return {
        "count": count,
        "per_year": count / years,
        "lower": float(low) / years,
        "upper": float(high) / years,
    }
