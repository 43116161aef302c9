"""The benchmark's right answers and its counting."""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.generalisation import __main__ as command
from benchmarks.generalisation import places, results
from benchmarks.generalisation.answers import Look
from benchmarks.generalisation.cases import EVALUATION, Case
from benchmarks.generalisation.faults.grammar import (
    CONTROL,
    PRODUCTIONS,
    Cell,
    Rows,
    Shape,
)
from benchmarks.generalisation.harm import Harm
from benchmarks.generalisation.scoring import (
    GRAVE_RELEASE,
    MILD_RELEASE,
    Judged,
    clean_summed,
    summed,
)
from benchmarks.generalisation.shares import wilson
from benchmarks.generalisation.truths import BadRelease, truth_of
from benchmarks.generalisation.words import totals
from monitoring_tasks.domain.problems import Problem

NONE = Harm(loss=0.0, flipped=0.0, spoiled=0.0, misled=0.0, changed=1.0)
ONSET = date(2013, 6, 1)


def harm(**costs: float) -> Harm:
    """A fault that touches every row and costs what is named."""
    return Harm(**{**NONE.to_json(), **costs})


def look(number: int, *, severity: str = "", cause: str = "", back: str = "") -> Look:
    """What was said on a faulty day about itself."""
    day = ONSET + timedelta(days=number)
    return Look(
        number=number,
        lived=day,
        day=day,
        verdict="ok",
        severity=severity,
        cause=cause,
        is_incident=severity in {"P0", "P1", "P2"},
        rollback_to=back,
        why="",
    )


def judged(
    production: str,
    looks: list[Look],
    costs: Harm,
    *,
    world: str = "census_400_1d",
    shape: Shape = Shape.STEP,
) -> Judged:
    """A case of the evaluation with what was said of it."""
    case = Case(
        number=0,
        part=EVALUATION,
        world=world,
        cell=Cell(production, Rows.ALL, shape),
        size=1.0,
        onset=40,
        seed=1,
    )
    truth = truth_of(PRODUCTIONS[production], Rows.ALL, costs, Problem.BINARY)
    quiet = [look(n) for n in range(14) if n not in {one.number for one in looks}]
    said = sorted((*quiet, *looks), key=lambda one: one.number)
    return Judged(case=case, harm=costs, truth=truth, looks=tuple(said))


@pytest.mark.parametrize(
    ("costs", "is_harmful"),
    [
        pytest.param({"loss": 0.03}, True, id="loss of AUC"),
        pytest.param({"loss": 0.02}, False, id="smaller loss"),
        pytest.param({"flipped": 0.10}, True, id="decisions flipped"),
        pytest.param({"spoiled": 0.10}, True, id="labels lacking"),
        pytest.param({"misled": 0.03}, True, id="labels that mislead"),
    ],
)
def test_harm_is_derived_from_what_it_costs(
    costs: dict[str, float], *, is_harmful: bool
) -> None:
    """One cost past its limit is enough."""
    production = PRODUCTIONS["missing input"]
    truth = truth_of(production, Rows.ALL, harm(**costs), Problem.BINARY)
    assert truth.is_harmful is is_harmful
    assert not truth.needs_rollback


def test_regression_loses_a_tenth_of_its_error() -> None:
    """A loss of .05 harms two classes and no number."""
    production, cost = PRODUCTIONS["missing input"], harm(loss=0.05)
    assert truth_of(production, Rows.ALL, cost, Problem.BINARY).is_harmful
    assert not truth_of(production, Rows.ALL, cost, Problem.REGRESSION).is_harmful


def test_rollback_helps_against_a_release_that_lost_alone() -> None:
    """Not against an equal one, nor one that only decides otherwise."""
    worse = PRODUCTIONS["missing registry"]
    equal = PRODUCTIONS[CONTROL]
    lost, other = harm(loss=0.05), harm(flipped=0.5)
    assert truth_of(worse, Rows.ALL, lost, Problem.BINARY).needs_rollback
    assert not truth_of(worse, Rows.ALL, other, Problem.BINARY).needs_rollback
    assert truth_of(equal, Rows.ALL, other, Problem.BINARY).is_control


@pytest.mark.parametrize(
    ("loss", "problem", "release"),
    [
        pytest.param(0.04, Problem.BINARY, BadRelease.GRAVE, id="much AUC"),
        pytest.param(0.039, Problem.BINARY, BadRelease.MILD, id="some AUC"),
        pytest.param(0.03, Problem.MULTICLASS, BadRelease.MILD, id="some accuracy"),
        pytest.param(0.029, Problem.BINARY, None, id="little AUC"),
        pytest.param(0.10, Problem.REGRESSION, BadRelease.GRAVE, id="a tenth"),
        pytest.param(0.09, Problem.REGRESSION, None, id="less than a tenth"),
    ],
)
def test_release_is_as_bad_as_what_it_loses(
    loss: float, problem: Problem, release: BadRelease | None
) -> None:
    """Only what lies in the registry is a release."""
    worse, other = PRODUCTIONS["missing registry"], PRODUCTIONS["missing input"]
    assert truth_of(worse, Rows.ALL, harm(loss=loss), problem).release is release
    assert truth_of(other, Rows.ALL, harm(loss=loss), problem).release is None


@pytest.mark.parametrize(
    ("loss", "number", "grave", "mild"),
    [
        pytest.param(0.05, 6, (1, 1), (0, 0), id="grave, on its last day"),
        pytest.param(0.05, 7, (0, 1), (0, 0), id="grave, a day late"),
        pytest.param(0.035, 13, (0, 0), (1, 1), id="mild, on its last day"),
        pytest.param(0.035, 14, (0, 0), (0, 1), id="mild, a day late"),
        pytest.param(0.02, 0, (0, 0), (0, 0), id="neither"),
    ],
)
def test_bad_releases_are_counted_by_how_bad_they_are(
    loss: float, number: int, grave: tuple[int, int], mild: tuple[int, int]
) -> None:
    """A week for those that lose much, a fortnight for the others; equal ones never."""
    loud, cost = [look(number, severity="P2", cause="model")], harm(loss=loss)
    figures = summed(
        [judged("missing registry", loud, cost), judged(CONTROL, loud, cost)]
    )

    def counted(name: str) -> tuple[int, int]:
        return figures[name]["count"], figures[name]["of"]

    assert (counted(GRAVE_RELEASE), counted(MILD_RELEASE)) == (grave, mild)


def test_weeks_of_bad_releases_begin_with_their_labels() -> None:
    """Of a day whose labels take a week they cannot begin before."""
    cost = harm(loss=0.05)
    for number, is_told in ((12, True), (13, False)):
        loud = [look(number, severity="P2")]
        case = judged("missing registry", loud, cost, world="census_24_7d")
        assert case.is_told_within(7) is is_told


def test_bad_releases_stand_in_the_tables_with_their_aims() -> None:
    """Also where none was asked."""
    lines = list(totals({"cases": summed([]), "clean": {}}))
    for name in (GRAVE_RELEASE, MILD_RELEASE):
        (line,) = (line for line in lines if line.startswith(f"| {name} |"))
        assert "none asked" in line
        assert line.endswith(">= 80 % |")


def test_fault_that_changes_next_to_nothing_is_none() -> None:
    """Of it nobody has to say anything."""
    cost = harm(changed=0.01)
    assert truth_of(
        PRODUCTIONS["stale input"], Rows.HOUR, cost, Problem.BINARY
    ).is_control


@pytest.mark.parametrize(
    ("production", "world", "last"),
    [
        pytest.param("missing input", "census_400_1d", 2, id="3 days"),
        pytest.param("missing label", "census_400_1d", 6, id="7 days of labels"),
        pytest.param("missing label", "census_24_7d", 12, id="labels after a week"),
    ],
)
def test_alarm_is_in_time_until_its_last_day(
    production: str, world: str, last: int
) -> None:
    """A day later it is late; a warning is no alarm."""
    costs = harm(loss=0.1, spoiled=1.0)

    def outcome(number: int, severity: str) -> str:
        said = [look(number, severity=severity)]
        return judged(production, said, costs, world=world).outcome

    assert outcome(last, "P2") == "in time"
    assert outcome(last + 1, "P2") == "late"
    assert outcome(0, "P3") == "warned"
    assert judged(production, [], costs, world=world).outcome == "silent"


def test_cause_is_that_of_the_first_alarm() -> None:
    """What a later day says comes too late."""
    looks = [
        look(0, severity="P2", cause="concept_drift"),
        look(1, severity="P2", cause="data"),
    ]
    assert judged("missing input", looks, harm(loss=0.1)).is_cause_right is False


def test_totals_count_each_kind_by_itself() -> None:
    """A fault told, a harmless one not, a control that called and rolled back."""
    figures = summed(
        [
            judged(
                "missing input", [look(1, severity="P1", cause="data")], harm(loss=0.1)
            ),
            judged("missing input", [], NONE),
            judged(CONTROL, [look(2, severity="P2", cause="model", back="1")], NONE),
        ]
    )
    assert figures["harmful told in time"]["count"] == 1
    assert figures["right cause, of the harmful told"]["value"] == 1
    assert figures["harmless told at least as P3"]["value"] == 0
    assert figures["nothing wrong, called P2 or graver"]["count"] == 1
    assert figures["rolled back where nothing helps"]["count"] == 1


def test_totals_say_what_makes_cases_hard() -> None:
    """How long a fault lasts, on which rows, and how few rows a day there are."""
    found = [look(0, severity="P2")]
    figures = summed(
        [
            judged("missing input", found, harm(loss=0.1)),
            judged("missing input", [], harm(loss=0.1), shape=Shape.SPIKE),
            judged("missing input", [], harm(loss=0.1), world="census_24_7d"),
        ]
    )
    names = ("faults that stay", "faults of a day, or on and off", "of all rows")
    told = [figures[f"of them, {name}"] for name in names]
    assert [(share["count"], share["of"]) for share in told] == [(1, 2), (0, 1), (1, 3)]
    assert figures["of them, of a part of the rows"]["of"] == 0
    assert figures["of them, at 150 rows a day or fewer"]["of"] == 1


def test_wilson_interval_is_that_of_the_book() -> None:
    """8 of 10: .490 to .943 (Brown, Cai and DasGupta 2001, Statistical Science 16)."""
    found = wilson(8, 10)
    assert (found.value, round(found.lower, 3), round(found.upper, 3)) == (
        0.8,
        0.490,
        0.943,
    )
    assert wilson(0, 0).lower == 0


def test_clean_days_count_runs_of_alarms_and_of_warnings() -> None:
    """Two alarms side by side are one; a warning ten days on is told and no alarm."""
    said = {2: "P2", 3: "P2", 13: "P3"}
    looks = [look(number, severity=said.get(number, "")) for number in range(30)]
    figures = clean_summed({"census_400_1d": looks})
    assert figures["false incidents a model-year"]["count"] == 1
    assert figures["told, P3 too, a model-month"]["count"] == 2
    assert figures["days with an incident"]["count"] == 2
    weeks = figures["weeks with anything told"]
    assert (weeks["count"], weeks["of"]) == (2, 4)


@pytest.mark.parametrize("option", ["--family", "--fault", "--world"])
def test_evaluation_cannot_be_narrowed_without_a_reveal(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part of it would tell of single cases."""
    value = "census_400_1d" if option == "--world" else "input"
    given = ["x", "--part", "evaluation", option, value, "--report-only"]
    monkeypatch.setattr(sys, "argv", given)
    with pytest.raises(SystemExit):
        command.main()
    assert "--reveal WHY" in capsys.readouterr().err


def test_reveal_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When, which cases, and why; a second one is added."""
    monkeypatch.setattr(places, "REVEALS", tmp_path / "reveals.jsonl")
    case = judged("missing input", [], NONE)
    results.record_reveal([case], why="to see the worst")
    results.record_reveal([case], why="again")
    lines = [json.loads(line) for line in places.REVEALS.read_text().splitlines()]
    assert [line["why"] for line in lines] == ["to see the worst", "again"]
    assert lines[0]["cases"] == [0]
