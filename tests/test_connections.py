import json
from base64 import b64encode

import pytest

from monitoring_tasks.connections import (
    Credentials,
    find_connection,
    read_credentials,
)
from monitoring_tasks.errors import ConfigurationError

SECRET = "p@ss/wör d:1%"  # noqa: S105 (made up)


def read(monkeypatch: pytest.MonkeyPatch, text: str) -> Credentials:
    """Return the parts of a connection written like this."""
    monkeypatch.setenv("DAYWATCH_CONN_HOOK", text)
    return read_credentials("hook", None)


def test_airflow_is_asked_first_then_ours_then_airflows_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a connection was found is said; `env:` asks for one variable alone."""
    monkeypatch.setenv("AIRFLOW_CONN_HOOK", "a")
    assert find_connection("hook", None).source == "AIRFLOW_CONN_HOOK"
    monkeypatch.setenv("DAYWATCH_CONN_HOOK", "b")
    assert find_connection("hook", {}.get).text == "b"
    assert find_connection("hook", {"hook": "c"}.get).source == "Airflow"
    monkeypatch.setenv("HOOK", "d")
    assert find_connection("env:HOOK", {"env:HOOK": "e"}.get).text == "d"


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere", "set DAYWATCH_CONN_NOWHERE"), ("env:NO_WHERE", "variable NO_WHERE")],
)
def test_an_unknown_connection_names_the_variable(name: str, said: str) -> None:
    """The error is the remedy."""
    with pytest.raises(ConfigurationError, match=said):
        read_credentials(name, None)


def test_a_bare_text_is_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key needs no URL around it."""
    credentials = read(monkeypatch, "0123456789abcdef\n")
    assert (credentials.password, credentials.url) == ("0123456789abcdef", "")


def test_a_url_has_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Special characters come out as they were meant."""
    text = "smtp+starttls://me%40x:p%40ss@mail.example:587/?from=a@b.c&to=d@e.f"
    credentials = read(monkeypatch, text)
    assert (credentials.kind, credentials.host) == ("smtp+starttls", "mail.example")
    assert (credentials.port, credentials.login) == (587, "me@x")
    assert credentials.password == "p@" + "ss"
    assert credentials.extra == {"from": "a@b.c", "to": "d@e.f"}


def test_airflows_json_has_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """`extra` is JSON within JSON, or an object."""
    for extra in ({"ca_file": "/ca.pem"}, '{"ca_file": "/ca.pem"}'):
        parts = {"conn_type": "smtp", "login": "me", "password": SECRET, "extra": extra}
        credentials = read(monkeypatch, json.dumps(parts))
        assert (credentials.login, credentials.password) == ("me", SECRET)
        assert credentials.extra == {"ca_file": "/ca.pem"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://h.example/a/b?sig=1", "https://h.example/a/b?sig=1"),
        ("http://https://h.example%2Fa%2Fb/", "https://h.example/a/b/"),
        (
            "generic://:https%3A%2F%2Fh.example%2Fa%3Fsig%3D1@",
            "https://h.example/a?sig=1",
        ),
        ('{"conn_type": "http", "host": "https://h.example/a"}', "https://h.example/a"),
    ],
    ids=["plain", "a host in Airflow", "a password in Airflow", "JSON"],
)
def test_an_address_is_found_wherever_airflow_put_it(
    monkeypatch: pytest.MonkeyPatch, text: str, address: str
) -> None:
    """Airflow takes addresses apart; together they are what was written."""
    assert read(monkeypatch, text).address == address


@pytest.mark.parametrize(
    "text",
    [
        "smtp://u:s3cret@host:s3cret/",
        "https://[s3cret",
        '{"password": "s3cret"}',
        '{"conn_type": "x", "port": "s3cret"}',
        '{"conn_type": "x", "extra": "s3cret"}',
    ],
)
def test_what_cannot_be_read_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The error names the variable, and nothing of what it holds."""
    with pytest.raises(ConfigurationError, match="DAYWATCH_CONN_HOOK") as caught:
        read(monkeypatch, text)
    assert "s3cret" not in f"{caught.value}{caught.value.__cause__}"


def test_secrets_are_in_no_repr_and_taken_out_of_texts() -> None:
    """However the other side writes them: in JSON, in an address, in Base64."""
    hook = "https://h.example/services/T0AAAA/B0BBBB/x9x9x9x9?sig=q8q8q8q8"
    credentials = Credentials(
        name="n", login="meme", password=SECRET, extra={"secret": "shh-shh"}, url=hook
    )
    basic = b64encode(f"meme:{SECRET}".encode()).decode()
    parts = (SECRET, json.dumps(SECRET), hook, "x9x9x9x9", "q8q8q8q8", basic, "shh-shh")
    for part in parts:
        redacted = credentials.redacted(f"error: {part}!")
        assert redacted.strip('"') in {'error: "***"!', "error: ***!"}, part
        assert part not in repr(credentials)
    assert credentials.redacted("plain words") == "plain words"
