from monitoring_tasks.domain.messages import Notice, Occasion
from monitoring_tasks.respond.channels.table import begin
from monitoring_tasks.respond.channels.wording import label_of
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver

SEARCH, MAKE = "/rest/api/3/search/jql", "/rest/api/3/issue"
COMMENT = f"{MAKE}/ML-1/comment"


def tell(
    receiver: Receiver, notice: Notice, receipt: Json = None, **keys: Json
) -> Json:
    """Tell Jira; return the receipt."""
    receiver.calls.clear()
    channel = settings_of("jira", **keys)
    exchange = begin(notice, channel, credentials_for("jira"), receipt, now=NOW)
    return receiver.play(exchange)


def paths(receiver: Receiver) -> list[str]:
    """Return what was asked."""
    return [path for _, path, _ in receiver.calls]


def test_the_issue_of_an_incident_is_this() -> None:
    """Looked for by its label, then made; facts and links in the description."""
    jira = Receiver("jira")
    assert tell(jira, OPENED) == {"key": "ML-1"}
    assert paths(jira) == [SEARCH, MAKE]
    assert f'labels = "{label_of(OPENED)}"' in jira.calls[0][2]["jql"]
    fields = jira.calls[1][2]["fields"]
    content = fields.pop("description")["content"]
    texts = [part["content"][0]["text"] for part in content]
    assert texts[:3] == OPENED.text.splitlines()
    assert {"rows a day: 4,711", "The day", OPENED.commands[0]} <= set(texts)
    assert fields == {
        "project": {"key": "ML"},
        "issuetype": {"name": "Task"},
        "labels": ["daywatch", label_of(OPENED)],
        "summary": OPENED.headline,
        "priority": {"name": "High"},
    }


def test_a_project_without_priorities_gets_none() -> None:
    """Jira refuses a field its screen does not have."""
    jira = Receiver("jira")
    tell(jira, OPENED, sets_priority=False)
    assert "priority" not in jira.calls[1][2]["fields"]


def test_what_follows_is_a_comment_and_a_raise_ranks_anew() -> None:
    """The state of an issue is a person's; its rank is told."""
    jira = Receiver("jira")
    receipt = tell(jira, OPENED)
    assert tell(jira, about(Occasion.RESOLVED), receipt) == receipt
    assert paths(jira) == [COMMENT]
    tell(jira, about(Occasion.RAISED), receipt)
    assert paths(jira) == [f"{MAKE}/ML-1", COMMENT]


def test_without_a_receipt_the_issue_is_found_again() -> None:
    """An answer that was lost on its way makes no second issue."""
    jira = Receiver("jira")
    tell(jira, OPENED)
    assert tell(jira, OPENED) == {"key": "ML-1"}
    assert paths(jira) == [SEARCH, COMMENT]


def test_two_issues_of_a_lagging_search_meet_in_the_older() -> None:
    """The index lags; whatever comes later goes to the first."""
    jira = Receiver("jira")
    tell(jira, OPENED)
    jira.hidden = True
    assert tell(jira, OPENED) == {"key": "ML-2"}
    jira.hidden = False
    assert tell(jira, OPENED) == {"key": "ML-1"}


def test_an_issue_that_was_deleted_is_made_again() -> None:
    """The receipt may be older than what people did."""
    jira = Receiver("jira")
    assert tell(jira, about(Occasion.ESCALATED), {"key": "ML-9"}) == {"key": "ML-1"}


def test_a_canary_writes_nothing() -> None:
    """Login and project are proved by reading."""
    jira = Receiver("jira")
    assert tell(jira, about(Occasion.CANARY)) == {}
    assert [(verb, path) for verb, path, _ in jira.calls] == [
        ("GET", "/rest/api/3/project/ML")
    ]
