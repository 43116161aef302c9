"""Peers in the benchmark of generalisation: what they see, and how they are counted."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.generalisation import __main__ as command
from benchmarks.generalisation import places, work
from benchmarks.generalisation.answers import Look
from benchmarks.generalisation.cases import DEVELOPMENT, Case, first_cases
from benchmarks.generalisation.data.schema import ARRIVED, ID, LABEL, Batch
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.faults.grammar import (
    CONTROL,
    PRODUCTIONS,
    Cell,
    Rows,
    Shape,
)
from benchmarks.generalisation.harm import Harm
from benchmarks.generalisation.mornings import mornings_of
from benchmarks.generalisation.peers.batches import known_at
from benchmarks.generalisation.peers.figures import PEER_RULES, ToolCase, by_rule
from benchmarks.generalisation.peers.looks import ToolLook, of_daywatch
from benchmarks.generalisation.schedule import AT_ONCE, jobs_of
from benchmarks.generalisation.scoring import Judged
from benchmarks.generalisation.truths import truth_of
from benchmarks.generalisation.words import side_by_side
from benchmarks.judgement import nannyml_fits, run_nannyml
from benchmarks.judgement.answers import STOPPED
from benchmarks.judgement.deliver import write_reference
from benchmarks.judgement.matched import quiet_bar
from benchmarks.judgement.nannyml_fits import Watch
from benchmarks.judgement.places import EVIDENTLY_PYTHON
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

ONSET = date(2013, 6, 1)
SILENT = "as quiet as Daywatch's incidents and all it tells"
HARMFUL = Harm(loss=0.1, flipped=0.0, spoiled=0.0, misled=0.0, changed=1.0)
HARMLESS = replace(HARMFUL, loss=0.0)


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        pytest.param("census_400_1d", [(0, 0, True), (1, 1, True)], id="next day"),
        pytest.param(
            "census_1500_never", [(0, 0, False), (1, 1, False)], id="no labels"
        ),
        pytest.param(
            "census_24_7d",
            [(0, 0, False), (0, -6, True), (1, 1, False), (1, -5, True)],
            id="after a week",
        ),
    ],
)
def test_mornings_are_those_of_new_batches_and_of_labels(
    world: str, expected: list[tuple[int, int, bool]]
) -> None:
    """Labels are due once: with their batch, or a week later."""
    days = WORLDS[world].days[10:12]
    seen = [
        (morning.number, (morning.day - days[0]).days, morning.has_labels)
        for morning in mornings_of(WORLDS[world], days)
    ]
    assert seen == expected


def test_no_morning_looks_at_a_day_before_the_first() -> None:
    """On the first days of a world no old labels come."""
    world = WORLDS["census_24_7d"]
    looks = list(mornings_of(world, world.days[:7]))
    assert [look.day for look in looks if look.has_labels] == [world.days[0]]


def test_peers_see_the_labels_that_had_come() -> None:
    """One that comes a minute after the look is not there."""
    as_of = pd.Timestamp("2013-06-02 06:00", tz="UTC")
    arrived = [as_of, as_of + pd.Timedelta(minutes=1)]
    labels = pd.DataFrame({ID: ["a", "b"], LABEL: [1.0, 0.0], ARRIVED: arrived})
    batch = Batch(predictions=pd.DataFrame({ID: ["a", "b"]}), labels=labels)
    delivery = known_at(batch, as_of)
    assert list(delivery.labels[ID]) == ["a"]
    assert len(delivery.predictions) == 2


def fortnight(alerts: dict[int, float], *, tool: str = "nannyml") -> list[ToolLook]:
    """A fortnight of looks; by day: how many alerts of each of a peer's rules."""
    names = {rule.alerts for rule in PEER_RULES[tool]}
    return [
        ToolLook(
            number=number,
            lived=ONSET + timedelta(days=number),
            day=ONSET + timedelta(days=number),
            counts=dict.fromkeys(names, int(alerts.get(number, 0))),
            sizes=dict.fromkeys(names, float(alerts.get(number, 0))),
        )
        for number in range(14)
    ]


def daywatch(severities: dict[int, str]) -> list[Look]:
    """A fortnight of Daywatch's looks."""
    days = [ONSET + timedelta(days=number) for number in range(14)]
    return [
        Look(
            number=number,
            lived=day,
            day=day,
            verdict="ok",
            severity=severities.get(number, ""),
            cause="",
            is_incident=severities.get(number) in {"P0", "P1", "P2"},
            rollback_to="",
            why="",
        )
        for number, day in enumerate(days)
    ]


def tool_case(
    alerts: dict[int, float],
    severities: dict[int, str] | None = None,
    *,
    harm: Harm = HARMFUL,
    production: str = "missing input",
) -> ToolCase:
    """A case of NannyML and Daywatch."""
    case = Case(
        number=0,
        part=DEVELOPMENT,
        world="census_400_1d",
        cell=Cell(production, Rows.ALL, Shape.STEP),
        size=1.0,
        onset=40,
        seed=1,
    )
    truth = truth_of(PRODUCTIONS[production], Rows.ALL, harm, Problem.BINARY)
    looks = tuple(daywatch(severities or {}))
    return ToolCase(
        judged=Judged(case=case, harm=harm, truth=truth, looks=looks),
        looks={"nannyml": fortnight(alerts), "daywatch": of_daywatch(looks)},
    )


def rows_of(
    cases: list[ToolCase],
    quiet: dict[int, float],
    severities: dict[int, str] | None = None,
) -> dict[tuple[str, str, str], dict[str, object]]:
    """Rows of Daywatch and NannyML, whose quiet days are those of one world."""
    histories = {
        "nannyml": {"world": fortnight(quiet)},
        "daywatch": {"world": of_daywatch(daywatch(severities or {}))},
    }
    rows = by_rule(cases, histories, histories, ["nannyml"])
    return {(row["alerts"], row["strength"], row["bar"]): row for row in rows}


def count(row: dict[str, object], figure: str) -> int:
    """How often it was so."""
    value = row[figure]
    assert isinstance(value, dict)
    return int(value["count"])


def test_any_alert_in_time_tells_at_defaults() -> None:
    """The third day is in time, the fourth is not; a harmless one has all its days."""
    rows = rows_of(
        [
            tool_case({2: 1}),
            tool_case({3: 1}),
            tool_case({9: 1}, harm=HARMLESS),
            tool_case({}, production=CONTROL),
        ],
        {},
    )
    row = rows["any alert", "counts", "defaults"]
    assert count(row, "harmful told in time") == 1
    assert count(row, "harmless told") == 1
    assert count(row, "nothing wrong, told") == 0


def test_what_labels_show_is_counted_by_itself() -> None:
    """A fault of labels has a week, one of inputs three days."""
    rows = rows_of(
        [tool_case({5: 1}, production="missing label"), tool_case({5: 1})], {}
    )
    row = rows["any alert", "counts", "defaults"]
    assert count(row, "within 7 days of labels") == 1
    assert count(row, "within 3 days") == 0
    assert count(row, "harmful told in time") == 1


def test_bar_makes_a_peer_as_quiet_as_daywatch_on_clean_days() -> None:
    """Two days of fourteen alarmed; Daywatch called on none and warned on one."""
    cases = [tool_case({0: 4}), tool_case({0: 2})]
    rows = rows_of(cases, {3: 3, 8: 1}, {5: "P3"})
    silent = rows["any alert", "counts", "as quiet as Daywatch's incidents"]
    warned = rows["any alert", "counts", "as quiet as all it tells"]
    assert (silent["above"], warned["above"]) == (3, 1)
    assert count(silent, "clean days with an alarm") == 0
    assert count(warned, "clean days with an alarm") == 1
    assert count(silent, "harmful told in time") == 1
    assert count(warned, "harmful told in time") == 2


def test_tool_that_stops_calls_whatever_its_bar() -> None:
    """Only one that stops on clean days too is made silent."""
    cases = [tool_case({0: STOPPED})]
    loud, mute = (
        rows_of(cases, {3: alerts})["any alert", "counts", SILENT]
        for alerts in (20, STOPPED)
    )
    assert count(loud, "harmful told in time") == 1
    assert count(mute, "harmful told in time") == 0


def test_alerts_about_days_before_the_fault_do_not_count() -> None:
    """The labels of an older day may come during a case."""
    case = tool_case({})
    early = [
        replace(look, day=ONSET - timedelta(days=6)) for look in fortnight({0: 1, 1: 1})
    ]
    case = replace(case, looks={**case.looks, "nannyml": early})
    row = rows_of([case], {})["any alert", "counts", "defaults"]
    assert count(row, "harmful told in time") == 0


def test_daywatch_stands_beside_with_incidents_and_with_warnings() -> None:
    """A P3 tells and calls nobody."""
    rows = rows_of([tool_case({}, {0: "P3"}), tool_case({}, {1: "P1"})], {})
    loud = rows["incidents (P2 or graver)", "counts", "defaults"]
    told = rows["anything told (P3 too)", "counts", "defaults"]
    assert count(loud, "harmful told in time") == 1
    assert count(told, "harmful told in time") == 2


def test_sizes_can_be_a_bar_as_well_as_counts() -> None:
    """Sizes just above the largest of a clean day are told."""
    assert quiet_bar([0.0, 1.5, 2.5], 0.0) == 2.5
    assert quiet_bar([0.0, 1.5, 2.5], 1 / 3) == 1.5
    assert quiet_bar([0.0, 0.0], 0.0) == 0


def test_page_says_from_which_strength_a_rule_calls() -> None:
    """Any, more than so many, or never."""
    rows = rows_of([tool_case({0: 4})], {3: 3}).values()
    peers = {"cases": 1, "quiet worlds": ["world"], "rules": list(rows)}
    text = "\n".join(side_by_side(peers))
    assert "| nannyml | any alert | defaults | 1 of 14 (7%)" in text
    assert f"{SILENT}: more than 3 alerts | 0 of 14 (0%)" in text
    assert "| none asked |" in text
    assert "more than 3 half-widths of the limits" in text
    stopped = rows_of([tool_case({0: 4})], {3: STOPPED}).values()
    assert "all it tells: never" in "\n".join(side_by_side({**peers, "rules": stopped}))


def test_peers_are_asked_about_some_cases_at_a_time() -> None:
    """A world's history by itself; the quiet worlds have no cases."""
    cases = [
        replace(case, world="flights_600_1d")
        for case in first_cases(DEVELOPMENT, AT_ONCE + 1)
    ]
    jobs = jobs_of(cases, ["nannyml"], ["car_loan_24_1d"])
    quiet, lived = jobs
    assert quiet.given == "car_loan_24_1d"
    tasks = [job.given for job in lived.then if isinstance(job.given, work.PeerTask)]
    assert [len(task.cases) for task in tasks] == [0, AT_ONCE, 1]
    assert not any(
        isinstance(job.given, work.PeerTask) for job in jobs_of(cases)[0].then
    )


def arguments(monkeypatch: pytest.MonkeyPatch, *given: str) -> tuple[str, ...]:
    """The peers a run asks."""
    monkeypatch.setattr(sys, "argv", ["x", *given])
    return tuple(command._arguments().peers)


def test_narrowed_run_asks_no_peers_unless_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A whole part asks those installed."""
    assert "nannyml" in arguments(monkeypatch)
    assert arguments(monkeypatch, "--family", "input") == ()
    assert arguments(monkeypatch, "--peers", "none") == ()
    narrowed = arguments(monkeypatch, "--family", "input", "--peers", "nannyml")
    assert narrowed == ("nannyml",)


def test_peer_nobody_knows_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names those there are."""
    with pytest.raises(SystemExit):
        arguments(monkeypatch, "--peers", "nannyml,whylogs")
    assert "no peer is called whylogs: one of nannyml" in capsys.readouterr().err


def test_answers_of_a_peer_outlive_a_change_of_daywatch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its digest is one of its own."""
    before = places.answers("nannyml")
    monkeypatch.setenv(places.SETTLED, "another")
    assert places.answers("nannyml") == before
    assert places.answers("nannyml") != places.answers("evidently")


@pytest.fixture(scope="module")
def contract() -> Contract:
    """A regression of two inputs, a number and a name."""
    return Contract.model_validate(
        {
            "model": "heights",
            "problem": "regression",
            "owners": ["a-team"],
            "schedule": {"cron": "0 6 * * *"},
            "sources": {
                kind: {"kind": "files", "path": f"{kind}/{{day}}.parquet"}
                for kind in ("predictions", "labels")
            },
            "columns": {
                "id": "row_id",
                "timestamp": "at",
                "model_version": "model_version",
                "prediction": "prediction",
                "label": "label",
                "continuous": ["height"],
                "categorical": ["place"],
            },
            "policy": {"min_rows": 10, "labels": {"delay_days": 1}},
            "objectives": [{"metric": "mae", "source": "realized", "max": 10.0}],
            "response": {"mode": "observe"},
        }
    )


def regression_rows(first: date, days: int, *, moved: float = 0.0) -> pd.DataFrame:
    """Rows of many days, 200 a day, whose heights are moved."""
    random = np.random.default_rng(3)
    count = 200 * days
    height = random.normal(0, 1, count)
    start = pd.Timestamp(first, tz="UTC")
    return pd.DataFrame(
        {
            "at": start + pd.to_timedelta(np.arange(count) // 200 * 24 + 1, unit="h"),
            "height": height + moved,
            "place": random.choice(["a", "b"], count),
            "prediction": height,
            "label": height + random.normal(0, 0.3, count),
        }
    )


@pytest.fixture
def nannyml(tmp_path: Path, contract: Contract) -> Callable[..., list]:
    """Asks NannyML about named frames, one a day."""
    reference = tmp_path / "reference.parquet"
    write_reference(regression_rows(date(2013, 3, 1), 20), contract, reference)

    def ask(*frames: pd.DataFrame, kept: Path | None = None) -> list:
        days = []
        for number, frame in enumerate(frames):
            day = ONSET + timedelta(days=number)
            path = tmp_path / f"{day}.parquet"
            frame.assign(chunk=pd.Timestamp(day)).to_parquet(path, index=False)
            days.append((day, path))
        watch = Watch(
            calculators=("drift", "multivariate", "missing", "realized"),
            with_outputs=True,
            kept=kept,
        )
        return run_nannyml.judge(days, reference, contract, watch)

    return ask


def test_nannyml_says_how_far_outside_its_limits_a_number_lies(
    nannyml: Callable[..., list],
) -> None:
    """Heights moved by a deviation are drift; a usual day is quiet."""
    usual, moved = nannyml(
        regression_rows(ONSET, 1), regression_rows(ONSET, 1, moved=1.0)
    )
    assert usual.counts["any alert"] == 0
    assert usual.sizes["any alert"] == 0
    assert "drift height" in moved.why
    assert 1 < moved.sizes["any alert"] < STOPPED
    assert moved.counts["performance alerts"] == 0


def test_nannyml_alarms_on_a_day_without_rows_or_labels(
    nannyml: Callable[..., list],
) -> None:
    """Nothing to look at is no quiet day, whatever days stand beside it."""
    rows = regression_rows(ONSET, 1)
    usual, empty, unlabelled = nannyml(
        rows, rows.head(0), rows.assign(label=float("nan"))
    )
    assert usual.counts["any alert"] == 0
    assert empty.counts["any alert"] == STOPPED
    assert unlabelled.counts["performance alerts"] == STOPPED


def test_fitted_calculators_serve_another_process(
    tmp_path: Path,
    nannyml: Callable[..., list],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Read back from disk they say the same, and nothing is fitted again."""
    kept = tmp_path / "fitted"
    moved = regression_rows(ONSET, 1, moved=1.0)
    first = nannyml(moved, kept=kept)
    assert {path.stem for path in kept.iterdir()} == {
        *("drift", "multivariate", "missing", "realized")
    }
    nannyml_fits.fitted_calculator.cache_clear()
    monkeypatch.setattr(nannyml_fits, "FITS", {})
    assert nannyml(moved, kept=kept) == first


@pytest.mark.slow
def test_peers_answer_a_history_and_cases_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cases, a release among them, of a world of 24 rows a day; Evidently too."""
    name = "car_loan_24_1d"
    monkeypatch.setattr(places, "CACHE", tmp_path)
    tools = places.PEERS if EVIDENTLY_PYTHON.is_file() else ("nannyml",)
    work.world(name)
    of_world = [c for c in first_cases(DEVELOPMENT, 40) if c.world == name]
    release = next(case for case in of_world if case.family == "registry")
    other = next(case for case in of_world if case.family != "registry")
    task = work.PeerTask(world=name, tools=tools, cases=(release, other))
    work.peers(replace(task, cases=()))
    work.peers(task)
    for tool in tools:
        assert work.peer_looks(tool, name)
        for case in task.cases:
            looks = work.peer_looks(tool, case.name) or []
            days = WORLDS[name].days[case.onset : case.onset + case.days]
            assert [look.day for look in looks] == days
            assert {rule.alerts for rule in PEER_RULES[tool]} == set(looks[0].counts)
    # What is answered is not asked again, even where the world is gone.
    shutil.rmtree(places.worlds())
    work.peers(task)
