"""Which inputs the live version's scores hang on today, asked of the version itself."""

import hashlib
import json
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.compare.attribution import judge_attribution
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.workspace.frozen_rows import labelled_batch
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FEWEST_ROWS = 50
"""A reference day with fewer rows tells of chance more than of the day."""
CELLS_AT_ONCE = 10_000_000
"""Values sent to the version in one file; 80 MB."""
LEVELS = ["__day__", "__row__"]
"""Names of the index that no feature has."""
Changes = dict[date, "pd.DataFrame"]


def watch_attribution(space: Workspace, unit: Unit) -> list[Finding]:
    """Hold what the day's scores hang on against the reference of the version.

    Asked of the version most rows carry. The first day of a version scores its
    reference as well; what came of it is kept in the workspace's cache. Whatever goes
    wrong with the version is the reason of a number without a value.

    Returns:
        One finding of kind `drift`; nothing when the policy asks about no rows.
    """
    policy = space.contract(unit.model).policy
    if policy.attribution.rows == 0:
        return []
    version = space.results.evaluation(unit).version
    if version is None:
        return []
    number, distance = _measure(space, unit, version)
    return [judge_attribution(number, distance, policy, day=unit.day)]


def _measure(
    space: Workspace, unit: Unit, version: str
) -> tuple[Measurement, DailyNoise | None]:
    from monitoring_tasks.compare.input_dependence import (  # noqa: PLC0415 (rare)
        learn_dependence,
        measure_attribution,
        without_value,
    )

    contract = space.contract(unit.model)
    mine, fewest = _todays(space, unit, version), contract.policy.min_rows
    if len(mine) < fewest:
        why = f"{len(mine)} scored rows are fewer than the {fewest} needed"
        return without_value(version, why, rows=len(mine)), None
    rows = hash_sample(mine, contract.columns.id, contract.policy.attribution.rows)
    known = _of_reference(space, contract, version)
    if isinstance(known, str):
        return without_value(version, known, rows=len(rows)), None
    reference = learn_dependence(known, rows=len(rows))
    if isinstance(reference, str):
        return without_value(version, reference, rows=len(rows)), None
    moved = _ask(space, contract, version, [rows])
    if isinstance(moved, str):
        return without_value(version, moved, rows=len(rows)), None
    number = measure_attribution(moved[0], reference, version=version)
    return number, reference.distance


def _todays(space: Workspace, unit: Unit, version: str) -> "pd.DataFrame":
    """Read the rows of the day that the version gave a score."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    contract = space.contract(unit.model)
    rows = _scored(labelled_batch(space, unit)[0].to_pandas(), contract)
    return rows[(texts(rows[contract.columns.model_version]) == version).to_numpy()]


def _scored(rows: "pd.DataFrame", contract: Contract) -> "pd.DataFrame":
    columns = contract.columns
    return rows.dropna(subset=list(columns.scores or (columns.prediction,)))


def _of_reference(
    space: Workspace, contract: Contract, version: str
) -> "Changes | str":
    """Give what the exchanges changed on each reference day, asked once a version."""
    return space.remember(
        "input dependence",
        contract.model,
        version,
        make=lambda: _load_or_ask(space, contract, version),
    )


def _load_or_ask(space: Workspace, contract: Contract, version: str) -> "Changes | str":
    import pandas as pd  # noqa: PLC0415 (heavy)

    if space.reference(contract.model, version) is None:
        return f"version {version} has no reference"
    kept = _kept_at(space, contract, version)
    if kept.is_file():
        stack = pd.read_parquet(kept)
        return {day: stack.loc[[day]] for day in stack.index.unique(level=0)}
    rows = space.reference_rows(contract.model, version)
    if rows is None:
        return f"version {version} was registered without reference rows"
    lacking = sorted(set(contract.columns.of_predictions) - set(rows.columns))
    if lacking:
        return f"the reference rows lack {', '.join(lacking)}; log them again"
    parts = _by_day(_scored(rows, contract), contract)
    found = _ask(space, contract, version, list(parts.values()))
    if isinstance(found, str):
        return f"the reference could not be scored: {found}"
    changes = dict(zip(parts, found, strict=True))
    if changes:
        _keep(changes, kept)
    return changes


def _by_day(rows: "pd.DataFrame", contract: Contract) -> "dict[date, pd.DataFrame]":
    """Pick days of the reference, evenly, and as many rows of each as of a day."""
    policy = contract.policy.attribution
    of_day = np.array(days_of(rows, contract), dtype="datetime64[D]")
    known, sizes = np.unique(of_day, return_counts=True)
    days = known[sizes >= FEWEST_ROWS]
    count = min(len(days), policy.days)
    picked = days[np.arange(count) * len(days) // max(count, 1)]
    return {
        day.item(): hash_sample(rows[of_day == day], contract.columns.id, policy.rows)
        for day in picked
    }


def _ask(
    space: Workspace,
    contract: Contract,
    version: str,
    parts: "Sequence[pd.DataFrame]",
) -> "list[pd.DataFrame] | str":
    """Have the version score each part with every feature exchanged.

    As many parts at once as memory likes, for a hundred features make a hundred times
    the rows; all of them together within about the time limit of one.
    """
    limit, begun = contract.policy.versions.time_limit_seconds, time.monotonic()
    features = len(contract.columns.features)
    cells = max((len(part) for part in parts), default=0) * (1 + features) * features
    at_once = max(CELLS_AT_ONCE // max(cells, 1), 1)
    found: list[pd.DataFrame] = []
    while len(found) < len(parts):
        if time.monotonic() - begun > limit:
            return f"version {version} did not answer in time ({limit:g} seconds)"
        some = parts[len(found) : len(found) + at_once]
        answer = _ask_some(space, contract, version, some)
        if isinstance(answer, str):
            return answer
        found += answer
    return found


def _ask_some(
    space: Workspace,
    contract: Contract,
    version: str,
    parts: "Sequence[pd.DataFrame]",
) -> "list[pd.DataFrame] | str":
    import pandas as pd  # noqa: PLC0415 (heavy)

    from monitoring_tasks.compare.input_dependence import (  # noqa: PLC0415 (rare)
        changes,
        question,
    )

    features = contract.columns.features
    offered = list(dict.fromkeys((contract.columns.id, *features)))
    asked = [question(part[offered], features) for part in parts]
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        path = Path(folder) / "exchanged.parquet"
        pd.concat(asked, ignore_index=True).to_parquet(path)
        scored = space.scorer(contract.model).score(path, [version])[version]
        if isinstance(scored, str):
            return scored
        outputs = pd.read_parquet(scored)
    is_number = contract.problem is Problem.REGRESSION
    ends = np.cumsum([len(one) for one in asked])
    return [
        changes(outputs.iloc[end - len(one) : end], features, is_number=is_number)
        for one, end in zip(asked, ends, strict=True)
    ]


def _kept_at(space: Workspace, contract: Contract, version: str) -> Path:
    """Name the file by all that its content follows from."""
    model, policy = contract.model, contract.policy.attribution
    reference = space.registry.load_reference_folder(model, version).name
    parts = [model, version, reference, policy.rows, policy.days]
    text = json.dumps([*parts, *contract.columns.features])
    name = hashlib.sha256(text.encode()).hexdigest()
    return space.settings.home / "cache" / "attribution" / f"{name}.parquet"


def _keep(changes: Changes, path: Path) -> None:
    """Write what the exchanges changed; a file is whole or is not there."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        partial = Path(folder) / path.name
        pd.concat(changes, names=LEVELS).to_parquet(partial)
        partial.replace(path)
