"""Where things are. Read once, from `daywatch.yaml` and `DAYWATCH_*`; passed on.

Importing this module also switches off the telemetry of the libraries Daywatch
uses, before any of them is loaded.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitoring_tasks.errors import ConfigurationError

TELEMETRY_OFF = {
    "NML_DISABLE_USAGE_LOGGING": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GX_ANALYTICS_ENABLED": "false",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "SCARF_ANALYTICS": "false",
}
QUIET = {"MLFLOW_LOGGING_LEVEL": "WARNING"}
FILE_NAME = "daywatch.yaml"
SQLITE_FILE = "sqlite:///"
MLFLOW_ADDRESSES = {
    name: os.environ.get(name, "").strip()
    for name in ("MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI")
}
"""MLflow's own addresses as they were when this process began.

MLflow writes whatever address it is pointed at into the environment, so what stands
there later need not be what a person said.
"""


def switch_off_telemetry() -> None:
    """Tell every library to send nothing, whatever the environment said before."""
    os.environ.update(TELEMETRY_OFF)
    for name, level in QUIET.items():
        os.environ.setdefault(name, level)


switch_off_telemetry()


class Settings(BaseModel):
    """Where things are.

    Attributes:
        home: The workspace folder; relative paths of contracts start here.
        expectations: Folder with one folder per model.
        store_url: SQLAlchemy URL of Daywatch's own tables.
        registry_url: MLflow URI of the registry.
        tracking_url: MLflow URI of runs and artifacts, where it is another one than
            the registry's; empty for the same.
        partitions: Folder of the frozen partitions: a path or an fsspec URL.
        reports: Folder of the HTML reports.
        reports_url: Where people reach that folder, e.g. `https://host/daywatch`; empty
            when nothing serves it.
        openlineage: Where an OpenLineage event goes when an incident opens: address of
            a receiver, or a file; empty for nowhere.
        clock: `system`, or `simulated`: now is the instant a run is about. For
            demonstrations on old data only, and said in every report.
        pages_a_week: Pages of all models together in seven days; further ones are
            gathered in one incident, P0 and the first of a tier-1 model aside.
        rollbacks_a_day: Share of all models whose alias may be moved unasked on one
            day; one model always may.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    expectations: Path
    store_url: str
    registry_url: str
    tracking_url: str = ""
    partitions: str
    reports: Path
    reports_url: str = ""
    openlineage: str = ""
    clock: Literal["system", "simulated"] = "system"
    pages_a_week: int = Field(default=10, ge=0)
    rollbacks_a_day: float = Field(default=0.1, ge=0, le=1)

    def page_address(self, model: str, day: date) -> str:
        """Address of a day's page: below `reports_url`, else that of the file.

        Args:
            model: Registered model name.
            day: The model's own calendar day.
        """
        name = f"{model}/{day.isoformat()}.html"
        if self.reports_url:
            return f"{self.reports_url.rstrip('/')}/{name}"
        return (self.reports.absolute() / name).as_uri()


def load_settings(home: Path | None = None) -> Settings:
    """Read the settings of a workspace.

    Order: `DAYWATCH_<KEY>` in the environment, `<home>/daywatch.yaml`, for the registry
    MLflow's own `MLFLOW_REGISTRY_URI` and `MLFLOW_TRACKING_URI`, for events
    OpenLineage's own `OPENLINEAGE_URL`, defaults under `home`.
    `home` itself: the argument, `DAYWATCH_HOME`, `./.daywatch`. Relative paths in the
    file start at `home`, those of SQLite files too.

    Raises:
        ConfigurationError: On an unknown key or a value of the wrong kind.
    """
    folder = (home or Path(os.environ.get("DAYWATCH_HOME", ".daywatch"))).resolve()
    path = folder / FILE_NAME
    values: dict[str, Any] = {
        "home": folder,
        "expectations": folder / "expectations",
        "store_url": f"sqlite:///{folder / 'daywatch.db'}",
        "partitions": str(folder / "partitions"),
        "reports": folder / "reports",
    }
    values |= _file_values(path)
    values |= {
        key: os.environ[f"DAYWATCH_{key.upper()}"]
        for key in Settings.model_fields
        if key != "home" and f"DAYWATCH_{key.upper()}" in os.environ
    }
    values.setdefault("openlineage", os.environ.get("OPENLINEAGE_URL", "").strip())
    # Both of MLflow's or none: its tracking server need not go with our registry.
    if "registry_url" not in values:
        values = _mlflow_addresses(folder) | values
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        )
        msg = f"{path}: {faults}"
        raise ConfigurationError(msg) from error


def _mlflow_addresses(folder: Path) -> dict[str, str]:
    """MLflow's own addresses, or the registry in a file of the workspace."""
    registry, tracking = (
        MLFLOW_ADDRESSES.get(name, "")
        for name in ("MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI")
    )
    # With one of them named it serves for both.
    if registry and tracking:
        return {"registry_url": registry, "tracking_url": tracking}
    embedded = f"{SQLITE_FILE}{folder / 'mlflow.db'}"
    return {"registry_url": registry or tracking or embedded}


def _file_values(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        msg = f"{path}: not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    if not isinstance(values, dict):
        msg = f"{path}: settings are a mapping of keys"
        raise ConfigurationError(msg)
    # Relative to the file, not to wherever a command happens to be run.
    folders = {
        key: str(path.parent / values[key])
        for key in ("expectations", "partitions", "reports", "openlineage")
        if isinstance(values.get(key), str) and "://" not in values[key]
    }
    files = {
        key: f"{SQLITE_FILE}{path.parent / value.removeprefix(SQLITE_FILE)}"
        for key in ("store_url", "registry_url", "tracking_url")
        if isinstance(value := values.get(key), str)
        and value.startswith(SQLITE_FILE)
        and ":memory:" not in value
    }
    return values | folders | files


ConnectionLookup = Callable[[str], str | None]
"""From a connection's name to its URL; None when it does not know the name."""
