"""Messages on a real Postgres, and workers that are killed for real."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.operations.incidents import move_incident, said_now
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import make_incident
from tests.operations.messages.rooms import Hands, room
from tests.transports.servers import Reply, always, web_server

pytestmark = pytest.mark.slow
HOOK = {"hook": {"kind": "webhook", "connection": "hook"}}
WORKER = """
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.workspace.workspace import open_workspace

with open_workspace() as workspace:
    deliver_waiting(workspace)
"""


def test_workers_on_postgres_send_a_message_once(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six at once, each with its own connections: every message once, in order."""
    with web_server(always(200)) as server:
        monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
        with room(tmp_path, HOOK, store_url=postgres) as here:
            for number, cause in enumerate(Cause):
                incident = here.report(id=f"i{number}", cause=cause)
                entry = said_now(here.workspace, "three good days", actor="kim")
                move_incident(
                    here.workspace, incident.id, IncidentState.RESOLVED, entry
                )
            assert here.workspace.incidents.verify() is None

            def work(name: str) -> None:
                with open_workspace(tmp_path) as workspace:
                    deliver_waiting(workspace, worker=name)

            workers = [threading.Thread(target=work, args=(n,)) for n in "abcdef"]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            work("the last")
        bodies = [json.loads(content) for *_, content in server.asked]
    told = [(body["incident"], body["occasion"]) for body in bodies]
    assert len(told) == len(set(told)) == 2 * len(Cause)
    for number in range(len(Cause)):
        of_one = [occasion for name, occasion in told if name == f"i{number}"]
        assert of_one == ["opened", "resolved"]


def test_a_worker_killed_after_sending_sends_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` between the answer and the note of it: the same key and words."""
    workers: list[subprocess.Popen[bytes]] = []

    def kill(method: str, target: str, headers: Mapping[str, str], _: bytes) -> Reply:
        del method, target, headers
        if len(server.asked) == 1:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait()
        return 200, {}, b"{}"

    with web_server(kill) as server:
        monkeypatch.setenv("DAYWATCH_CONN_HOOK", f"{server.address}/in")
        monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path))
        with room(tmp_path, HOOK) as here:
            shown = make_incident(severity=Severity.P1)
            now = SYSTEM_CLOCK.now()
            here.workspace.incidents.report(
                replace(shown, opened_at=now), text="it broke", detail={}
            )
            command = [sys.executable, "-c", WORKER]
            workers.append(subprocess.Popen(command))  # noqa: S603 (fixed)
            assert workers[0].wait() == -signal.SIGKILL
            later = Hands(SYSTEM_CLOCK.now() + timedelta(minutes=3))
            deliver_waiting(here.workspace, clock=later, worker="next")  # type: ignore[arg-type]  # it has all they ask for
            assert here.workspace.outbox.waiting() == []
    first, second = server.asked
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]
    assert first[3] == second[3]
