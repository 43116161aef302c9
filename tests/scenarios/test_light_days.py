"""An ordinary day of a binary model loads no library that it has no use for."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import children
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
DAY = world.HISTORY[0] + timedelta(days=1)
STEPS = """
import json
import sys
from monitoring_tasks import daily
key = daily.extract({model!r}, {day!r}, as_of={at!r}, mode="live")
for step in ("validate", "estimate", "compare", "decide", "respond", "learn"):
    getattr(daily, step)(key)
heavy = {{"nannyml", "sklearn", "ibis", "great_expectations"}}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""


@pytest.fixture
def watched(home: Path) -> Path:
    """A world whose contract asks for multivariate drift."""
    world.amend(home, "policy", drift={"multivariate": True})
    return home


@pytest.mark.parametrize("is_logged", [True, False], ids=["logged", "kept"])
def test_day_in_a_fresh_process_loads_neither_nannyml_nor_scikit_learn(
    watched: Path,
    is_logged: bool,  # noqa: FBT001 (a case)
) -> None:
    """The reference holds the numbers, or an earlier day left them in the workspace."""
    if is_logged:
        assert worlds.log_again(watched)
    else:
        worlds.run(watched, world.HISTORY[0])
    with open_workspace(watched) as workspace:
        unit = world.unit_of(workspace, DAY)
    code, written = children.finish(
        children.start(
            watched,
            STEPS.format(
                model=unit.model, day=unit.day.isoformat(), at=unit.as_of.isoformat()
            ),
        )
    )
    assert code == 0, written
    assert json.loads(written.splitlines()[-1]) == []
    with open_workspace(watched) as workspace:
        (value,) = (
            number.value
            for number in Day(workspace, unit).measurements
            if number.metric == "reconstruction_error"
        )
    assert value is not None
