from pathlib import Path

import pytest

from monitoring_tasks.channel_settings import EmailChannel, WebhookChannel
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import Settings, load_settings

TWO_WAYS = "signing_connection: b, poll_connection: c"


def written(home: Path, text: str) -> Settings:
    """Load the settings of a workspace with these channels."""
    (home / "daywatch.yaml").write_text(f"channels:\n{text}", encoding="utf-8")
    return load_settings(home)


def test_channels_are_read_by_their_kind(tmp_path: Path) -> None:
    """Each kind has keys of its own, and defaults."""
    settings = written(
        tmp_path,
        "  pager: {kind: pagerduty, connection: pd}\n"
        "  ops-mail: {kind: email, connection: smtp, to: [a@x.org]}\n",
    )
    assert settings.channels["pager"].kind == "pagerduty"
    assert settings.channels["ops-mail"] == EmailChannel(
        kind="email", connection="smtp", to=("a@x.org",)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  Pager: {kind: pagerduty, connection: a}", "lower-case letters"),
        ("  a: {kind: pager, connection: a}", "'pager'.*'pagerduty'"),
        ("  a: {kind: slack, connection: a}", "channels.a.slack.channel: Field req"),
        ("  a: {kind: slack, connection: a, room: b}", "room: Extra inputs"),
        ("  a: {kind: teams, connection: 'https://x/s3cret'}", "env:NAME"),
        ("  a: {kind: jira, connection: a, project: ML, url: 'http://j'}", "https://"),
        (
            "  a: {kind: jira, connection: a, project: ML, url: 'https://u:s3cret@j'}",
            "no login",
        ),
        (f"  a: {{kind: jsm, connection: a, {TWO_WAYS}}}", "not both"),
        ("  a: {kind: email, connection: a, to: ['a@b\\nBcc: c@d']}", "name@example"),
        (
            "  a: {kind: jira, connection: a, project: 'a b', url: 'https://j'}",
            "pattern",
        ),
    ],
)
def test_a_channel_that_cannot_be_is_refused_with_its_key(
    tmp_path: Path, text: str, said: str
) -> None:
    """File, channel and key are named, and what would be right."""
    with pytest.raises(ConfigurationError, match=rf"daywatch.yaml: .*{said}") as caught:
        written(tmp_path, text)
    assert "s3cret" not in str(caught.value)


def test_the_environment_alone_makes_mail_and_webhook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two variables are enough to be told; a declared channel goes first."""
    assert load_settings(tmp_path).channels == {}
    monkeypatch.setenv("DAYWATCH_SMTP_URL", "smtps://u:p@h/?from=a@b.c&to=d@e.f")
    monkeypatch.setenv("DAYWATCH_WEBHOOK_URL", "https://h/x")
    channels = load_settings(tmp_path).channels
    assert channels["email"].connection == "env:DAYWATCH_SMTP_URL"
    assert channels["webhook"] == WebhookChannel(
        kind="webhook", connection="env:DAYWATCH_WEBHOOK_URL"
    )
    monkeypatch.setenv("DAYWATCH_WEBHOOK_SECRET", "s")
    settings = written(tmp_path, "  email: {kind: teams, connection: t}\n")
    assert settings.channels["email"].kind == "teams"
    webhook = settings.channels["webhook"]
    assert isinstance(webhook, WebhookChannel)
    assert webhook.signing_connection == "env:DAYWATCH_WEBHOOK_SECRET"


def test_channels_may_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As YAML, like every other setting by its variable."""
    monkeypatch.setenv("DAYWATCH_CHANNELS", "{p: {kind: pagerduty, connection: p}}")
    assert written(tmp_path, "  q: {kind: teams, connection: q}").channels.keys() == {
        "p"
    }
    monkeypatch.setenv("DAYWATCH_CHANNELS", "[1")
    with pytest.raises(ConfigurationError, match="DAYWATCH_CHANNELS: not valid YAML"):
        load_settings(tmp_path)
