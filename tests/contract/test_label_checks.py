"""What a contract leaves its labels, held against what they take."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.label_checks import label_faults, label_notes
from monitoring_tasks.domain.label_coverage import LabelCoverage, LabelRound
from monitoring_tasks.statistics.label_arrival import label_histories
from monitoring_tasks.statistics.label_delays import overdue_days
from tests.builders import make_contract

REALIZED = {"metric": "roc_auc", "source": "realized", "min": 0.6}
ESTIMATED = {"metric": "roc_auc", "source": "estimated", "min": 0.6}
TODAY, DAY = date(2026, 6, 30), timedelta(days=1)


def at(day: date) -> datetime:
    """Return the morning of a day."""
    return datetime.combine(day, time(6), UTC)


def contract(*objectives: dict[str, object], **policy: object) -> Contract:
    """Return a contract with these promises; two of the AUC if none."""
    promised = objectives or (REALIZED, ESTIMATED)
    return make_contract(objectives=promised, policy=policy)


def test_labels_of_the_next_morning_leave_nothing_to_say() -> None:
    """The default policy fits labels that take no days, stated or seen."""
    assert label_notes(contract(), None) == []
    assert label_notes(contract(labels={"delay_days": 0}), 0) == []


def test_unstated_delay_past_the_action_age_says_what_to_write() -> None:
    """Three days old is the oldest; labels of two days are met at the age of three."""
    assert label_notes(contract(), 2) == []
    (note,) = label_notes(contract(), 3)
    assert "max_action_age_days (3)" in note
    assert note.endswith("write policy.labels.delay_days: 3")


def test_delay_that_is_stated_too_short_says_what_to_write() -> None:
    """Days would be called blind while they only wait."""
    (note,) = label_notes(contract(labels={"delay_days": 3}), 5)
    assert note.endswith("write policy.labels.delay_days: 5")


@pytest.mark.parametrize(
    ("delay", "policy", "said"),
    [
        pytest.param(
            10,
            {"look_back_days": 12, "max_action_age_days": 2},
            "overdue_days: 7 is never reached",
            id="overdue",
        ),
        pytest.param(40, {"look_back_days": 60}, "window_days: 60 is too", id="window"),
    ],
)
def test_spans_that_end_before_the_labels_say_what_to_write(
    delay: int, policy: dict[str, object], said: str
) -> None:
    """Each names the key, its value and the value that is enough."""
    notes = label_notes(contract(labels={"delay_days": delay}, **policy), None)
    assert said in notes[0]
    assert "write" in notes[0]


def test_labels_that_take_longer_than_days_are_looked_back_at_say_what_to_write() -> (
    None
):
    """Nobody stated how long they take, so that nothing stretches the look back."""
    notes = label_notes(contract(), 40)
    assert notes[1] == (
        "policy.look_back_days: 30 is too short for labels that take 40 days; write 43"
    )
    written = contract(look_back_days=43)
    assert not [note for note in label_notes(written, 40) if "look_back" in note]


@pytest.mark.parametrize("delay", [1, 25, 28, 30, 45])
@pytest.mark.parametrize("oldest", [0, 2, 3])
def test_note_on_the_look_back_is_true(delay: int, oldest: int) -> None:
    """A stated delay stretches it: said only where missing labels never are overdue."""
    late = contract(labels={"delay_days": delay}, max_action_age_days=oldest)
    asked = label_histories(
        [
            LabelCoverage(day=end - DAY, known_at=at(end), rows=100, labelled=0)
            for end in (TODAY - n * DAY for n in range(late.policy.labels.watched_days))
        ],
        [
            LabelRound(
                known_at=at(TODAY - n * DAY), look_back_days=late.policy.reach_days
            )
            for n in range(60)
        ],
        timezone="UTC",
    )
    missing = overdue_days(
        asked,
        version="1",
        min_days=14,
        mature=0.8,
        stated=late.policy.labels.stated_delay,
    )
    is_reached = (missing.value or 0) >= late.policy.labels.overdue_days
    said = [note for note in label_notes(late, None) if "look_back_days" in note]
    assert bool(said) != is_reached


def test_promises_on_labels_alone_leave_days_without_news() -> None:
    """An estimated metric would say something until the labels come."""
    late = contract(REALIZED, labels={"delay_days": 10})
    (note,) = label_notes(late, None)
    assert "for 10 days" in note
    assert "promise an estimated metric" in note


def test_promise_that_is_never_judged_is_a_fault() -> None:
    """No label ever comes, and a promise needs them."""
    (fault,) = label_faults(contract(labels={"delay_days": "never"}))
    assert "objective realized roc_auc needs labels" in fault
    assert label_faults(contract(ESTIMATED, labels={"delay_days": "never"})) == []
    assert label_faults(contract()) == []


def test_promises_without_labels_have_no_delay() -> None:
    """Nothing has to wait."""
    assert label_notes(contract(ESTIMATED), 40) == []
