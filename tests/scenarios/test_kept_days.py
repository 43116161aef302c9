"""Days whose predictions the source no longer has: the older verdict stays."""

from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.kept_verdicts import kept_sentence
from monitoring_tasks.operations.settling import settle_days
from monitoring_tasks.store.label_rounds import rounds_until
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
GONE = DAY + timedelta(days=1)


def test_day_whose_predictions_are_gone_keeps_its_verdict(home: Path) -> None:
    """Its labels come when its rows are gone: skipped and told, never `no_data`."""
    labels = world.part(home, "labels", GONE)
    kept = labels.read_bytes()
    labels.unlink()
    _, before = worlds.run(home, DAY, GONE)
    labels.write_bytes(kept)
    world.part(home, "predictions", GONE).unlink()
    with open_workspace(home) as workspace:
        instant = workspace.as_of(world.MODEL, GONE) + timedelta(hours=6)
        done = settle_days(
            workspace,
            world.MODEL,
            instant=instant,
            mode=Mode.LIVE,
        )
        assert (done.units, done.skipped) == ((), (GONE,))
        assert rounds_until(workspace.database, world.MODEL, instant) == []
        whole = backfill(
            world.MODEL, str(DAY), str(GONE), workspace=workspace, with_labels=True
        )
        assert whole["skipped"] == [GONE.isoformat()]
        assert whole["verdicts"] == {"ok": 1}
        (row,) = workspace.results.current(world.MODEL, GONE, GONE)
    assert row == before
    (home / "daywatch.yaml").write_text("clock: system\n")
    typed = ["settle", world.MODEL, "--from", str(GONE), "--to", str(GONE)]
    said = CliRunner().invoke(app, typed)
    assert said.exit_code == 0, said.output
    assert said.stdout.split("\n")[0] == kept_sentence(1)


def test_day_nobody_has_judged_is_no_data_without_predictions(home: Path) -> None:
    """There is no older verdict to keep: that its rows lack is the verdict."""
    world.part(home, "predictions", GONE).unlink()
    with open_workspace(home) as workspace:
        done = backfill(world.MODEL, str(GONE), str(GONE), workspace=workspace)
        assert (done["verdicts"], done["skipped"]) == ({"no_data": 1}, [])


def test_skipped_days_are_counted_in_words() -> None:
    """One day or many."""
    assert kept_sentence(1) == (
        "1 day skipped: the source no longer has its predictions"
    )
    assert kept_sentence(3) == (
        "3 days skipped: the source no longer has their predictions"
    )
