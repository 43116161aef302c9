"""What triage is given, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.scope import Scope
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.reasons import Reason, ReasonCode


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingCorruption:
    """A statement about the rows that fails today and has for days.

    Attributes:
        check: Today's statement.
        days: On how many of the latest days it failed, today included.
        onset: First day of its run, however long.
    """

    check: Check
    days: int
    onset: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms(DayFacts):
    """A day in trouble: its facts, and what they say beside the days before.

    Attributes:
        version_since: First day on which its version served; None where its run
            reaches the oldest day remembered.
        seen_since: First day of its run that is remembered.
        onset: First bad day of the episode's run of bad days, however long.
        scope: What is broken.
        corruption: Statements about its rows that fail, and have for days.
        lasting_label_faults: In what its labels are unlike the days before, lasting or
            gross.
    """

    version_since: date | None
    seen_since: date
    onset: date
    scope: Scope
    corruption: Sequence[LastingCorruption] = ()
    lasting_label_faults: Sequence[LastingCorruption] = ()

    @property
    def is_measured(self) -> bool:
        """Whether any other version could be measured on the same rows."""
        return any(c.gain is not None for c in self.comparisons)

    @property
    def days_before_onset(self) -> int:
        """Days the version served, at least, before the trouble began."""
        return max((self.onset - self.seen_since).days, 0)

    @property
    def service(self) -> str:
        """How long the version had served by then, as a sentence."""
        return (
            f"version {self.version} served for {self.days_before_onset} days or more "
            "before the trouble began"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A cause, why, and the version that would be better, if one is proven.

    Attributes:
        cause: Where the trouble comes from.
        reason: Why, with its sentence and its numbers.
        rollback_to: Version to put back; only of cause `model`.
        evidence: Keys of the findings, and names of the facts, that chose the cause.
        blamed: The version that is to blame, where it need not be the one that most
            rows have; else empty.
        is_guess: Whether it rests on a single day.
    """

    cause: Cause
    reason: Reason
    rollback_to: str | None = None
    evidence: tuple[str, ...] = ()
    blamed: str = ""
    is_guess: bool = False

    @classmethod
    def of(
        cls,
        cause: Cause,
        code: ReasonCode,
        evidence: tuple[str, ...],
        *,
        rollback_to: str | None = None,
        blamed: str = "",
        **numbers: object,
    ) -> Self:
        """Return the diagnosis whose reason is said by its code and its numbers.

        Args:
            cause: Where the trouble comes from.
            code: Of the reason.
            evidence: What chose the cause.
            rollback_to: Version to put back.
            blamed: The version that is to blame; empty for none.
            numbers: What the sentence of the reason needs.
        """
        return cls(
            cause=cause,
            reason=reason(code, **numbers),
            rollback_to=rollback_to,
            evidence=evidence,
            blamed=blamed,
        )


def symptoms_of(
    facts: DayFacts,
    scope: Scope,
    corruption: Sequence[LastingCorruption],
    *,
    label_faults: Sequence[LastingCorruption] = (),
    onset: date | None,
) -> Symptoms:
    """Put together what triage is given of a day.

    Args:
        facts: All that is known of the day.
        scope: What is broken.
        corruption: Statements about its rows that fail, and have for days.
        label_faults: In what its labels are unlike the days before, lasting or gross.
        onset: First bad day of its run; None where no day of it was bad.
    """
    since, is_known = run_of_version(facts)
    return Symptoms(
        **{of.name: getattr(facts, of.name) for of in fields(facts)},
        version_since=since if is_known else None,
        seen_since=since,
        onset=onset or facts.day,
        scope=scope,
        corruption=corruption,
        lasting_label_faults=label_faults,
    )


def run_of_version(facts: DayFacts) -> tuple[date, bool]:
    """Return the first day of the run of days served by today's version.

    And whether the run begins there: where it reaches the oldest day that is
    remembered, nobody knows, unless a bad day of the run kept it. Days without
    predictions do not break it.
    """
    since, kept = facts.day, None
    for past in reversed(facts.history):
        # A day without predictions has no version and says nothing.
        if past.version not in {facts.version, ""}:
            return since, True
        if past.version == facts.version:
            since, kept = past.day, past.version_since or kept
    return (kept, True) if kept else (since, False)
