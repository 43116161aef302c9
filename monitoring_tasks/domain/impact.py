"""What a day's trouble touches: everything that its severity is chosen from."""

from dataclasses import dataclass
from enum import IntEnum

from monitoring_tasks.domain.decisions import Severity


class Level(IntEnum):
    """How sure and how far a promise is broken; the larger the worse."""

    NONE = 0
    TREND = 1
    """A warning, or a breach that is not confirmed."""
    WARNING = 2
    """Warnings that last, or a breach that only the slow rule confirms."""
    BEYOND_DOUBT = 3
    """Not confirmed, but so far past the limit that one day is enough."""
    CONFIRMED = 4
    """Past the limit, confirmed."""
    HARD = 5
    """The whole interval past the hard limit, or worse than no model at all."""


class DataLevel(IntEnum):
    """What is wrong with the batch; the larger the worse."""

    FIT = 0
    ODD = 1
    """Part of the rows, or the labels, look damaged today."""
    CORRUPTED = 2
    """The same for days, or as a promise breaks; the batch is fit all the same."""
    HELD = 3
    """A critical check failed, and consumers do not get the batch."""
    USED = 4
    """A critical check failed, and consumers have got the batch."""
    WRONG_POPULATION = 5
    """The rows are of another kind than the reference, and consumers have got them."""


class PipelineLevel(IntEnum):
    """Whether there was anything to judge; the larger the worse."""

    RUNS = 0
    BLIND = 1
    """Nothing could be judged today, the wrong version served, or labels stay away."""
    BLIND_AGAIN = 2
    """Nor on most of the latest days."""


class DriftLevel(IntEnum):
    """What numbers that moved and break no promise mean; the larger the worse."""

    NONE = 0
    SEEN = 1
    """They have been past their limits on most of the latest days."""
    LASTS = 2
    """Far past or for long, and nothing shows that it is harmless."""
    PREDICTS_LOSS = 3
    """They last, and the scores predict a loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everything that severity is chosen from.

    Attributes:
        tier: 1 (business critical) to 3.
        performance: Of what is promised of the whole batch and of open segments.
        fairness: Of what is promised of protected groups.
        data: What is wrong with the batch.
        pipeline: Whether there was anything to judge.
        drift: What drift means.
        rows: Rows that are touched; None when nobody counted.
        share_of_rows: The same as a share of the day's rows; None is treated as all.
        streak: Valid days of unbroken breach up to today.
        common_models: Models whose breach has the same cause, this one included; 0
            when the cause is its own.
        common_tier_one: Those of them in tier 1.
        exhausted: Objectives over many days whose budget is gone.
        action_regressed: Whether the version that breaches was put back by Daywatch.
        value_lost: Business value lost on the day; None when nobody knows.
    """

    tier: int
    performance: Level = Level.NONE
    fairness: Level = Level.NONE
    data: DataLevel = DataLevel.FIT
    pipeline: PipelineLevel = PipelineLevel.RUNS
    drift: DriftLevel = DriftLevel.NONE
    rows: int | None = None
    share_of_rows: float | None = None
    streak: int = 0
    common_models: int = 0
    common_tier_one: int = 0
    exhausted: tuple[str, ...] = ()
    action_regressed: bool = False
    value_lost: float | None = None

    @property
    def is_protected(self) -> bool:
        """Whether a promise to protected groups is broken."""
        return self.fairness >= Level.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRow:
    """One row of the table that applies, and the severity it asks for."""

    rule: str
    severity: Severity
    why: str
