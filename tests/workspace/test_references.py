"""What rebuilds a version's rows: as logged, or learnt once in a workspace."""

from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import make_reconstruction
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET


class Teacher:
    """Counts how often a reference is learnt from."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def learn(self, rows: pd.DataFrame, columns: Columns) -> Reconstruction:
        """Return a reconstruction of the declared features."""
        self.rows.append(len(rows))
        return make_reconstruction(declared=(columns.continuous, columns.categorical))


def asked(home: Path, teacher: Teacher, **declared: tuple[str, ...]) -> Reconstruction:
    """Ask for version 2's in a process of its own, as far as memory goes."""
    with open_workspace(home) as workspace:
        columns = workspace.contract(world.MODEL).columns.model_copy(update=declared)
        kept = workspace.references.reconstruction(
            world.MODEL, "2", columns, learn=teacher.learn
        )
    assert kept is not None
    return kept


def test_reference_logged_without_it_teaches_once(home: Path) -> None:
    """The next process finds it in the cache; other features are learnt anew."""
    before, teacher = registry_files(home), Teacher()
    first = asked(home, teacher)
    assert asked(home, teacher) == first
    assert teacher.rows == [world.ROWS * 14]
    fewer = asked(home, teacher, continuous=("rate",))
    assert fewer.declared == (("rate",), ("channel",))
    assert len(teacher.rows) == 2
    assert registry_files(home) == before


def registry_files(home: Path) -> set[Path]:
    """List what lies in the registry."""
    return {path for path in home.glob("mlflow-artifacts/**/*") if path.is_file()}


@pytest.mark.parametrize("user_may_write", [True, False])
def test_no_process_writes_where_it_may_not(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    user_may_write: bool,  # noqa: FBT001 (a case)
) -> None:
    """Then each one learns for itself."""
    monkeypatch.setattr("monitoring_tasks.disk.may_make", lambda _: user_may_write)
    teacher = Teacher()
    assert asked(home, teacher) == asked(home, teacher)
    assert len(teacher.rows) == (1 if user_may_write else 2)


@pytest.mark.slow
def test_reference_logged_again_without_it_is_whole(home: Path) -> None:
    """What an earlier reference kept does not stay behind in the registry."""
    world.amend(home, "policy", drift={"multivariate": True})
    logged = worlds.log_again(home)
    assert logged is not None
    teacher = Teacher()
    assert asked(home, teacher) == logged
    world.amend(home, "policy", drift={"multivariate": False})
    assert worlds.log_again(home) is None
    assert not teacher.rows
    asked(home, teacher)
    assert teacher.rows
