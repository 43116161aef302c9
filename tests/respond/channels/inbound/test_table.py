from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.hearing import What
from monitoring_tasks.respond.channels.inbound.reading import (
    InboundRequest,
    Refusal,
    Verified,
)
from monitoring_tasks.respond.channels.inbound.table import listen, secrets_of
from monitoring_tasks.respond.channels.slack_blocks import ACKNOWLEDGE
from tests.respond.channels.inbound.requests import (
    AT,
    SECRET,
    alert_action,
    basic,
    click,
    pagerduty_event,
    signed,
)

SAID = {
    "pagerduty": pagerduty_event("acknowledged"),
    "opsgenie": alert_action("Acknowledge"),
    "jsm": alert_action("Acknowledge"),
    "slack": click(ACKNOWLEDGE),
}


def heard_by(kind: str, request: InboundRequest, *secrets: str) -> Verified | Refusal:
    """Listen with some secrets."""
    return listen(request, kind, "team", secrets=secrets or (SECRET,), now=AT)


@pytest.mark.parametrize("kind", SAID)
def test_who_has_the_secret_is_heard(kind: str) -> None:
    """The same four facts, whoever tells them: what, who, when, through which."""
    verified = heard_by(kind, signed(kind, SAID[kind]))
    assert isinstance(verified, Verified)
    (heard,) = verified.heard
    assert (heard.what, heard.channel) == (What.ACKNOWLEDGED, "team")
    assert heard.who in {"kim", "kim@example.org"}
    assert abs(heard.at - AT) < timedelta(seconds=2)
    assert heard.value
    assert heard.event


@pytest.mark.parametrize("kind", SAID)
def test_an_old_and_a_new_secret_both_will_do(kind: str) -> None:
    """While one is changed for the other."""
    request = signed(kind, SAID[kind])
    assert isinstance(heard_by(kind, request, "another", SECRET), Verified)
    assert isinstance(heard_by(kind, request, *secrets_of(f"new,{SECRET}")), Verified)


@pytest.mark.parametrize("kind", SAID)
def test_whose_sender_is_not_proved_is_refused(kind: str) -> None:
    """Another secret, another body, no signature, an empty secret: all the same."""
    request = signed(kind, SAID[kind])
    other = signed(kind, SAID[kind], secret="another-one")  # noqa: S106 (made up)
    bare = replace(request, headers={})
    changed = replace(request, body=request.body.replace(b"kim", b"lee"))
    # A token proves who speaks and not what is said.
    for wrong in (other, bare, *([] if kind in {"opsgenie", "jsm"} else [changed])):
        refusal = heard_by(kind, wrong)
        assert isinstance(refusal, Refusal)
        assert SECRET not in refusal.reason
    assert isinstance(heard_by(kind, signed(kind, SAID[kind], secret=""), ""), Refusal)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_recording_of_slack_is_refused(minutes: int) -> None:
    """Older than five minutes, or from the future, though it is signed."""
    late = signed("slack", SAID["slack"], at=AT + timedelta(minutes=minutes))
    assert isinstance(heard_by("slack", late), Refusal)


def test_a_token_may_stand_in_three_places() -> None:
    """As a bearer token, as a password, in a header of its own; nowhere else."""
    request = signed("jsm", SAID["jsm"])
    for headers in (
        {"authorization": basic(SECRET)},
        {"x-daywatch-token": SECRET},
        {"authorization": f"Bearer {SECRET}"},
    ):
        assert isinstance(heard_by("jsm", replace(request, headers=headers)), Verified)
    for headers in (
        {"authorization": basic("wrong")},
        {"authorization": "Basic ???"},
        {"authorization": "Bearer"},
        {"x-token": SECRET},
    ):
        assert isinstance(heard_by("jsm", replace(request, headers=headers)), Refusal)


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize(
    "document", [{}, {"event": []}, {"alert": 1, "action": "Close"}, {"event": {}}]
)
def test_what_cannot_be_read_raises_nothing(
    kind: str, document: dict[str, Any]
) -> None:
    """It is refused, or tells of nothing."""
    answer = heard_by(kind, signed(kind, document))
    assert isinstance(answer, Refusal) or answer.heard == ()
