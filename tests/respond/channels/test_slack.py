import pytest

from monitoring_tasks.domain.exchange import HttpResponse
from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.errors import DeliveryDelayedError, DeliveryRefusedError
from monitoring_tasks.respond.channels.slack_blocks import (
    ACKNOWLEDGE,
    RESOLVE,
    blocks_of,
)
from monitoring_tasks.respond.channels.table import begin
from tests.respond.channels import receivers
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver

POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"


def tell(receiver: Receiver, notice: Notice, receipt: Json = None) -> Json:
    """Tell Slack; return the receipt."""
    channel = settings_of("slack")
    exchange = begin(notice, channel, credentials_for("slack"), receipt, now=NOW)
    return receiver.play(exchange)


def called(receiver: Receiver) -> list[str]:
    """Return the methods that were called."""
    return [path.rpartition("/")[2] for _, path, _ in receiver.calls]


def refusing(
    monkeypatch: pytest.MonkeyPatch, method: str, answer: dict[str, Json]
) -> None:
    """Have one method answer otherwise."""
    routes = [
        (*route[:3], (lambda *_: (200, answer)) if method in route[1] else route[3])
        for route in receivers.ROUTES["slack"]
    ]
    monkeypatch.setitem(receivers.ROUTES, "slack", tuple(routes))


def test_the_message_of_an_incident_is_this() -> None:
    """Headline, text, facts, buttons and commands as blocks; a text besides."""
    slack = Receiver("slack")
    receipt = tell(slack, OPENED)
    ((_, _, message),) = slack.calls
    assert set(receipt) == {"channel", "ts"}
    assert (message["channel"], message["text"]) == ("C0123", OPENED.text)
    header, text, facts, buttons, commands = message["blocks"]
    assert header["text"]["text"] == OPENED.headline
    assert text["text"]["text"] == "\n".join(OPENED.lines)
    assert facts["fields"][0]["text"] == "model: churn"
    assert buttons["elements"][0]["url"] == OPENED.links[0].href
    assert commands["elements"][0]["text"] == OPENED.commands[0]


@pytest.mark.parametrize(
    ("occasion", "loud"), [("mitigating", False), ("raised", True)]
)
def test_what_follows_updates_the_message_and_replies(
    occasion: str, *, loud: bool
) -> None:
    """The message shows how things stand, its thread how they came there."""
    slack = Receiver("slack")
    receipt = tell(slack, OPENED)
    assert tell(slack, about(Occasion(occasion)), receipt) == receipt
    assert called(slack) == [POST, UPDATE, POST]
    assert slack.calls[1][2]["ts"] == slack.calls[2][2]["thread_ts"] == receipt["ts"]
    assert slack.calls[2][2]["reply_broadcast"] is loud


def test_a_message_that_was_deleted_is_posted_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And its receipt is the new one's."""
    refusing(monkeypatch, UPDATE, {"ok": False, "error": "message_not_found"})
    slack = Receiver("slack")
    old = {"channel": "C0123", "ts": "1.0"}
    assert tell(slack, about(Occasion.RESOLVED), old)["ts"] != "1.0"
    assert called(slack) == [UPDATE, POST]


def test_an_alias_move_is_a_reply_and_leaves_the_message_as_it_stands() -> None:
    """Whoever reads the channel reads the incident; without one it stands alone."""
    slack = Receiver("slack")
    moved = about(Occasion.ALIAS_MOVED)
    receipt = tell(slack, OPENED)
    assert tell(slack, moved, receipt) == receipt
    assert called(slack) == [POST, POST]
    assert slack.calls[1][2]["thread_ts"] == receipt["ts"]
    assert slack.calls[1][2]["reply_broadcast"] is False
    assert tell(slack, moved)["ts"] != receipt["ts"]
    assert "thread_ts" not in slack.calls[2][2]


def test_an_alias_move_is_told_where_its_thread_is_gone() -> None:
    """As a message of its own, in the next request."""
    channel, old = settings_of("slack"), {"channel": "C0123", "ts": "1.0"}
    moved = about(Occasion.ALIAS_MOVED)
    exchange = begin(moved, channel, credentials_for("slack"), old, now=NOW)
    assert next(exchange).body["thread_ts"] == "1.0"
    gone = b'{"ok": false, "error": "thread_not_found"}'
    anew = exchange.send(HttpResponse(status=200, body=gone))
    assert (anew.body["channel"], "thread_ts" in anew.body) == ("C0123", False)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"ok": False, "error": "channel_not_found"}, DeliveryRefusedError),
        ({"ok": False, "error": "invalid_blocks"}, DeliveryRefusedError),
        ({"ok": False, "error": "ratelimited"}, DeliveryDelayedError),
        ({"ok": False, "error": "internal_error"}, DeliveryDelayedError),
        ({}, DeliveryDelayedError),
    ],
    ids=["no channel", "blocks", "limit", "internal", "no JSON"],
)
def test_what_slack_refuses_in_a_200_is_no_success(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Json], error: type[Exception]
) -> None:
    """Its error says whether another try helps."""
    refusing(monkeypatch, POST, answer)
    with pytest.raises(error, match=answer.get("error", "without")):
        tell(Receiver("slack"), OPENED)


def test_a_text_without_room_is_whole_in_the_thread() -> None:
    """Headers hold 150 characters, sections 3,000."""
    slack = Receiver("slack")
    line = "churn " * 700
    tell(slack, about(Occasion.OPENED, lines=(line,)))
    assert called(slack) == [POST, POST]
    assert line.strip() in slack.calls[1][2]["text"]
    facts = tuple((f"fact {number}", "x") for number in range(30))
    slack.calls.clear()
    tell(slack, about(Occasion.OPENED, facts=facts))
    assert "fact 29: x" in slack.calls[1][2]["text"]


def test_a_text_mentions_nobody() -> None:
    """Whatever a name holds, it calls neither channel nor people."""
    slack = Receiver("slack")
    tell(slack, about(Occasion.OPENED, headline="<!channel> & <@U1>"))
    text = slack.calls[0][2]["text"]
    assert text.startswith("&lt;!channel&gt; &amp; &lt;@U1&gt;")


def test_a_canary_is_taken_away_again() -> None:
    """It proves the whole way and leaves nothing to read."""
    slack = Receiver("slack")
    assert tell(slack, about(Occasion.CANARY)) == {}
    assert called(slack) == [POST, DELETE]


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("open", [ACKNOWLEDGE, RESOLVE]),
        ("acknowledged", [RESOLVE]),
        ("mitigating", []),
        ("resolved", []),
    ],
)
def test_people_answer_by_buttons_where_daywatch_hears(
    state: str, names: list[str]
) -> None:
    """What may be done in a state has a button that carries the episode's key."""
    notice = about(Occasion.OPENED, state=state)
    (*_, buttons, _) = blocks_of(notice, hears=True)
    answers = [b for b in buttons["elements"] if "url" not in b]
    assert [b["action_id"] for b in answers] == names
    assert {b["value"] for b in answers} <= {notice.key}
    deaf = blocks_of(notice, hears=False)[-2]["elements"]
    assert all("url" in button for button in deaf)
