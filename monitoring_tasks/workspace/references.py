"""References of versions, each read once in a process."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.store.profiles import SAMPLE_FILE, read_reference
from monitoring_tasks.store.reconstructions import (
    RECONSTRUCTION_FORMAT,
    from_plain,
    read_reconstruction,
    to_plain,
)
from monitoring_tasks.store.registry_reader import RegistryReader
from monitoring_tasks.workspace.kept_answers import KeptAnswers

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ModelVersion = tuple[str, str]
"""Registered model name and version."""


@dataclass
class References:
    """What lies in the registry beside versions, as this process first read it.

    Attributes:
        registry: Where it lies.
        kept: What was learnt of references that lack it, in files of this workspace.
    """

    registry: RegistryReader
    kept: KeptAnswers
    _profiles: dict[ModelVersion, ReferenceProfile | None] = field(default_factory=dict)
    _folders: dict[ModelVersion, Path | None] = field(default_factory=dict)

    def profile(self, model: str, version: str) -> ReferenceProfile | None:
        """Return a version's reference profile; None when it was logged without one.

        Args:
            model: Registered model name.
            version: Registered version.
        """
        key = (model, version)
        if key not in self._profiles:
            folder = self._folder(model, version)
            self._profiles[key] = None if folder is None else read_reference(folder)
        return self._profiles[key]

    def digest(self, model: str, version: str) -> str | None:
        """Return what names a version's reference; None when it was logged without one.

        Args:
            model: Registered model name.
            version: Registered version.
        """
        folder = self._folder(model, version)
        has_profile = self.profile(model, version) is not None
        return folder.name if folder is not None and has_profile else None

    def rows(self, model: str, version: str) -> "pd.DataFrame | None":
        """Return the sample of rows kept beside a version's reference profile.

        Args:
            model: Registered model name.
            version: Registered version.

        Returns:
            The rows; None where the version was logged without them.
        """
        import pandas as pd  # noqa: PLC0415 (heavy, and not every step needs it)

        folder = self._folder(model, version)
        if folder is None or self.profile(model, version) is None:
            return None
        path = folder / SAMPLE_FILE
        return pd.read_parquet(path) if path.is_file() else None

    def reconstruction(
        self,
        model: str,
        version: str,
        columns: Columns,
        *,
        learn: "Callable[[pd.DataFrame, Columns], Reconstruction]",
    ) -> Reconstruction | None:
        """Return what rebuilds a version's rows.

        As it was logged with the reference. A reference that was logged without it, or
        when other features were declared, teaches it once in this workspace.

        Args:
            model: Registered model name.
            version: Registered version.
            columns: The features that are declared now.
            learn: From reference rows and columns to what rebuilds them.

        Returns:
            None where the version was logged without rows.
        """
        folder = self._folder(model, version)
        if folder is None or self.profile(model, version) is None:
            return None
        declared = (columns.continuous, columns.categorical)
        logged = read_reconstruction(folder)
        if logged is not None and logged.declared == declared:
            return logged
        rows = self.rows(model, version)
        if rows is None:
            return None
        # The folder is named by its digest, so that another reference is another key.
        key = json.dumps([RECONSTRUCTION_FORMAT, folder.name, *declared])
        return from_plain(
            self.kept.remember(key, lambda: to_plain(learn(rows, columns)))
        )

    def _folder(self, model: str, version: str) -> Path | None:
        """Return the local copy of a version's reference; None where it has none."""
        key = (model, version)
        if key not in self._folders:
            try:
                folder = self.registry.load_reference_folder(model, version)
            except VersionMissingError:
                folder = None
            self._folders[key] = folder
        return self._folders[key]
