"""Making a version's reference: what all its later days are held against."""

import tempfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.column_kinds import binned_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST, Bins
from monitoring_tasks.domain.profiles import merge
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.version_tags import ARTIFACT_TAG
from monitoring_tasks.errors import ConfigurationError, DataError
from monitoring_tasks.estimate.counting import count_days, learn_vocabulary
from monitoring_tasks.estimate.reference import bins_for, build_reference
from monitoring_tasks.extract.reference_rows import typed_rows
from monitoring_tasks.extract.version_names import frame_with_versions
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.names import ALL, DAY
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.store.profiles import SAMPLE_FILE, write_reference
from monitoring_tasks.validate.reference_checks import reference_baseline
from monitoring_tasks.validate.reference_review import ReferenceReview, review_reference
from monitoring_tasks.workspace.version_names import version_names_now
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

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
        The reference, and what it can and cannot do.

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
        offered = (
            f"{review.rows} rows on {review.days} days in its place, "
            f"{review.labelled} with a label in '{contract.columns.label}'"
        )
        _refuse_to_replace(workspace, model, version, offered)
    reference = make_reference(
        version_rows, contract, version, trained_until=trained_until
    )
    sample = hash_sample(version_rows, contract.columns.id, SAMPLE_ROWS)
    if contract.measures_rows:
        reference = _with_row_noise(reference, sample, contract)
    _save(workspace, model, reference, sample)
    return reference, review


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
) -> None:
    """Save a reference beside its version, with the digest of the version's files."""
    registry, version = workspace.registry, reference.version
    registry.record_training(model, version, reference.trained_until)
    digest = workspace.artifacts.digest(model, version)
    registry.tag_version(model, version, {ARTIFACT_TAG: digest})
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        write_reference(reference, Path(folder))
        sample.to_parquet(Path(folder) / SAMPLE_FILE)
        # Last: a try that was stopped before finds no reference, and is made again.
        registry.save_reference(model, version, Path(folder))


def _refuse_to_replace(
    workspace: Workspace, model: str, version: str, offered: str
) -> None:
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
            f"later day is compared with it; --replace puts these {offered}"
        )
        raise ConfigurationError(msg)


def rows_of(rows: "pd.DataFrame", contract: Contract, version: str) -> "pd.DataFrame":
    """Return the declared columns of the rows that a version scored.

    Args:
        rows: Predictions with labels, of one version or several. Not modified.
        contract: Says which columns are declared.
        version: The version.

    Raises:
        DataError: If a declared column is missing or no row is of the version.
    """
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    columns = contract.columns
    wanted = list(dict.fromkeys((*columns.of_predictions, columns.label)))
    missing = [name for name in wanted if name not in rows.columns]
    if missing or rows.empty:
        lacking = f"lack {', '.join(missing)}" if missing else "are empty"
        msg = f"the reference rows of version {version} {lacking}; log them with it"
        raise DataError(msg)
    scored_by = texts(rows[columns.model_version])
    version_rows = rows.loc[scored_by.eq(version).to_numpy(), wanted]
    if version_rows.empty:
        named_versions = ", ".join(sorted(scored_by.dropna().unique())[:5]) or "nothing"
        msg = (
            f"none of the {len(rows)} reference rows is of version {version}: "
            f"'{columns.model_version}' holds {named_versions}; log the rows that "
            f"version {version} scored"
        )
        raise DataError(msg)
    return version_rows.reset_index(drop=True)


def make_reference(
    rows: "pd.DataFrame", contract: Contract, version: str, *, trained_until: date
) -> ReferenceProfile:
    """Return the reference of a version: its rows counted, and what a normal day is.

    Args:
        rows: Labelled rows of the version alone, with the declared columns. Not
            modified.
        contract: Says what is counted.
        version: The version that scored them.
        trained_until: Last day the version was trained on.
    """
    table = pa.Table.from_pandas(rows, preserve_index=False)
    days = pa.array(days_of(rows, contract), pa.date32())
    table = with_short_texts(table.append_column(DAY, days), contract.columns.named)
    bins = _bins(rows, contract)
    daily = count_days(
        table,
        contract=contract,
        version=version,
        bins=bins,
        vocabulary=learn_vocabulary(table, contract=contract, version=version),
    )
    reference = build_reference(
        merge([profile for profile in daily if profile.segment == ALL]),
        daily,
        rows,
        bins=bins,
        contract=contract,
        trained_until=trained_until,
    )
    return replace(reference, baseline=reference_baseline(table, contract))


def _with_row_noise(
    reference: ReferenceProfile, sample: "pd.DataFrame", contract: Contract
) -> ReferenceProfile:
    """Add how the row-level estimates move from day to day."""
    from monitoring_tasks.estimate.row_noise import row_noise  # noqa: PLC0415 (NannyML)

    learnt = row_noise(sample, days_of(sample, contract), contract, reference.version)
    return replace(reference, noise={**reference.noise, **learnt})


def _bins(rows: "pd.DataFrame", contract: Contract) -> dict[str, Bins]:
    """Learn bins for every column counted as a number that has a finite value."""
    values = {
        name: rows[name].to_numpy(dtype="float64", na_value=float("nan"))
        for name in binned_columns(contract)
    }
    return {
        name: bins_for(column)
        for name, column in values.items()
        if (np.abs(column) <= LARGEST).any()
    }
