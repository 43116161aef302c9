"""What a day's incident becomes among silences, other models and days before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring_tasks.domain.decisions import (
    FIRST_GUESS,
    Action,
    Cause,
    Decision,
    Severity,
)
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.respond.page_terms import may_reopen
from monitoring_tasks.respond.step import act
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import make_decision, make_finding, make_incident, raw_contract
from tests.domain.test_silences import SILENCE
from tests.operations.days import FIRST, at

MODELS = "abcd"
LAKE = {"kind": "sql", "connection": "lake", "table": "scores"}
POND = {"kind": "files", "path": "pond/{day}/rows.parquet"}
NO_DATA = make_decision(
    verdict=Verdict.NO_DATA,
    performance=Verdict.NO_DATA,
    confirmed=False,
    severity=Severity.P1,
    cause=Cause.INTEGRATION,
    rollback_to=None,
    reasons=("no data: the lake is dry",),
)
BROKEN = replace(NO_DATA, cause=Cause.DATA, severity=Severity.P2)
BREACH = make_decision(cause=Cause.CONCEPT_DRIFT, rollback_to=None)
GOOD = make_decision(
    verdict=Verdict.OK,
    performance=Verdict.OK,
    confirmed=False,
    severity=None,
    cause=None,
    rollback_to=None,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Four models, three fed by the same lake; nothing judged yet."""
    for model in MODELS:
        source = POND if model == "d" else LAKE
        contract = raw_contract(
            model=model,
            tier=2,
            sources={"predictions": source, "labels": source},
            response={"mode": "auto", "autonomy": {"decisions": 0}},
        )
        path = tmp_path / "home" / "expectations" / model / "monitor.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(contract))
    (tmp_path / "home" / "daywatch.yaml").write_text("clock: simulated\n")
    with open_workspace(tmp_path / "home") as opened:
        yield opened


def judged(
    workspace: Workspace,
    model: str,
    decision: Decision,
    day: date = FIRST,
    **parts: Any,  # noqa: ANN401 (parts of a unit)
) -> Unit:
    """Write a day as a run that came to a decision leaves it."""
    known = {"as_of": at(day, 6), "mode": Mode.LIVE} | parts
    unit = Unit(model=model, day=day, **known)
    workspace.results.start(unit, predictions=None, labels=None, problem=None)
    workspace.results.save_measurements(
        unit, [], header={"version": "2", "rows": 9, "labelled": 9}
    )
    workspace.results.save_decision(unit, decision)
    return unit


def done(workspace: Workspace, model: str, decision: Decision, **parts: Any) -> Action:  # noqa: ANN401 (day, mode)
    """Judge a day and act on it."""
    unit = judged(workspace, model, decision, **parts)
    action = act(Day(workspace, unit))
    workspace.results.save_action(unit, action)
    return action


def parts_of(workspace: Workspace) -> dict[str, Incident]:
    """Return the newest incident of each model that has one."""
    return {one.model: one for one in reversed(workspace.incidents.find())}


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_three_models_of_one_source_are_one_page(
    workspace: Workspace, order: tuple[str, ...]
) -> None:
    """In whatever order they are judged; the fourth has a source of its own."""
    for minute, model in enumerate(order):
        done(workspace, model, BROKEN, as_of=at(FIRST, 6) + timedelta(minutes=minute))
    done(workspace, "d", BROKEN)
    found = parts_of(workspace)
    whole = found.pop("*sql:lake")
    assert [whole.id == found[model].merged_into for model in MODELS] == [
        True,
        True,
        True,
        False,
    ]
    assert [one.model for one in workspace.incidents.find() if one.paged_at] == [
        whole.model
    ]


def test_bad_data_and_breaches_of_one_source_belong_together(
    workspace: Workspace,
) -> None:
    """One model sees nothing, another sees rubbish, a third falls: one cause."""
    for model, decision in zip("abc", (NO_DATA, BROKEN, BREACH), strict=True):
        last = done(workspace, model, decision)
    assert "part of common_cause-2024-03-01" in last.text


def test_declared_upstream_joins_models_of_other_sources(workspace: Workspace) -> None:
    """What the contract says they share is shared."""
    for model in ("a", "b", "d"):
        alarms = {"upstreams": ["feature store"]}
        path = workspace.settings.expectations / model / "monitor.yaml"
        raw = yaml.safe_load(path.read_text()) | {"policy": {"alarms": alarms}}
        path.write_text(yaml.safe_dump(raw))
        done(workspace, model, BROKEN)
    assert parts_of(workspace)["d"].merged_into is not None
    assert "*declared:feature store" in parts_of(workspace)


def test_rollback_is_held_back_while_the_cause_is_shared(workspace: Workspace) -> None:
    """Nothing is put back for one of three models that broke together."""
    for model in "ab":
        done(workspace, model, BROKEN)
    action = done(workspace, "c", make_decision())
    assert (action.kind, "rollback held back" in action.text) == ("refused", True)
    assert workspace.journal.lines("c") == []


def test_monitor_that_failed_is_no_part_of_it(workspace: Workspace) -> None:
    """Blindness is never told as somebody else's trouble."""
    for model in "ab":
        done(workspace, model, BROKEN)
    blind = replace(NO_DATA, verdict=Verdict.ERROR, performance=Verdict.ERROR)
    assert "integration, not the model; fix" in done(workspace, "c", blind).text
    assert parts_of(workspace)["c"].merged_into is None


@pytest.mark.parametrize("mode", [Mode.DRY_RUN, Mode.BACKFILL])
def test_look_that_may_not_act_records_what_would_be(
    workspace: Workspace, mode: Mode
) -> None:
    """It says of what the incident would be a part and leaves none."""
    for model in "ab":
        done(workspace, model, BROKEN)
    action = done(workspace, "c", BROKEN, mode=mode)
    assert (action.kind, "part of common_cause" in action.text) == (
        "would_open_incident",
        True,
    )
    assert set(parts_of(workspace)) == {"a", "b"}


def test_silenced_incident_is_recorded_whole_and_pages_nobody(
    workspace: Workspace,
) -> None:
    """Verdict, evidence and time line are those of any other."""
    workspace.silences.add(
        replace(
            SILENCE,
            model="d",
            severity_at_most=Severity.P1,
            starts_at=at(FIRST, 5),
            ends_at=at(FIRST, 5) + timedelta(days=1),
        ),
        longest_days=14,
    )
    first = done(workspace, "d", NO_DATA)
    assert first.text.endswith("; no page: s")
    silenced = parts_of(workspace)["d"]
    assert (silenced.silenced_by, silenced.paged_at) == ("s", None)
    assert workspace.incidents.events(silenced.id)[0]["text"] == NO_DATA.reasons[0]
    done(workspace, "d", NO_DATA, day=FIRST + timedelta(days=1))
    assert parts_of(workspace)["d"].paged_at is not None


def test_silence_about_a_segment_asks_what_is_in_breach(workspace: Workspace) -> None:
    """It covers the day on which that segment alone is broken."""
    wish = replace(SILENCE, model="d", segment="region=N")
    wish = replace(wish, starts_at=at(FIRST, 5), ends_at=at(FIRST, 5) + timedelta(9))
    workspace.silences.add(replace(wish, severity_at_most=Severity.P1), longest_days=14)
    for day, segments in enumerate((["region=N"], ["region=N", "all"])):
        unit = judged(workspace, "d", BREACH, FIRST + timedelta(days=day))
        broken = [make_finding(Verdict.BREACH, segment=one) for one in segments]
        workspace.results.save_findings(unit, broken, [])
        act(Day(workspace, unit))
        assert (parts_of(workspace)["d"].silenced_by is None) is (day == 1)


def test_record_of_a_rollback_is_never_silenced(workspace: Workspace) -> None:
    """Whoever moves an alias says so, silence or not."""
    wish = replace(SILENCE, model="d", severity_at_most=Severity.P1)
    wish = replace(wish, starts_at=at(FIRST, 5), ends_at=at(FIRST, 5) + timedelta(9))
    workspace.silences.add(wish, longest_days=14)
    dry = {"mode": Mode.DRY_RUN}
    assert "no page" not in done(workspace, "d", make_decision(), **dry).text
    assert "no page" in done(workspace, "d", BREACH, **dry).text


@pytest.mark.parametrize(
    ("good_days", "again"), [(8, True), (9, True), (10, False), (11, False)]
)
def test_trouble_within_seven_valid_days_of_its_end_is_the_same(
    workspace: Workspace, *, good_days: int, again: bool
) -> None:
    """Three good days end it; the seventh valid day after that is the last to count."""
    slight = replace(BREACH, severity=Severity.P2)
    done(workspace, "d", slight)
    for offset in range(1, good_days + 1):
        done(workspace, "d", GOOD, day=FIRST + timedelta(days=offset))
    assert parts_of(workspace)["d"].state is IncidentState.RESOLVED
    done(workspace, "d", slight, day=FIRST + timedelta(days=good_days + 1))
    newest = parts_of(workspace)["d"]
    assert (newest.reopened, newest.state) == (int(again), IncidentState.OPEN)


def test_days_that_say_nothing_do_not_use_up_the_seven(workspace: Workspace) -> None:
    """Only valid days count."""
    slight = replace(BREACH, severity=Severity.P2)
    done(workspace, "d", slight)
    vague = replace(GOOD, verdict=Verdict.IMMATURE, performance=Verdict.IMMATURE)
    for offset in range(1, 16):
        decision = GOOD if offset <= 9 else vague
        done(workspace, "d", decision, day=FIRST + timedelta(days=offset))
    done(workspace, "d", slight, day=FIRST + timedelta(days=16))
    assert parts_of(workspace)["d"].reopened == 1


def test_incident_stays_open_while_its_alarm_flaps(workspace: Workspace) -> None:
    """Good days are noted; what flaps is not resolved."""
    slight = replace(BREACH, severity=Severity.P2)
    done(workspace, "d", slight)
    flaps = replace(GOOD, evidence={"flapping": {}})
    for offset in range(1, 6):
        last = done(workspace, "d", flaps, day=FIRST + timedelta(days=offset))
    assert "it is flapping" in last.text
    assert parts_of(workspace)["d"].state is IncidentState.OPEN


def test_first_guess_opens_nothing_again() -> None:
    """One odd day is no relapse of what had been confirmed and is over."""
    ended = [make_incident(state=IncidentState.RESOLVED)]
    assert may_reopen(make_decision(), ended)
    assert not may_reopen(make_decision(evidence={FIRST_GUESS: True}), ended)
    assert not may_reopen(make_decision(), [make_incident()])
