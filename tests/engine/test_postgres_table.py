"""Only Postgres is read where it lies; other databases are refused by name."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.errors import ConfigurationError, SourceUnavailableError
from tests.engine.test_opening import contract_of, plain, request_of, write

TABLE = {"kind": "sql", "connection": "warehouse", "table": "scores", "path": None}
NOWHERE = "postgresql+psycopg://u:s3cret@127.0.0.1:9/none?connect_timeout=2"


@pytest.mark.parametrize(
    ("url", "error", "says"),
    [
        (
            "sqlite:///a.db",
            ConfigurationError,
            "connection 'warehouse': .*'sqlite' cannot",
        ),
        (NOWHERE, SourceUnavailableError, "table scores of warehouse.*did not answer"),
    ],
)
def test_a_database_that_cannot_count_or_answer_is_named(
    tmp_path: Path, url: str, error: type[Exception], says: str
) -> None:
    """What its name stands for shows when it is opened; its address never does."""
    contract = contract_of(**TABLE)
    request = replace(request_of(tmp_path, contract), look_up={"warehouse": url}.get)
    with (
        pytest.raises(error, match=says) as caught,
        open_day(request, contract, lambda _: None),
    ):
        pytest.fail("it was opened")
    assert "s3cret" not in str(caught.value)


def test_without_the_driver_files_are_read_and_tables_name_what_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has files alone need not install it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(
        sys.modules, "monitoring_tasks.engine.postgres_table", raising=False
    )
    write(tmp_path, plain())
    contract = contract_of()
    with open_day(request_of(tmp_path, contract), contract, lambda _: None) as opened:
        assert opened.day.count == 4
    contract = contract_of(**TABLE)
    with (
        pytest.raises(ConfigurationError, match=r"pip install daywatch\[postgres\]"),
        open_day(request_of(tmp_path, contract), contract, lambda _: None),
    ):
        pytest.fail("it was opened")
