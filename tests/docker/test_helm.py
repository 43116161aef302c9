"""What must hold of the values for Airflow's Helm chart, which no Helm reads here."""

import re
from typing import Any

import yaml

from benchmarks.fleet.compose import DOCKER, ROOT, image_environment
from monitoring_tasks import __version__
from monitoring_tasks.settings import Settings

TEXT = (DOCKER / "helm" / "values.yaml").read_text(encoding="utf-8")
VALUES: dict[str, Any] = yaml.safe_load(TEXT)


def test_the_chart_is_told_the_pinned_airflow() -> None:
    """The chart decides by the version what it renders."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    (pinned,) = re.findall(r"^apache-airflow==(\S+)$", pins, flags=re.MULTILINE)
    assert VALUES["airflowVersion"] == pinned
    assert VALUES["images"]["airflow"]["tag"] == __version__


def test_the_image_has_what_its_executor_needs() -> None:
    """Pods are started by a provider that is an extra."""
    assert VALUES["executor"] == "KubernetesExecutor"
    dockerfile = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    assert "--extra kubernetes" in dockerfile
    assert "--extra celery" in dockerfile


def test_no_secret_stands_in_the_values() -> None:
    """Each is the name of a secret of the cluster."""
    assert not re.search(
        r"(?i)(password|secret|key|pass|connection):\s*[\"']?\w+://", TEXT
    )
    named = {key for key in VALUES if key.lower().endswith(("secret", "key"))}
    assert named == {"secret"}
    assert all("secretName" in part for part in VALUES["secret"])
    assert VALUES["data"].keys() == {"metadataSecretName"}


def test_settings_that_are_stated_exist() -> None:
    """A variable of ours that no setting reads would be a wish."""
    stated = {part["name"] for part in VALUES["env"]}
    stated |= {part["envName"] for part in VALUES["secret"]}
    known = {f"DAYWATCH_{key.upper()}" for key in Settings.model_fields}
    assert stated <= known


def test_settings_of_airflow_that_are_stated_exist() -> None:
    """The chart writes them into airflow.cfg as they are."""
    from airflow.configuration import conf  # noqa: PLC0415 (slow, for this test alone)

    known = conf.configuration_description
    for section, options in VALUES["config"].items():
        if section != "kubernetes_executor":  # of a provider that is not installed
            assert options.keys() <= known[section]["options"].keys()


def test_folders_are_those_of_the_image() -> None:
    """The chart mounts and reads where the image has put things."""
    image = image_environment()
    stated = {part["name"]: part["value"] for part in VALUES["env"] if "value" in part}
    for name in ("DAYWATCH_HOME", "DAYWATCH_EXPECTATIONS"):
        assert stated[name] == image[name]
    assert VALUES["airflowHome"] == image["AIRFLOW_HOME"]
    assert (
        VALUES["config"]["core"]["dags_folder"] == image["AIRFLOW__CORE__DAGS_FOLDER"]
    )


def test_every_process_is_bounded() -> None:
    """What has no limit takes the node with it."""
    for name in ("workers", "scheduler", "dagProcessor", "triggerer", "apiServer"):
        assert VALUES[name]["resources"]["limits"].keys() == {"cpu", "memory"}
