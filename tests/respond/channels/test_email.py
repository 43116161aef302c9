from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.messages import Link, Notice, Occasion
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.channels.email import Envelope, compose, envelope_of
from monitoring_tasks.respond.channels.lengths import plain_notice
from tests.respond.channels.notices import NOW, OPENED, Json, about, settings_of

ENVELOPE = Envelope(sender="Daywatch <dw@example.org>", to=("a@x.org", "b@x.org"))
PNG = b"\x89PNG\r\n\x1a\n"


def mail_of(notice: Notice, receipt: Json = None, **options: Json) -> EmailMessage:
    """Return a mail as it comes out at the other end."""
    mail = compose(plain_notice(notice), ENVELOPE, receipt, now=NOW, **options)
    parsed = message_from_bytes(mail.as_bytes(), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(mail: EmailMessage, kind: str) -> str:
    """Return the text or the HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_mail_of_an_incident_says_all() -> None:
    """The headline first, in subject, text and HTML; then the rest."""
    mail = mail_of(OPENED)
    assert (mail["Subject"], mail["To"]) == (OPENED.headline, "a@x.org, b@x.org")
    assert (mail["Importance"], mail["Auto-Submitted"]) == ("high", "auto-generated")
    text = body(mail, "plain")
    assert text.splitlines()[:3] == OPENED.text.splitlines()
    for said in (*OPENED.commands, OPENED.links[0].href, "rows a day: 4,711"):
        assert said in text
    html = body(mail, "html")
    assert f"{OPENED.headline}</h1>" in html
    assert f'href="{OPENED.links[0].href}"' in html


def test_mails_of_an_incident_are_one_thread() -> None:
    """The same ancestor, each its own id; what follows keeps the subject."""
    first = mail_of(OPENED)
    receipt = {"subject": first["Subject"]}
    later = mail_of(about(Occasion.RESOLVED, headline="churn: good again"), receipt)
    assert first["References"] == later["References"] == later["In-Reply-To"]
    assert first["Message-ID"] != later["Message-ID"]
    assert later["Subject"].strip() == f"Re: {OPENED.headline}"
    assert body(later, "plain").startswith("churn: good again")
    urgent = mail_of(about(Occasion.RAISED, headline="churn: P0 now"), receipt)
    assert urgent["Subject"] == "churn: P0 now"
    assert mail_of(OPENED)["Message-ID"] == first["Message-ID"]


def test_a_name_smuggles_no_header_and_no_markup() -> None:
    """Line breaks are spaces, tags are text."""
    notice = about(
        Occasion.OPENED,
        headline="x\r\nBcc: evil@x.org\r\n\r\n<script>",
        id="i\r\nX: y",
        links=(Link(text="<b>", href="javascript:alert(1)"),),
    )
    mail = mail_of(notice, {"subject": "s\r\nBcc: evil@x.org"})
    assert (mail["Bcc"], mail["X"]) == (None, None)
    html = body(mail, "html")
    assert "<script>" not in html
    assert "javascript:" not in html


def test_a_chart_is_shown_in_the_mail() -> None:
    """Inline, with words for who cannot see it; without one no picture is spoken of."""
    mail = mail_of(OPENED, chart=PNG)
    (picture,) = [
        part for part in mail.walk() if part.get_content_type() == "image/png"
    ]
    assert picture.get_content() == PNG
    assert picture["Content-ID"] == "<chart@daywatch>"
    assert 'src="cid:chart@daywatch" alt="Chart of churn"' in body(mail, "html")
    assert "<img" not in body(mail_of(OPENED), "html")


def test_the_settings_go_before_the_connection() -> None:
    """Either says who writes to whom; if neither does, the error says where to."""
    options = {"from": "c@x.org", "to": "d@x.org, e@x.org"}
    connection = Credentials(name="mail", extra=options)
    bare = settings_of("email", to=(), sender="")
    assert envelope_of(bare, connection).to == ("d@x.org", "e@x.org")
    assert envelope_of(settings_of("email"), connection).sender == "dw@example.org"
    with pytest.raises(ConfigurationError, match="sender"):
        envelope_of(bare, Credentials(name="mail", extra={"to": "d@x.org"}))
    with pytest.raises(ConfigurationError, match=r"`to`.*'mail'"):
        envelope_of(bare, Credentials(name="mail"))
