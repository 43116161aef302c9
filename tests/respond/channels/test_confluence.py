import pytest

from monitoring_tasks.domain.messages import Link, Notice, Occasion
from monitoring_tasks.errors import DeliveryDelayedError, DeliveryRefusedError
from monitoring_tasks.respond.channels.confluence import title_of
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


@pytest.fixture
def wiki() -> Receiver:
    """A Confluence without pages."""
    return Receiver("confluence")


def tell(receiver: Receiver, notice: Notice, receipt: Json = None) -> Json:
    """Tell Confluence; return the receipt."""
    channel = settings_of("confluence")
    exchange = begin(notice, channel, credentials_for("confluence"), receipt, now=NOW)
    return receiver.play(exchange)


def storage(receiver: Receiver) -> str:
    """Return the body of the only page."""
    (page,) = receiver.pages.values()
    return str(page["body"]["storage"]["value"])


def test_the_page_of_an_incident_is_this(wiki: Receiver) -> None:
    """Text, facts and links, escaped; below the parent, under a title of its own."""
    link = Link(text="a & b", href="https://host/?a=1&b=2")
    notice = about(Occasion.OPENED, headline="<churn> & more", links=(link,))
    assert tell(wiki, notice) == {"page": "1", "version": 1}
    _, path, page = wiki.calls[-1]
    assert (path, page["spaceId"], page["parentId"]) == (
        "/wiki/api/v2/pages",
        "65",
        "9",
    )
    assert page["title"] == title_of(OPENED)
    assert "churn-model-2026-03-01 (daywatch-" in page["title"]
    assert "<strong>&lt;churn&gt; &amp; more</strong>" in storage(wiki)
    assert "<tr><th>rows a day</th><td>4,711</td></tr>" in storage(wiki)
    assert '<a href="https://host/?a=1&amp;b=2">a &amp; b</a>' in storage(wiki)


def test_what_people_wrote_stays(wiki: Receiver) -> None:
    """Ours is written anew, theirs below the heading is kept."""
    receipt = tell(wiki, OPENED)
    body = wiki.pages["1"]["body"]["storage"]
    notes = '<h2 local-id="7">Notes</h2><p>Feed was late.</p>'
    body["value"] = f"<p>old</p>{notes}"
    later = about(Occasion.RESOLVED, headline="churn: all good")
    assert tell(wiki, later, receipt) == {"page": "1", "version": 2}
    assert storage(wiki).endswith(notes)
    assert "all good" in storage(wiki)
    assert "<p>old</p>" not in storage(wiki)


def test_a_page_is_found_by_its_title(wiki: Receiver) -> None:
    """Without a receipt, and also when another made it in between."""
    tell(wiki, OPENED)
    assert tell(wiki, OPENED) == {"page": "1", "version": 2}
    wiki.hidden = True
    assert tell(wiki, OPENED) == {"page": "1", "version": 3}


def test_a_page_that_was_deleted_is_made_again(wiki: Receiver) -> None:
    """The receipt may be older than what people did."""
    assert tell(wiki, OPENED, {"page": "77"}) == {"page": "1", "version": 1}


def test_who_writes_at_the_same_time_is_not_overwritten(
    wiki: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is read again, once; then it is left for later."""
    receipt = tell(wiki, OPENED)
    read = receivers.read_page
    others = iter([1, 1, 0, 1, 0])

    def read_and_write(
        receiver: Receiver, match: Json, *rest: Json
    ) -> receivers.Answer:
        status, page = read(receiver, match, *rest)
        seen = {**page, "version": dict(page["version"])}
        page["version"]["number"] += next(others)
        return status, seen

    routes = [
        (verb, path, schema, read_and_write if act is read else act)
        for verb, path, schema, act in receivers.ROUTES["confluence"]
    ]
    monkeypatch.setitem(receivers.ROUTES, "confluence", tuple(routes))
    with pytest.raises(DeliveryDelayedError, match="page 1"):
        tell(wiki, OPENED, receipt)
    assert tell(wiki, OPENED, receipt) == {"page": "1", "version": 4}
    assert tell(wiki, OPENED, receipt) == {"page": "1", "version": 6}


def test_a_page_that_is_refused_says_why(
    wiki: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 is a title that is taken, or something else: then its words are kept."""
    routes = list(receivers.ROUTES["confluence"])
    routes[2] = (*routes[2][:3], lambda *_: (400, {"errors": "no rights here"}))
    monkeypatch.setitem(receivers.ROUTES, "confluence", tuple(routes))
    with pytest.raises(DeliveryRefusedError, match="no rights here"):
        tell(wiki, OPENED)


def test_a_space_nobody_shows_is_refused(
    wiki: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong key or a login without rights: another try does not help."""
    routes = list(receivers.ROUTES["confluence"])
    routes[0] = (*routes[0][:3], lambda *_: (200, {"results": []}))
    monkeypatch.setitem(receivers.ROUTES, "confluence", tuple(routes))
    with pytest.raises(DeliveryRefusedError, match="no space 'ML'"):
        tell(wiki, about(Occasion.CANARY))
