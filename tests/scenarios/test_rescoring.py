"""Changed inputs, scored again by the version that served."""

from collections.abc import Iterator

import pandas as pd
import pytest

from monitoring_tasks.workspace.scoring_again import Rescorer
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A world of loans; its worker loads a version once for all tests."""
    template = worlds.base()
    home = tmp_path_factory.mktemp("rescoring") / "home"
    with open_workspace(world.copy(template, home)) as opened:
        yield opened


def delivered(version: str = "2") -> pd.DataFrame:
    """Return a day as a version delivered it."""
    return world._score(world.make_rows(DAY), version)[world.PREDICTIONS]


def rescorer(workspace: Workspace, example: pd.DataFrame) -> Rescorer:
    """Return a rescorer of version 2."""
    return Rescorer(
        workspace=workspace, model=world.MODEL, version="2", example=example
    )


def test_scores_follow_the_inputs(workspace: Workspace) -> None:
    """What comes back is what the version says of the changed rows."""
    rows = delivered()
    changed = rows.assign(amount=rows["amount"] * 1.1)
    found = rescorer(workspace, rows).rescore(changed)
    wanted = world._score(changed, "2")
    pd.testing.assert_frame_equal(found, wanted[found.columns])
    assert not found["score"].equals(rows["score"])


def test_rows_keep_their_places_whatever_their_index(workspace: Workspace) -> None:
    """Rows that were filtered keep an index with holes."""
    rows = delivered().iloc[::3]
    found = rescorer(workspace, rows).rescore(rows)
    pd.testing.assert_frame_equal(found, rows)


def test_threshold_of_the_scoring_job_is_kept(workspace: Workspace) -> None:
    """The job accepts from a quarter on; the model's own half is not asked."""
    rows = delivered()
    rows["prediction"] = (rows["score"] >= 0.25).astype("int64")
    changed = rows.assign(amount=rows["amount"] - 1)
    found = rescorer(workspace, rows).rescore(changed)
    lowest = rows.loc[rows["prediction"] == 1, "score"].min()
    assert found["prediction"].tolist() == (found["score"] >= lowest).tolist()
    assert not found["prediction"].equals(rows["prediction"])


def test_rows_without_a_threshold_get_the_models_own_class(
    workspace: Workspace,
) -> None:
    """Where accepted and refused rows overlap the version decides."""
    rows = delivered()
    mixed = rows.assign(prediction=[0, 1] * (len(rows) // 2))
    found = rescorer(workspace, rows).rescore(mixed)
    assert found["prediction"].tolist() == rows["prediction"].tolist()


def test_row_that_was_not_scored_stays_so(workspace: Workspace) -> None:
    """A failed row has no score before and none afterwards."""
    rows = delivered()
    rows.loc[0, "score"] = None
    found = rescorer(workspace, rows).rescore(rows)
    assert found["score"].isna().tolist() == rows["score"].isna().tolist()
    assert found["prediction"].tolist() == rows["prediction"].tolist()


def test_version_that_gives_other_scores_is_not_asked(workspace: Workspace) -> None:
    """The log was not written by what the registry holds: nothing is changed."""
    rows = delivered("1")
    asked = rescorer(workspace, rows)
    assert asked.rescore(rows) is rows
    said = "version 2 does not reproduce the scores it logged: 'score' of "
    assert asked.remark.startswith(said)
    assert "rows is another, by up to" in asked.remark


def test_rows_the_version_cannot_score_stay_as_they_are(workspace: Workspace) -> None:
    """The reason is the version's own."""
    rows = delivered()
    asked = rescorer(workspace, rows)
    broken = rows.assign(amount=None)
    assert asked.rescore(broken) is broken
    assert asked.remark
    assert rescorer(workspace, rows).remark == ""
