from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.statistics.day_grades import DayState
from monitoring_tasks.workspace.slo_statuses import last_due_day, slo_statuses
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, SLO, Look, at, write_workspace

FIT = {"name": "fit", "indicator": {"source": "data"}, "target": 0.8} | {
    "window_days": 10,
    "min_valid_days": 3,
}
FRESH = FIT | {"name": "fresh", "indicator": {"source": "freshness", "grace_hours": 2}}
LAST = FIRST + timedelta(days=4)
EXCLUDED = FIRST + timedelta(days=9)
MARKS = {DayState.GOOD: ".", DayState.BAD: "x", DayState.NOT_VALID: "-"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A model with three promises, and nothing looked at yet."""
    policy = {"excluded_days": [EXCLUDED.isoformat()]}
    home = write_workspace(tmp_path / "home", SLO, FIT, FRESH, policy=policy)
    with open_workspace(home) as opened:
        yield opened


def ask(workspace: Workspace, last: date = LAST, **parts: Any) -> dict[str, SloStatus]:  # noqa: ANN401 (as_of)
    """Return the promises by name, as known on the noon after the last day."""
    known = {"last": last, "as_of": at(last, 12)} | parts
    return {one.slo.name: one for one in slo_statuses(workspace, MODEL, **known)}


def marks(status: SloStatus) -> str:
    """Write the last five days of a window as good, bad or not valid."""
    return "".join(MARKS[one.state] for one in status.days[-5:])


def write_days(workspace: Workspace, *looks: Look | None) -> None:
    """Write a look a day from the first one on; None for a day nobody looked at."""
    for offset, look in enumerate(looks):
        if look:
            look.write(workspace, FIRST + timedelta(days=offset))


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        pytest.param(Look(), "...", id="good"),
        pytest.param(Look(value=0.5), "x..", id="bad"),
        pytest.param(Look(value=None), "-..", id="no value"),
        pytest.param(Look(labelled=79), "-..", id="immature"),
        pytest.param(Look(labelled=80), "...", id="just mature"),
        pytest.param(Look(judged=Verdict.IMMATURE), "-..", id="so judged"),
        pytest.param(Look(judged=Verdict.BREACH), "...", id="judged bad"),
        pytest.param(Look(data=Verdict.BREACH), "-x.", id="quarantined"),
        pytest.param(Look(verdict=Verdict.EXCLUDED), "---", id="excluded"),
        pytest.param(Look(mode=Mode.REPLAY), "-xx", id="replay"),
        pytest.param(Look(decided=False), "-xx", id="not decided"),
        pytest.param(Look(mode=Mode.BACKFILL), "..x", id="backfilled"),
        pytest.param(Look(hour=8), "...", id="within grace"),
        pytest.param(Look(hour=9), "..x", id="too late"),
        pytest.param(None, "-xx", id="nobody looked"),
    ],
)
def test_each_indicator_sees_its_own_in_a_look(
    workspace: Workspace, look: Look | None, seen: str
) -> None:
    """The third of four days is what it is; the others are good, the fifth not due.

    Seen by the number, by the data and by freshness, in this order.
    """
    write_days(workspace, Look(), Look(), look, Look())
    found = ask(workspace, as_of=at(LAST, 6) - timedelta(minutes=1))
    assert [marks(found[name]) for name in ("auc", "fit", "fresh")] == [
        f"..{mark}.-" for mark in seen
    ]


def test_nothing_was_due_before_the_first_look(workspace: Workspace) -> None:
    """Days before monitoring began, or ran live, are not held against it."""
    write_days(workspace, None, Look(mode=Mode.BACKFILL), None, Look(), None)
    found = ask(workspace)
    assert marks(found["fit"]) == "-.x.x"
    assert marks(found["fresh"]) == "---.x"
    assert marks(found["auc"]) == "-.-.-"


def test_day_is_missing_only_after_its_grace(workspace: Workspace) -> None:
    """A day nobody judged is not valid until schedule and grace have passed."""
    write_days(workspace, Look(), Look(), Look(), Look(), None)
    just_before = at(LAST, 8) - timedelta(seconds=1)
    assert marks(ask(workspace, as_of=just_before)["fresh"]) == "....-"
    assert marks(ask(workspace, as_of=at(LAST, 8))["fresh"]) == "....x"
    assert marks(ask(workspace, as_of=at(LAST, 8))["fit"]) == "....-"


def test_day_that_was_judged_counts_before_its_grace_is_over(
    workspace: Workspace,
) -> None:
    """Grace is waited for only while nothing is known."""
    write_days(workspace, Look(), Look(data=Verdict.BREACH))
    second = FIRST + timedelta(days=1)
    found = ask(workspace, second, as_of=at(second, 6))
    assert (marks(found["fit"]), marks(found["fresh"])) == ("---.x", "---..")


def test_model_nobody_looked_at_has_no_valid_day(workspace: Workspace) -> None:
    """Nothing known is never good and never bad."""
    assert {marks(status) for status in ask(workspace).values()} == {"-----"}
    with pytest.raises(NoDataError, match="daywatch run"):
        workspace.now(MODEL)


def test_late_labels_change_a_day_from_when_they_are_known(
    workspace: Workspace,
) -> None:
    """The newest look known at `as_of` counts, and what was known before is kept."""
    write_days(workspace, Look(), Look(), Look(labelled=10))
    Look(value=0.5, hour=11).write(workspace, FIRST + timedelta(days=2))
    third = FIRST + timedelta(days=2)
    assert marks(ask(workspace, third, as_of=at(third, 10))["auc"]) == "--..-"
    assert marks(ask(workspace, third, as_of=at(third, 11))["auc"]) == "--..x"
    assert marks(ask(workspace, third, as_of=at(third, 11))["fresh"]) == "--..."


def test_day_excluded_later_no_longer_counts(workspace: Workspace) -> None:
    """The contract's days count as excluded whatever was written when they were new."""
    write_days(workspace, Look())
    for offset in (7, 8, 9):
        Look(value=0.5).write(workspace, FIRST + timedelta(days=offset))
    found = ask(workspace, EXCLUDED)
    assert {marks(found["auc"]), marks(found["fresh"])} == {"--xx-", "xx..-"}
    assert found["auc"].bad_days == 2


def test_window_ends_at_its_last_day(workspace: Workspace) -> None:
    """A window holds its own days and no others, the last one included."""
    for offset in range(12):
        Look(value=0.5 if offset in {0, 1, 11} else 0.7).write(
            workspace, FIRST + timedelta(days=offset)
        )
    status = ask(workspace, FIRST + timedelta(days=10))["auc"]
    assert (len(status.days), status.bad_days) == (10, 1)
    assert status.days[0].day == FIRST + timedelta(days=1)


def test_last_due_day_is_the_one_whose_schedule_has_passed(
    workspace: Workspace,
) -> None:
    """The morning's day is due at six and not a moment before."""
    assert last_due_day(workspace, MODEL, at(LAST, 6)) == LAST
    assert last_due_day(workspace, MODEL, at(LAST, 6) - timedelta(seconds=1)) == (
        LAST - timedelta(days=1)
    )


def test_simulated_clock_stands_at_the_newest_look(workspace: Workspace) -> None:
    """Replays turn no clock."""
    write_days(workspace, Look(), Look(hour=9), Look(mode=Mode.REPLAY))
    assert workspace.now(MODEL) == at(FIRST + timedelta(days=1), 9)
