import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from monitoring_tasks.up import health

HEALTHY = {"scheduler": {"status": "healthy"}, "triggerer": {"status": None}}


@pytest.fixture
def server() -> Iterator[dict[str, Any]]:
    """A server that answers as Airflow's does; what it answers can be changed."""
    answers: dict[str, Any] = {"/api/v2/monitor/health": (200, HEALTHY)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body = answers.get(self.path, (404, {}))
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, args=(0.05,)).start()
        url = f"http://127.0.0.1:{http.server_port}"
        answers["env"] = {
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
            "DAYWATCH_REGISTRY_URL": url,
        }
        yield answers
        http.shutdown()


def test_a_beating_part_is_healthy(server: dict[str, Any]) -> None:
    """What Airflow's server calls healthy is."""
    assert health.fault("scheduler", server["env"]) is None
    assert health.fault("api-server", server["env"]) is None


@pytest.mark.parametrize("role", ["triggerer", "dag-processor"])
def test_a_part_without_a_beat_is_not_healthy(
    server: dict[str, Any], role: str
) -> None:
    """Neither one that has no status nor one the server does not know."""
    assert health.fault(role, server["env"]) == f"{role}: None"


def test_a_server_that_answers_with_an_error_is_not_healthy(
    server: dict[str, Any],
) -> None:
    """MLflow without its health page, Airflow's with a failing one."""
    server["/api/v2/monitor/health"] = (500, {})
    assert "HTTP Error 404" in str(health.fault("mlflow", server["env"]))
    assert "HTTP Error 500" in str(health.fault("scheduler", server["env"]))


def test_no_answer_is_not_health() -> None:
    """A port where nobody listens."""
    env = {"DAYWATCH_REGISTRY_URL": "http://127.0.0.1:1"}
    assert "mlflow: no answer" in str(health.fault("mlflow", env))


def test_a_worker_that_does_not_answer_is_not_healthy() -> None:
    """Without a broker nobody can be asked; the password is in no message."""
    url = "redis://:hush@127.0.0.1:1/0?retry_on_timeout=false"
    fault = health.fault("worker", {"AIRFLOW__CELERY__BROKER_URL": url})
    assert "does not answer" in str(fault)
    assert "hush" not in str(fault)


def test_a_misspelt_role_is_no_health(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says which roles there are."""
    monkeypatch.setattr(sys, "argv", ["health", "schedular"])
    assert health.main() == 64
    assert "scheduler" in capsys.readouterr().err
