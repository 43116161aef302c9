import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from monitoring_tasks.connections import Credentials
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
)
from monitoring_tasks.respond.channels import email
from monitoring_tasks.transports.smtp import send_mail
from tests.respond.channels.notices import NOW, OPENED, SECRET, Json
from tests.transports.certificates import write_certificates

TO = ("ada@example.org", "bob@example.org")
MAIL = email.compose(
    OPENED, email.Envelope(sender="dw@example.org", to=TO), None, now=NOW
)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """What a server took; `answers` are what it says to a recipient or to the text."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: Json,
        _session: Session,
        envelope: Envelope,
        address: str,
        _: Json,
    ) -> str:
        answer = self.answers.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: Json, _session: Session, envelope: Envelope
    ) -> str:
        if "DATA" not in self.answers:
            self.taken.append(envelope)
        return self.answers.get("DATA", "250 ok")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An authority's file and a server's."""
    return write_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def running(certificates: tuple[Path, Path]) -> Iterator[Controller]:
    """A mail server that wants STARTTLS and a login."""

    def login(*request: Json) -> AuthResult:
        said = request[-1]
        assert isinstance(said, LoginPassword)
        good = (said.login, said.password) == (b"me", SECRET.encode())
        return AuthResult(success=good, handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates[1])
    server = Controller(
        Mailbox(),
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=login,
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(running: Controller) -> Mailbox:
    """The server's mailbox, empty."""
    running.handler.taken.clear()
    running.handler.answers.clear()
    return running.handler


@pytest.fixture
def credentials(running: Controller, certificates: tuple[Path, Path]) -> Credentials:
    """What opens the server."""
    return Credentials(
        name="mail",
        kind="smtp+starttls",
        host="127.0.0.1",
        port=running.port,
        login="me",
        password=SECRET,
        extra={"ca_file": str(certificates[0])},
    )


def test_mail_goes_over_tls_with_a_login(
    mailbox: Mailbox, credentials: Credentials
) -> None:
    """The server wants both, and gets the mail whole."""
    assert send_mail(MAIL, credentials) == {}
    (taken,) = mailbox.taken
    assert (taken.mail_from, tuple(taken.rcpt_tos)) == ("dw@example.org", TO)
    assert OPENED.headline.split(",")[0].encode() in (taken.content or b"")


def test_one_refused_recipient_is_named_and_the_others_get_it(
    mailbox: Mailbox, credentials: Credentials
) -> None:
    """Nothing is sent twice to those who have it."""
    mailbox.answers[TO[1]] = "550 no such user"
    assert send_mail(MAIL, credentials) == {"refused": [f"{TO[1]}: 550 no such user"]}
    assert mailbox.taken[0].rcpt_tos == [TO[0]]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({TO[0]: "550 no", TO[1]: "550 no"}, DeliveryRefusedError),
        ({TO[0]: "550 no", TO[1]: "450 later"}, DeliveryDelayedError),
        ({"DATA": "554 spam"}, DeliveryRefusedError),
        ({"DATA": "452 full"}, DeliveryDelayedError),
    ],
    ids=["nobody", "one later", "spam", "full"],
)
def test_the_first_digit_says_whether_to_try_again(
    mailbox: Mailbox,
    credentials: Credentials,
    answers: dict[str, str],
    error: type[Exception],
) -> None:
    """4 is for now, 5 is for good."""
    mailbox.answers.update(answers)
    with pytest.raises(error, match=r"no|spam|full"):
        send_mail(MAIL, credentials)
    assert mailbox.taken == []


def test_a_rehearsal_leaves_no_mail(mailbox: Mailbox, credentials: Credentials) -> None:
    """Server, login, sender and recipients are asked, then it is taken back."""
    assert send_mail(MAIL, credentials, rehearsal=True) == {}
    mailbox.answers.update(dict.fromkeys(TO, "550 no"))
    with pytest.raises(DeliveryRefusedError, match="no recipient"):
        send_mail(MAIL, credentials, rehearsal=True)
    assert mailbox.taken == []


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"password": "wr0ng-pass"}, DeliveryRefusedError, "535"),
        ({"extra": {}}, DeliveryRefusedError, "ca_file"),
        ({"extra": {"ca_file": "/no/file"}}, ConfigurationError, "/no/file"),
        ({"extra": {"tls": "none"}}, ConfigurationError, "tls=none"),
        ({"login": "", "extra": {"tls": "none"}}, DeliveryRefusedError, "530"),
        ({"port": 1}, DeliveryDelayedError, "did not answer"),
        ({"kind": "https"}, ConfigurationError, "smtp\\+starttls"),
    ],
    ids=["password", "unknown authority", "no file", "clear", "no TLS", "away", "web"],
)
@pytest.mark.usefixtures("mailbox")
def test_a_server_that_cannot_be_used_is_told_apart(
    credentials: Credentials,
    changes: dict[str, Json],
    error: type[Exception],
    said: str,
) -> None:
    """The error says what to do, and not with which password."""
    wrong = replace(credentials, **changes)
    with pytest.raises(error, match=said) as caught:
        send_mail(MAIL, wrong)
    assert wrong.password not in str(caught.value)


def test_smtps_begins_with_tls(certificates: tuple[Path, Path]) -> None:
    """A port that speaks TLS from the first byte, as 465 does."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates[1])
    box = Mailbox()
    server = Controller(
        box, hostname="127.0.0.1", port=free_port(), ssl_context=context
    )
    trusting = ssl.create_default_context(cafile=str(certificates[0]))
    # Its own check that it has started does not know our authority.
    server._trigger_server = lambda: smtplib.SMTP_SSL(
        "127.0.0.1", server.port, context=trusting
    ).close()
    server.start()
    try:
        options = {"ca_file": str(certificates[0])}
        where = Credentials(
            name="m", kind="smtps", host="127.0.0.1", port=server.port, extra=options
        )
        send_mail(MAIL, where)
    finally:
        server.stop()
    assert len(box.taken) == 1
