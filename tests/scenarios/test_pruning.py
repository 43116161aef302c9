import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations import pruning
from monitoring_tasks.operations.pruning import PRUNED, Pruned, prune
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAYS = [world.HISTORY[0] + timedelta(days=n) for n in range(3)]
TABLES = ("evaluations", "findings", "profiles", "partitions", "batch_summaries")


def pruned(workspace: Workspace, *, dry_run: bool = False, keep: str = "1y") -> Pruned:
    """Prune the world's model."""
    (of_model,) = prune(workspace, keep, actor="ann", dry_run=dry_run)
    return of_model


@pytest.fixture
def old(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workspace]:
    """Three judged days, looked at a year after the second."""
    worlds.run(home, *DAYS)
    later = DAYS[1] + timedelta(days=365)
    with open_workspace(home) as workspace:
        now = datetime.combine(later, datetime.min.time(), workspace.clock.now().tzinfo)
        monkeypatch.setattr(Workspace, "now", lambda _, __: now)
        yield workspace


def test_old_days_go_with_their_files_and_the_journal_says_so(old: Workspace) -> None:
    """Younger days stay as they are; once more changes nothing."""
    home = old.settings.home
    before = worlds.dump(home)
    done = pruned(old)
    assert (done.days, done.first_kept) == (1, DAYS[1])
    after = worlds.dump(home)
    for table in TABLES:
        assert done.removed[table] == len(before[table]) - len(after[table]) > 0
        assert set(after[table]) < set(before[table])
    assert done.removed["folders of frozen rows"] == 2
    left = {path.parent.name for path in home.glob("partitions/*/*/day=*/*.parquet")}
    assert left == {f"day={day}" for day in DAYS[1:]}
    (line,) = old.journal.lines_in(PRUNED)
    assert (line.actor, line.detail["days"]) == ("ann", 1)
    assert old.journal.verify() is None
    assert pruned(old).days == 0
    assert worlds.dump(home) == after
    assert [row.day for row in worlds.run(home, *DAYS[1:])] == DAYS[1:]


def test_dry_run_counts_what_would_go_and_touches_nothing(old: Workspace) -> None:
    """The same numbers as the removal, and neither a row, a file nor a line less."""
    home = old.settings.home
    before, files = worlds.dump(home), worlds.files(home)
    planned = pruned(old, dry_run=True)
    assert (worlds.dump(home), worlds.files(home)) == (before, files)
    assert planned == pruned(old)


def test_run_that_was_killed_is_finished_by_the_next(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows go first: no row names a file that is gone, and files left go later."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(pruning, "remove_folders", die)
        with pytest.raises(KeyboardInterrupt):
            pruned(old)
    home = old.settings.home
    assert len(list(home.glob("partitions/*/*/day=*"))) == 2 * len(DAYS)
    kept = {row[1] for row in worlds.dump(home)["partitions"]}
    assert str(DAYS[0]) not in {str(day) for day in kept}
    assert pruned(old).removed == {"folders of frozen rows": 2}
    assert len(list(home.glob("partitions/*/*/day=*"))) == 2 * len(DAYS) - 2


def test_legal_hold_keeps_everything_and_a_kill_switch_nothing(old: Workspace) -> None:
    """Evidence is kept while a case is open; who may move an alias is another thing."""
    hold = old.holds.place(
        world.MODEL,
        HoldKind.LEGAL_HOLD,
        reason="case 4711 is open",
        actor="ann",
        at=old.clock.now(),
    )
    done = pruned(old)
    assert (done.days, done.kept) == (0, {f"legal hold {hold.id}": 1})
    old.holds.release(hold.id, reason="case is closed", actor="ann", at=old.clock.now())
    old.holds.place(
        world.MODEL,
        HoldKind.KILL_SWITCH,
        reason="migration of the registry",
        actor="ann",
        at=old.clock.now(),
    )
    assert pruned(old).days == 1


def test_days_an_incident_and_its_rollback_rest_on_stay(
    breached: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long ago it was closed; the days long before it go."""
    worlds.run(breached, worlds.CONFIRMED)
    with open_workspace(breached) as workspace:
        (incident,) = workspace.incidents.find(world.MODEL)
        now = workspace.now(world.MODEL) + timedelta(days=4000)
        monkeypatch.setattr(Workspace, "now", lambda _, __: now)
        done = pruned(workspace)
        assert done.kept[f"incident {incident.id}"] > 1
        assert any(why.startswith("rollback ") for why in done.kept)
        days = [
            row.day
            for row in workspace.results.current(
                world.MODEL, world.HISTORY[0], worlds.CONFIRMED
            )
        ]
        assert days
        assert days[0] >= incident.onset_day - timedelta(days=28)
        assert workspace.incidents.find(world.MODEL) == [incident]


def test_model_nobody_knows_and_a_span_too_short_are_refused(old: Workspace) -> None:
    """Before anything is removed."""
    before = worlds.dump(old.settings.home)
    with pytest.raises(ConfigurationError, match=f"it has: {world.MODEL}"):
        prune(old, "1y", models=["typo"], actor="ann", dry_run=False)
    with pytest.raises(ConfigurationError, match="183 days at least"):
        pruned(old, keep="1m")
    assert worlds.dump(old.settings.home) == before


def test_files_that_are_not_ours_stay(old: Workspace) -> None:
    """A folder with another name is nobody's day."""
    root = old.settings.home / "partitions" / world.MODEL / "predictions"
    (root / "day=unknown").mkdir()
    shutil.copytree(root / f"day={DAYS[0]}", root / "backup")
    pruned(old)
    assert {"day=unknown", "backup"} < {path.name for path in root.iterdir()}
