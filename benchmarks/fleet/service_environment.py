"""What each service finds in its environment on this machine: addresses, secrets."""

import os
import secrets
import socket
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from benchmarks.fleet.compose import ROOT, Place, image_environment


def made_secrets() -> dict[str, str]:
    """Return the secrets `docker/.env` would hold, new at every call."""
    names = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "ADMIN_PASSWORD", "SECRET")
    fernet = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {name: secrets.token_hex(32) for name in names} | {"FERNET_KEY": fernet}


def environment_of(stated: Mapping[str, str], place: Place) -> dict[str, str]:
    """Return a container's environment, with this machine's folders and addresses.

    Args:
        stated: What the service states in the compose file.
        place: Where on this machine things are.
    """
    env = {
        name: place.moved(str(value))
        for name, value in {**image_environment(), **stated}.items()
    }
    programs = Path(sys.executable).parent
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    path = f"{programs}:{os.environ['PATH']}"
    return {**kept, **env, **place.ports(), "PATH": path, "PYTHONPATH": str(ROOT)}


def uses_celery(environments: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether tasks run in workers of Celery.

    Args:
        environments: By service.
    """
    return environments["scheduler"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def free_ports(count: int) -> list[int]:
    """Take ports of loopback from the system, then let go of them.

    Args:
        count: How many.
    """
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
