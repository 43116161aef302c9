"""Copies of a model under other names: its history, and a registry that knows them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.profile_bytes import encode
from monitoring_tasks.store.profiles import read_kept
from monitoring_tasks.store.read_only_registry import ReadOnlyRegistry
from monitoring_tasks.store.schema import (
    EvaluationRow,
    FindingRow,
    PartitionRow,
    ProfileRow,
)
from monitoring_tasks.store.versions import Version


class CloneRegistry(ReadOnlyRegistry):
    """A registry in which models have clones: asked for one, it answers for the model.

    It refuses every write, as the registry of a sandbox does.
    """

    def __init__(
        self,
        url: str,
        *,
        tracking_url: str = "",
        cache: Path,
        clones: Mapping[str, str],
    ) -> None:
        """Remember whose clones there are.

        Args:
            url: MLflow URI of the registry.
            tracking_url: MLflow URI of runs and artifacts; empty for the same.
            cache: Folder for downloaded references.
            clones: From a clone's name to the registered model's.
        """
        super().__init__(url, tracking_url=tracking_url, cache=cache)
        self._clones = clones

    def alias_version(self, model: str, alias: str) -> str | None:
        """Name the version that the model's alias points to.

        Args:
            model: The clone's name.
            alias: The alias.
        """
        return super().alias_version(self._own(model), alias)

    def aliases(self, model: str) -> dict[str, str]:
        """Name the version each alias of the model points to."""
        return super().aliases(self._own(model))

    def versions(self, model: str) -> list[Version]:
        """List the model's versions, newest first, as those of the clone."""
        versions = super().versions(self._own(model))
        return [replace(version, model=model) for version in versions]

    def version(self, model: str, version: str) -> Version:
        """Return one of the model's versions, as one of the clone's.

        Args:
            model: The clone's name.
            version: The version.
        """
        return replace(super().version(self._own(model), version), model=model)

    def load_reference_folder(self, model: str, version: str) -> Path:
        """Fetch the reference of one of the model's versions.

        Args:
            model: The clone's name.
            version: The version.
        """
        return super().load_reference_folder(self._own(model), version)

    def download(
        self, model: str, version: str, target: Path, *, part: str = ""
    ) -> Path:
        """Fetch files of one of the model's versions.

        Args:
            model: The clone's name.
            version: The version.
            target: The folder to put them into.
            part: Name of a folder beside the model; empty for all files.
        """
        return super().download(self._own(model), version, target, part=part)

    def list_files(self, model: str, version: str) -> dict[str, int | None]:
        """List the files of one of the model's versions.

        Args:
            model: The clone's name.
            version: The version.
        """
        return super().list_files(self._own(model), version)

    def _own(self, model: str) -> str:
        return self._clones.get(model, model)


def copy_history(
    source: Database, model: str, target: Database, clone: str, *, before: date
) -> None:
    """Copy what was found out about a model's days into another store, renamed.

    Looks, their findings, counts and partitions; neither incidents nor alias moves:
    a clone begins with a clean slate.

    Args:
        source: The store that knows the model; only read.
        model: Whose days are copied.
        target: The store of the clone.
        clone: The name they get.
        before: This day and later ones are left out.
    """
    copied: list[tuple[sa.Table, list[dict[str, Any]]]] = []
    with source.transaction() as connection:
        # Evaluations first: findings refer to them.
        for kind in (EvaluationRow, PartitionRow, ProfileRow):
            table = table_of(kind)
            query = sa.select(table).where(table.c.model == model, table.c.day < before)
            rows = [dict(row) for row in connection.execute(query).mappings()]
            copied.append((table, [_renamed(row, clone) for row in rows]))
        finding, evaluation = table_of(FindingRow), table_of(EvaluationRow)
        query = (
            sa.select(finding)
            .join(evaluation, finding.c.evaluation == evaluation.c.key)
            .where(evaluation.c.model == model, evaluation.c.day < before)
        )
        rows = [dict(row) for row in connection.execute(query).mappings()]
        copied.append((finding, [_renamed(row, clone) for row in rows]))
    with target.transaction() as connection:
        for table, rows in copied:
            if rows:
                connection.execute(sa.insert(table), rows)


def _renamed(row: dict[str, Any], clone: str) -> dict[str, Any]:
    """Return a row with the clone's name wherever the model's stands in it."""
    renamed = dict(row)
    if "model" in row:
        renamed["model"] = clone
    if "content" in row:
        renamed["content"] = encode(replace(read_kept(row["content"]), model=clone))
    for name in ("key", "evaluation"):
        if name in row:
            renamed[name] = replace(Unit.from_key(row[name]), model=clone).key
    return renamed
