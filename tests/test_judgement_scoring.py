"""Scoring of the benchmark of alarms: pure counting, and the table of cases."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from benchmarks.judgement.answers import Answer
from benchmarks.judgement.cases import Case, Kind
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.fleet import FLEET_CASES
from benchmarks.judgement.fleets import is_right
from benchmarks.judgement.held_out import HELD_OUT
from benchmarks.judgement.matched import least
from benchmarks.judgement.natural import Month
from benchmarks.judgement.score import outcome, pages, quantile, share, yearly
from benchmarks.judgement.worlds import WORLDS

ONSET = date(2013, 9, 4)


def days(count: int) -> list[date]:
    """So many days from the onset on."""
    return [ONSET + timedelta(days=n) for n in range(count)]


def answers(alarms: str, *, cause: str = "", remedy: str = "") -> list[Answer]:
    """One answer a character; `!` is an alarm."""
    return [
        Answer(
            day=day,
            alerts={"rule": mark == "!"},
            cause=cause if mark == "!" else "",
            remedy=(remedy if mark == "!" else "none") if remedy else "",
        )
        for day, mark in zip(days(len(alarms)), alarms, strict=True)
    ]


def case(kind: Kind, **more: object) -> Case:
    """A case of fourteen days."""
    return Case(world="flights", kind=kind, onset=ONSET, count=14, **more)  # type: ignore[arg-type]  # by name


def test_rate_has_the_exact_poisson_interval() -> None:
    """No event in a year: 0 [0, 3.69]; ten: [4.80, 18.39] (Garwood's table)."""
    none, ten = yearly(0, 365), yearly(10, 365)
    assert (none.value, none.lower) == (0, 0)
    assert none.upper == pytest.approx(3.689, abs=0.001)
    assert (ten.lower, ten.upper) == pytest.approx((4.795, 18.390), abs=0.001)


def test_rate_is_of_a_model_year() -> None:
    """One event in half the days is twice the rate, interval and all."""
    half, whole = yearly(1, 100), yearly(1, 200)
    assert half.value == pytest.approx(2 * whole.value)
    assert half.upper == pytest.approx(2 * whole.upper)


@pytest.mark.parametrize(
    ("hits", "tries", "expected"),
    [
        pytest.param(0, 10, (0.0, 0.3085), id="none"),
        pytest.param(10, 10, (0.6915, 1.0), id="all"),
        pytest.param(5, 10, (0.1871, 0.8129), id="half"),
        pytest.param(0, 0, (0.0, 1.0), id="nothing-tried"),
    ],
)
def test_share_has_the_exact_binomial_interval(
    hits: int, tries: int, expected: tuple[float, float]
) -> None:
    """Clopper and Pearson's; of no try anything may be true."""
    found = share(hits, tries)
    assert (found.lower, found.upper) == pytest.approx(expected, abs=0.0001)
    assert math.isnan(found.value) == (tries == 0)


@pytest.mark.parametrize(
    ("level", "expected"),
    [pytest.param(0.5, 2, id="median"), pytest.param(0.9, math.inf, id="never")],
)
def test_quantile_counts_what_was_not_found(level: float, expected: float) -> None:
    """A case that was not found took for ever."""
    found = quantile([1, 2, 3, None], level)
    assert found.value == expected
    assert found.lower <= found.value <= found.upper


def test_quantile_is_the_same_every_time() -> None:
    """The bootstrap has a seed."""
    assert quantile([1, 2, 9], 0.5) == quantile([1, 2, 9], 0.5)


@pytest.mark.parametrize(
    ("alarms", "expected"),
    [
        pytest.param("....", 0, id="quiet"),
        pytest.param("!!!!!!", 1, id="one-that-never-stops"),
        pytest.param("!...!", 2, id="after-three-quiet-days"),
        pytest.param("!..!", 1, id="after-two"),
    ],
)
def test_pages_are_runs_of_alarms(alarms: str, expected: int) -> None:
    """An alarm within three days of the last one is the same page."""
    seen = {a.day: a.alerts["rule"] for a in answers(alarms)}
    assert pages(seen, set(seen)) == expected


def test_page_that_began_on_a_bad_day_is_no_false_one() -> None:
    """Only where an alarm begins counts."""
    seen = {a.day: a.alerts["rule"] for a in answers("!!!!")}
    assert pages(seen, set(days(4)[1:])) == 0


@pytest.mark.parametrize(
    ("alarms", "is_gross", "in_time"),
    [
        pytest.param("!..", True, True, id="gross-first-day"),
        pytest.param(".!.", True, False, id="gross-second-day"),
        pytest.param("..!", False, True, id="third-day"),
        pytest.param("...!", False, False, id="fourth-day"),
        pytest.param("....", False, False, id="not-found"),
    ],
)
def test_fault_is_found_in_time(alarms: str, is_gross: bool, in_time: bool) -> None:  # noqa: FBT001
    """A gross fault has one day, other damage to data three."""
    broken = case(Kind.DATA, fault="null_flood", is_gross=is_gross)
    assert outcome(broken, answers(alarms), "rule").is_in_time is in_time


@pytest.mark.parametrize(
    ("kind", "cause", "remedy", "expected"),
    [
        pytest.param(Kind.DATA, "data", "incident", (True, True), id="data"),
        pytest.param(Kind.DATA, "model", "rollback", (False, False), id="rolled-back"),
        pytest.param(Kind.RELEASE, "model", "rollback", (True, True), id="release"),
        pytest.param(Kind.RELEASE, "model", "incident", (True, False), id="kept"),
        pytest.param(Kind.CONCEPT, "", "", (None, None), id="tool-names-nothing"),
    ],
)
def test_cause_and_action_are_held_against_the_truth(
    kind: Kind, cause: str, remedy: str, expected: tuple[bool | None, bool | None]
) -> None:
    """A rollback is right after a bad release and nowhere else."""
    release = "3" if kind is Kind.RELEASE else ""
    found = outcome(
        case(kind, release=release), answers("!", cause=cause, remedy=remedy), "rule"
    )
    assert (found.is_cause_right, found.is_action_right) == expected


@pytest.mark.parametrize(("alarms", "is_quiet"), [("...", True), (".!.", False)])
def test_silence_is_right_where_nothing_is_wrong(alarms: str, is_quiet: bool) -> None:  # noqa: FBT001
    """An alarm about a harmless change is a false one, whenever it comes."""
    found = outcome(case(Kind.HARMLESS, fault="x"), answers(alarms), "rule")
    assert (found.is_in_time, found.days_to_find) == (is_quiet, None)


def test_alarm_of_another_day_does_not_count() -> None:
    """What a tool said outside the case finds nothing."""
    early = Answer(day=ONSET - timedelta(days=1), alerts={"rule": True})
    assert outcome(case(Kind.DATA), [early], "rule").days_to_find is None


def test_cases_keep_tuning_and_evaluation_apart() -> None:
    """Every case lies in the days of its world, under a name of its own."""
    assert len({one.name for one in CASES}) == len(CASES)
    for one in CASES:
        assert set(one.days) <= set(WORLDS[one.world].days)
        cut = WORLDS[one.world].tuned_until
        assert {day <= cut for day in one.days} == {one.split == "tuning"}


def test_held_out_faults_are_in_the_evaluation_alone() -> None:
    """A fault of no catalogue is never tuned on."""
    tuned = {one.fault for one in CASES if one.split == "tuning"}
    assert not tuned & set(HELD_OUT)
    used = {one.fault for one in (*CASES, *FLEET_CASES)}
    assert set(HELD_OUT) <= used


def test_faults_whose_handling_was_changed_are_kept_apart() -> None:
    """A case that was looked into is seen; the same kind elsewhere is evaluation."""
    seen = {(one.world, one.fault) for one in CASES if one.split == "seen"}
    assert ("flights", "zero_fill") in seen
    assert ("flights", "celsius") not in seen
    assert ("census", "null_flood") not in seen
    splits = {
        one.split for one in CASES if one.fault in {"zero_column", "typical_fill"}
    }
    assert splits == {"seen"}
    later = {
        "zero_weather",
        "mixed_units",
        "cut_text",
        "default_category",
        "label_loss",
    }
    fresh = [one for one in CASES if one.fault in later]
    assert {one.split for one in fresh} == {"evaluation"}


@pytest.mark.parametrize(
    ("kind", "is_gross", "expected"),
    [
        pytest.param(Kind.DATA, True, 1, id="gross"),
        pytest.param(Kind.DATA, False, 3, id="data"),
        pytest.param(Kind.NO_LABELS, False, 10, id="no-labels"),
        pytest.param(Kind.LATE_LABELS, False, 14, id="silence-to-the-end"),
    ],
)
def test_days_that_decide(kind: Kind, is_gross: bool, expected: int) -> None:  # noqa: FBT001
    """An alarm is in time on the first few days; silence has to last to the end."""
    decisive = case(kind, fault="x", is_gross=is_gross).decisive
    assert decisive == days(14)[:expected]


@pytest.mark.parametrize(
    ("metric", "value", "loss", "state"),
    [
        pytest.param("roc_auc", 0.76, 0.04, "between", id="ranking-lost"),
        pytest.param("accuracy", 0.75, 0.05, "bad", id="accuracy-lost"),
        pytest.param("roc_auc", 0.85, -0.05, "clean", id="better"),
        pytest.param("mae", 0.84, 0.05, "bad", id="more-error"),
        pytest.param("mae", 0.72, -0.1, "clean", id="less-error"),
    ],
)
def test_month_is_bad_by_what_was_lost(
    metric: str, value: float, loss: float, state: str
) -> None:
    """Of an error more is worse, as a share of the reference's .8."""
    month = Month(
        version="1", name="2013-01", metric=metric, value=value, reference=0.8, days=()
    )
    assert month.loss == pytest.approx(loss)
    assert replace(month, value=value + 1e-9 * (metric == "mae")).state == state


@pytest.mark.parametrize(("value", "state"), [(0.79, "drifted"), (0.7, "bad")])
def test_drifted_month_is_never_clean(value: float, state: str) -> None:
    """What its makers changed is no quiet day, and bad if it costs enough."""
    month = Month(
        version="1", name="m", value=value, reference=0.8, days=(), is_drifted=True
    )
    assert month.state == state


@pytest.mark.parametrize(
    ("counts", "budget", "expected"),
    [
        pytest.param([0, 0, 3, 1], 0.0, 4, id="as-quiet-as-can-be"),
        pytest.param([0, 0, 3, 1], 0.25, 2, id="one-day-of-four"),
        pytest.param([0, 0, 3, 1], 0.5, 1, id="it-is-quiet-enough"),
        pytest.param([0, 0, 0, 0], 0.0, 1, id="never-called"),
        pytest.param([5, 5, 5, 5], 0.9, 6, id="all-alike"),
    ],
)
def test_stricter_rule_is_the_least_that_is_as_quiet(
    counts: list[int], budget: float, expected: int
) -> None:
    """One alert fewer would alarm on more clean days than are allowed."""
    assert least(counts, budget) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, True, id="one-for-all"),
        pytest.param({"named": 2}, False, id="one-model-left-out"),
        pytest.param({"named_on": 2}, False, id="a-day-late"),
        pytest.param({"named": 0, "named_on": 0}, False, id="three-troubles"),
    ],
)
def test_common_fault_is_one_incident(
    changes: dict[str, int],
    expected: bool,  # noqa: FBT001
) -> None:
    """All models that are hit are named together, on the first day."""
    whole = next(one for one in FLEET_CASES if one.is_common)
    said = {"named": 3, "named_on": 1, "blamed": 0, "incidents": 4, "pages": 1}
    assert is_right(whole, said | changes) is expected


@pytest.mark.parametrize(
    ("named", "incidents", "expected"),
    [(0, 1, True), (2, 2, False), (0, 0, False)],
)
def test_fault_of_one_model_blames_no_other(
    named: int,
    incidents: int,
    expected: bool,  # noqa: FBT001
) -> None:
    """It is found, and nothing is said of what the models have in common."""
    alone = next(one for one in FLEET_CASES if not one.is_common)
    said = {"named": named, "named_on": 0, "blamed": 0, "incidents": incidents}
    assert is_right(alone, said) is expected
