from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.silences import Silence, require_valid
from monitoring_tasks.errors import ConfigurationError
from tests.builders import MODEL, NOW

DATA = Cause.DATA
P0, P1, P2, P3 = Severity.P0, Severity.P1, Severity.P2, Severity.P3
SILENCE = Silence(
    id="s",
    model=MODEL,
    severity_at_most=P2,
    starts_at=NOW,
    ends_at=NOW + timedelta(days=3),
    actor="jo",
    reason="the feed is being moved",
)


@pytest.mark.parametrize(
    ("days", "acts"),
    [(-0.001, False), (0, True), (2.999, True), (3, False), (4, False)],
)
def test_silence_acts_from_its_start_to_just_before_its_end(
    days: float, *, acts: bool
) -> None:
    """What is judged before or from its end on pages as ever."""
    assert SILENCE.acts_at(NOW + timedelta(days=days)) is acts


@pytest.mark.parametrize(("days", "acts"), [(0.9, True), (1, False), (2, False)])
def test_silence_that_was_ended_acts_until_then(days: float, *, acts: bool) -> None:
    """Days judged before its early end stay silenced when they are judged again."""
    ended = replace(SILENCE, ended_at=NOW + timedelta(days=1))
    assert ended.acts_at(NOW + timedelta(days=days)) is acts


@pytest.mark.parametrize(
    ("at_most", "severity", "covers"),
    [
        (P2, P3, True),
        (P2, P2, True),
        (P2, P1, False),
        (P1, P1, True),
        (P1, P0, False),
        (P0, P0, False),
    ],
)
def test_graver_incidents_are_never_covered(
    at_most: Severity, severity: Severity, *, covers: bool
) -> None:
    """Up to the severity that was named; a P0 whatever was named."""
    found = replace(SILENCE, severity_at_most=at_most)
    assert found.covers(DATA, severity, frozenset()) is covers


@pytest.mark.parametrize(
    ("segments", "covers"),
    [
        ({"carrier=AA"}, True),
        ({"carrier=AA", "all"}, False),
        ({"carrier=AA", "carrier=UA"}, False),
        (set(), False),
    ],
)
def test_silence_about_a_segment_covers_only_what_it_alone_broke(
    segments: set[str], *, covers: bool
) -> None:
    """Trouble beside the segment, or none that was measured, is other trouble."""
    found = replace(SILENCE, segment="carrier=AA")
    assert found.covers(Cause.SEGMENT, P2, segments) is covers


@pytest.mark.parametrize(("cause", "covers"), [(DATA, True), (Cause.MODEL, False)])
def test_silence_about_a_cause_covers_no_other(cause: Cause, *, covers: bool) -> None:
    """Expected trouble hides no unexpected one."""
    assert replace(SILENCE, cause=DATA).covers(cause, P2, frozenset()) is covers


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"severity_at_most": P0}, "a P0 cannot be silenced"),
        ({"reason": "short    "}, "--reason of at least 10"),
        ({"actor": " "}, "--by"),
        ({"ends_at": NOW}, "has to end after"),
        ({"ends_at": NOW + timedelta(days=14, seconds=1)}, "14 days"),
    ],
)
def test_silence_without_author_reason_or_end_is_refused(
    parts: dict[str, object], fault: str
) -> None:
    """Somebody answers for it, it ends within two weeks, and it hides no P0."""
    with pytest.raises(ConfigurationError, match=fault):
        require_valid(replace(SILENCE, **parts), longest_days=14)  # type: ignore[arg-type] (a table of parts)


def test_silence_of_just_fourteen_days_is_allowed() -> None:
    """The longest one is still a silence; a second more is none."""
    longest = replace(SILENCE, ends_at=NOW + timedelta(days=14))
    require_valid(longest, longest_days=14)
    longer = replace(longest, ends_at=longest.ends_at + timedelta(seconds=1))
    with pytest.raises(ConfigurationError, match="14"):
        require_valid(longer, longest_days=14)
