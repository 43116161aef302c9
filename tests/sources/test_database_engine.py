import json

import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.sources.database_engine import open_engine

SECRET = "p@ss/wör d:1"  # noqa: S105 (made up)
AIRFLOW = {
    "conn_type": "postgres",
    "login": "me",
    "password": SECRET,
    "host": "db.example.org",
    "port": 5433,
    "schema": "scores",
}


def test_connection_is_taken_from_the_environment_ours_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`DAYWATCH_CONN_` comes before `AIRFLOW_CONN_`."""
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "sqlite:///airflow.db")
    assert open_engine("warehouse").url.database == "airflow.db"
    monkeypatch.setenv("DAYWATCH_CONN_WAREHOUSE", "sqlite:///ours.db")
    assert open_engine("warehouse").url.database == "ours.db"


def test_airflow_json_becomes_a_url_with_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A password with special characters arrives as it was written."""
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(AIRFLOW))
    url = open_engine("warehouse").url
    assert (url.drivername, url.username) == ("postgresql+psycopg", "me")
    assert (url.password, url.port) == (SECRET, 5433)
    assert (url.host, url.database) == ("db.example.org", "scores")


def test_airflow_json_without_login_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that were not given are not made up."""
    parts = {"conn_type": "postgres", "host": "db", "schema": "s"}
    monkeypatch.setenv("AIRFLOW_CONN_W", json.dumps(parts))
    url = open_engine("w").url
    assert (url.host, url.database) == ("db", "s")
    assert (url.username, url.password, url.port) == (None, None, None)


def test_lookup_is_asked_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Airflow's own connections count before a variable."""
    monkeypatch.setenv("DAYWATCH_CONN_W", "sqlite:///environment.db")
    assert open_engine("w", {"w": "sqlite:///asked.db"}.get).url.database == "asked.db"
    assert (
        open_engine("w", {"other": "sqlite:///other.db"}.get).url.database
        == "environment.db"
    )


def test_unknown_connection_is_named_with_a_remedy() -> None:
    """The error says which variable to set."""
    with pytest.raises(ConfigurationError, match=r"'nowhere'.*DAYWATCH_CONN_NOWHERE"):
        open_engine("nowhere")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nosuchdb://u:s3cret@host/db", id="no driver"),
        pytest.param("postgresql://u:p@s3cret:s3cret@host/db", id="no port"),
        pytest.param("u:s3cret@host", id="no URL"),
        pytest.param("s3cret://", id="nothing behind the scheme"),
        pytest.param('{"password": "s3cret"}', id="JSON without a type"),
        pytest.param('{"password": "s3cret"', id="broken JSON"),
    ],
)
def test_unusable_connection_never_tells_its_secret(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The error names the connection and not what it holds."""
    monkeypatch.setenv("DAYWATCH_CONN_W", text)
    with pytest.raises(ConfigurationError, match=r"[wW]") as caught:
        open_engine("w")
    shown = f"{caught.value}{caught.value.__cause__}"
    assert "s3cret" not in shown.replace("'s3cret'", "") or text == "s3cret://"
