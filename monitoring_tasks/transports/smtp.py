"""Mail over SMTP, never without TLS unless that was asked for."""

import smtplib
import ssl
from email.message import EmailMessage

from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
    MonitoringError,
)
from monitoring_tasks.transports.trust import trust_of

TIMEOUT_SECONDS = 30
IMPLICIT_TLS_PORT = 465
SUBMISSION_PORT = 587
PERMANENT = 500
LONGEST_ANSWER = 200
SCHEMES = frozenset({"smtp", "smtps", "smtp+starttls", "email"})


def send_mail(
    mail: EmailMessage, credentials: Credentials, *, rehearsal: bool = False
) -> JsonObject:
    """Hand a mail to its server; return which recipients the server did not take.

    Args:
        mail: The mail; its `From` and `To` are the envelope.
        credentials: Server and login. `smtps://` or port 465 begins with TLS, anything
            else turns to it by STARTTLS; `?tls=none` sends in the clear, without login.
        rehearsal: Only ask whether the server would take it.

    Raises:
        DeliveryDelayedError: If the server did not answer, or refuses for now.
        DeliveryRefusedError: If it refuses for good, or cannot do TLS.
        ConfigurationError: If the connection is no mail server.
    """
    try:
        with _connect(credentials) as server:
            if rehearsal:
                return _rehearse(server, mail)
            refused = server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        # The server's words may repeat the login; the error keeps none of them.
        raise _in_our_words(error, credentials) from None
    return {"refused": _lines(refused, credentials)} if refused else {}


def _in_our_words(error: Exception, credentials: Credentials) -> MonitoringError:
    """Return the error that says what to do about one of the library's."""
    host = credentials.host
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            codes = [code for code, _ in answers.values()]
            told = "; ".join(_lines(answers, credentials))
            return _refusal(f"no recipient was taken: {told}", min(codes))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=answer):
            return _refusal(
                f"{host} answered {code}: {_said(answer, credentials)}", code
            )
        case smtplib.SMTPNotSupportedError():
            return DeliveryRefusedError(f"{host} cannot do what is needed: {error}")
        case ssl.SSLCertVerificationError():
            msg = (
                f"{host}: its certificate is not trusted ({error.verify_message}); "
                f"name its authority as `ca_file` in connection '{credentials.name}'"
            )
            return DeliveryRefusedError(msg)
        case _:
            told = _said(str(error), credentials)
            msg = f"{host} did not answer ({type(error).__name__}: {told})"
            return DeliveryDelayedError(msg)


def _refusal(msg: str, code: int) -> MonitoringError:
    return DeliveryDelayedError(msg) if code < PERMANENT else DeliveryRefusedError(msg)


def _connect(credentials: Credentials) -> smtplib.SMTP:
    """Return a connection with TLS, logged in."""
    if credentials.kind not in SCHEMES or not credentials.host:
        msg = (
            f"connection '{credentials.name}' is no mail server: write "
            "smtp+starttls://user:password@host:587 or smtps://..."
        )
        raise ConfigurationError(msg)
    context = trust_of(credentials)
    port = credentials.port
    if credentials.kind == "smtps" or port == IMPLICIT_TLS_PORT:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            credentials.host,
            port or IMPLICIT_TLS_PORT,
            timeout=TIMEOUT_SECONDS,
            context=context,
        )
    else:
        port = port or SUBMISSION_PORT
        server = smtplib.SMTP(credentials.host, port, timeout=TIMEOUT_SECONDS)
    try:
        _secure(server, credentials, context)
    except BaseException:
        server.close()
        raise
    return server


def _secure(
    server: smtplib.SMTP, credentials: Credentials, context: ssl.SSLContext
) -> None:
    in_the_clear = credentials.extra.get("tls") == "none"
    if not isinstance(server, smtplib.SMTP_SSL) and not in_the_clear:
        server.starttls(context=context)
    if credentials.login:
        if in_the_clear:
            msg = f"connection '{credentials.name}': a login does not go with tls=none"
            raise ConfigurationError(msg)
        server.login(credentials.login, credentials.password)


def _rehearse(server: smtplib.SMTP, mail: EmailMessage) -> JsonObject:
    """Ask for sender and every recipient, and take it back."""
    server.ehlo_or_helo_if_needed()
    code, said = server.mail(str(mail["From"]))
    if code >= 400:  # noqa: PLR2004 (RFC 5321: 4yz and 5yz are refusals)
        raise smtplib.SMTPSenderRefused(code, said, str(mail["From"]))
    recipients = [address.addr_spec for address in mail["To"].addresses]
    answers = {name: server.rcpt(name) for name in recipients}
    server.rset()
    refused = {name: answer for name, answer in answers.items() if answer[0] >= 400}  # noqa: PLR2004
    if len(refused) == len(recipients):
        raise smtplib.SMTPRecipientsRefused(refused)
    return {"refused": sorted(refused)} if refused else {}


def _lines(
    answers: dict[str, tuple[int, bytes]], credentials: Credentials
) -> list[str]:
    return [
        f"{name}: {code} {_said(said, credentials)}"
        for name, (code, said) in sorted(answers.items())
    ]


def _said(answer: bytes | str, credentials: Credentials) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return credentials.redacted(" ".join(text.split()))[:LONGEST_ANSWER]
