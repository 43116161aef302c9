"""A version's rows counted into its reference."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.column_kinds import binned_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST, Bins
from monitoring_tasks.domain.profiles import merge
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import DataError, EstimationError
from monitoring_tasks.estimate.counting import count_days, learn_vocabulary
from monitoring_tasks.estimate.reference import bins_for, build_reference
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.names import ALL, DAY
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.reference_checks import reference_baseline

if TYPE_CHECKING:
    import pandas as pd


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


def with_row_noise(
    reference: ReferenceProfile, sample: "pd.DataFrame", contract: Contract
) -> ReferenceProfile:
    """Return a reference that also says how row-level estimates move from day to day.

    Args:
        reference: The reference. Not modified.
        sample: Some of its rows. Not modified.
        contract: Says which estimates there are.
    """
    from monitoring_tasks.estimate.row_noise import row_noise  # noqa: PLC0415 (NannyML)

    learnt = row_noise(sample, days_of(sample, contract), contract, reference.version)
    return replace(reference, noise={**reference.noise, **learnt})


def reconstruction_of(
    sample: "pd.DataFrame", contract: Contract
) -> Reconstruction | None:
    """Return what rebuilds a version's rows; None where nothing is rebuilt.

    Args:
        sample: Some of the reference's rows. Not modified.
        contract: Says whether rows are rebuilt, and names the features.
    """
    if not contract.rebuilds_rows:
        return None
    from monitoring_tasks.estimate.reconstruction_learning import (  # noqa: PLC0415 (NannyML)
        learn_reconstruction,
    )

    try:
        return learn_reconstruction(sample, contract.columns)
    except EstimationError:
        return None  # every day says why


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
