"""Counting what was right, with intervals. Pure.

Rates: exact Poisson intervals (Garwood 1936), those of the other benchmark. They treat
cases and days as independent, which they are not: cases share worlds, so the truth is
wider.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.generalisation.answers import FAILED, Look
from benchmarks.generalisation.cases import DAYS_TO_TELL, Case
from benchmarks.generalisation.data.schema import SERVED
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.faults.grammar import Rows, Shape, first_telling_day
from benchmarks.generalisation.harm import Harm
from benchmarks.generalisation.shares import share_of, wilson
from benchmarks.generalisation.truths import BadRelease, Truth
from benchmarks.judgement.score import pages, yearly

SOON, WITH_LABELS, HARMLESS = 3, 7, 7
"""Days within which: what the batch shows; what labels show; what harms nobody."""
SOON_AFTER: Mapping[BadRelease, int] = {BadRelease.GRAVE: 7, BadRelease.MILD: 14}
"""Days of labels within which a bad release has to be told; a case ends after 7."""
MONTHS = 12
FEW_ROWS = 150
"""So many rows a day tell little within a few days."""


GRAVE_RELEASE = (
    "bad releases, .04 of AUC or accuracy or 10 % of the error lost, "
    f"within {SOON_AFTER[BadRelease.GRAVE]} days of labels"
)
MILD_RELEASE = (
    "bad releases, .03 to .04 of AUC or accuracy lost, "
    f"within {SOON_AFTER[BadRelease.MILD]} days of labels ({DAYS_TO_TELL} lived)"
)
"""What a table calls them; a case ends before the days of the second are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case, what it costs, what is right and what was said."""

    case: Case
    harm: Harm
    truth: Truth
    looks: tuple[Look, ...]

    @property
    def faulty(self) -> list[Look]:
        """Looks at faulty days, in their order."""
        first = self.looks[0].lived
        return [look for look in self.looks if look.day >= first]

    @property
    def last_in_time(self) -> int:
        """The last lived day, from 0, on which an alarm is in time."""
        first = first_telling_day(self.case.cell.shape)
        if not self.truth.is_harmful:
            return first + HARMLESS - 1
        if not self.case.is_told_by_labels:
            return first + SOON - 1
        return self.first_labelled + WITH_LABELS - 1

    @property
    def first_labelled(self) -> int:
        """The lived day, from 0, after which labels of the first telling day come."""
        late = (WORLDS[self.case.world].delay_days or 1) - 1
        return first_telling_day(self.case.cell.shape) + late

    def is_told_within(self, days: int) -> bool:
        """Whether somebody was called within so many days of labels.

        Args:
            days: Counted from the first telling day's labels on; later days than those
                the case was lived are days without an alarm.
        """
        loud = self.first_loud
        return loud is not None and loud.number < self.first_labelled + days

    @property
    def first_loud(self) -> Look | None:
        """The first look that called somebody, soon or late."""
        return next((look for look in self.faulty if look.is_loud), None)

    @property
    def outcome(self) -> str:
        """`in time`, `late`, `warned` (P3 alone) or `silent`."""
        loud = self.first_loud
        if loud is not None:
            return "in time" if loud.number <= self.last_in_time else "late"
        return "warned" if any(look.is_told for look in self.faulty) else "silent"

    @property
    def is_cause_right(self) -> bool | None:
        """Whether the first alarm named a right cause; None where there was none."""
        loud = self.first_loud
        return None if loud is None else loud.cause in self.truth.causes

    @property
    def has_failed(self) -> bool:
        """Whether a day could not be judged at all."""
        return any(look.verdict == FAILED for look in self.looks)

    @property
    def rollbacks(self) -> set[str]:
        """The versions that were asked back."""
        return {look.rollback_to for look in self.faulty if look.rollback_to}


def summed(judged: Sequence[Judged]) -> dict[str, Any]:
    """Count the cases: what was told in time, what was said of the cause and remedy."""
    harmful = [one for one in judged if one.truth.is_harmful]
    at_once = [one for one in harmful if not one.case.is_told_by_labels]
    by_labels = [one for one in harmful if one.case.is_told_by_labels]
    controls = [one for one in judged if one.truth.is_control]
    harmless = [
        one for one in judged if not one.truth.is_harmful and not one.truth.is_control
    ]
    found = [one for one in harmful if one.first_loud is not None]
    helps = [one for one in judged if one.truth.needs_rollback]
    rest = [one for one in judged if not one.truth.needs_rollback]
    back = [one for one in helps if one.rollbacks]
    unseen = [one for one in harmful if one.case.cell.is_unseen]
    return {
        "cases": len(judged),
        "cases with a step that failed": sum(one.has_failed for one in judged),
        "harmful told in time": share_of(_in_time(harmful)),
        "of them within 3 days": share_of(_in_time(at_once)),
        "of them within 7 days of labels": share_of(_in_time(by_labels)),
        "of them, productions never developed on": share_of(_in_time(unseen)),
        **{f"of them, {name}": share_of(_in_time(of)) for name, of in _parts(harmful)},
        "harmful told, late ones too": share_of(
            o.first_loud is not None for o in harmful
        ),
        "harmful told or warned of": share_of(o.outcome != "silent" for o in harmful),
        "harmless told at least as P3": share_of(
            o.outcome != "silent" for o in harmless
        ),
        "harmless called P2 or graver": share_of(
            o.first_loud is not None for o in harmless
        ),
        "nothing wrong, called P2 or graver": share_of(
            o.first_loud is not None for o in controls
        ),
        GRAVE_RELEASE: _told(judged, BadRelease.GRAVE),
        MILD_RELEASE: _told(judged, BadRelease.MILD),
        "right cause, of the harmful told": share_of(
            bool(o.is_cause_right) for o in found
        ),
        "rolled back where it helps": share_of(bool(o.rollbacks) for o in helps),
        "right target": share_of(o.rollbacks == {SERVED} for o in back),
        "rolled back where nothing helps": share_of(bool(o.rollbacks) for o in rest),
    }


def _told(judged: Sequence[Judged], release: BadRelease) -> dict[str, Any]:
    """Count which releases that are so bad were told in the time they have."""
    days = SOON_AFTER[release]
    asked = (
        one
        for one in judged
        if one.truth.release is release and not one.truth.is_control
    )
    return share_of(one.is_told_within(days) for one in asked)


def _parts(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Yield cases by what makes them hard: how long, on which rows, on how many."""
    stays = {Shape.STEP, Shape.RAMP}
    yield "faults that stay", [o for o in judged if o.case.cell.shape in stays]
    passing = [o for o in judged if o.case.cell.shape not in stays]
    yield "faults of a day, or on and off", passing
    yield "of all rows", [o for o in judged if o.case.cell.rows is Rows.ALL]
    part = [o for o in judged if o.case.cell.rows is not Rows.ALL]
    yield "of a part of the rows", part
    few = [o for o in judged if WORLDS[o.case.world].rows_a_day <= FEW_ROWS]
    yield f"at {FEW_ROWS} rows a day or fewer", few


def _in_time(judged: Iterable[Judged]) -> Iterable[bool]:
    return (one.outcome == "in time" for one in judged)


def clean_summed(looks: Mapping[str, Sequence[Look]]) -> dict[str, Any]:
    """Count what was said of histories with nobody's fault in them.

    Args:
        looks: By world: all looks, in order.
    """
    days = called = warned = loud_days = told_days = 0
    told_weeks: list[bool] = []
    for said in looks.values():
        lived = {look.lived for look in said}
        loud = {day: any(x.is_loud for x in said if x.lived == day) for day in lived}
        told = {day: any(x.is_told for x in said if x.lived == day) for day in lived}
        loud, told = dict(sorted(loud.items())), dict(sorted(told.items()))
        days += len(lived)
        called += pages(loud, lived)
        warned += pages(told, lived)
        loud_days += sum(loud.values())
        told_days += sum(told.values())
        told_weeks += _weeks(list(told.values()))
    if not days:
        return {}
    monthly = yearly(warned, days)
    return {
        "days": days,
        "false incidents a model-year": asdict(yearly(called, days)),
        "told, P3 too, a model-month": {
            **asdict(monthly),
            "value": monthly.value / MONTHS,
            "lower": monthly.lower / MONTHS,
            "upper": monthly.upper / MONTHS,
        },
        "days with an incident": asdict(wilson(loud_days, days)),
        "days with anything told": asdict(wilson(told_days, days)),
        "weeks with anything told": share_of(told_weeks),
    }


def _weeks(told: Sequence[bool]) -> list[bool]:
    """Say of whole weeks whether anything was told: so much any fault gets anyway."""
    weeks = range(0, len(told) - HARMLESS + 1, HARMLESS)
    return [any(told[at : at + HARMLESS]) for at in weeks]


def by_family(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Count the cases by where the fault lies."""
    families = sorted({one.case.family for one in judged})
    return [
        _family(name, [one for one in judged if one.case.family == name])
        for name in families
    ]


def _family(name: str, judged: Sequence[Judged]) -> dict[str, Any]:
    harmful = [one for one in judged if one.truth.is_harmful]
    rest = [o for o in judged if not (o.truth.is_harmful or o.truth.is_control)]
    outcomes = [one.outcome for one in harmful]
    return {
        "family": name,
        "harmful": len(harmful),
        **{
            word: outcomes.count(word)
            for word in ("in time", "late", "warned", "silent")
        },
        "wrong cause": sum(one.is_cause_right is False for one in harmful),
        "harmless": len(rest),
        "harmless told": sum(one.outcome != "silent" for one in rest),
        "harmless called": sum(one.first_loud is not None for one in rest),
    }
