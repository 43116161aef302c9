"""Mail: text and HTML, a chart inline, threads that mail programs recognise."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitoring_tasks.channel_settings import EmailChannel
from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import ENDINGS, URGENT, Notice, Occasion
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.channels.lengths import one_line, shortened
from monitoring_tasks.respond.channels.wording import (
    READ_BY_PEOPLE,
    source_of,
    table_of,
)

TELLS = READ_BY_PEOPLE | {Occasion.CANARY}
LONGEST_SUBJECT = 200
LONGEST_LINE = 5_000
CHART = "chart@daywatch"
COLOURS = {"urgent": "#b42318", "ended": "#1a7f37", "plain": "#344054"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Between whom a mail goes.

    Attributes:
        sender: From whom it is.
        to: Who gets it; one or more.
    """

    sender: str
    to: tuple[str, ...]


def envelope_of(channel: EmailChannel, credentials: Credentials) -> Envelope:
    """Return sender and recipients, of the settings, else of the connection.

    Args:
        channel: May say both.
        credentials: May say both, as `from` and `to`.

    Raises:
        ConfigurationError: If neither says one of them.
    """
    options = credentials.extra
    sender = channel.sender or options.get("from") or options.get("from_email", "")
    listed = options.get("to", "").split(",")
    to = channel.to or tuple(filter(None, (one_line(name) for name in listed)))
    if not (sender and to):
        lacking = "sender" if to else "to"
        msg = (
            f"mail needs a {lacking}: set the channel's `{lacking}`, or "
            f"`?{'from' if to else 'to'}=...` in the connection '{credentials.name}'"
        )
        raise ConfigurationError(msg)
    return Envelope(sender=one_line(sender), to=to)


def compose(
    notice: Notice,
    envelope: Envelope,
    receipt: JsonObject | None,
    *,
    now: datetime,
    chart: bytes | None = None,
) -> EmailMessage:
    """Return the mail of a notice.

    Args:
        notice: What to tell.
        envelope: Between whom.
        receipt: Of the incident's mail before, whose subject is kept; None for the
            first.
        now: When it is sent; aware.
        chart: A PNG that is shown in the mail.
    """
    mail = EmailMessage(policy=SMTP)
    domain = envelope.sender.rpartition("@")[2].strip(">") or "daywatch"
    mail["Subject"] = subject_of(notice, receipt)
    mail["From"] = envelope.sender
    mail["To"] = ", ".join(envelope.to)
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = _message_id(notice.id, domain)
    # All mails of an incident name the same ancestor, which was never sent: so they
    # stay together in whatever order they come.
    mail["References"] = mail["In-Reply-To"] = _message_id(notice.key, domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if notice.occasion in URGENT:
        mail["Importance"] = "high"
    mail.set_content(_text(notice))
    html = _page(notice, with_chart=chart is not None)
    mail.add_alternative(html, subtype="html")
    if chart is not None:
        page = mail.get_payload()[1]  # type: ignore[index]
        page.add_related(  # type: ignore[union-attr]
            chart, "image", "png", cid=f"<{CHART}>", filename="chart.png"
        )
    return mail


def subject_of(notice: Notice, receipt: JsonObject | None) -> str:
    """Return the subject: the headline; of what only follows, the first one's again.

    Args:
        notice: What to tell.
        receipt: Of the mail before; None for the first.
    """
    first = one_line(str((receipt or {}).get("subject") or ""))
    # Some mail programs thread by the subject alone; what is urgent shows its own.
    if first and notice.occasion not in URGENT:
        return f"Re: {first.removeprefix('Re: ')}"
    return shortened(notice.headline, LONGEST_SUBJECT)


def _message_id(name: str, domain: str) -> str:
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@{domain}>"


def _text(notice: Notice) -> str:
    blocks = [
        notice.text,
        "\n".join(notice.commands),
        "\n".join(f"{link.text}: {link.href}" for link in notice.links),
        "\n".join(f"{name}: {value}" for name, value in table_of(notice)),
        source_of(notice),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _page(notice: Notice, *, with_chart: bool) -> str:
    look = "urgent" if notice.occasion in URGENT else "plain"
    if notice.occasion in ENDINGS:
        look = "ended"
    return (
        _templates()
        .get_template("mail.html")
        .render(
            notice=notice,
            facts=table_of(notice),
            colour=COLOURS[look],
            source=source_of(notice),
            chart=CHART if with_chart else "",
        )
    )


def _brief(value: object) -> object:
    return shortened(value, LONGEST_LINE) if isinstance(value, str) else value


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("monitoring_tasks.respond.channels"),
        autoescape=True,
        finalize=_brief,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
