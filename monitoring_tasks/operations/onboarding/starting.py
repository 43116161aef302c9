"""`daywatch init` on rows and a registry: a contract and a suite, written out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml
from pydantic import ValidationError

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import FILE_NAME
from monitoring_tasks.contract.model import checked_model_name
from monitoring_tasks.errors import ConfigurationError, DataError
from monitoring_tasks.extract.samples import Sample, sample_of
from monitoring_tasks.operations.onboarding.answers import Ask
from monitoring_tasks.operations.onboarding.draft import write_draft
from monitoring_tasks.operations.onboarding.drafting import DraftBasis, draft_contract
from monitoring_tasks.operations.onboarding.keys import time_rank
from monitoring_tasks.operations.onboarding.label_joining import instants_of
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.settings import Settings
from monitoring_tasks.store.signatures import describe_model
from monitoring_tasks.validate.suites.propose import propose_suite
from monitoring_tasks.validate.suites.suite_files import write_suite

SUITE_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a person says that things are.

    Attributes:
        predictions: Path, pattern or table of the predictions.
        labels: The same of the labels; None where they lie in the same rows.
        connection: Name or URL of the database of tables.
        stated: Role -> column.
        problem: What the model predicts; None where nobody said.
    """

    predictions: str
    labels: str | None = None
    connection: str | None = None
    stated: Mapping[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What was written.

    Attributes:
        contract: The contract.
        suite: The drafted suite; None where too few days were seen.
        guessed: Lines of the contract that are guesses.
        notes: What is worth knowing.
    """

    contract: Path
    suite: Path | None
    guessed: int
    notes: tuple[str, ...]


def start_model(settings: Settings, model: str, where: Where, ask: Ask) -> Started:
    """Draft contract and suite of a model and write them; never over one that stands.

    Args:
        settings: Where contracts lie, and which registry is asked.
        model: Registered model name.
        where: Where a person says that predictions and labels are.
        ask: Called for what cannot be known; returns what is taken.

    Returns:
        What was written, and what of it is guessed.

    Raises:
        ConfigurationError: If there is one already, or something needed was not found.
        DataError: If the rows cannot be read.
        RegistryError: If the registry does not have the model.
        SourceUnavailableError: If something did not answer.
    """
    path = contract_path(settings, model)
    predictions = sample_of(
        where.predictions, where.connection, settings.home, rank=time_rank
    )
    labels = None
    if where.labels is not None:
        labels = sample_of(
            where.labels, where.connection, settings.home, rank=time_rank
        )
    draft = draft_contract(
        DraftBasis(
            model=model,
            predictions=predictions,
            labels=labels,
            registered=describe_model(
                settings.registry_url, model, tracking_url=settings.tracking_url
            ),
            stated=where.stated,
            problem=where.problem,
        ),
        ask,
    )
    text = write_draft(draft)
    # Before anything is written: no contract is left that cannot be read.
    contract = _checked(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    suite, notes = _suite(predictions, contract, path.parent)
    if draft.inputs.absent:
        missing = ", ".join(draft.inputs.absent[:5])
        notes.append(
            f"the version takes {missing}, which the rows do not hold: it cannot score "
            "them again, so versions are not compared"
        )
    guessed = text.count("# guessed:")
    return Started(contract=path, suite=suite, guessed=guessed, notes=tuple(notes))


def contract_path(settings: Settings, model: str) -> Path:
    """Return where the contract of a model is to be written.

    Args:
        settings: Where contracts lie.
        model: Registered model name.

    Raises:
        ConfigurationError: If one stands there, or no model may have such a name.
    """
    try:
        checked_model_name(model)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    path = settings.expectations / model / FILE_NAME
    if path.exists():
        msg = f"{path} already exists; edit it, or remove it first"
        raise ConfigurationError(msg)
    return path


def _checked(text: str) -> Contract:
    try:
        return Contract.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = (
            f"the rows do not make a contract: {where}: {first['msg']}; say the "
            "columns with --column ROLE=NAME"
        )
        raise ConfigurationError(msg) from error


def _suite(
    sample: Sample, contract: Contract, folder: Path
) -> tuple[Path | None, list[str]]:
    """Draft the suite of predictions from the days of the sample."""
    try:
        suite = propose_suite(suite_days(sample.rows, contract), contract=contract)
    except DataError as error:
        return None, [f"no suite was drafted: {error}"]
    if not suite["expectations"]:
        return None, ["no suite was drafted: nothing stays the same from day to day"]
    path = folder / "predictions.json"
    write_suite(path, suite)
    return path, []


def suite_days(rows: pa.Table, contract: Contract) -> dict[date, pa.Table]:
    """Return the days a suite is drafted from: at most 60, spread over all of them.

    Args:
        rows: Predictions of the sample. Not modified.
        contract: Says which columns count, and where days are cut.

    Returns:
        Day -> its rows, in order.
    """
    names = [n for n in contract.columns.of_predictions if n in rows.column_names]
    table = rows.select(names)
    name = contract.columns.timestamp
    frame = instants_of(table.column(name)).to_frame(name)
    days = pa.array(days_of(frame, contract), pa.date32(), from_pandas=True)
    delivered = sorted(set(days.to_pylist()) - {None})
    # Spread over all days: a fault of the newest would else become what is expected.
    step = max(len(delivered) / SUITE_DAYS, 1)
    chosen = {delivered[int(n * step)] for n in range(min(len(delivered), SUITE_DAYS))}
    return {
        day: table.filter(pc.equal(days, pa.scalar(day, pa.date32())))
        for day in sorted(chosen)
    }
