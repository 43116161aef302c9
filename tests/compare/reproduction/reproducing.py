"""Rows of versions that tests score without a registry."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from monitoring_tasks.compare.reproduction.reproduced_rows import (
    Reproducibility,
    row_errors,
)
from monitoring_tasks.compare.reproduction.reproducibility import learn_reproducibility
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.rows.scored_outputs import contract_outputs
from tests.builders import COLUMNS, make_contract

SLOPES = {"1": 0.5, "2": 2.0, "3": 1.5}
"""Each version scores by another slope; any other is not registered."""
BINARY = make_contract(columns={**COLUMNS, "continuous": ["x"], "segments": ["region"]})
NUMBER = make_contract(
    problem="regression",
    columns={
        **{name: column for name, column in COLUMNS.items() if name != "score"},
        "continuous": ["x"],
    },
)


def given(
    rows: pd.DataFrame, version: str, contract: Contract = BINARY
) -> pd.DataFrame:
    """Return what a version gives for rows, as the scoring process would."""
    value = SLOPES[version] * rows["x"].to_numpy()
    if contract is NUMBER:
        return pd.DataFrame({"prediction": value})
    score = 1 / (1 + np.exp(-value))
    return pd.DataFrame({"score": score, "prediction": (score >= 0.5).astype("int64")})


def score(
    rows: pd.DataFrame, versions: Sequence[str]
) -> Mapping[str, pd.DataFrame | str]:
    """Score rows with binary versions; one that is not registered says so."""
    return {
        version: given(rows, version) if version in SLOPES else "it is not registered"
        for version in versions
    }


def rows_of(
    version: str,
    contract: Contract = BINARY,
    *,
    rows: int = 300,
    **changed: Any,  # noqa: ANN401 (columns)
) -> pd.DataFrame:
    """Return rows with the outputs a version gives for them, columns replaced."""
    random = np.random.default_rng(rows)
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "x": random.normal(0, 1, rows),
            "region": np.where(np.arange(rows) % 10 == 0, "north", "south"),
        }
    )
    outputs = given(frame, version, contract)
    return frame.assign(**{name: outputs[name] for name in outputs}).assign(**changed)


def learnt(rows: pd.DataFrame, contract: Contract = BINARY) -> Reproducibility:
    """Return what a reference of version 2 teaches."""
    answer = learn_reproducibility(rows, given(rows, "2", contract), contract)
    assert isinstance(answer, Reproducibility)
    return answer


def unlike(rows: pd.DataFrame, usual: Reproducibility) -> tuple[int, int]:
    """Count the rows that differ from what version 2 gives, and those that count."""
    outputs = contract_outputs(rows, given(rows, "2"), BINARY, usual.edges)
    assert not isinstance(outputs, str)
    errors = row_errors(rows, outputs, BINARY, usual)
    return int(errors.differs.sum()), int(errors.unlike.sum())


USUAL = learnt(rows_of("2"))


def rounded(rows: pd.DataFrame) -> pd.DataFrame:
    """Log scores with two decimals."""
    return rows.assign(score=rows["score"].round(2))


def shifted(rows: pd.DataFrame) -> pd.DataFrame:
    """Add a fifth to every score."""
    return rows.assign(score=(rows["score"] + 0.2).clip(0, 1))
