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
    (S.OPEN, S.ACKNOWLEDGED),
    (S.OPEN, S.MITIGATING),
    (S.OPEN, S.MONITORING),
    (S.OPEN, S.RESOLVED),
    (S.OPEN, S.FALSE_POSITIVE),
    (S.ACKNOWLEDGED, S.MITIGATING),
    (S.ACKNOWLEDGED, S.MONITORING),
    (S.ACKNOWLEDGED, S.RESOLVED),
    (S.ACKNOWLEDGED, S.FALSE_POSITIVE),
    (S.MITIGATING, S.MONITORING),
    (S.MITIGATING, S.OPEN),
    (S.MITIGATING, S.FALSE_POSITIVE),
    (S.MONITORING, S.RESOLVED),
    (S.MONITORING, S.OPEN),
    (S.MONITORING, S.FALSE_POSITIVE),
    (S.RESOLVED, S.OPEN),
}


@pytest.mark.parametrize(("current", "target"), list(product(S, S)))
def test_transition_is_refused_unless_it_is_known(current: S, target: S) -> None:
    """Every pair of states is either on the list or refused."""
    if (current, target) in LEGAL:
        require_transition(current, target)
        return
    with pytest.raises(IllegalTransitionError, match=f"cannot become {target}"):
        require_transition(current, target)


@pytest.mark.parametrize("state", list(S))
def test_incident_is_active_until_it_is_closed(state: S) -> None:
    """Resolved and false alarms need nobody; all others do."""
    closed = state in {S.RESOLVED, S.FALSE_POSITIVE}
    assert make_incident(state=state).is_active is not closed


def test_refusal_of_an_end_says_that_nothing_follows() -> None:
    """A false alarm is the end; the text says so."""
    with pytest.raises(IllegalTransitionError, match="only nothing"):
        require_transition(S.FALSE_POSITIVE, S.OPEN)


@pytest.mark.parametrize(("left", "right"), list(product(Severity, Severity)))
def test_graver_is_the_one_nearer_p0(left: Severity, right: Severity) -> None:
    """P0 is the gravest, whichever side it stands on."""
    order = list(Severity)
    assert order.index(graver(left, right)) == min(
        order.index(left), order.index(right)
    )
