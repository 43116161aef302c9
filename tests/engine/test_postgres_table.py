"""Only Postgres is read where it lies; other databases are refused by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.errors import ConfigurationError, SourceUnavailableError
from tests.engine.test_opening import contract_of, request_of

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
