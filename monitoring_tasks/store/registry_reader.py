"""Asking the model registry: its versions, its aliases and the files of a version.

MLflow takes seconds to import, so it is imported when a registry is asked, not before.
"""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.domain.version_names import NUMBER
from monitoring_tasks.domain.version_tags import REFERENCE_TAG
from monitoring_tasks.errors import RegistryError, VersionMissingError
from monitoring_tasks.store.digests import REFERENCE_FOLDER
from monitoring_tasks.store.mlflow_connection import Connection
from monitoring_tasks.store.reference_folders import ReferenceFolders
from monitoring_tasks.store.registry_answers import RegistryAnswers
from monitoring_tasks.store.versions import Version

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

SHOWN_VERSIONS = 20
"""How many versions an error names, so that it stays readable."""
SHOWN_CHARACTERS = 40
"""Of what stands in the place of a version: data may hold anything."""


class RegistryReader:
    """One MLflow registry, named by its address, as far as it is only asked.

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
        self._references = ReferenceFolders(cache)
        self._kept = RegistryAnswers(
            registry=self._connection.file, kept=cache and cache / "answers.json"
        )

    def ask_anew(self) -> None:
        """Ask the registry itself from now on: nobody acts on what was kept."""
        self._kept = RegistryAnswers(registry=None, kept=None)

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
        return self._kept.answer(
            "alias", model, alias, ask=lambda: self._alias_version(model, alias)
        )

    def _alias_version(self, model: str, alias: str) -> str | None:
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
        return self._kept.answer("aliases", model, ask=lambda: self._aliases(model))

    def _aliases(self, model: str) -> dict[str, str]:
        answer = self._ask(
            f"model '{model}'", lambda client: client.get_registered_model(model)
        )
        return {str(name): str(version) for name, version in answer.aliases.items()}

    def versions(self, model: str) -> list[Version]:
        """List every version, newest first; MLflow's own function reads all pages."""
        plain = self._kept.answer(
            "versions", model, ask=lambda: [asdict(v) for v in self._versions(model)]
        )
        return [Version(**version) for version in plain]

    def _versions(self, model: str) -> list[Version]:
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
        plain = self._kept.answer(
            "version",
            model,
            version,
            ask=lambda: asdict(Version.of(self._find(model, version))),
        )
        return Version(**plain)

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
        folder = self._references.folder(
            digest,
            fetch=partial(self.download, model, version, part=REFERENCE_FOLDER),
        )
        if folder is None:
            msg = (
                f"the reference of version {version} of model '{model}' was "
                "changed after it was saved; make it again "
                f"(registry {self._connection.shown})"
            )
            raise RegistryError(msg)
        return folder

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
