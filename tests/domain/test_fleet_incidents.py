from dataclasses import replace

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.fleet_incidents import (
    absorb,
    close_with_parts,
    digest_of,
    find_common_cause,
    mark_paged,
)
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import FLEET, is_digest
from tests.builders import DAY, NOW, make_incident

LAKE = "sql:lake"
PARTS = [make_incident(id=name, model=name, upstreams=(LAKE,)) for name in "abc"]


def find(*active: Incident, standing: Incident | None = None) -> Incident | None:
    """Look for what the first model has in common with others."""
    common = find_common_cause(PARTS[0], active, lambda _: standing, needed=3, at=NOW)
    return None if common is None else common.incident


def test_models_that_broke_together_have_one_incident() -> None:
    """It is at least a P1, of the upstream, and names every model."""
    common = find(*PARTS)
    assert common is not None
    assert (common.model, common.cause) == (FLEET + LAKE, Cause.COMMON_CAUSE)
    assert common.severity <= Severity.P1
    assert common.title.endswith("a, b, c")


def test_too_few_models_have_nothing_in_common() -> None:
    """Nor does one that another common cause speaks for count."""
    assert find(*PARTS[:2]) is None
    taken = replace(PARTS[2], merged_into="common_cause-1")
    assert find(*PARTS[:2], taken) is None
    standing = make_incident(id="common_cause-1")
    assert find(*PARTS[:2], taken, standing=standing) is not None
    gathered = replace(PARTS[2], merged_into=f"digest-{DAY}")
    assert find(*PARTS[:2], gathered) is not None


def test_common_cause_pages_once_unless_all_its_parts_are_silenced() -> None:
    """A silence over one part silences no other."""
    common = make_incident(paged_at=None)
    silenced = replace(PARTS[0], silenced_by="silence-1")
    assert mark_paged(common, [silenced], at=NOW).paged_at is None
    paged = mark_paged(common, [silenced, PARTS[1]], at=NOW)
    assert paged.paged_at == NOW
    assert mark_paged(paged, PARTS, at=NOW) is paged


def test_digest_of_a_day_gathers_what_the_budget_holds_back() -> None:
    """It pages nobody, and a second one adds to it."""
    digest = digest_of(PARTS[0], pages_a_week=10, at=NOW)
    assert is_digest(digest.id)
    assert (digest.model, digest.severity) == (FLEET, Severity.P2)
    assert "its 10 pages" in digest.title
    later = replace(digest, last_day=DAY.replace(year=DAY.year + 1), title="more")
    assert absorb(digest, later).last_day == later.last_day


@pytest.mark.parametrize(("severity", "is_closed"), [("P1", False), ("P2", True)])
def test_grave_incident_whose_parts_are_over_waits_for_a_person(
    severity: str, *, is_closed: bool
) -> None:
    """The others end with their last part."""
    parent = make_incident(severity=Severity(severity))
    closed = close_with_parts(parent, at=NOW, resolved_day=DAY)
    assert (closed is not None) is is_closed
    if closed is not None:
        assert (closed.state, closed.resolved_day) == (IncidentState.RESOLVED, DAY)
