import pytest

from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.respond.channels.table import begin
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver

BASE = "/v2/alerts"


def sent(notice: Notice, receipt: Json = None) -> tuple[list[Json], Json]:
    """Tell Opsgenie; return the calls and the receipt."""
    receiver = Receiver("opsgenie")
    channel = settings_of("opsgenie")
    exchange = begin(notice, channel, credentials_for("opsgenie"), receipt, now=NOW)
    receipt = receiver.play(exchange)
    return receiver.calls, receipt


def test_the_alert_of_an_incident_is_this() -> None:
    """Message, alias, priority; the whole text, the facts and links below it."""
    [(_, path, alert)], receipt = sent(OPENED)
    assert (path, receipt) == (BASE, {"alias": OPENED.key})
    description = alert.pop("description")
    assert description.startswith(OPENED.text)
    assert "The day: https://host.example/churn/2026-03-01.html" in description
    assert alert.pop("details")["rows a day"] == "4,711"
    assert alert == {
        "message": OPENED.headline,
        "alias": OPENED.key,
        "priority": "P2",
        "entity": "churn",
        "source": "daywatch:production",
        "tags": ["daywatch", "churn", "P1", "model"],
        "user": "Daywatch",
        "responders": [{"type": "team", "name": "ml"}],
    }


def test_a_raised_alert_is_a_new_one_before_the_old_is_closed() -> None:
    """A second alert under one alias would page nobody; never is none open."""
    notice = about(Occasion.RAISED)
    calls, receipt = sent(notice, {"alias": OPENED.key})
    assert [path for _, path, _ in calls] == [BASE, f"{BASE}/{OPENED.key}/close"]
    assert calls[0][2]["alias"] == receipt["alias"] != OPENED.key
    again, same = sent(notice, receipt)
    assert (len(again), same) == (1, receipt)


@pytest.mark.parametrize(
    ("occasion", "action"),
    [
        ("acknowledged", "acknowledge"),
        ("mitigating", "notes"),
        ("alias_moved", "notes"),
        ("resolved", "close"),
        ("merged", "close"),
    ],
)
def test_an_open_alert_is_spoken_of_by_its_alias(occasion: str, action: str) -> None:
    """The alias of the receipt, which a raise may have changed."""
    calls, receipt = sent(about(Occasion(occasion)), {"alias": "raised.1"})
    assert [path for _, path, _ in calls] == [f"{BASE}/raised.1/{action}"]
    assert receipt == {"alias": "raised.1"}


@pytest.mark.parametrize("occasion", ["canary", "test"])
def test_a_rehearsal_opens_no_alert(occasion: str) -> None:
    """It closes what is not there: the key is proved, nobody is called."""
    calls, receipt = sent(about(Occasion(occasion)), {"alias": "a"})
    assert [path for _, path, _ in calls] == [f"{BASE}/daywatch-rehearsal/close"]
    assert receipt == {"alias": "a"}
