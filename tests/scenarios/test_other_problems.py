"""Whole days of a regression and of a model of three classes, from rows to report."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.settling import settle
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import other_problems as others
from tests.scenarios import world, worlds

pytestmark = [
    *worlds.QUIET,
    pytest.mark.slow,  # three versions of two models are fitted and logged
    pytest.mark.parametrize("problem", others.PROBLEMS),
]
DAY, NEXT = others.STORY[:2]
ESTIMATED, REALIZED = "estimated", "realized"
DECIDED = ("verdict", "performance", "confirmed", "severity", "cause", "rollback_to")


@pytest.fixture
def fresh(
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Three versions and a healthy day, nothing judged."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "home"))
    made = others.base(problem)
    return world.copy(made, tmp_path / "home")


@pytest.fixture
def lived(problem: str, tmp_path: Path) -> others.Lived:
    """The whole story, judged live."""
    made = others.lived(problem)
    return made._replace(home=world.copy(made.home, tmp_path / "home"))


def story(home: Path, mode: Mode = Mode.LIVE) -> list[Evaluation]:
    """Return the evaluations of the days of the story."""
    with open_workspace(home) as workspace:
        units = [world.unit_of(workspace, day, mode) for day in others.STORY]
        return [workspace.results.evaluation(unit) for unit in units]


def promises(home: Path, day: date) -> dict[tuple[str, str], Finding]:
    """Return what was thought of the promises of a day, by kind and metric."""
    with open_workspace(home) as workspace:
        return by_metric(workspace.results.findings(world.unit_of(workspace, day)))


def by_metric(findings: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    """Index the findings on estimates and realized numbers."""
    known = {(f.measurement.kind.value, f.measurement.metric): f for f in findings}
    return {key: known[key] for key in known if key[0] in {ESTIMATED, REALIZED}}


def promised(problem: str) -> list[tuple[str, str]]:
    """List kind and metric of every promise."""
    parts = others.PROMISED[problem]
    return [(kind, metric) for kind in parts for metric in parts[kind]]


def test_seven_steps_judge_and_report_an_ordinary_day(
    fresh: Path, problem: str
) -> None:
    """Step by step as tasks do: every promise is measured, kept and shown."""
    with open_workspace(fresh) as workspace:
        unit = world.unit_of(workspace, DAY)
    as_of = unit.as_of.isoformat()
    key = daily.extract(world.MODEL, DAY.isoformat(), as_of=as_of, mode="live")
    for step in (daily.validate, daily.estimate, daily.compare, daily.decide):
        key = step(key)
    page = Path(daily.learn(daily.respond(key))).read_text(encoding="utf-8")
    with open_workspace(fresh) as workspace:
        row = workspace.results.evaluation(unit)
    found = promises(fresh, DAY)
    assert (row.verdict, row.action.kind) == ("ok", "none")
    assert (row.rows, row.labelled) == (world.ROWS, world.ROWS)
    assert sorted(found) == sorted(promised(problem))
    for finding in found.values():
        number = finding.measurement
        assert finding.verdict == "ok"
        assert number.lower < number.value < number.upper
        assert f"<td>{number.metric.replace('_', ' ')}</td>" in page


def test_before_its_labels_a_day_rests_on_the_estimate(
    fresh: Path, problem: str
) -> None:
    """Without labels realized numbers are immature; they settle when labels come."""
    labels = world.part(fresh, "labels", DAY)
    kept = labels.read_bytes()
    labels.unlink()
    (row,) = worlds.run(fresh, DAY)
    early = promises(fresh, DAY)
    assert (row.verdict, row.labelled) == ("ok", 0)
    for kind, metric in promised(problem):
        finding = early[kind, metric]
        assert finding.verdict == {ESTIMATED: "ok", REALIZED: "immature"}[kind]
        assert (finding.measurement.value is None) == (kind == REALIZED)
    labels.write_bytes(kept)
    noon = f"{NEXT}T12:00:00+00:00"
    (key,) = settle(world.MODEL, as_of=noon, mode="live")
    with open_workspace(fresh) as workspace:
        (settled,) = workspace.results.current(world.MODEL, DAY, DAY)
        late = by_metric(workspace.results.findings(Unit.from_key(key)))
    assert (settled.verdict, settled.labelled) == ("ok", world.ROWS)
    assert {finding.verdict for finding in late.values()} == {"ok"}


def test_what_cannot_be_estimated_has_a_reason(fresh: Path, problem: str) -> None:
    """Without a reference there is no estimate; what came true is known."""
    said = "the estimate step did not produce it"
    others.write_day(fresh, problem, DAY, version="1")
    (row,) = worlds.run(fresh, DAY)
    found = promises(fresh, DAY)
    for kind, metric in promised(problem):
        number = found[kind, metric].measurement
        assert (number.value is None) == (kind == ESTIMATED)
        assert number.reason.startswith(said if kind == ESTIMATED else "")
    assert row.verdict in {"inconclusive", "no_data"}


def test_bad_release_is_confirmed_and_rolled_back(
    lived: others.Lived, problem: str
) -> None:
    """What came true breaches twice; version 2 did better on the same rows."""
    _, first, second, *_ = story(lived.home)
    assert (first.verdict, first.confirmed) == ("breach", False)
    assert (first.severity, first.action.kind) == ("P2", "incident")
    assert first.rollback_to is None
    assert (second.verdict, second.confirmed) == ("breach", True)
    assert (second.severity, second.cause) == ("P1", "model")
    assert (second.rollback_to, second.action.kind) == ("2", "rollback")
    for (kind, _), finding in promises(lived.home, others.BAD[1]).items():
        assert finding.verdict == {ESTIMATED: "ok", REALIZED: "breach"}[kind]
    beside = {c.version: c for c in second.comparisons}
    assert {c.metric for c in beside.values()} == {
        others.PROMISED[problem][REALIZED][0]
    }
    assert beside["2"].gain > beside["1"].gain > 0
    assert worlds.alias(lived.home) == "2"
    assert worlds.journal(lived.home)[-2:] == ["applied", "verifying"]


def test_good_days_around_a_bad_release_ask_for_nobody(lived: others.Lived) -> None:
    """Days of version 2 are ok; those after the rollback verify it, labels or not."""
    before, _, _, *after = story(lived.home)
    assert {row.verdict for row in (before, *after)} == {"ok"}
    assert before.action.kind == "none"
    texts = [row.action.text for row in after]
    assert [row.action.kind for row in after] == ["verified", "verified"]
    assert "version 2 serves" in texts[0]
    assert "1 of 2 good days" in texts[0]
    assert after[-1].labelled == 0


def test_report_of_a_bad_day_shows_the_versions_side_by_side(
    lived: others.Lived, problem: str
) -> None:
    """The page draws the metric, holds the versions against it and tells the move.

    Two days are too few to compare the releases day by day: that line has no value.
    """
    path = lived.home / "reports" / world.MODEL / f"{others.BAD[1]}.html"
    page = path.read_text(encoding="utf-8")
    metric = others.PROMISED[problem][REALIZED][0]
    assert f"{metric}, estimated and realized, over 3 days" in page
    table = page.partition("Versions side by side")[2].partition("</table>")[0]
    for version in ("1", "2"):
        begins = f"<td>{version}</td><td>{metric}</td>"
        lines = [r for r in table.split("<tr>") if r.startswith(begins)]
        measured = [line for line in lines if "no value" not in line]
        assert measured
        assert all("✓ yes" in line for line in measured)
    assert "moved from version 3 to 2" in page


def test_backfill_decides_as_the_days_did_and_touches_nothing(
    lived: others.Lived,
) -> None:
    """Counted together, the same numbers and decisions; no incident and no move."""
    pairs = zip(story(lived.home), story(lived.home, Mode.BACKFILL), strict=True)
    for live, backfilled in pairs:
        assert [getattr(live, k) for k in DECIDED] == [
            getattr(backfilled, k) for k in DECIDED
        ]
        assert live.reasons == backfilled.reasons
        with open_workspace(lived.home) as workspace:
            both = [row.unit for row in (live, backfilled)]
            found = [workspace.results.findings(unit) for unit in both]
        assert found[0] == found[1] != []
    for table in ("incidents", "incident_events", "rollbacks"):
        assert lived.backfilled[table] == []
    # Digests of files are recorded with the references, before any day.
    assert all("artifact" in line for line in lived.backfilled["alias_journal"])
