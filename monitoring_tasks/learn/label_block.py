"""How far a day's labels have come, and what the early ones were worth."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.statistics.arrival_curve import Arrived
from monitoring_tasks.statistics.daily_errors import DailyErrors

PROVISIONAL = "provisional_"
"""Before the name of a metric: its value on early, reweighted labels."""
Errors = Mapping[tuple[str, str], DailyErrors]
"""How far numbers on early labels lay from the final ones, by version and metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyLine:
    """One promised number: on early labels, and on those known now.

    Attributes:
        metric: Name of the metric.
        early: On early labels, weighted to stand for all rows; None when the day was
            never measured on early labels.
        early_labelled: Labels it was made from.
        known: On the labels known now, as they are; None when there is no number.
        is_final: Whether the labels known now are enough to believe `known`.
        errors: How far early, unweighted numbers lay from final ones on the days
            before; None when nobody knows.
    """

    metric: str
    early: Measurement | None
    early_labelled: int
    known: Measurement | None
    is_final: bool
    errors: DailyErrors | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelBlock:
    """The labels of a day's main version.

    Attributes:
        rows: Rows of the day.
        labelled: Those of them whose label is known.
        needed: Share of the rows from which the day is mature, 0..1.
        expected: Share that will be known in the end, 0..1; None if not measured.
        shortfall: By how much fewer are known than usual at this age, -1..1.
        overdue: Latest days whose labels stay away as on hardly any day before.
        arrival: Share known so many days after a day; empty when nobody knows.
        lines: One a promised number.
        remark: Why there are no early values, if there cannot be any.
        last: The newest day up to this one whose labels tell how the model did.
    """

    rows: int
    labelled: int
    needed: float
    expected: Measurement | None = None
    shortfall: Measurement | None = None
    overdue: Measurement | None = None
    arrival: tuple[Arrived, ...] = ()
    lines: tuple[EarlyLine, ...] = ()
    remark: str = ""
    last: LabelledDay | None = None

    @property
    def share(self) -> float | None:
        """Share of the rows whose label is known; None without rows."""
        return self.labelled / self.rows if self.rows else None

    @property
    def is_mature(self) -> bool:
        """Whether enough labels are known to believe realized numbers."""
        return self.rows > 0 and self.labelled >= self.needed * self.rows


def label_block(
    contract: Contract,
    measurements: Sequence[Measurement],
    *,
    evaluation: Evaluation,
    first_numbers: Sequence[DatedNumber] = (),
    arrival: Sequence[Arrived] = (),
    errors: Errors | None = None,
    last: LabelledDay | None = None,
) -> LabelBlock:
    """Return how far a day's labels have come, and what early ones were worth.

    Args:
        contract: Says what is promised, and when a day is mature.
        measurements: The numbers of the evaluation the block is about.
        evaluation: The day, as it was known when it was judged.
        first_numbers: Numbers on early labels as the day was first judged; they stand
            in where the evaluation itself has none any more.
        arrival: See `statistics.arrival_curve.arrival_curve`.
        errors: See `statistics.label_maturity.provisional_error`.
        last: The newest day that has enough labels.
    """
    version, labelled = evaluation.version or "", evaluation.labelled or 0
    numbers = {
        (number.kind, number.metric): number
        for number in measurements
        if (number.version, number.segment, number.column, number.horizon)
        == (version, "all", "", 1)
    }
    early_numbers = {
        dated.measurement.metric: dated
        for dated in first_numbers
        if dated.measurement.version == version and dated.measurement.segment == "all"
    }
    block = LabelBlock(
        rows=evaluation.rows,
        labelled=labelled,
        needed=contract.policy.label_coverage,
        expected=numbers.get((Kind.LABELS, "label_coverage_expected")),
        shortfall=numbers.get((Kind.LABELS, "label_coverage_shortfall")),
        overdue=numbers.get((Kind.LABELS, "label_overdue_days")),
        arrival=tuple(arrival),
        remark=_remark(contract),
        last=last,
    )
    lines = tuple(
        _early_line(
            metric,
            block,
            numbers,
            first=early_numbers.get(PROVISIONAL + metric),
            errors=(errors or {}).get((version, metric)),
        )
        for metric in _promised(contract)
    )
    return replace(block, lines=lines)


def _early_line(
    metric: str,
    block: LabelBlock,
    numbers: Mapping[tuple[Kind, str], Measurement],
    *,
    first: DatedNumber | None,
    errors: DailyErrors | None,
) -> EarlyLine:
    early = numbers.get((Kind.LABELS, PROVISIONAL + metric))
    return EarlyLine(
        metric=metric,
        # A mature day has no early numbers any more; its first judgement has.
        early=early or (first.measurement if first else None),
        early_labelled=block.labelled if early or not first else first.labelled,
        known=numbers.get((Kind.REALIZED, metric)),
        is_final=block.is_mature,
        errors=errors,
    )


def _promised(contract: Contract) -> list[str]:
    """Return the realized metrics promised of all rows, each once, in order."""
    metrics = (
        objective.metric
        for objective in contract.objectives
        if objective.source == Kind.REALIZED.value and objective.segment == "all"
    )
    return list(dict.fromkeys(metrics))


def _remark(contract: Contract) -> str:
    if contract.problem is Problem.BINARY:
        return ""
    return (
        f"early labels of a {contract.problem} model are not weighted: their numbers "
        "say nothing of the rows still to come"
    )


def as_plain(block: LabelBlock) -> JsonObject:
    """Return a block as plain JSON, with its share and whether it is mature."""
    return asdict(block) | {"share": block.share, "is_mature": block.is_mature}
