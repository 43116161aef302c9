from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitoring_tasks.domain.comparisons import Comparison, GroupGain
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.first_step import FirstStep, first_step, proven_better
from tests.builders import make_rollback
from tests.report.sample import (
    BAD_DAY,
    EMPTY_DAY,
    QUARANTINED_DAY,
    comparisons_of,
    with_decision,
)

GOOD_DAY = date(2013, 7, 10)
Gather = Callable[[date], Facts]
BETTER = Comparison(
    version="5",
    metric="roc_auc",
    champion=0.64,
    candidate=0.76,
    gain=0.12,
    lower=0.09,
    upper=0.15,
    rows=2640,
)


def said_of(facts: Facts, **decision: Any) -> FirstStep:  # noqa: ANN401 (any value)
    """Change the decision of the day and ask again; no rollback was asked for."""
    changed = with_decision(facts.timeline[facts.unit.day], **decision)
    looks = {**facts.timeline, facts.unit.day: changed}
    return first_step(replace(facts, timeline=looks, rollbacks=()))


def test_a_new_version_that_is_proven_better_is_promoted(facts_of: Gather) -> None:
    """The retrained version by name, what it gains, and the command as it is typed."""
    facts = replace(facts_of(BAD_DAY), comparisons=[BETTER], rollbacks=())
    step = first_step(facts)
    assert step.text == (
        "Promote version 5: roc auc 0.760 instead of 0.640 on the same 2,640 rows, "
        "a gain of 0.090 to 0.150."
    )
    assert step.command == (
        "daywatch rollback flight_delay --to 5 --reason "
        "'roc auc 0.760 instead of 0.640 up to 2013-08-20'"
    )


def test_a_version_that_served_before_is_put_back(facts_of: Gather) -> None:
    """Version 3 served until version 4 came."""
    facts = replace(facts_of(BAD_DAY), rollbacks=())
    assert first_step(facts).text.startswith("Put back version 3: ")


def test_a_move_that_was_made_is_not_asked_for_again(facts_of: Gather) -> None:
    """The rollback of the sample has put version 3 back."""
    facts = facts_of(BAD_DAY)
    step = first_step(facts)
    assert step.text.startswith("Nothing to move: version 3 was put back.")
    assert step.command == f"daywatch show {facts.rollbacks[0].rollback.id}"


def test_the_surest_of_the_better_versions_is_named(facts_of: Gather) -> None:
    """By the lower end of the gain, not by the gain itself."""
    lucky = replace(BETTER, version="6", gain=0.5, lower=0.01, upper=0.99)
    facts = replace(facts_of(BAD_DAY), comparisons=[lucky, BETTER], rollbacks=())
    assert proven_better(facts) == BETTER


@pytest.mark.parametrize(
    "other",
    [
        replace(BETTER, lower=-0.01),
        replace(BETTER, candidate=0.66),  # at least 0.7 is promised
        Comparison(version="2", metric="roc_auc", reason="timed out"),
    ],
)
def test_what_is_not_proven_or_breaks_a_promise_is_never_named(
    facts_of: Gather, other: Comparison
) -> None:
    """No evidence never acts; the least bad version is no remedy."""
    facts = replace(facts_of(BAD_DAY), comparisons=[other], rollbacks=())
    step = first_step(facts)
    assert (
        step.text
        == "No registered version is proven better: fix or retrain the version."
    )
    assert step.command == "daywatch incidents flight_delay"


def test_a_group_that_would_lose_is_named(facts_of: Gather) -> None:
    """Better as a whole and surely worse for a group: a person weighs that."""
    group = GroupGain(
        column="sex", value="f", gain=-0.1, lower=-0.2, upper=-0.05, rows=90
    )
    better = replace(BETTER, groups=(group,))
    facts = replace(facts_of(BAD_DAY), comparisons=[better], rollbacks=())
    assert first_step(facts).text.endswith(
        "It is surely worse for sex f: weigh that first."
    )


def test_a_question_that_waits_comes_first(facts_of: Gather) -> None:
    """Until it is answered nothing else is to be done."""
    facts = facts_of(BAD_DAY)
    (story,) = facts.rollbacks
    asked = make_rollback(
        model="flight_delay",
        to_version="3",
        evaluation=facts.unit.key,
        state=RollbackState.AWAITING_APPROVAL,
    )
    step = first_step(replace(facts, rollbacks=[replace(story, rollback=asked)]))
    assert step.text.startswith("Approve or reject putting version 3 back, before ")
    assert step.command == f'daywatch approve {asked.id} --reason "..."'


def test_a_rollback_of_another_day_is_not_the_answer(facts_of: Gather) -> None:
    """Only the one this look asked for speaks for it."""
    assert first_step(facts_of(GOOD_DAY)) == FirstStep(text="Nothing.")


def test_broken_rows_are_mended_first(facts_of: Gather) -> None:
    """Even where another version looks better: on broken rows that says nothing."""
    facts = replace(facts_of(QUARANTINED_DAY), comparisons=comparisons_of(BAD_DAY))
    step = first_step(facts)
    assert step.text == (
        "Get the rows of 2013-08-05 fixed or delivered (expect column values to be "
        "unique: 12 ids twice), then judge the day again; another version would not "
        "help."
    )
    assert step.command == "daywatch run flight_delay --day 2013-08-05 --live"


def test_a_day_that_was_not_decided_is_judged(facts_of: Gather) -> None:
    """The command is there to be copied."""
    step = first_step(facts_of(EMPTY_DAY))
    assert step.text.startswith("Judge the day: this evaluation only got as far as ")
    assert step.command == "daywatch run flight_delay --day 2013-08-29"


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("ok", "Nothing."),
        ("immature", "Wait: the day is judged again once "),
        ("inconclusive", "Nothing yet: "),
        ("warn", "Have a look, nobody is paged: All is well."),
        ("no_data", "Find out why there was too little to measure: "),
        ("error", "Fix the monitor, then judge the day again: "),
        ("excluded", "Nothing: the contract does not judge this day."),
        ("breach", "Look at what broke, and wait to see if it lasts: "),
    ],
)
def test_every_verdict_has_a_first_step(
    facts_of: Gather, verdict: str, text: str
) -> None:
    """A verdict nobody must act on says so; the others say what."""
    step = said_of(facts_of(GOOD_DAY), verdict=verdict, severity=None, cause=None)
    assert step.text.startswith(text)


def test_a_cause_brings_its_advice(facts_of: Gather) -> None:
    """What helps instead of another version."""
    step = said_of(
        facts_of(GOOD_DAY), verdict="breach", severity="P2", cause="concept_drift"
    )
    assert step.text == "Retrain on recent labels; no older version knows them."
