"""The MLflow runs that made versions: read, never loaded as a model."""

import json
import math
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.domain.root_cause import TrainingRun
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.store.mlflow_connection import Connection, without_secrets

if TYPE_CHECKING:
    from mlflow.entities import Run

OWN_TAGS = ("mlflow.source.", "mlflow.user", "mlflow.runName", "mlflow.note.content")
"""Of MLflow's own tags those that say where a model comes from."""
WEIGHT_NAMES = ("importance", "importances", "coefficient", "coefficients", "coef")
LARGEST_FILE = 1_000_000
"""Bytes of a file of weights that is still read."""
LONGEST = 300
"""Characters kept of a parameter or tag."""


class TrainingRuns:
    """The runs of one MLflow; errors as of the registry's reader."""

    def __init__(self, url: str, *, tracking_url: str = "") -> None:
        """Remember the address; nothing is contacted yet.

        Args:
            url: MLflow URI of the registry.
            tracking_url: MLflow URI of runs and artifacts; empty for the same.
        """
        self._connection = Connection(url, tracking_url)

    def read(self, run_id: str) -> TrainingRun:
        """Return what a run says of itself, and weights it carries as file or tag.

        Args:
            run_id: Its id.

        Raises:
            VersionMissingError: If there is no such run.
            SourceUnavailableError: If MLflow does not answer.
        """
        run: Run = self._connection.ask(
            f"run {run_id}", lambda client: client.get_run(run_id)
        )
        weights, reason = _weights_in_tags(run.data.tags), ""
        try:
            weights |= self._weights_in_files(run_id)
        except (MonitoringError, ValueError) as error:
            reason = str(error)
        began = run.info.start_time
        return TrainingRun(
            id=run_id,
            name=str(run.info.run_name or ""),
            started_at=datetime.fromtimestamp(began / 1000, tz=UTC) if began else None,
            params={name: _text(value) for name, value in run.data.params.items()},
            metrics={
                name: float(value)
                for name, value in run.data.metrics.items()
                if math.isfinite(value)
            },
            tags={
                name: _text(value)
                for name, value in run.data.tags.items()
                if not name.startswith("mlflow.") or name.startswith(OWN_TAGS)
            },
            datasets=_datasets(run),
            weights=weights,
            reason=reason,
        )

    def _weights_in_files(self, run_id: str) -> dict[str, dict[str, float]]:
        files = self._connection.ask(
            f"artifacts of run {run_id}", lambda client: client.list_artifacts(run_id)
        )
        weights = {}
        for file in files:
            is_small = not file.is_dir and (file.file_size or 0) <= LARGEST_FILE
            if file.path.endswith(".json") and _names_weights(file.path) and is_small:
                by_feature = _weights(self._text_of(run_id, file.path))
                if by_feature:
                    weights[file.path] = by_feature
        return weights

    def _text_of(self, run_id: str, path: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = self._connection.ask(
                f"{path} of run {run_id}",
                lambda client: client.download_artifacts(run_id, path, folder),
            )
            return Path(file).read_text(encoding="utf-8")


def _names_weights(name: str) -> bool:
    words = name.lower().removesuffix(".json").replace("-", "_").replace(".", "_")
    return bool(set(words.split("_")) & set(WEIGHT_NAMES))


def _weights_in_tags(tags: Mapping[str, str]) -> dict[str, dict[str, float]]:
    named = {
        name: _weights(text) for name, text in tags.items() if _names_weights(name)
    }
    return {name: weights for name, weights in named.items() if weights}


def _weights(text: str) -> dict[str, float]:
    """Return feature -> weight of a JSON object of numbers; empty for anything else."""
    try:
        plain = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(plain, dict):
        return {}
    return {
        str(name): float(weight)
        for name, weight in plain.items()
        if isinstance(weight, int | float) and math.isfinite(weight)
    }


def _datasets(run: "Run") -> list[dict[str, str]]:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return [
        {
            "name": str(given.dataset.name),
            "digest": str(given.dataset.digest),
            "source": _text(given.dataset.source),
            "context": ", ".join(str(tag.value) for tag in given.tags),
        }
        for given in inputs
    ]


def _text(value: object) -> str:
    text = without_secrets(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
