"""When days without a verdict are blindness, and when they wait for their labels."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.label_coverage import LabelRound
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.watching import find_blind_days
from monitoring_tasks.store.label_rounds import save_label_round
from monitoring_tasks.workspace.label_delay import label_delay
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_decision
from tests.operations.days import FIRST, Look, at, write_workspace
from tests.store.label_days import LabelDay

REALIZED = {"metric": "roc_auc", "source": "realized", "min": 0.6}
Opened = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open a workspace of a model with one realized objective and this policy."""
    with ExitStack() as stack:

        def make(**policy: object) -> Workspace:
            home = write_workspace(
                tmp_path / "home", objectives=[REALIZED], policy=policy
            )
            return stack.enter_context(open_workspace(home))

        yield make


def day(number: int) -> date:
    """Return a day by its place."""
    return FIRST + timedelta(days=number)


def unlabelled(
    workspace: Workspace,
    number: int,
    *,
    mode: Mode = Mode.LIVE,
    performance: Verdict = Verdict.IMMATURE,
) -> Unit:
    """Judge a day the morning after, without any label."""
    unit = Look(labelled=0, mode=mode).write(workspace, day(number))
    decision = make_decision(verdict=performance, performance=performance)
    workspace.results.save_decision(unit, decision)
    return unit


def watched(workspace: Workspace, number: int) -> dict[str, Any]:
    """Watch the model at noon of the day after a day."""
    return find_blind_days(workspace, MODEL, as_of=at(day(number), 12), mode=Mode.LIVE)


@pytest.mark.parametrize("delay", [3, 10, 40])
def test_waiting_for_labels_on_schedule_is_not_blindness(
    opened: Opened, delay: int
) -> None:
    """So many days may wait, and two more until they are asked for; then it is P1."""
    workspace = opened(labels={"delay_days": delay})
    for number in range(delay + 4):
        unlabelled(workspace, number)
        found = watched(workspace, number)
        assert found["blind"] == [], number
        assert found["incident"] is None
    assert found["waiting"] == delay + 2
    unlabelled(workspace, delay + 4)
    late = watched(workspace, delay + 4)
    assert late["blind"] == [day(n).isoformat() for n in range(3)]
    incident = workspace.incidents.get(late["incident"])
    assert incident is not None
    assert incident.severity.value == "P1"


def test_missing_day_is_blindness_however_late_labels_are(opened: Opened) -> None:
    """A delay of labels does not excuse a run that did not happen."""
    workspace = opened(labels={"delay_days": 10})
    unlabelled(workspace, 0)
    unlabelled(workspace, 2)
    assert watched(workspace, 2)["blind"] == [day(1).isoformat()]


def test_blind_days_say_what_to_look_at(opened: Opened) -> None:
    """A day that was judged in vain was not missed: it says so, and the command."""
    workspace = opened(labels={"delay_days": 10})
    unlabelled(workspace, 0)
    unlabelled(workspace, 2)
    missed = watched(workspace, 2)["incident"]
    (text,) = workspace.incidents.texts(missed, "opened")
    assert "did the monitor DAG run?" in text
    for number in (20, 21, 22):
        unlabelled(workspace, number, performance=Verdict.NO_DATA)
    in_vain = watched(workspace, 22)["incident"]
    texts = [event["text"] for event in workspace.incidents.events(in_vain)]
    assert "; did the monitor DAG run?" in texts[-1]
    assert f"`daywatch reference {MODEL} --version 2 --rows FILE" in texts[-1]


@pytest.mark.parametrize("performance", [Verdict.NO_DATA, Verdict.ERROR])
def test_days_without_usable_rows_do_not_wait_for_labels(
    opened: Opened, performance: Verdict
) -> None:
    """No label can fix them."""
    workspace = opened(labels={"delay_days": 10})
    for number in range(3):
        unlabelled(workspace, number, performance=performance)
    assert len(watched(workspace, 2)["blind"]) == 3


def test_labels_that_never_come_are_not_waited_for(opened: Opened) -> None:
    """Then only estimates tell: a run of days none of them could judge is blindness."""
    workspace = opened(labels={"delay_days": "never"})
    for number in range(60):
        unlabelled(workspace, number)
    assert watched(workspace, 59)["blind"] == []
    for number in range(60, 63):
        unlabelled(workspace, number, performance=Verdict.INCONCLUSIVE)
    assert watched(workspace, 62)["blind"] == [day(n).isoformat() for n in (60, 61, 62)]


def test_unstated_delay_is_what_earlier_days_needed(opened: Opened) -> None:
    """Labels of three days came five days later: two days more, and they are late."""
    workspace = opened()
    for number in range(3):
        LabelDay(labelled=0).write(workspace.database, day(number))
        LabelDay(labelled=100, age=5).write(workspace.database, day(number))
    assert label_delay(workspace, MODEL, as_of=at(day(8), 12)).days == 5
    for number in range(3, 12):
        unlabelled(workspace, number)
    assert watched(workspace, 11)["blind"] == []
    unlabelled(workspace, 12)
    assert watched(workspace, 12)["blind"] == [day(n).isoformat() for n in (3, 4, 5)]


def test_unknown_delay_waits_for_as_long_as_days_are_looked_back_at(
    opened: Opened,
) -> None:
    """After that nobody would ever ask again."""
    workspace = opened(look_back_days=4)
    for number in range(8):
        unlabelled(workspace, number)
    assert watched(workspace, 7)["blind"] == []
    unlabelled(workspace, 8)
    assert watched(workspace, 8)["blind"] == [day(n).isoformat() for n in range(3)]


def test_history_as_known_then_is_not_blindness_before_labels_were_asked_for(
    opened: Opened,
) -> None:
    """A first backfill saw each day the morning after; one round asks for the rest."""
    workspace = opened(labels={"delay_days": 3})
    for number in range(20):
        unlabelled(workspace, number, mode=Mode.BACKFILL)
    assert watched(workspace, 19)["blind"] == []
    done = LabelRound(known_at=at(day(19), 11), look_back_days=30)
    save_label_round(workspace.database, MODEL, done)
    assert len(watched(workspace, 19)["blind"]) >= 3
