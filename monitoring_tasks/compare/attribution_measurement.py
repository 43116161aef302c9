"""Which inputs a version's scores hang on, asked of the version itself.

Pure: rows are handed in, and so is who scores them.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ROWS = 50
"""A reference day with fewer rows tells of chance more than of the day."""
CELLS_AT_ONCE = 10_000_000
"""Values sent to the version in one file; 80 MB."""
ScoreChanges = dict[date, "pd.DataFrame"]
"""By reference day: a row a row, a column a feature, how much the score changed when
the feature's values were exchanged."""


def measure_day(
    rows: "pd.DataFrame",
    version: str,
    contract: Contract,
    *,
    of_reference: Callable[[], "ScoreChanges | str"],
    score: ScoreRows,
) -> tuple[Measurement, DailyNoise | None]:
    """Measure what the day's scores hang on against the version's reference.

    Whatever goes wrong with the version is the reason of a number without a value.

    Args:
        rows: The day's rows that the version gave a score. Not modified.
        version: The version most rows carry.
        contract: The columns, and how many rows are asked about.
        of_reference: What exchanges changed on the reference's days, or why nobody
            knows.
        score: Scores rows with registered versions.

    Returns:
        The number, and how its distance moves on the reference; None where unknown.
    """
    from monitoring_tasks.compare.input_dependence import (  # noqa: PLC0415 (rare)
        learn_dependence,
        measure_attribution,
        without_value,
    )

    fewest = contract.policy.min_rows
    if len(rows) < fewest:
        why = f"{len(rows)} scored rows are fewer than the {fewest} needed"
        return without_value(version, why, rows=len(rows)), None
    # By a hash of the id: the same rows on every run.
    sample = hash_sample(rows, contract.columns.id, contract.policy.attribution.rows)
    changes = of_reference()
    if isinstance(changes, str):
        return without_value(version, changes, rows=len(sample)), None
    reference = learn_dependence(changes, rows=len(sample))
    if isinstance(reference, str):
        return without_value(version, reference, rows=len(sample)), None
    own = score_changes([sample], version, contract, score=score)
    if isinstance(own, str):
        return without_value(version, own, rows=len(sample)), None
    number = measure_attribution(own[0], reference, version=version)
    return number, reference.distance


def reference_changes(
    rows: "pd.DataFrame | None", version: str, contract: Contract, *, score: ScoreRows
) -> "ScoreChanges | str":
    """Ask a version what exchanges change on the days of its reference.

    Args:
        rows: The rows kept beside the reference; None when there are none.
        version: The version.
        contract: The columns, and how many rows of how many days are asked about.
        score: Scores rows with registered versions.

    Returns:
        By day, or why nobody knows.
    """
    if rows is None:
        return f"version {version} was registered without reference rows"
    lacking = sorted(set(contract.columns.of_predictions) - set(rows.columns))
    if lacking:
        return f"the reference rows lack {', '.join(lacking)}; log them again"
    days = _sampled_days(with_scores(rows, contract), contract)
    changes = score_changes(list(days.values()), version, contract, score=score)
    if isinstance(changes, str):
        return f"the reference could not be scored: {changes}"
    return dict(zip(days, changes, strict=True))


def changes_key(contract: Contract, version: str, *, reference: str) -> str:
    """Return a text of all that `reference_changes` follow from, to keep them under.

    Args:
        contract: The model, its features, and how many rows of how many days.
        version: The version that is asked.
        reference: What names the reference as it was logged.
    """
    policy = contract.policy.attribution
    return json.dumps(
        [
            *(contract.model, version, reference, policy.rows, policy.days),
            *contract.columns.features,
        ]
    )


def with_scores(rows: "pd.DataFrame", contract: Contract) -> "pd.DataFrame":
    """Return the rows that have every score, or a prediction where there are none.

    Args:
        rows: Rows as they were delivered. Not modified.
        contract: Names the columns.
    """
    columns = contract.columns
    return rows.dropna(subset=list(columns.scores or (columns.prediction,)))


def _sampled_days(
    rows: "pd.DataFrame", contract: Contract
) -> "dict[date, pd.DataFrame]":
    """Pick days of the reference, evenly, and as many rows of each as of a day."""
    policy = contract.policy.attribution
    of_day = np.array(days_of(rows, contract), dtype="datetime64[D]")
    every_day, sizes = np.unique(of_day, return_counts=True)
    days = every_day[sizes >= FEWEST_ROWS]
    count = min(len(days), policy.days)
    picked = days[np.arange(count) * len(days) // max(count, 1)]
    return {
        day.item(): hash_sample(rows[of_day == day], contract.columns.id, policy.rows)
        for day in picked
    }


def score_changes(
    parts: "Sequence[pd.DataFrame]",
    version: str,
    contract: Contract,
    *,
    score: ScoreRows,
) -> "list[pd.DataFrame] | str":
    """Have a version score each part with every feature exchanged.

    As many parts at once as memory likes, for a hundred features make a hundred times
    the rows; all of them together within about the time limit of one.

    Args:
        parts: Rows of one day each. Not modified.
        version: The version that is asked.
        contract: The features, and the time limit in seconds.
        score: Scores rows with registered versions.

    Returns:
        Of each part, how much its scores changed; or why the version did not answer.
    """
    limit, begun = contract.policy.versions.time_limit_seconds, time.monotonic()
    features = len(contract.columns.features)
    # Each row is sent once as it is and once a feature, with all of its features.
    cells = max((len(part) for part in parts), default=0) * (1 + features) * features
    at_once = max(CELLS_AT_ONCE // max(cells, 1), 1)
    changes: list[pd.DataFrame] = []
    while len(changes) < len(parts):
        if time.monotonic() - begun > limit:
            return f"version {version} did not answer in time ({limit:g} seconds)"
        next_parts = parts[len(changes) : len(changes) + at_once]
        answer = _changes_of(next_parts, version, contract, score=score)
        if isinstance(answer, str):
            return answer
        changes += answer
    return changes


def _changes_of(
    parts: "Sequence[pd.DataFrame]",
    version: str,
    contract: Contract,
    *,
    score: ScoreRows,
) -> "list[pd.DataFrame] | str":
    """Score parts in one file, each with every feature exchanged."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    from monitoring_tasks.compare.exchanged_inputs import (  # noqa: PLC0415 (rare)
        changes,
        question,
    )

    features = contract.columns.features
    offered = list(dict.fromkeys((contract.columns.id, *features)))
    questions = [question(part[offered], features) for part in parts]
    outputs = score(pd.concat(questions, ignore_index=True), [version])[version]
    if isinstance(outputs, str):
        return outputs
    is_number = contract.problem is Problem.REGRESSION
    ends = np.cumsum([len(rows) for rows in questions])
    return [
        changes(outputs.iloc[end - len(rows) : end], features, is_number=is_number)
        for rows, end in zip(questions, ends, strict=True)
    ]
