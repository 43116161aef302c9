"""Where things are. Read once, from `daywatch.yaml` and `DAYWATCH_*`; passed on.

Importing this module also switches off the telemetry of the libraries Daywatch
uses, before any of them is loaded.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitoring_tasks.channel_settings import (
    ChannelName,
    ChannelSettings,
    with_default_channels,
)
from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.route_rules import RouteRule

TELEMETRY_OFF = {
    "NML_DISABLE_USAGE_LOGGING": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GX_ANALYTICS_ENABLED": "false",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "SCARF_ANALYTICS": "false",
}
QUIET = {"MLFLOW_LOGGING_LEVEL": "WARNING"}
MEMORY = {"ARROW_DEFAULT_MEMORY_POOL": "jemalloc"} if sys.platform == "linux" else {}
"""Gives a large day's memory back in the middle of it: a tenth less at the peak."""
FILE_NAME = "daywatch.yaml"
RELATIVE_FOLDERS = (
    "expectations",
    "partitions",
    "reports",
    "anchors",
    "openlineage",
)
"""Paths that start at the file they stand in."""
WRITTEN_AS_YAML = ("channels", "routes")
"""Settings that are more than a text, in the environment too."""
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
    for name, value in (QUIET | MEMORY).items():
        os.environ.setdefault(name, value)


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
        routes: Which news goes to which channels where a contract says nothing; left
            out, P0 and P1 go to all channels at once and the rest daily.
        digest_hour: Hour of the day, UTC, at which gathered news is sent.
        heartbeat: Name of the connection whose URL is called after each round of
            messages; empty for none. Who waits for it learns of a dead scheduler.
        anchors: Folder or fsspec URL, outside of the store, where the heads of the
            chains are kept; empty for none.
        environment: Name of this Daywatch, shown in every message.
        engine_memory: What DuckDB may take to count a day that stays in files, such as
            `2GB`; the rest goes to disk. Empty for four fifths of the machine's.
        engine_threads: How many threads it counts with; 0 for all processors.
        channels: Whom Daywatch tells: a channel's settings by the channel's name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

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
    routes: tuple[RouteRule, ...] = ()
    digest_hour: int = Field(default=7, ge=0, le=23)
    heartbeat: str = ""
    anchors: str = ""
    environment: str = Field(default="production", min_length=1, max_length=40)
    engine_memory: str = Field(default="", pattern=r"^(\d+(\.\d+)? ?[KMGT]i?B)?$")
    engine_threads: int = Field(default=0, ge=0)
    channels: dict[ChannelName, ChannelSettings] = Field(default_factory=dict)

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
        if key not in {"home", *WRITTEN_AS_YAML}
        and f"DAYWATCH_{key.upper()}" in os.environ
    }
    values |= {
        key: _as_yaml(f"{key}: {os.environ[name]}", name)[key]
        for key in WRITTEN_AS_YAML
        if (name := f"DAYWATCH_{key.upper()}") in os.environ
    }
    values.setdefault("openlineage", os.environ.get("OPENLINEAGE_URL", "").strip())
    # Both of MLflow's or none: its tracking server need not go with our registry.
    if "registry_url" not in values:
        values = _mlflow_addresses(folder) | values
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        )
        msg = f"{path}: {faults}"
        raise ConfigurationError(msg) from error
    channels = with_default_channels(settings.channels, os.environ)
    _require_channels(settings.routes, channels, path)
    return settings.model_copy(update={"channels": channels})


def _require_channels(
    routes: Iterable[RouteRule], channels: Mapping[str, ChannelSettings], path: Path
) -> None:
    """Refuse a rule that sends to a channel nobody declared."""
    for rule in routes:
        for name in rule.to:
            if name not in channels:
                near = did_you_mean(name, channels)
                msg = f"{path}: routes: there is no channel '{name}'{near}"
                raise ConfigurationError(msg)


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
    values = _as_yaml(path.read_text(encoding="utf-8"), str(path))
    # Relative to the file, not to wherever a command happens to be run.
    folders = {
        key: str(path.parent / values[key])
        for key in RELATIVE_FOLDERS
        if isinstance(values.get(key), str) and values[key] and "://" not in values[key]
    }
    files = {
        key: f"{SQLITE_FILE}{path.parent / value.removeprefix(SQLITE_FILE)}"
        for key in ("store_url", "registry_url", "tracking_url")
        if isinstance(value := values.get(key), str)
        and value.startswith(SQLITE_FILE)
        and ":memory:" not in value
    }
    return values | folders | files


def _as_yaml(text: str, source: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        msg = f"{source}: not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    if not isinstance(values, dict):
        msg = f"{source}: settings are a mapping of keys"
        raise ConfigurationError(msg)
    return values


ConnectionLookup = Callable[[str], str | None]
"""From a connection's name to its URL; None when it does not know the name."""
