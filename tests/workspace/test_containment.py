"""What goes wrong with the rows of a day stays with that day."""

from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.estimate import step as estimate_step
from monitoring_tasks.extract import step as extract_step
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.validate import step as validate_step
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAYS = (world.HISTORY[0], world.HISTORY[1])
ODD = DAYS[0].replace(day=DAYS[0].day + 1)


def break_on(monkeypatch: pytest.MonkeyPatch, place: object, name: str) -> None:
    """Let a function raise for one day what nobody has foreseen."""
    whole = getattr(place, name)

    def odd(*parts: object, **more: object) -> object:
        if ODD in {getattr(part, "day", None) for part in parts}:
            msg = "a value like no other\x1b[2J"
            raise pa.ArrowNotImplementedError(msg)
        return whole(*parts, **more)

    monkeypatch.setattr(place, name, odd)


@pytest.mark.parametrize(
    ("place", "name", "verdict"),
    [
        pytest.param(extract_step, "_freeze", "no_data", id="extract"),
        pytest.param(validate_step, "_validate_day", "error", id="validate"),
        pytest.param(estimate_step, "_counted", "error", id="estimate"),
    ],
)
def test_day_that_breaks_a_backfill_gets_a_verdict_and_the_others_are_judged(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    place: object,
    name: str,
    verdict: str,
) -> None:
    """The reason names the step and the error, with nothing of the data raw."""
    break_on(monkeypatch, place, name)
    last = DAYS[0].replace(day=DAYS[0].day + 2)
    with open_workspace(home) as workspace:
        done = backfill(world.MODEL, str(DAYS[0]), str(last), workspace=workspace)
        (row,) = workspace.results.current(world.MODEL, ODD, ODD)
    assert done["verdicts"] == {"ok": 2, verdict: 1}
    assert "failed on the rows of the day" in row.reasons[0]
    assert "\x1b" not in row.reasons[0]


def test_fault_that_every_day_would_have_is_raised(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A contract that cannot be used is nothing of one day's rows."""

    def refuse(*args: object, **more: object) -> object:
        del args, more
        msg = "connection 'x' is not known"
        raise ConfigurationError(msg)

    monkeypatch.setattr(extract_step, "_freeze", refuse)
    with open_workspace(home) as workspace, pytest.raises(ConfigurationError):
        backfill(world.MODEL, str(ODD), str(ODD), workspace=workspace)
