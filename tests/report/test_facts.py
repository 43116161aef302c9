from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement, Verdict
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.report.facts import Facts, TimelineDay
from monitoring_tasks.report.step import gather
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.results import Results
from tests.builders import make_evaluation
from tests.report.sample import day_in

FIRST, BAD_DAY, EMPTY_DAY = date(2013, 7, 1), date(2013, 8, 20), date(2013, 8, 29)
ROC_AUC = (Kind.REALIZED, "roc_auc", "", "all")
Gather = Callable[[date], Facts]


def test_gather_reads_all_a_page_needs(facts_of: Gather) -> None:
    """Numbers, comparisons, counts, reference, incidents and moves are all there."""
    facts = facts_of(BAD_DAY)
    assert (facts.first_day, facts.days[-1]) == (FIRST, BAD_DAY)
    assert facts.header.severity == "P1"
    assert len(facts.measurements) == len(facts.findings) + 1
    assert [one.version for one in facts.comparisons] == ["3", "2"]
    assert facts.profile is not None
    assert facts.profile.version == "4"
    assert facts.reference is not None
    assert [e.incident.onset_day for e in facts.episodes] == [date(2013, 8, 18)]
    assert [line.state for line in facts.moves][-2:] == ["executing", "applied"]
    assert [story.rollback.to_version for story in facts.rollbacks] == ["3"]


def test_time_line_leaves_days_out_that_nobody_looked_at(facts_of: Gather) -> None:
    """A day without an evaluation has no look, and is still one of the days."""
    facts = facts_of(BAD_DAY)
    gone = date(2013, 7, 20)
    assert gone not in facts.timeline
    assert gone in facts.days


def test_time_line_is_as_long_as_asked(database: Database, contract: Contract) -> None:
    """The day itself is the last of `days` days."""
    unit = Unit.from_key(f"{contract.model}/2013-08-20/2013-08-21T10:00:00Z/live")
    facts = gather(day_in(database, unit, contract), days=5)
    assert facts.days == [date(2013, 8, 16) + timedelta(i) for i in range(5)]
    assert facts.reference is None


def test_later_days_and_incidents_are_not_seen(facts_of: Gather) -> None:
    """A page about an earlier day knows nothing that began after it."""
    facts = facts_of(date(2013, 8, 1))
    assert max(facts.timeline) == date(2013, 8, 1)
    assert facts.episodes == []


def test_later_look_at_the_same_day_is_not_seen(
    database: Database, contract: Contract, facts_of: Gather
) -> None:
    """Labels that came later change the later page, not the earlier one."""
    day = date(2013, 7, 10)
    after_all = facts_of(EMPTY_DAY).unit.as_of + timedelta(days=1)
    late = replace(facts_of(day).unit, as_of=after_all)
    results = Results(database)
    results.start(late, predictions=None, labels=None, problem=None)
    number = Measurement(kind=Kind.REALIZED, metric="roc_auc", version="3", value=0.1)
    other = replace(number, version="4", value=0.9)  # a few rows of another version
    header = {"version": "3", "rows": 9, "labelled": 9}
    results.save_measurements(late, [number, other], header=header)

    def seen(unit: Unit) -> float | None:
        facts = gather(day_in(database, unit, contract))
        return facts.timeline[day].numbers[ROC_AUC].value

    assert seen(late) == 0.1
    assert seen(facts_of(day).unit) != 0.1
    assert seen(facts_of(BAD_DAY).unit) != 0.1


def test_page_of_a_replay_shows_the_replay(
    database: Database, contract: Contract, facts_of: Gather
) -> None:
    """The look the page is about wins over any other look at its day."""
    replay = replace(facts_of(date(2013, 7, 11)).unit, mode=Mode.REPLAY)
    Results(database).start(replay, predictions=None, labels=None, problem=None)
    facts = gather(day_in(database, replay, contract))
    assert facts.header.mode == "replay"


def test_gather_refuses_a_unit_that_was_never_started(
    database: Database, contract: Contract, facts_of: Gather
) -> None:
    """There is no page about nothing."""
    unit = replace(facts_of(BAD_DAY).unit, day=date(2014, 1, 1))
    with pytest.raises(LookupError, match="never started"):
        gather(day_in(database, unit, contract))


def test_gather_asks_for_no_reference_when_no_version_is_known(
    database: Database, contract: Contract, facts_of: Gather
) -> None:
    """A day without predictions has no version whose reference could be asked for."""

    def references(version: str) -> ReferenceProfile | None:
        raise AssertionError(version)

    unit = facts_of(EMPTY_DAY).unit
    assert gather(day_in(database, unit, contract, references)).profile is None


@pytest.mark.parametrize(
    ("rows", "labelled", "mature"),
    [
        pytest.param(100, 80, True, id="just enough"),
        pytest.param(100, 79, False, id="one too few"),
        pytest.param(0, 0, False, id="no rows"),
        pytest.param(9, None, False, id="never counted"),
    ],
)
def test_maturity_needs_rows_and_labels(
    rows: int, labelled: int | None, *, mature: bool
) -> None:
    """A day without rows is never mature."""
    look = TimelineDay(header=make_evaluation(rows=rows, labelled=labelled))
    assert look.is_mature(0.8) is mature


def test_data_is_absent_when_validation_was_not_reached(facts_of: Gather) -> None:
    """Not validated is not the same as validated and fine."""
    assert facts_of(EMPTY_DAY).batch is None
    quarantined = facts_of(date(2013, 8, 5)).batch
    assert quarantined is not None
    assert quarantined.verdict is Verdict.BREACH
