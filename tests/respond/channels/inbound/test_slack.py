from typing import Any

import pytest

from monitoring_tasks.domain.hearing import What
from monitoring_tasks.respond.channels.inbound.slack import read
from monitoring_tasks.respond.channels.slack_blocks import RESOLVE
from tests.respond.channels.inbound.requests import (
    KEY,
    THREAD,
    click,
    signed,
    slack_event,
)

EYES = {"type": "reaction_added", "reaction": "eyes", "event_ts": "1772432998.169"}
ITEM = {"item": {"type": "message", "channel": "C1", "ts": THREAD}}


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (slack_event(), What.NOTED),
        (slack_event(**EYES, **ITEM), What.ACKNOWLEDGED),
        (
            slack_event(**EYES | {"reaction": "white_check_mark"}, **ITEM),
            What.RESOLVED,
        ),
        (slack_event(**EYES | {"reaction": "tada"}, **ITEM), None),
        (slack_event(bot_id="B1"), None),
        (slack_event(subtype="message_changed"), None),
        (slack_event(thread_ts=""), None),
        (slack_event(text=" "), None),
        (slack_event(type="app_mention"), None),
        (click("open-0"), None),
    ],
)
def test_replies_and_reactions_of_people_are_heard(
    event: dict[str, Any], what: What | None
) -> None:
    """Bots, Daywatch among them, and changes of messages are not."""
    verified = read(signed("slack", event), "team")
    assert [heard.what for heard in verified.heard] == ([what] if what else [])
    assert bool(verified.ignored) is (what is None)


def test_a_click_tells_which_episode_was_seen() -> None:
    """The button carries its key; the message it hangs on names the incident."""
    (heard,) = read(signed("slack", click(RESOLVE)), "team").heard
    assert (heard.what, heard.who, heard.key) == (What.RESOLVED, "kim", KEY)
    assert (heard.field, heard.value) == ("ts", THREAD)


def test_slack_is_answered_what_it_asks_at_set_up() -> None:
    """And the text of a reply is as it was typed."""
    asked = {"type": "url_verification", "challenge": "3eZbrw1a"}
    assert read(signed("slack", asked), "team").answer == "3eZbrw1a"
    (reply,) = read(signed("slack", slack_event()), "team").heard
    assert reply.text == "asked the feed team & wait"
