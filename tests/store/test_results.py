from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import Check, DataVerdict, Limit, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.schema import METADATA
from tests.builders import (
    DAY,
    MODEL,
    NOW,
    make_comparison,
    make_decision,
    make_finding,
    make_measurement,
    make_profile,
    make_unit,
)

LATER = NOW + timedelta(days=1)
USABLE = LabelVerdict(usable=True, verdict=Verdict.OK, reason="all held", failed=())
FIT = DataVerdict(
    verdict=Verdict.OK,
    reason="all held",
    checks=(
        Check(
            gate="keys",
            name="unique",
            status="failed",
            severity="warning",
            failing_ids=("a",),
        ),
    ),
)


@pytest.fixture
def results(database: Database) -> Results:
    """Results without a look."""
    return Results(database)


def make_partition(digest: str = "d1", **parts: object) -> Partition:
    """Return the frozen predictions of the day."""
    known: dict[str, Any] = {
        "model": MODEL,
        "day": DAY,
        "kind": PartitionKind.PREDICTIONS,
        "path": f"/parts/{digest}.parquet",
        "rows": 900,
        "digest": digest,
        "query": "parquet",
        "watermark": None,
        "as_of": NOW,
    }
    return Partition(**known | parts)


def whole_day(database: Database, unit: Unit, *, verdict: Verdict = Verdict.OK) -> None:
    """Write everything a day writes."""
    results = Results(database)
    labels = make_partition("l1", kind=PartitionKind.LABELS, watermark=NOW)
    results.start(unit, predictions=make_partition(), labels=labels, problem=None)
    results.save_data_verdict(unit, FIT, labels=USABLE)
    Profiles(database).save([make_profile(day=unit.day)], unit.as_of)
    numbers = [
        make_measurement(),
        make_measurement(metric="f1", value=None, reason="-"),
    ]
    results.save_measurements(unit, numbers, header={"version": "2", "rows": 900})
    limit = Limit(low=0.6, origin="contract", reference=0.7)
    results.save_findings(
        unit, [make_finding(verdict, limit=limit)], [make_comparison()]
    )
    results.save_decision(unit, make_decision(verdict=verdict, performance=verdict))
    results.save_action(unit, Action(kind="none", text="no action needed"))


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with database.transaction() as connection:
        return {
            name: sorted(
                map(tuple, connection.execute(sa.select(table)).all()), key=repr
            )
            for name, table in METADATA.tables.items()
        }


def test_day_that_is_run_twice_leaves_the_same_tables(database: Database) -> None:
    """Twice is once, to the last row."""
    whole_day(database, make_unit())
    first = dump(database)
    assert len(first["evaluations"]) == 1
    assert len(first["findings"]) == 2
    whole_day(database, make_unit())
    assert dump(database) == first


def test_everything_is_read_back_as_it_was(
    database: Database, results: Results
) -> None:
    """Facts go in and the same facts come out."""
    unit = make_unit()
    whole_day(database, unit)
    limit = Limit(low=0.6, origin="contract", reference=0.7)
    assert results.findings(unit) == [make_finding(Verdict.OK, limit=limit)]
    assert [number.metric for number in results.measurements(unit)] == ["f1", "roc_auc"]
    assert results.checks(unit) == FIT
    assert results.comparisons(unit) == [make_comparison()]
    assert results.partition(unit, "predictions", "d1") == make_partition()
    row = results.evaluation(unit)
    assert (row.step, row.verdict, row.version) == ("respond", "ok", "2")
    assert (row.cause, row.severity, row.rollback_to) == ("model", "P1", "1")
    assert row.action.kind == "none"


def test_starting_again_forgets_what_an_earlier_try_found(
    database: Database, results: Results
) -> None:
    """A try that stopped half-way leaves nothing for the next one to trip over."""
    unit = make_unit()
    whole_day(database, unit)
    problem = DeliveryProblem(error="NoDataError", text="no file")
    results.start(unit, predictions=None, labels=None, problem=problem)
    row = results.evaluation(unit)
    assert (row.step, row.verdict, row.checks) == ("extract", None, ())
    assert (row.problem, row.rows) == (problem, 0)
    assert results.measurements(unit) == []


def test_measurements_of_an_earlier_try_are_replaced(results: Results) -> None:
    """A number that is no longer computed does not stay behind."""
    unit = make_unit()
    results.start(unit, predictions=None, labels=None, problem=None)
    for metric in ("f1", "brier"):
        numbers = [make_measurement(metric=metric)]
        results.save_measurements(unit, numbers, header={})
    assert results.measurements(unit) == [make_measurement(metric="brier")]
    assert results.findings(unit) == []


STEPS = [
    pytest.param(lambda r, u: r.save_data_verdict(u, FIT), id="validate"),
    pytest.param(lambda r, u: r.save_measurements(u, [], header={}), id="estimate"),
    pytest.param(lambda r, u: r.save_findings(u, [], []), id="compare"),
    pytest.param(lambda r, u: r.save_decision(u, make_decision()), id="decide"),
    pytest.param(
        lambda r, u: r.save_action(u, Action(kind="none", text="")), id="respond"
    ),
    pytest.param(lambda r, u: r.evaluation(u), id="read"),
]


@pytest.mark.parametrize("step", STEPS)
def test_step_of_a_day_that_was_never_started_is_refused(
    results: Results,
    step: Any,  # noqa: ANN401 (one of the steps above)
) -> None:
    """A step without the one before it says which is missing."""
    with pytest.raises(LookupError, match="run its `extract` step first"):
        step(results, make_unit())


def test_broken_batch_is_quarantined_until_it_passes(
    database: Database, results: Results
) -> None:
    """A suite that was wrong is corrected, and the rows are free again."""
    unit = make_unit()
    results.start(unit, predictions=make_partition(), labels=None, problem=None)
    broken = DataVerdict(verdict=Verdict.BREACH, reason="ids twice")
    for verdict, expected in ((broken, "ids twice"), (FIT, None)):
        results.save_data_verdict(unit, verdict)
        with database.transaction() as connection:
            query = sa.text("SELECT quarantined FROM partitions")
            assert connection.execute(query).scalar() == expected


def look(
    results: Results,
    *,
    day: date = DAY,
    as_of: datetime = NOW,
    mode: Mode = Mode.LIVE,
    verdict: Verdict | None = Verdict.OK,
) -> None:
    """Look at a day, as far as a decision unless there is no verdict."""
    unit = make_unit(day=day, as_of=as_of, mode=mode)
    results.start(unit, predictions=None, labels=None, problem=None)
    if verdict is not None:
        decision = make_decision(verdict=verdict, performance=verdict)
        results.save_decision(unit, decision)


def seen(results: Results, as_of: datetime | None = None) -> list[str]:
    """Return the verdict of the day as known at an instant."""
    return [row.verdict for row in results.current(MODEL, DAY, DAY, as_of)]


def test_day_is_shown_as_it_was_known_at_an_instant(results: Results) -> None:
    """What was known when somebody acted can be asked for ever after."""
    look(results, verdict=Verdict.OK)
    look(results, as_of=LATER, verdict=Verdict.BREACH)
    assert seen(results, NOW - timedelta(seconds=1)) == []
    assert seen(results, NOW) == ["ok"]
    assert seen(results, LATER) == ["breach"]
    assert seen(results) == ["breach"]


def test_replay_never_counts(results: Results) -> None:
    """Trying out another policy on an old day changes nothing about it."""
    look(results, verdict=Verdict.OK)
    look(results, as_of=LATER, mode=Mode.REPLAY, verdict=Verdict.BREACH)
    assert seen(results) == ["ok"]
    unit = make_unit(day=DAY + timedelta(days=1), as_of=LATER)
    assert [past.verdict for past in results.history(unit, 5)] == [Verdict.OK]


@pytest.mark.parametrize(
    ("modes", "shown"),
    [
        ([Mode.LIVE, Mode.DRY_RUN], "ok"),
        ([Mode.DRY_RUN, Mode.LIVE], "breach"),
        ([Mode.BACKFILL, Mode.DRY_RUN], "ok"),
    ],
)
def test_live_look_comes_first_at_the_same_instant(
    results: Results, modes: list[Mode], shown: str
) -> None:
    """Of two looks at one instant the one that could act is shown."""
    for mode, verdict in zip(modes, (Verdict.OK, Verdict.BREACH), strict=True):
        look(results, mode=mode, verdict=verdict)
    assert seen(results) == [shown]


def test_look_that_came_to_no_decision_does_not_hide_an_earlier_one(
    results: Results,
) -> None:
    """A run that stopped half-way does not take a bad day out of the history."""
    look(results, verdict=Verdict.BREACH)
    look(results, as_of=LATER, verdict=None)
    unit = make_unit(day=DAY + timedelta(days=1), as_of=LATER)
    assert [past.verdict for past in results.history(unit, 5)] == [Verdict.BREACH]
    assert seen(results) == ["breach"]


def test_history_is_of_earlier_days_in_order_as_known_then(results: Results) -> None:
    """The order in which days were run does not matter; later knowledge is not used."""
    for back in (1, 3, 2, 0, 9):
        look(results, day=DAY - timedelta(days=back), as_of=NOW - timedelta(days=back))
    yesterday = DAY - timedelta(days=1)
    look(results, day=yesterday, as_of=LATER, verdict=Verdict.BREACH)
    past = results.history(make_unit(), 3)
    assert [(DAY - one.day).days for one in past] == [3, 2, 1]
    assert {one.verdict for one in past} == {Verdict.OK}
    late = results.history(make_unit(as_of=LATER), 3)
    assert late[-1].verdict is Verdict.BREACH


def test_days_that_were_looked_at(results: Results) -> None:
    """The first and the last day; None before the first look."""
    assert results.days(MODEL) is None
    look(results, day=DAY - timedelta(days=4))
    look(results)
    assert results.days(MODEL) == (DAY - timedelta(days=4), DAY)
    assert results.days("other") is None


def test_partition_is_listed_as_it_was_first_seen(
    database: Database, results: Results
) -> None:
    """The same content read again later is the same partition."""
    unit = make_unit()
    first = make_partition()
    for part in (first, replace(first, as_of=LATER)):
        results.start(unit, predictions=part, labels=None, problem=None)
    assert results.partition(unit, "predictions", "d1") == first
    assert len(dump(database)["partitions"]) == 1
