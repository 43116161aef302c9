from monitoring_tasks.domain.hearing import What
from monitoring_tasks.respond.channels.inbound.opsgenie import read
from tests.respond.channels.inbound.requests import KEY, alert_action, signed


def test_an_action_has_the_same_name_at_every_attempt() -> None:
    """And another action has another one."""
    note = alert_action("AddNote", note="asked the feed team")
    (first,) = read(signed("opsgenie", note), "alerts").heard
    (again,) = read(signed("opsgenie", note), "alerts").heard
    later = alert_action("AddNote", note="asked again", updatedAt=1772432999000000000)
    (other,) = read(signed("opsgenie", later), "alerts").heard
    assert first == again
    assert first.event != other.event
    assert (first.what, first.text) == (What.NOTED, "asked the feed team")
    assert (first.field, first.value) == ("alias", KEY)


def test_daywatch_does_not_hear_itself() -> None:
    """Nor the other side's own doings, nor actions nobody needs."""
    for who in ("Daywatch", "System", ""):
        verified = read(signed("jsm", alert_action("Close", username=who)), "alerts")
        assert (verified.heard, bool(verified.ignored)) == ((), True)
    assert read(signed("jsm", alert_action("Create")), "alerts").heard == ()
