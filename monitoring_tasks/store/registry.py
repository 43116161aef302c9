"""The model registry: versions, aliases and what is kept beside a version.

It moves an alias when told to; whether to, is decided elsewhere. MLflow takes seconds
to import, so it is imported when a registry is asked, not before.
"""

import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from monitoring_tasks.domain.version_names import NUMBER
from monitoring_tasks.domain.version_tags import ARTIFACT_TAG, REFERENCE_TAG
from monitoring_tasks.errors import RegistryError, VersionMissingError
from monitoring_tasks.store.digests import (
    REFERENCE_FOLDER,
    digest_folder,
    digest_model,
    digest_signature,
)
from monitoring_tasks.store.mlflow_connection import Connection, translated_errors
from monitoring_tasks.store.registering import Predictor, log_model
from monitoring_tasks.store.versions import Training, Version, training_tags

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

SHOWN_VERSIONS = 20
"""How many versions an error names, so that it stays readable."""
SHOWN_CHARACTERS = 40
"""Of what stands in the place of a version: data may hold anything."""


class Registry:
    """One MLflow registry, named by its address.

    Every method raises `SourceUnavailableError` after three attempts when the
    registry does not answer, `VersionMissingError` when what was asked for is not
    there, and `RegistryError` when it refuses. MLflow keeps its address per process:
    do not use two registries at once from two threads.
    """

    def __init__(
        self, url: str, *, tracking_url: str = "", cache: Path | None = None
    ) -> None:
        """Remember the address; nothing is contacted yet.

        Args:
            url: MLflow URI of the registry.
            tracking_url: MLflow URI of runs and artifacts; empty for the same.
            cache: Folder for downloaded references; without it they are kept for
                the life of this object.

        Raises:
            ConfigurationError: If the address is empty; MLflow would silently make
                an empty registry in the current folder.
        """
        self._connection = Connection(url, tracking_url)
        self._ask = self._connection.ask
        self._cache = cache or self._own_cache()

    @property
    def is_absent(self) -> bool:
        """Whether the registry is a file or folder that is not there, or empty."""
        return self._connection.is_absent

    def alias_version(self, model: str, alias: str) -> str | None:
        """Name the version `alias` points to; None when the alias is not set.

        Args:
            model: Registered model name.
            alias: The alias.
        """
        try:
            served = self._ask(
                f"alias '{alias}' of model '{model}'",
                lambda client: client.get_model_version_by_alias(model, alias),
            )
        except VersionMissingError:
            # The alias or the model: only the former is an answer.
            self._check_model(model)
            return None
        return str(served.version)

    def aliases(self, model: str) -> dict[str, str]:
        """Name the version each alias of a model points to."""
        answer = self._ask(
            f"model '{model}'", lambda client: client.get_registered_model(model)
        )
        return {str(name): str(version) for name, version in answer.aliases.items()}

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point `alias` at a version, in one attempt; the last writer wins.

        Args:
            model: Registered model name.
            alias: The alias.
            version: The version; it has to be registered.
        """
        # So that the error for an absent version names those there are.
        self.version(model, version)
        self._connection.tell(
            f"alias '{alias}' of model '{model}'",
            lambda client: client.set_registered_model_alias(model, alias, version),
        )

    def versions(self, model: str) -> list[Version]:
        """List every version, newest first; MLflow's own function reads all pages."""
        self._check_model(model)
        from mlflow import search_model_versions  # noqa: PLC0415 (seconds to import)

        registered = self._ask(
            f"versions of model '{model}'",
            lambda _: search_model_versions(
                filter_string=f"name='{model}'", order_by=["version_number DESC"]
            ),
        )
        return [Version.of(version) for version in registered]

    def version(self, model: str, version: str) -> Version:
        """Describe one version; the error for an absent one names those there are.

        Args:
            model: Registered model name.
            version: The version.
        """
        return Version.of(self._find(model, version))

    def tag_version(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags of a version; other tags stay.

        Args:
            model: Registered model name.
            version: The version.
            tags: From a key to its value.
        """
        self._find(model, version)
        for key, value in tags.items():
            self._ask(
                f"tag '{key}' of version {version} of model '{model}'",
                partial(_set_tag, model=model, version=version, tag=(key, value)),
            )

    def describe_version(self, model: str, version: str, text: str) -> None:
        """Add a line to the description of a version, once; what stands there stays.

        Args:
            model: Registered model name.
            version: The version.
            text: One line.
        """
        existing = self._find(model, version).description or ""
        if text in existing.splitlines():
            return
        extended = f"{existing}\n{text}" if existing else text
        self._ask(
            f"description of version {version} of model '{model}'",
            lambda client: client.update_model_version(model, version, extended),
        )

    def save_reference(self, model: str, version: str, folder: Path) -> str:
        """Keep the files of `folder` beside the version; return their SHA-256.

        Artifacts can be overwritten by anyone who may write them, so the digest is
        kept apart, as a tag of the version, and checked on every load.

        Args:
            model: Registered model name.
            version: The version.
            folder: The files.
        """
        source = str(self._find(model, version).source)
        held = re.fullmatch(r"models:/(m-[0-9a-f]+)", source)
        if held is None:
            msg = (
                f"version {version} of model '{model}' is stored the way MLflow 2 did; "
                "register it again with MLflow 3 to keep a reference beside it "
                f"(registry {self._connection.shown})"
            )
            raise RegistryError(msg)
        self._ask(
            f"artifacts of version {version} of model '{model}'",
            lambda client: client.log_model_artifacts(
                held[1], str(folder), REFERENCE_FOLDER
            ),
        )
        digest = digest_folder(folder)
        self.tag_version(model, version, {REFERENCE_TAG: digest})
        return digest

    def load_reference_folder(self, model: str, version: str) -> Path:
        """Fetch the reference of a version; the copy is kept by its digest.

        Args:
            model: Registered model name.
            version: The version.

        Raises:
            VersionMissingError: If the version has no reference.
            RegistryError: If the files are not those that were saved.
        """
        digest = self.version(model, version).tags.get(REFERENCE_TAG)
        if digest is None:
            msg = (
                f"version {version} of model '{model}' has no reference profile in the "
                f"registry at {self._connection.shown}"
            )
            raise VersionMissingError(msg)
        kept = self._cache / digest
        if kept.is_dir() and digest_folder(kept) == digest:
            return kept
        self._cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._cache) as scratch:
            fetched = self.download(
                model, version, Path(scratch), part=REFERENCE_FOLDER
            )
            if digest_folder(fetched) != digest:
                msg = (
                    f"the reference of version {version} of model '{model}' was "
                    "changed after it was saved; make it again "
                    f"(registry {self._connection.shown})"
                )
                raise RegistryError(msg)
            shutil.rmtree(kept, ignore_errors=True)
            fetched.replace(kept)
        return kept

    def register(
        self,
        model: str,
        pipeline: Predictor,
        *,
        example: pd.DataFrame,
        training: Training,
    ) -> str:
        """Log a fitted scikit-learn pipeline as the next version; return its number.

        Integers become float64 in the signature: one null in a later batch turns an
        integer column into floats, which an integer signature refuses.

        Args:
            model: Registered model name; made when it does not exist.
            pipeline: Fitted estimator with `predict`.
            example: Some rows of its input, as it was trained on. Not modified.
            training: How it came to be.
        """
        with translated_errors(
            f"registering a version of model '{model}'", self._connection.shown
        ):
            version, signature = log_model(
                self._connection, model, pipeline, example=example, training=training
            )
        with tempfile.TemporaryDirectory() as scratch:
            files = digest_model(self.download(model, version, Path(scratch)))
        tags = training.as_tags(digest_signature(signature)) | {ARTIFACT_TAG: files}
        self.tag_version(model, version, tags)
        return version

    def record_training(self, model: str, version: str, trained_until: date) -> None:
        """Write down how far a version was trained and what it takes, if nobody did.

        Args:
            model: Registered model name.
            version: The version.
            trained_until: Last day of its training rows.
        """
        registered = self.version(model, version)
        if registered.trained_until is not None and registered.signature_digest:
            return
        from mlflow.models import get_model_info  # noqa: PLC0415 (seconds to import)

        address = f"models:/{model}/{version}"
        info = self._ask(
            f"version {version} of model '{model}'", lambda _: get_model_info(address)
        )
        digest = digest_signature(info.signature) if info.signature else ""
        self.tag_version(model, version, training_tags(trained_until, digest))

    def download(
        self, model: str, version: str, target: Path, *, part: str = ""
    ) -> Path:
        """Fetch a version's files without loading any, or a folder that lies beside.

        Args:
            model: Registered model name.
            version: The version.
            target: The folder to put them into.
            part: Name of the folder beside the model; empty for all files.

        Returns:
            Where they lie: `target`, or `part` in it. Empty if there are none.
        """
        from mlflow.artifacts import download_artifacts  # noqa: PLC0415 (seconds)

        address = "/".join(filter(None, ["models:", model, version, part]))
        subject = {REFERENCE_FOLDER: "reference"}.get(part, part or "artifacts")
        return Path(
            self._ask(
                f"{subject} of version {version} of model '{model}'",
                lambda _: download_artifacts(address, dst_path=str(target)),
            )
        )

    def list_files(self, model: str, version: str) -> dict[str, int | None]:
        """Return names and sizes (bytes) of what lies at the top of a version's files.

        Folders have no size, nor have files where the registry knows none.

        Args:
            model: Registered model name.
            version: The version.
        """
        from mlflow.artifacts import list_artifacts  # noqa: PLC0415 (seconds)

        artifacts = self._ask(
            f"artifacts of version {version} of model '{model}'",
            lambda _: list_artifacts(f"models:/{model}/{version}"),
        )
        return {
            Path(artifact.path).name: None if artifact.is_dir else artifact.file_size
            for artifact in artifacts
        }

    def _own_cache(self) -> Path:
        folder = tempfile.mkdtemp(prefix="daywatch-references-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def _check_model(self, model: str) -> None:
        self._ask(f"model '{model}'", lambda client: client.get_registered_model(model))

    def _find(self, model: str, version: str) -> "ModelVersion":
        try:
            # MLflow, or its database, would refuse what is no number of a version.
            if NUMBER.fullmatch(version):
                return self._ask(
                    f"version {version} of model '{model}'",
                    lambda client: client.get_model_version(model, version),
                )
        except VersionMissingError:
            pass  # who asks is told which there are
        numbers = [registered.version for registered in self.versions(model)]
        text = ", ".join(numbers[:SHOWN_VERSIONS]) or "none"
        if len(numbers) > SHOWN_VERSIONS:
            text += f" and {len(numbers) - SHOWN_VERSIONS} older ones"
        msg = (
            f"model '{model}' has no version {version[:SHOWN_CHARACTERS]}; there are: "
            f"{text} (registry {self._connection.shown})"
        )
        raise VersionMissingError(msg)


def _set_tag(
    client: "MlflowClient", *, model: str, version: str, tag: tuple[str, str]
) -> None:
    client.set_model_version_tag(model, version, *tag)
