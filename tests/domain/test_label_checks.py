"""What a contract leaves its labels, held against what they take."""

import pytest

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.label_checks import label_faults, label_notes
from tests.builders import make_contract

REALIZED = {"metric": "roc_auc", "source": "realized", "min": 0.6}
ESTIMATED = {"metric": "roc_auc", "source": "estimated", "min": 0.6}


def contract(*objectives: dict[str, object], **policy: object) -> Contract:
    """Give a contract with these promises; both of the area under the curve if none."""
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
        pytest.param(40, {}, "look_back_days: 30 is too short", id="look back"),
        pytest.param(
            10, {"look_back_days": 14}, "overdue_days: 7 is never reached", id="overdue"
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
