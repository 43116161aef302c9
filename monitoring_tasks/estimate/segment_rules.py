"""Which rows a segment holds, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.texts import escaped_text

MOST_NAMED = 6
"""Categories written out in a rule; the others are counted."""
Ranks = Mapping[str, float]
"""Category -> its rank by mean loss, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The values of one feature that lead to a leaf: above `low`, up to `high`."""

    low: float = -np.inf
    high: float = np.inf
    unknown: bool = True


def rule_of(name: str, span: Span, ranks: Ranks | None, has_unknown: bool) -> str:  # noqa: FBT001 (a fact, not a switch)
    """Write out which values of a feature lead to a segment.

    Args:
        name: The feature.
        span: Its values, or the ranks of its categories.
        ranks: Category -> rank; None of a number.
        has_unknown: Whether some rows have no value there.
    """
    if ranks is not None:
        inside = {c for c, rank in ranks.items() if span.low < rank <= span.high}
        text = _of_categories(name, inside, set(ranks) - inside)
    elif np.isinf(span.low):
        text = f"{name} <= {_figure(span.high)}"
    elif np.isinf(span.high):
        text = f"{name} > {_figure(span.low)}"
    else:
        text = f"{_figure(span.low)} < {name} <= {_figure(span.high)}"
    return f"({text} or unknown)" if span.unknown and has_unknown else text


def _of_categories(name: str, inside: set[str], outside: set[str]) -> str:
    """Name the fewer ones."""
    word, named = ("in", inside)
    if len(outside) < len(inside):
        word, named = ("not in", outside)
    shown = [escaped_text(category) for category in sorted(named)[:MOST_NAMED]]
    hidden = len(named) - len(shown)
    ending = f" and {hidden} more" if hidden else ""
    return f"{name} {word} {{{', '.join(shown)}{ending}}}"


def _figure(value: float) -> str:
    """Write an edge with six digits.

    >>> _figure(1200.0), _figure(0.25)
    ('1,200', '0.25')
    """
    return f"{value:,.6g}"
