import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitoring_tasks.channel_settings import ChannelSettings
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.exchange import HttpRequest
from monitoring_tasks.domain.messages import Link, Notice, Occasion
from monitoring_tasks.respond.channels.table import KINDS, begin
from tests.respond.channels.notices import (
    NOW,
    OPENED,
    OVER_HTTP,
    SECRET,
    Json,
    about,
    credentials_for,
    settings_of,
)
from tests.respond.channels.receivers import Receiver

ODD = st.sampled_from(
    [
        "👩‍👩‍👧‍👦🏳️‍🌈" * 900,
        "é̂̃" * 2_000,
        "שלום \u202eevil\u202c مرحبا ",
        "a\r\nBcc: x@y\n\x00\x1b[2J\u2028b",
        "<!channel> <a href='x'>&amp;</a> ]]> {{ x }} [x](http://x) *_`",
        "\udcff",
        '\\"' * 9_000,
        "x" * 30_000,
        "",
        " ",
    ]
)
TEXTS = st.one_of(ODD, st.text(max_size=40))
NOTICES = st.builds(
    Notice,
    id=st.text(min_size=1, max_size=300),
    occasion=st.sampled_from(Occasion),
    key=st.text(min_size=1, max_size=255),
    incident=TEXTS,
    model=TEXTS,
    environment=st.text(max_size=40),
    severity=st.sampled_from(Severity),
    cause=TEXTS,
    state=TEXTS,
    at=st.just(NOW),
    since=st.none() | st.just(NOW.date()),
    headline=TEXTS,
    lines=st.lists(TEXTS, max_size=11).map(tuple),
    facts=st.lists(st.tuples(TEXTS, TEXTS), max_size=30).map(tuple),
    links=st.lists(
        st.builds(
            Link,
            text=TEXTS,
            href=st.sampled_from(
                [
                    "https://host/a b/ü?x=1#y",
                    "file:///reports/x.html",
                    "javascript:alert(1)",
                    f"https://host/{'x' * 9_000}",
                ]
            ),
        ),
        max_size=30,
    ).map(tuple),
    owners=st.lists(TEXTS, max_size=3).map(tuple),
    commands=st.lists(TEXTS, max_size=5).map(tuple),
)


def told(receiver: Receiver, notice: Notice, receipt: Json = None) -> Json:
    """Tell a receiver of a notice; return the receipt."""
    kind = receiver.kind
    return receiver.play(
        begin(notice, settings_of(kind), credentials_for(kind), receipt, now=NOW)
    )


def test_every_kind_of_the_settings_has_its_row() -> None:
    """A kind that may be declared is one that can be spoken to."""
    union = get_args(get_args(ChannelSettings)[0])
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in union}
    assert set(KINDS) == kinds


def test_streams_are_what_is_read_message_by_message() -> None:
    """A state must see each change; only a stream may cover several by one."""
    streams = {name for name, kind in KINDS.items() if kind.is_stream}
    assert streams == {"email", "teams", "apprise"}


def test_every_channel_can_be_tested() -> None:
    """`notify test` reaches each of them."""
    assert all(Occasion.TEST in kind.tells for kind in KINDS.values())


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_every_occasion_is_said_as_the_service_takes_it(kind: str) -> None:
    """An incident from end to end: each request fits, each receipt is small JSON."""
    receiver, receipt = Receiver(kind), None
    for occasion in Occasion:
        if occasion in KINDS[kind].tells:
            receipt = told(receiver, about(occasion), receipt)
            assert len(json.dumps(receipt)) < 500
    assert receiver.calls


@pytest.mark.parametrize("kind", OVER_HTTP)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
)
@given(notice=NOTICES)
def test_no_text_is_too_long_or_too_odd(kind: str, notice: Notice) -> None:
    """Emoji, right-to-left, control characters, any length: within every limit."""
    receiver = Receiver(kind)
    receipt = told(receiver, notice)
    told(receiver, notice, receipt)
    # The receiver refuses, with an assertion, what its service would.
    assert receiver.calls


@pytest.mark.parametrize("length", [1_100, pytest.param(6_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", OVER_HTTP)
def test_every_text_may_be_longer_than_the_longest(kind: str, length: int) -> None:
    """Over every limit: in letters of one byte, of two units, of two in JSON."""
    for letter in ("x", "🏴", '"'):
        long = letter * (length + 1)
        notice = about(
            Occasion.OPENED,
            id=long,
            incident=long,
            model=long,
            cause=long,
            headline=long,
            lines=(long,) * 11,
            facts=((long, long),) * 20,
            links=(Link(text=long, href=f"https://host/{long}"),) * 20,
            owners=(long,),
            commands=(long,) * 5,
        )
        receiver = Receiver(kind)
        told(
            receiver, replace(notice, occasion=Occasion.RAISED), told(receiver, notice)
        )
        assert receiver.calls


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_what_is_sent_again_is_the_same(kind: str) -> None:
    """A second attempt of the first message differs in nothing."""
    first, second = Receiver(kind), Receiver(kind)
    assert told(first, OPENED) == told(second, OPENED)
    assert first.calls == second.calls


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_no_secret_is_in_what_is_shown_of_a_request(kind: str) -> None:
    """Address, headers and body stay out of the repr, where logs would find them."""
    exchange = begin(OPENED, settings_of(kind), credentials_for(kind), None, now=NOW)
    request = next(exchange)
    assert isinstance(request, HttpRequest)
    assert SECRET not in f"{request!r}{credentials_for(kind)!r}{settings_of(kind)!r}"


@pytest.mark.parametrize("kind", ["email", "apprise"])
def test_what_is_not_spoken_to_over_http_is_refused_here(kind: str) -> None:
    """Mail and Apprise have transports of their own."""
    with pytest.raises(KeyError, match=kind):
        begin(OPENED, settings_of(kind), credentials_for(kind), None, now=NOW)
