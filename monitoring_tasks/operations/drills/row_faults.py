"""Known faults of whole rows: delivered twice, or not at all."""

from dataclasses import replace

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills.deliveries import Delivery, Terms


def duplicate_rows(delivery: Delivery, terms: Terms) -> Delivery:
    """Deliver a share `size` of the rows twice.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.
    """
    rows = delivery.predictions
    again = _some(terms, len(rows))
    positions = [*range(len(rows)), *again]
    twice = rows.iloc[positions].reset_index(drop=True)
    return replace(delivery, predictions=twice)


def volume_drop(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose a share `size` of the rows, any of them; at least one stays.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.
    """
    rows = delivery.predictions
    # A day without any row is another fault.
    lost = set(_some(terms, len(rows))[: len(rows) - 1])
    kept = [position for position in range(len(rows)) if position not in lost]
    return replace(delivery, predictions=rows.iloc[kept].reset_index(drop=True))


def partial_outage(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose every row of a share `size` of the categories of the first such column.

    Common and rare ones alike: at a half every second, from the most common one on.
    One is lost at least, and one is left.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the categories, 0..1; `example` says how common each
            is.

    Raises:
        NotApplicableError: If no categorical or segment column has two categories.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    for name in (*columns.categorical, *columns.segments):
        common = list(terms.example[name].value_counts().index)
        if len(common) > 1:
            count = min(len(common) - 1, max(1, round(terms.size * len(common))))
            lost = [common[turn * len(common) // count] for turn in range(count)]
            kept = rows[~rows[name].isin(lost)].reset_index(drop=True)
            return replace(delivery, predictions=kept)
    msg = "the day has no categorical column with two categories"
    raise NotApplicableError(msg)


def _some(terms: Terms, count: int) -> list[int]:
    """Pick a share `size` of the places, in chance's order."""
    chosen = terms.random.permutation(count)[: round(terms.size * count)]
    return [int(position) for position in chosen]
