from itertools import product

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import (
    IncidentState,
    graver,
    require_transition,
)
from monitoring_tasks.errors import IllegalTransitionError
from tests.builders import make_incident

S = IncidentState
LEGAL = {
    S.CANDIDATE: "merged dismissed",
    S.OPEN: "acknowledged mitigating monitoring resolved merged false_positive",
    S.ACKNOWLEDGED: "mitigating monitoring resolved merged false_positive",
    S.MITIGATING: "open monitoring merged false_positive",
    S.MONITORING: "open resolved merged false_positive",
    S.RESOLVED: "open review_due closed false_positive",
    S.REVIEW_DUE: "open reviewed false_positive",
    S.REVIEWED: "open closed",
    S.MERGED: "open",
    S.FALSE_POSITIVE: "open",
}


@pytest.mark.parametrize(("current", "target"), list(product(S, S)))
def test_transition_is_refused_unless_it_is_known(current: S, target: S) -> None:
    """Every pair of states is either on the list or refused."""
    if target in LEGAL.get(current, "").split():
        require_transition(current, target)
        return
    with pytest.raises(IllegalTransitionError, match=f"cannot become {target}"):
        require_transition(current, target)


@pytest.mark.parametrize("state", list(S))
def test_incident_is_active_until_it_is_closed(state: S) -> None:
    """From the page until it is resolved or put aside it needs somebody."""
    active = {S.OPEN, S.ACKNOWLEDGED, S.MITIGATING, S.MONITORING}
    assert make_incident(state=state).is_active is (state in active)


def test_refusal_of_an_end_says_that_nothing_follows() -> None:
    """What is closed is closed; the text says so."""
    with pytest.raises(IllegalTransitionError, match="only nothing"):
        require_transition(S.CLOSED, S.OPEN)


@pytest.mark.parametrize(("left", "right"), list(product(Severity, Severity)))
def test_graver_is_the_one_nearer_p0(left: Severity, right: Severity) -> None:
    """P0 is the gravest, whichever side it stands on."""
    order = list(Severity)
    assert order.index(graver(left, right)) == min(
        order.index(left), order.index(right)
    )
