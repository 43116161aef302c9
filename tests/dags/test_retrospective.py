from typing import Any

import pytest

from monitoring_tasks.operations.retrospective import writing

pytestmark = pytest.mark.filterwarnings(
    # Airflow's in-process API is built on starlette's test client.
    "ignore:Using `httpx` with `starlette.testclient`",
)


def test_run_by_hand_is_a_dry_run_and_tells_nobody(dags: dict[str, Any]) -> None:
    """Only a run on time is live; what was asked for goes to the operation."""
    calls: list[dict[str, str]] = []

    def record(**about: str) -> dict[str, Any]:
        calls.append(about)
        return {"pages": [], "messages": 0}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "write_due", record)
        asked = {"as_of": "2013-09-09T07:00:00Z"}
        run = dags["retrospective"].test(logical_date=None, run_conf=asked)
    assert run.state == "success"
    assert calls == [{"as_of": "2013-09-09T07:00:00+00:00", "mode": "dry_run"}]
