"""Shares with their intervals. Pure.

Wilson's score interval (1927, JASA 22, 209-212).
"""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from benchmarks.judgement.score import Interval

Z = 1.959964
"""Of 95 %."""


def wilson(hits: int, tries: int) -> Interval:
    """Return a share with its interval; of no try nothing is known."""
    if tries == 0:
        return Interval(value=math.nan, lower=0.0, upper=1.0)
    share, part = hits / tries, Z * Z / tries
    middle = (share + part / 2) / (1 + part)
    reach = math.sqrt(share * (1 - share) * part + part * part / 4) / (1 + part)
    return Interval(
        value=share,
        lower=max(0.0, middle - reach),
        upper=min(1.0, middle + reach),
        count=hits,
        of=tries,
    )


def share_of(answers: Iterable[bool]) -> dict[str, Any]:
    """Return how many of some answers are yes, with the interval, as plain numbers."""
    said = list(answers)
    return asdict(wilson(sum(said), len(said)))
