"""What a day means, and what was done about it."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.standing_warnings import NO_WARNINGS, DayWarnings

MAX_REASONS = 8
"""A decision says no more than so many sentences."""


class Severity(StrEnum):
    """How much it matters; P0 most."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Cause(StrEnum):
    """Where the trouble comes from; only `model` can lead to a rollback."""

    DATA = "data"
    INTEGRATION = "integration"
    COMMON_CAUSE = "common_cause"
    MODEL = "model"
    COVARIATE_DRIFT = "covariate_drift"
    CONCEPT_DRIFT = "concept_drift"
    LABEL_QUALITY = "label_quality"
    SEGMENT = "segment"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """What is remembered of an earlier day when a later one is decided.

    Attributes:
        day: The calendar day.
        version: The version most rows were scored with.
        verdict: The verdict of the day.
        performance: Worst verdict of the day's performance objectives alone.
        confirmed: Whether a breach had lasted long enough to act on.
        corrupted: In what its rows looked corrupted: statement and column.
        damaged_columns: The columns of these that are unlike the reference and the
            days before, whichever statement shows it.
        warnings: What it warned of that broke no promise.
        onset: First bad day of the run of bad days it was part of, however long.
        version_since: First day of the run of its version; None where nobody knows.
        label_share: Share of its rows whose label was known.
        label_faults: In what its labels were unlike those of days before: statement and
            segment.
        is_release_sound: Whether its labels showed that the version that served is not
            worse than what it replaced.
    """

    day: date
    version: str
    verdict: Verdict
    performance: Verdict
    confirmed: bool = False
    corrupted: frozenset[tuple[str, str]] = frozenset()
    damaged_columns: frozenset[str] = frozenset()
    warnings: DayWarnings = NO_WARNINGS
    onset: date | None = None
    version_since: date | None = None
    label_share: float = 1.0
    label_faults: frozenset[tuple[str, str]] = frozenset()
    is_release_sound: bool = False

    @property
    def has_rows(self) -> bool:
        """Whether it had rows that count: excluded days and empty ones do not."""
        is_excluded = self.verdict is Verdict.EXCLUDED
        return not is_excluded and bool(self.version or self.corrupted)


GROUNDS = "chosen_by"
"""In the evidence of a decision: keys of what chose the cause."""
ONSET = "onset"
"""In the evidence of a decision: first day of the run of days that broke a promise."""
FIRST_GUESS = "is_first_guess"
"""In `evidence`: that the cause rests on a single day."""
BLAMED = "blamed"
"""Names the version to blame, where it need not be the one that most rows have."""
RELEASE_IS_SOUND = "release_is_sound"
"""In the evidence of a decision: `PastDay.is_release_sound`."""
FROM_LABELS = "from_labels"
"""In the evidence of a decision: whether labels say what is wrong, not an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a day means and what should be done about it.

    Attributes:
        verdict: The day as a whole.
        performance: Worst verdict of the performance objectives alone.
        confirmed: Whether a breach has lasted long enough to act on.
        reasons: Sentences a person understands, most important first.
        severity: How much it matters; None when nobody must act.
        cause: Where the trouble comes from; None when there is none.
        rollback_to: Version to put back; None when a rollback is not the remedy.
        evidence: Numbers behind the decision, JSON only.
        reason_codes: What each of the reasons is, in their order, to count and filter
            by; empty for days decided before codes were kept.
    """

    verdict: Verdict
    performance: Verdict
    confirmed: bool
    reasons: tuple[str, ...]
    severity: Severity | None = None
    cause: Cause | None = None
    rollback_to: str | None = None
    evidence: JsonObject = field(default_factory=dict)
    reason_codes: tuple[ReasonCode, ...] = ()

    def with_reason(self, code: ReasonCode, text: str) -> Self:
        """Return the decision with one more reason, the last of `MAX_REASONS` at most.

        Args:
            code: What the reason is.
            text: One sentence.
        """
        # The last place is kept for it: a full list would swallow a warning.
        most = MAX_REASONS - 1
        return replace(
            self,
            reasons=(*self.reasons[:most], text),
            reason_codes=(*self.reason_codes[:most], code),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What was done about a day, or what would have been done.

    Attributes:
        kind: `none`, `incident`, `rollback`, `refused`, `proposed` or `would_rollback`.
        text: One sentence.
        incident: The incident it belongs to.
    """

    kind: str
    text: str
    incident: str | None = None

    @property
    def needs_person(self) -> bool:
        """Whether there is an incident to look at, or would be one."""
        return self.incident is not None or self.kind.startswith("would_")
