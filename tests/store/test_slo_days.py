from pathlib import Path

from monitoring_tasks.contract.slos import Indicator
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.store.slo_days import first_verdicts, newest_as_of, numbers_of
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, Look, at, write_workspace

AUC = Indicator(source="realized", metric="roc_auc")


def test_only_the_indicator_of_the_named_version_is_read(tmp_path: Path) -> None:
    """Other versions, segments, columns, metrics and horizons are other numbers."""
    with open_workspace(write_workspace(tmp_path / "home")) as workspace:
        unit = Look(value=0.73).write(workspace, FIRST)
        (number,) = numbers_of(workspace.database, AUC, {unit.key: "2"}).values()
        assert getattr(number, "value", None) == 0.73
        assert numbers_of(workspace.database, AUC, {unit.key: "9"}) == {}
        assert numbers_of(workspace.database, AUC, {}) == {}


def test_first_verdict_of_a_day_is_its_oldest_decided_look(tmp_path: Path) -> None:
    """Later looks, undecided ones and other modes do not move it."""
    with open_workspace(write_workspace(tmp_path / "home")) as workspace:
        assert newest_as_of(workspace.database, MODEL) is None
        Look(hour=5, decided=False).write(workspace, FIRST)
        Look(hour=6, mode=Mode.BACKFILL).write(workspace, FIRST)
        Look(hour=7).write(workspace, FIRST)
        Look(hour=8).write(workspace, FIRST)
        database, now = workspace.database, at(FIRST, 12)
        assert first_verdicts(database, MODEL, now) == {FIRST: at(FIRST, 6)}
        live = first_verdicts(database, MODEL, now, modes=[Mode.LIVE])
        assert live == {FIRST: at(FIRST, 7)}
        assert first_verdicts(database, MODEL, at(FIRST, 5)) == {}
        assert first_verdicts(database, "other", now) == {}
        assert newest_as_of(database, MODEL) == at(FIRST, 8)
