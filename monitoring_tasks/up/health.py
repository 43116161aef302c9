"""Is a process of the stack healthy? For health checks, which run every few seconds.

    python -m monitoring_tasks.up.health ROLE

Asks the servers, which know of the other processes, and Celery for its worker:
`airflow jobs check` takes seconds of CPU each time. Of several schedulers one that is
healthy is enough.
"""

import json
import os
import platform
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urljoin

PARTS = {
    "scheduler": "scheduler",
    "dag-processor": "dag_processor",
    "triggerer": "triggerer",
}
"""Roles whose heart-beat Airflow's server reports, and under which name."""
ROLES = ("mlflow", "api-server", "worker", *PARTS)
SECONDS = 10


def fault(role: str, env: Mapping[str, str]) -> str | None:
    """Return why a process is not healthy; None if it is.

    Args:
        role: One of `ROLES`.
        env: The environment of the process: it has the addresses.
    """
    if role == "worker":
        return _worker_fault(env)
    try:
        if role == "mlflow":
            _get(urljoin(env["DAYWATCH_REGISTRY_URL"], "/health"))
            return None
        api = env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
        health = json.loads(_get(urljoin(api, "/api/v2/monitor/health")))
    except (OSError, ValueError) as error:
        return f"{role}: no answer ({error})"
    if role == "api-server":
        return None
    status = (health.get(PARTS[role]) or {}).get("status")
    return None if status == "healthy" else f"{role}: {status}"


def _get(url: str) -> bytes:
    # No proxy stands between processes of one stack.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=SECONDS) as answer:
        body: bytes = answer.read()
    return body


def _worker_fault(env: Mapping[str, str]) -> str | None:
    """Ask this machine's worker for a sign of life, through the broker."""
    name = f"celery@{platform.node()}"
    celery = [sys.executable, "-m", "celery", "inspect", "ping"]
    done = subprocess.run(  # noqa: S603 (fixed)
        [*celery, "--destination", name, "--timeout", str(SECONDS)],
        # In the environment, not among the arguments: it may hold a password.
        env={**env, "CELERY_BROKER_URL": env["AIRFLOW__CELERY__BROKER_URL"]},
        capture_output=True,
        check=False,
    )
    return None if done.returncode == 0 else f"worker: {name} does not answer"


def main() -> int:
    """Check the role that is named; return 0, or 1 and say what is wrong."""
    if len(sys.argv) != 2 or sys.argv[1] not in ROLES:  # noqa: PLR2004 (program, role)
        print(f"one of: {', '.join(ROLES)}", file=sys.stderr)  # noqa: T201 (a command)
        return 64
    text = fault(sys.argv[1], os.environ)
    if text:
        print(text, file=sys.stderr)  # noqa: T201 (as above)
    return 1 if text else 0


if __name__ == "__main__":
    sys.exit(main())
