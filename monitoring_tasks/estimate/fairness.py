"""How a day's decisions fall on the groups of a protected attribute."""

from dataclasses import dataclass
from functools import partial

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import BinaryOutcome, DayProfile
from monitoring_tasks.estimate.cells import cells_of
from monitoring_tasks.estimate.intervals import difference, wilson

Make = partial[Measurement]
UNKNOWN = "unknown"
RATES = ("selection_rate", "tpr", "fpr", "precision")
GAPS = {
    "demographic_parity_gap": "selection_rate",
    "equal_opportunity_gap": "tpr",
}
"""Gap -> the rate whose largest difference between two groups it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """A rate of one group: hits among counting rows, out of the group's rows."""

    segment: str
    hits: float
    counting: float
    group_rows: int

    @property
    def value(self) -> float:
        return self.hits / self.counting


def measure_fairness(
    profiles: list[DayProfile], column: str, *, min_rows: int, confidence: float
) -> list[Measurement]:
    """Measure each group's rates and the largest gaps between groups.

    Args:
        profiles: One day's profiles of one version, one a group; those of other
            columns are passed over. A binary model.
        column: The protected attribute; its segments are `column=value`.
        min_rows: Smaller groups get no value. `selection_rate` counts the decided
            rows of the group, the other rates its labelled ones.
        confidence: Level of the intervals, 0..1.

    Returns:
        Kind `fairness`. Per group `selection_rate`, `tpr`, `fpr`, `precision` with
        Wilson intervals; over all groups `demographic_parity_gap` (selection rates)
        and `equal_opportunity_gap` (tpr): highest less lowest, with Newcombe's
        interval of that pair. The group `unknown` is reported and not compared. The
        pair is chosen after looking, so with many groups the gap is biased upwards.
    """
    groups = [p for p in profiles if p.segment.startswith(f"{column}=")]
    shares = {rate: [_share(group, rate) for group in groups] for rate in RATES}
    make = partial(
        Measurement,
        kind=Kind.FAIRNESS,
        column=column,
        version=groups[0].version if groups else "",
    )
    measured = [
        _rate(share, partial(make, metric=rate), min_rows, confidence=confidence)
        for rate in RATES
        for share in shares[rate]
    ]
    for gap, rate in GAPS.items():
        compared = [
            share
            for share in shares[rate]
            if share.segment != f"{column}={UNKNOWN}"
            and not _too_little(share, min_rows)
        ]
        measured.append(_gap(compared, partial(make, metric=gap), confidence))
    return measured


def _share(group: DayProfile, rate: str) -> _Share:
    """Count a rate in one group; of a model that is not binary there is nothing."""
    outcome = group.outcome
    if not isinstance(outcome, BinaryOutcome):
        outcome = BinaryOutcome()
    cells = cells_of(outcome).decided
    if rate != "selection_rate":
        cells = cells.labelled
    chosen, positive = cells.predicted == 1, cells.label == 1
    hit, of = {
        "selection_rate": (chosen, chosen | ~chosen),
        "tpr": (chosen & positive, positive),
        "fpr": (chosen & ~positive, ~positive),
        "precision": (chosen & positive, chosen),
    }[rate]
    return _Share(
        segment=group.segment,
        hits=float(cells.rows[hit].sum()),
        counting=float(cells.rows[of].sum()),
        group_rows=int(cells.total),
    )


def _too_little(share: _Share, min_rows: int) -> str:
    if share.group_rows < min_rows:
        return f"{share.group_rows} rows are fewer than {min_rows}"
    return "" if share.counting else "no row of the group counts"


def _rate(
    share: _Share, make: Make, min_rows: int, *, confidence: float
) -> Measurement:
    make = partial(make, segment=share.segment, rows=int(share.counting))
    if reason := _too_little(share, min_rows):
        return make(reason=reason)
    lower, upper = wilson(share.hits, share.counting, confidence=confidence)
    return make(value=share.value, lower=lower, upper=upper)


def _gap(shares: list[_Share], make: Make, confidence: float) -> Measurement:
    make = partial(make, rows=sum(int(share.counting) for share in shares))
    if len(shares) < 2:  # noqa: PLR2004 (a gap lies between two groups)
        return make(reason="fewer than two groups are large enough to compare")
    high = max(shares, key=lambda share: share.value)
    low = min(shares, key=lambda share: share.value)
    lower, upper = difference(
        (high.hits, high.counting), (low.hits, low.counting), confidence=confidence
    )
    return make(
        value=high.value - low.value,
        lower=lower,
        upper=upper,
        reason=f"{high.segment} over {low.segment}",
    )
