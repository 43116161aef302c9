"""Making a version's reference: what all its later days are held against."""

import logging
import tempfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.compare.versions.reference_comparison import unlike_before
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.version_tags import ARTIFACT_TAG, QUARANTINE_TAG
from monitoring_tasks.errors import ConfigurationError, RegistryError
from monitoring_tasks.extract.reference_rows import typed_rows
from monitoring_tasks.extract.version_names import frame_with_versions
from monitoring_tasks.operations.reference_building import (
    make_reference,
    reconstruction_of,
    rows_of,
    with_row_noise,
)
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.store.profiles import SAMPLE_FILE, write_reference
from monitoring_tasks.store.reconstructions import write_reconstruction
from monitoring_tasks.validate.reference_review import ReferenceReview, review_reference
from monitoring_tasks.workspace.version_names import version_names_now
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)
EARLIER_VERSIONS = 10
"""How many versions before a new one say what is believable of it."""
SAMPLE_ROWS = 20_000
"""Rows kept beside the profile for row-level estimators; hash-sampled."""


def log_reference(
    workspace: Workspace,
    model: str,
    version: str,
    rows: "pd.DataFrame",
    *,
    trained_until: date,
    replace_logged: bool = False,
) -> tuple[ReferenceProfile, ReferenceReview]:
    """Build the reference of a registered version and log it beside the version.

    The digest of the version's own files is recorded as well: from then on files that
    differ from them are never loaded.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version.
        rows: Labelled predictions of the version on rows it was not trained on (a
            hold-out, or out of fold), with the columns the contract declares and the
            label; at least a week of days, better two months. Rows of other
            versions are left out. Where labels never come the label may lack: then
            only data and drift are judged. Not modified.
        trained_until: Last day the version was trained on.
        replace_logged: Whether a reference that is there may be written over.

    Returns:
        The reference, and what it can and cannot do, and what it says that those of
        versions before it did not.

    Raises:
        ConfigurationError: If the version has a reference that may not be replaced.
        DataError: If a declared column is missing or of another type, no row is of
            the version, or nothing can be learnt from them.
        RegistryError: If the version's files are not those that were recorded.
    """
    contract = workspace.contract(model)
    rows = _with_versions(workspace, contract, rows)
    version_rows = typed_rows(rows_of(rows, contract, version), contract)
    review = review_reference(
        version_rows,
        days_of(version_rows, contract),
        contract,
        trained_until=trained_until,
        others=len(rows) - len(version_rows),
    )
    # After the review: a refusal says what the rows would put in its place.
    if not replace_logged:
        _refuse_to_replace(workspace, contract, version, review)
    reference = make_reference(
        version_rows, contract, version, trained_until=trained_until
    )
    sample = hash_sample(version_rows, contract.columns.id, SAMPLE_ROWS)
    if contract.measures_rows:
        reference = with_row_noise(reference, sample, contract)
    rebuilds = reconstruction_of(sample, contract)
    _save(workspace, model, reference, sample, rebuilds=rebuilds)
    warnings = (*review.warnings, *_unlike_before(workspace, contract, reference))
    return reference, replace(review, warnings=warnings)


def _unlike_before(
    workspace: Workspace, contract: Contract, reference: ReferenceProfile
) -> list[str]:
    """Hold a reference against those of the versions before, the latest good one first.

    Versions that were put away are none it could replace.
    """
    own = int(reference.version)
    before = [
        version
        for version in workspace.registry.versions(contract.model)
        if int(version.version) < own and not version.tags.get(QUARANTINE_TAG)
    ][:EARLIER_VERSIONS]
    earlier = [
        logged
        for version in before
        if version.reference_digest
        and (logged := _logged(workspace, contract.model, version.version))
    ]
    if not earlier:
        return []
    return list(unlike_before(reference, earlier[0], earlier, contract))


def _logged(workspace: Workspace, model: str, version: str) -> ReferenceProfile | None:
    """Load a version's reference; None where it cannot be read."""
    try:
        return workspace.reference(model, version)
    except RegistryError as error:
        # What became of an old version's files is no reason to refuse a new one.
        logger.warning("version %s is not compared with: %s", version, error)
        return None


def _with_versions(
    workspace: Workspace, contract: Contract, rows: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return rows with versions by their registered names, and a label column."""
    label = contract.columns.label
    if contract.policy.labels.never_come and label not in rows.columns:
        rows = rows.assign(**{label: float("nan")})
    names = partial(version_names_now, workspace, contract.model)
    return frame_with_versions(rows, contract.columns, names)


def _save(
    workspace: Workspace,
    model: str,
    reference: ReferenceProfile,
    sample: "pd.DataFrame",
    *,
    rebuilds: Reconstruction | None,
) -> None:
    """Save a reference beside its version, with the digest of the version's files."""
    registry, version = workspace.registry, reference.version
    registry.record_training(model, version, reference.trained_until)
    digest = workspace.artifacts.digest(model, version)
    registry.tag_version(model, version, {ARTIFACT_TAG: digest})
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        write_reference(reference, Path(folder))
        sample.to_parquet(Path(folder) / SAMPLE_FILE)
        write_reconstruction(rebuilds, Path(folder))
        # Last: a try that was stopped before finds no reference, and is made again.
        registry.save_reference(model, version, Path(folder))


def _refuse_to_replace(
    workspace: Workspace, contract: Contract, version: str, review: ReferenceReview
) -> None:
    model = contract.model
    if workspace.registry.version(model, version).reference_digest:
        logged = workspace.reference(model, version)
        of_what = ""
        if logged:
            of_what = (
                f" of {logged.profile.rows} rows, {logged.first_day} to "
                f"{logged.last_day}"
            )
        msg = (
            f"version {version} of model '{model}' has a reference{of_what}, and every "
            f"later day is compared with it; --replace puts these {review.rows} rows "
            f"on {review.days} days in its place, {review.labelled} with a label in "
            f"'{contract.columns.label}'"
        )
        raise ConfigurationError(msg)
