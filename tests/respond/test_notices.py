from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import MOST_LINES, REHEARSALS, Occasion
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.respond.notices import (
    LONGEST_LINE,
    Story,
    in_plain_words,
    notice_of,
)
from tests.builders import NOW, make_incident

P1 = make_incident(severity=Severity.P1)
STORY = Story(
    incident=P1,
    occasion=Occasion.OPENED,
    entry=Entry(at=NOW, actor="daywatch", text="it broke"),
    environment="production",
    reasons=(
        "P1, model: version 1 is better on the same 1,784 rows",
        "realized roc_auc over 1 day: 0.458 [0.407, 0.509] lies below 0.550",
    ),
    reason_codes=(ReasonCode.VERSION_BETTER, ReasonCode.LIMIT_CROSSED),
    evidence={"bad_days": 2, "of_days": 3, "from_labels": True, "impact": {}},
    rows=956,
    done="alias 'champion' moved from version 2 to 1",
    advice="fix or retrain the version",
    owners=("team",),
    tier=1,
    acknowledge_by=NOW + timedelta(hours=1),
    commands=("daywatch incident ack i", "daywatch playbook i"),
)
ABOUT_INCIDENTS = sorted(
    set(Occasion)
    - REHEARSALS
    - {Occasion.ALIAS_MOVED, Occasion.DIGEST, Occasion.REVIEW, Occasion.DEAD_LETTER}
)


def test_the_first_line_stands_for_itself() -> None:
    """Model, what broke, since when, how sure, what was done."""
    notice = notice_of(STORY, "m")
    assert notice.headline == (
        "P1 flights: realized roc_auc over 1 day: 0.458 [0.407, 0.509] lies below "
        "0.550; since 2 Sep 2013; 2 of the last 3 days in breach, measured with "
        "labels; alias 'champion' moved from version 2 to 1"
    )
    assert notice.lines == (
        "Cause: model. version 1 is better on the same 1,784 rows",
        "Hurt: 956 predictions of 2 Sep 2013; a model of tier 1",
        "Done: alias 'champion' moved from version 2 to 1",
        "Next: fix or retrain the version",
        "Run: daywatch incident ack i",
        "Run: daywatch playbook i",
        f"Nobody works on it yet: take it on before 11:00 UTC on 3 Sep 2013 ({P1.id})",
    )


@pytest.mark.parametrize("occasion", ABOUT_INCIDENTS)
def test_every_message_is_short_and_names_its_model(occasion: Occasion) -> None:
    """Whatever the store holds: twelve lines, none endless, no line within a line."""
    endless = "word \n" * 300
    story = replace(
        STORY,
        occasion=occasion,
        reasons=(endless,) * 9,
        entry=replace(STORY.entry, text=endless),
        parts=(endless,) * 9,
        consumers=(endless,),
    )
    notice = notice_of(story, "m")
    assert len(notice.text.splitlines()) <= MOST_LINES
    assert all(len(line) <= LONGEST_LINE for line in notice.text.splitlines())
    assert "flights" in notice.headline
    assert "{" not in notice.text


@pytest.mark.parametrize(
    ("occasion", "begins"),
    [
        (Occasion.ESCALATED, "Nobody has taken it on for 1 hour: P1 flights"),
        (Occasion.ACKNOWLEDGED, "kim works on it: P1 flights"),
        (Occasion.RESOLVED, "Resolved: P1 flights"),
        (Occasion.RAISED, "Worse: P1 flights"),
    ],
)
def test_what_happened_comes_first(occasion: Occasion, begins: str) -> None:
    """A reader of a list of first lines knows what changed."""
    entry = Entry(at=NOW, actor="kim", text="nobody has taken it on for 1 hour")
    notice = notice_of(replace(STORY, occasion=occasion, entry=entry), "m")
    assert notice.headline.startswith(begins)


@pytest.mark.parametrize(
    ("text", "from_labels", "how"),
    [
        ("realized roc_auc", True, "measured with labels"),
        ("fairness demographic_parity_gap", False, "measured"),
        ("estimated roc_auc", False, "estimated"),
    ],
)
def test_how_sure_it_is_depends_on_what_was_counted(
    text: str, *, from_labels: bool, how: str
) -> None:
    """Labels, what needs no labels, or a guess before they come."""
    evidence = {**STORY.evidence, "from_labels": from_labels}
    story = replace(STORY, reasons=("P1, model: x", text), evidence=evidence)
    assert f"2 of the last 3 days in breach, {how};" in notice_of(story, "m").headline


def test_nothing_is_made_up() -> None:
    """Without evidence it says neither how sure it is nor that something was done."""
    bare = Story(
        incident=P1,
        occasion=Occasion.OPENED,
        entry=STORY.entry,
        environment="production",
    )
    assert notice_of(bare, "m").headline == (
        "P1 flights: it broke; since 2 Sep 2013; nothing was changed"
    )


@pytest.mark.parametrize(
    ("reason", "plain"),
    [
        ("P0, common_cause: all broke", "all broke"),
        (
            (
                "bad data: gate values: expect_column_mean_to_be_between on column "
                "'km' failed: observed 16.7 (agreed 8 to 13) (and 1 more)"
            ),
            "bad data: mean of column 'km' is 16.7, agreed 8 to 13 (and 1 more)",
        ),
        (
            "gate reference: hours_are_not_shifted on column 'hour' failed",
            "hours are not shifted on column 'hour' failed",
        ),
    ],
)
def test_names_of_checks_are_words(reason: str, plain: str) -> None:
    """Nobody reads snake case at night."""
    assert in_plain_words(reason) == plain
