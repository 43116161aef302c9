from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.respond.channels.table import begin
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver


def test_the_card_of_an_incident_is_this() -> None:
    """Headline, lines, facts, commands; a button a link."""
    teams = Receiver("teams")
    notice = about(Occasion.OPENED, facts=(("x_[y](z)", "*a*"),))
    channel, credentials = settings_of("teams"), credentials_for("teams")
    receipt = teams.play(begin(notice, channel, credentials, None, now=NOW))
    assert receipt == {"sent_at": NOW.isoformat()}
    card = teams.calls[0][2]["attachments"][0]["content"]
    texts = [part["inlines"][0]["text"] for part in card["body"] if "inlines" in part]
    assert texts == [
        *OPENED.text.splitlines(),
        *OPENED.commands,
        "daywatch:production",
    ]
    (facts,) = [part["facts"] for part in card["body"] if "facts" in part]
    assert facts[0] == {"title": "model", "value": "churn"}
    assert facts[-1] == {"title": r"x\_\[y\](z)", "value": r"\*a\*"}
    assert [action["url"] for action in card["actions"]] == [OPENED.links[0].href]
