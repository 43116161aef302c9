"""Rows scored again with the version they state: what is no output of it is told."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations import backfilling
from monitoring_tasks.operations.policy.replaying import replay
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.scoring import Scorer
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import other_problems as others
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
FIRST, SECOND = world.RELEASE, world.RELEASE + timedelta(days=1)


@pytest.fixture
def checked(home: Path) -> Iterator[Workspace]:
    """A world whose rows are scored again, by default, and whose history is judged."""
    world.amend(home, "policy", versions={})
    with open_workspace(home) as workspace:
        first, last = world.HISTORY
        backfilling.backfill(
            world.MODEL, first.isoformat(), last.isoformat(), workspace=workspace
        )
        yield workspace


def judged(workspace: Workspace, day: date) -> tuple[Evaluation, list[Finding]]:
    """Judge a day; return what it means, and what was thought of its outputs."""
    unit = world.unit_of(workspace, day)
    evaluation = daily.run_day(workspace, unit)
    return evaluation, [
        finding
        for finding in workspace.results.findings(unit)
        if finding.measurement.kind is Kind.REPRODUCTION
    ]


def scored_by_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Score rows with version 1, and say that it was version 2."""
    score = world.fitted("1").predict_proba(rows[world.INPUTS])[:, 1]
    return rows.assign(score=score, prediction=(score >= 0.5).astype("int64"))


def exchanged(rows: pd.DataFrame) -> pd.DataFrame:
    """Deal the outputs of 30 % of the rows out among them."""
    random = np.random.default_rng(7)
    chosen = random.permutation(len(rows))[: round(0.3 * len(rows))]
    places = np.arange(len(rows))
    places[chosen] = random.permutation(chosen)
    outputs = ["score", "prediction"]
    dealt = rows[outputs].take(places).set_axis(rows.index)
    return rows.assign(**dealt)


def rounded_inputs(rows: pd.DataFrame) -> pd.DataFrame:
    """Log inputs so coarsely that no version gives the scores again."""
    return rows.assign(**{name: rows[name].round() for name in world.INPUTS})


def test_version_column_that_lies_is_an_incident_on_its_first_day(
    checked: Workspace,
) -> None:
    """The version that gives the outputs is named; nothing is put back."""
    worker = checked.scorer(world.MODEL)._worker.child
    world.write_day(checked.settings.home, FIRST, change=scored_by_first)
    evaluation, (finding,) = judged(checked, FIRST)
    assert (evaluation.severity, evaluation.cause) == ("P2", "integration")
    assert evaluation.reasons[0].startswith(
        "P2, integration: 300 of 300 sampled rows (99% to 100% of all) have another "
        "score than version 2 gives for their inputs; 300 of them are what version 1 "
        "gives"
    )
    assert (evaluation.verdict, finding.verdict) == (Verdict.WARN, Verdict.WARN)
    assert evaluation.action is not None
    assert evaluation.action.kind == "incident"
    assert worlds.alias(checked.settings.home) == "2"
    again = replay(checked, world.MODEL, FIRST, FIRST)
    assert (again["judged_days"], again["days"]) == (1, [])
    # Days in bulk and this one were asked of one process.
    assert worker is not None
    assert checked.scorer(world.MODEL)._worker.child is worker


def test_outputs_exchanged_between_rows_are_an_incident(checked: Workspace) -> None:
    """No version gives them; as long as they last every day is looked at."""
    for day in (FIRST, SECOND):
        world.write_day(checked.settings.home, day, change=exchanged)
        evaluation, (finding,) = judged(checked, day)
        assert (evaluation.severity, evaluation.cause) == ("P2", "integration")
        assert 0.2 < (finding.measurement.value or 0) < 0.4
        assert "version 1 gives" not in finding.reason
    assert [i.cause for i in checked.incidents.active(world.MODEL)] == ["integration"]


def test_outputs_of_the_version_are_ok_and_quiet(checked: Workspace) -> None:
    """Healthy days say how many rows were scored again, and nothing else."""
    said = [
        finding
        for day in days_between(*world.HISTORY)
        for finding in checked.results.findings(
            world.unit_of(checked, day, Mode.BACKFILL)
        )
        if finding.measurement.kind is Kind.REPRODUCTION
    ]
    assert 2 <= len(said) < 8
    assert {f.verdict for f in said} == {Verdict.OK}
    assert {(f.measurement.value, f.measurement.rows) for f in said} == {(0.0, 300)}


def test_version_that_does_not_reproduce_its_reference_is_no_witness(
    home: Path,
) -> None:
    """Nor are its days, which are logged alike: it is said once, and calls nobody."""
    world.amend(home, "policy", versions={})
    with open_workspace(home) as workspace:
        rows = workspace.references.rows(world.MODEL, "2")
        assert rows is not None
        log_reference(
            workspace,
            world.MODEL,
            "2",
            rounded_inputs(rows),
            trained_until=world.TRAINED[1],
            replace_logged=True,
        )
    with open_workspace(home) as workspace:
        said = []
        for day in days_between(*world.HISTORY):
            world.write_day(home, day, change=rounded_inputs)
            evaluation, findings = judged(workspace, day)
            assert evaluation.cause != "integration"
            said += findings
    (once,) = said
    assert once.verdict is Verdict.INCONCLUSIVE
    assert "neither its reference nor a day before shows" in once.reason


def test_version_that_cannot_score_is_a_remark(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that fails makes no alarm, and no day good."""

    def fails(_: Scorer, __: Path, versions: list[str]) -> dict[str, Path | str]:
        return dict.fromkeys(versions, "version 2 did not answer in time (120 seconds)")

    monkeypatch.setattr(Scorer, "score", fails)
    world.amend(home, "policy", versions={})
    world.write_day(home, FIRST, change=scored_by_first)
    with open_workspace(home) as workspace:
        evaluation, (finding,) = judged(workspace, FIRST)
    assert (finding.verdict, finding.measurement.value) == (Verdict.NO_DATA, None)
    assert "did not answer in time" in finding.reason
    assert evaluation.severity is None


@pytest.mark.parametrize("problem", others.PROBLEMS)
def test_other_problems_are_held_against_their_version(
    problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers and scores of classes alike; the version behind the rows is named."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "home"))
    home = world.copy(others.base(problem), tmp_path / "home")
    world.amend(home, "policy", versions={})
    others.write_day(home, problem, FIRST, version="1")
    delivered = pd.read_parquet(world.part(home, "predictions", FIRST))
    world.write(home, "predictions", FIRST, delivered.assign(model_version="2"))
    with open_workspace(home) as workspace:
        _, (good,) = judged(workspace, others.HEALTHY)
        evaluation, (lying,) = judged(workspace, FIRST)
    assert (good.verdict, good.measurement.value) == (Verdict.OK, 0.0)
    assert evaluation.cause == "integration"
    assert "are what version 1 gives" in lying.reason


def test_rows_that_stay_where_they_lie_are_held_by_their_sample(home: Path) -> None:
    """Those that are kept are scored again; the number says that it is of a sample."""
    source = world.CONTRACT["sources"]["predictions"] | {"freeze": "facts"}
    world.amend(home, "sources", predictions=source)
    few = {"sample_rows": 100, "weak_segments": {"sample_rows": 100}}
    world.amend(home, "policy", versions={}, **few)
    world.write_day(home, FIRST, change=scored_by_first)
    with open_workspace(home) as workspace:
        evaluation, (finding,) = judged(workspace, FIRST)
    assert evaluation.cause == "integration"
    assert finding.measurement.rows == 100
    assert "on a sample of 100 of 400 rows" in finding.measurement.reason
