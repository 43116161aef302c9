"""What must hold of every service, whoever changes the compose file.

No engine for containers reads the file here: Compose's rules that matter (merging,
variables) are followed by `benchmarks/fleet/compose.py`.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.fleet.compose import DOCKER, image_environment, services
from monitoring_tasks.settings import TELEMETRY_OFF, Settings
from monitoring_tasks.up.health import ROLES

SECRETS = ("SECRET", "FERNET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
VARIABLES = {name: f"the-{name.lower()}" for name in (*SECRETS, "ADMIN_PASSWORD")}
TEXT = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
SERVICES = services(VARIABLES)
ONCE = {"migrate", "backup", "restore"}
"""Services that end by themselves."""
RUNNING = sorted(SERVICES.keys() - ONCE)
OURS = sorted(
    name
    for name, service in SERVICES.items()
    if service["image"].startswith("daywatch")
)


def environment(name: str) -> dict[str, str]:
    """Return what a service's process finds in its environment."""
    stated: dict[str, str] = SERVICES[name].get("environment", {})
    return stated


def roles() -> set[str]:
    """Return the roles of the entry point: the labels of its outer `case`."""
    text = (DOCKER / "entrypoint").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+)\)$", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_bounded(name: str) -> None:
    """CPU, memory and processes have a limit, logs too, and nothing gains rights."""
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    assert service["logging"]["options"]["max-size"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", RUNNING)
def test_every_process_is_watched_and_started_again(name: str) -> None:
    """A health check, and a restart unless somebody stopped it."""
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(ONCE))
def test_what_ends_is_not_started_again(name: str) -> None:
    """A migration or a backup that fails is for a person."""
    assert SERVICES[name]["restart"] == "no"


def test_ports_are_published_on_loopback_alone() -> None:
    """Airflow and MLflow for this machine; databases for no one outside."""
    published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
    assert set(published) == {"api-server", "mlflow"}
    for ports in published.values():
        assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_secret_stands_in_the_file() -> None:
    """What is secret is asked of the environment, and an empty value is refused."""
    named = re.findall(r"\$\{(\w+)(:\?)?", TEXT)
    assert {name for name, refuses in named if refuses} == set(VARIABLES)
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD$|SECRET|FERNET|CONN$|PGPASSWORD", key):
                assert any(v in str(value) for v in VARIABLES.values()), (name, key)


def test_the_example_names_every_variable() -> None:
    """Whoever copies it knows all there is to fill in, and what may be left out."""
    example = (DOCKER / ".env.example").read_text(encoding="utf-8")
    stated = re.findall(r"^(#?)(\w+)=(.*)$", example, flags=re.MULTILINE)
    assert {name for _, name, _ in stated} == set(re.findall(r"\$\{(\w+)", TEXT))
    assert {name for mark, name, _ in stated if not mark} == set(VARIABLES)
    assert all(not value for mark, _, value in stated if not mark)


def test_nobody_gets_a_secret_it_does_not_need() -> None:
    """MLflow cannot sign for Airflow; only the server knows its user's password."""
    for name in SERVICES:
        text = yaml.safe_dump(environment(name))
        assert (VARIABLES["ADMIN_PASSWORD"] in text) == (name == "api-server")
        for key in ("SECRET", "FERNET_KEY"):
            assert (VARIABLES[key] in text) == (name in set(OURS) - {"mlflow"})


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_a_role(name: str) -> None:
    """What the container is told to do, the entry point knows; its check as well."""
    (role,) = SERVICES[name]["command"]
    assert role == name
    assert role in roles()
    if name not in ONCE:
        assert SERVICES[name]["healthcheck"]["test"] == [
            "CMD",
            "entrypoint",
            "check",
            name,
        ]
        assert name in ROLES


def test_settings_that_are_stated_exist() -> None:
    """A variable of ours that no setting reads would be a wish."""
    stated = image_environment().keys() | {
        key for name in OURS for key in environment(name)
    }
    known = {f"DAYWATCH_{key.upper()}" for key in Settings.model_fields}
    ours = {key for key in stated if key.startswith("DAYWATCH_")}
    assert ours
    assert ours <= known


def test_settings_of_airflow_that_are_stated_exist() -> None:
    """Airflow, or the provider of Celery, has each of them."""
    from airflow.configuration import conf  # noqa: PLC0415 (slow, for this test alone)
    from airflow.providers.celery.get_provider_info import (  # noqa: PLC0415 (as above)
        get_provider_info,
    )

    known = {
        (section.upper(), option.upper())
        for described in (conf.configuration_description, get_provider_info()["config"])
        for section, about in described.items()
        for option in about["options"]
    }
    stated = image_environment().keys() | environment("api-server").keys()
    keys = [tuple(k.split("__")[1:]) for k in stated if k.startswith("AIRFLOW__")]
    assert keys
    # Telemetry is switched off by every name it ever had.
    off = {tuple(name.split("__")[1:]) for name in TELEMETRY_OFF}
    assert {*keys} - known - off == set()


def test_workers_share_what_they_must() -> None:
    """Whatever runs tasks has the workspace, the contracts, the DAGs and the logs."""
    for name in ("scheduler", "worker"):
        assert environment(name) == environment("triggerer")
        inside = {volume.split(":")[1] for volume in SERVICES[name]["volumes"]}
        assert {
            "/workspace",
            "/airflow/logs",
            "/opt/dags",
            "/opt/expectations",
        } == inside


def test_airflow_waits_for_its_tables() -> None:
    """Nobody starts on tables that are still being made."""
    for name in set(OURS) - {"mlflow", "migrate"}:
        waited: dict[str, Any] = SERVICES[name]["depends_on"]
        assert waited["migrate"] == {"condition": "service_completed_successfully"}


def test_what_is_backed_up_is_all_that_lasts() -> None:
    """Every volume is backed up, but logs, the queue, and the databases' own files."""
    volumes = set(yaml.safe_load(TEXT)["volumes"])
    mounted = {volume.split(":")[0] for volume in SERVICES["backup"]["volumes"]}
    assert volumes - mounted == {"logs", "broker", "database"}
    folders = environment("backup")["FOLDERS"].split()
    assert {volume.split(":")[1] for volume in SERVICES["restore"]["volumes"]} >= {
        *folders
    }


def test_an_unknown_role_is_refused() -> None:
    """A misspelt role ends at once, and says so."""
    done = subprocess.run(  # noqa: S603 (ours)
        [str(DOCKER / "entrypoint"), "schedular"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        64,
        "entrypoint: 'schedular' is no role\n",
    )


def test_scripts_may_be_run() -> None:
    """The image copies them as they are."""
    for name in ("entrypoint", "backup", "restore"):
        assert os.access(DOCKER / name, os.X_OK)


def test_what_is_sent_to_the_builder_is_what_it_copies() -> None:
    """A file the Dockerfile copies is not kept from it."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", text, flags=re.MULTILINE)
    copied = {Path(path) for line in lines for path in line.split()}
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    sent = {Path(line[1:]) for line in ignore.splitlines() if line.startswith("!")}
    assert copied == sent
