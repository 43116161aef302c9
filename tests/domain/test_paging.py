from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.paging import (
    Page,
    Terms,
    began_together,
    page_reason,
    silence_over,
    valid_since,
)
from tests.builders import DAY, NOW, make_incident
from tests.domain.test_silences import SILENCE

P0, P1, P2 = Severity.P0, Severity.P1, Severity.P2


def others(*models: str, **parts: object) -> list[Incident]:
    """Return an incident of each of some models."""
    known = {"severity": P1, "upstreams": ("sql:lake",), "paged_at": NOW} | parts
    return [make_incident(id=name, model=name, **known) for name in models]


@pytest.mark.parametrize(
    ("severity", "pages"), [("P0", True), ("P1", True), ("P2", False), ("P3", False)]
)
def test_only_grave_incidents_page(severity: str, *, pages: bool) -> None:
    """P2 and P3 wait to be looked at."""
    seen = make_incident(severity=Severity(severity))
    assert (page_reason(seen, Terms(), [], is_part=False) is Page.NOW) is pages


@pytest.mark.parametrize(
    ("paged", "tier", "severity", "pages"),
    [
        pytest.param(1, 2, P1, True, id="below the budget"),
        pytest.param(2, 2, P1, False, id="at the budget"),
        pytest.param(3, 2, P1, False, id="above it"),
        pytest.param(3, 1, P1, True, id="first of a tier-1 model"),
        pytest.param(3, 3, P0, True, id="P0"),
    ],
)
def test_budget_of_the_week_holds_back_what_may_wait(
    paged: int, tier: int, severity: Severity, *, pages: bool
) -> None:
    """Never a P0, never the first of a tier-1 model."""
    terms = Terms(tier=tier, pages_a_week=2)
    week = others(*"abc"[:paged])
    found = page_reason(make_incident(severity=severity), terms, week, is_part=False)
    assert found is (Page.NOW if pages else Page.OVER_BUDGET)


def test_second_page_of_a_tier_1_model_is_on_the_budget() -> None:
    """Only its first of the week is exempt."""
    seen = make_incident(severity=P1)
    week = [*others("a"), make_incident(id="first", severity=P1, paged_at=NOW)]
    found = page_reason(seen, Terms(tier=1, pages_a_week=2), week, is_part=False)
    assert found is Page.OVER_BUDGET


def test_silence_holds_a_page_back_and_a_p0_breaks_it() -> None:
    """The silence is named; what is too grave pages all the same."""
    terms = Terms(silences=(SILENCE,))
    assert silence_over(make_incident(), terms) is SILENCE
    assert silence_over(make_incident(severity=P0), terms) is None
    quiet = make_incident(severity=P1, silenced_by="s")
    assert page_reason(quiet, terms, [], is_part=False) is Page.NOT_NEEDED


def test_part_of_the_fleets_incident_does_not_page_by_itself() -> None:
    """A common cause speaks for its parts; a digest speaks for no P0."""
    common = make_incident(severity=P0, merged_into="common_cause-1")
    assert page_reason(common, Terms(), [], is_part=True) is Page.NOT_NEEDED
    assert page_reason(common, Terms(), [], is_part=False) is Page.NOW
    gathered = make_incident(severity=P0, merged_into="digest-1")
    assert page_reason(gathered, Terms(), [], is_part=True) is Page.NOW


def test_incident_pages_once() -> None:
    """Whoever knows is not told again."""
    told = make_incident(severity=P0, paged_at=NOW)
    assert page_reason(told, Terms(), [], is_part=False) is Page.NOT_NEEDED


@pytest.mark.parametrize(("models", "found"), [("a", ""), ("ab", "ab"), ("abc", "abc")])
def test_enough_models_that_began_together_share_a_cause(
    models: str, found: str
) -> None:
    """Three with the one asking; two are a coincidence."""
    mine = make_incident(upstreams=("sql:lake",))
    together = began_together(mine, others(*models), "sql:lake", needed=3)
    assert "".join(one.model for one in together) == found


def test_other_upstream_own_model_or_later_day_is_another_story() -> None:
    """The same source, other models, at most a day apart."""
    mine = make_incident(upstreams=("sql:lake",))
    strangers = [
        *others("a", upstreams=("sql:sea",)),
        *others(mine.model),
        *others("b", onset_day=DAY + timedelta(days=2)),
        *others("c", onset_day=DAY - timedelta(days=1)),
    ]
    found = began_together(mine, strangers, "sql:lake", needed=2)
    assert [one.model for one in found] == ["c"]


@pytest.mark.parametrize(
    ("days", "count", "since"),
    [(8, 7, 1), (7, 7, 0), (6, 7, None), (8, 1, 7)],
)
def test_so_many_valid_days_back_an_end_still_counts(
    days: int, count: int, since: int | None
) -> None:
    """With fewer known days than asked for, any end counts."""
    valid = [DAY + timedelta(days=i) for i in range(days)]
    expected = date.min if since is None else valid[since]
    assert valid_since(valid, count=count) == expected


def test_no_days_open_nothing_again() -> None:
    """Zero switches it off."""
    assert valid_since([DAY], count=0) is None
