"""`docs/channels.md` has every kind of channel, each of its keys and every occasion."""

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from monitoring_tasks.channel_settings import ChannelSettings
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.respond.channels.table import KINDS
from tests.papers.pages import cells, page, section, words

PAGE = "docs/channels.md"
MODELS: tuple[type[BaseModel], ...] = get_args(get_args(ChannelSettings)[0])
COLUMNS = {
    "PagerDuty": {"pagerduty"},
    "JSM, Opsgenie": {"jsm", "opsgenie"},
    "Jira": {"jira"},
    "Confluence": {"confluence"},
    "Slack": {"slack"},
    "mail, Teams, Apprise": {"email", "teams", "apprise"},
    "webhook": {"webhook"},
}


@pytest.mark.parametrize("model", MODELS)
def test_every_key_of_a_channel_is_described(model: type[BaseModel]) -> None:
    """In the section of its kind, as code."""
    (kind,) = get_args(model.model_fields["kind"].annotation)
    titles = re.findall(r"^## (.*)$", page(PAGE), flags=re.MULTILINE)
    (text,) = [
        section(PAGE, title)
        for title in titles
        if re.search(rf"`kind: {kind}`|\(.*\) or `{kind}`", section(PAGE, title))
    ]
    assert {key for key in model.model_fields if f"`{key}" not in text} == set()


def test_the_table_of_occasions_is_that_of_the_code() -> None:
    """A dash where a kind is not told, a word where it is."""
    text = section(PAGE, "What all channels share")
    head = next(line for line in text.splitlines() if line.startswith("| occasion"))
    assert [name.strip() for name in head.split("|")[2:-1]] == list(COLUMNS)
    listed = []
    for names, *said in cells(text):
        occasions = [Occasion(n.strip().replace(" ", "_")) for n in names.split(",")]
        listed += occasions
        for kinds, word in zip(COLUMNS.values(), said, strict=True):
            told = {k for k in kinds if set(occasions) <= KINDS[k].tells}
            named = set(re.findall(r"\b(mail|Teams|Apprise):", word))
            expected = {"email"} if named == {"mail"} else kinds
            assert told == (set() if word == "-" else expected), (names, kinds)
    assert sorted(listed) == sorted(Occasion)


def test_variables_of_the_page_are_those_of_the_code() -> None:
    """What the page tells people to set is read."""
    named = {w for w in words(page(PAGE)) if re.fullmatch(r"DAYWATCH_[A-Z_]+", w)}
    assert named == {
        "DAYWATCH_CHANNELS",
        "DAYWATCH_SMTP_URL",
        "DAYWATCH_WEBHOOK_URL",
        "DAYWATCH_WEBHOOK_SECRET",
    }
