"""One stage of a day whose rows stay in files, in a process of its own.

    python -m benchmarks.growth.stages profiles CASE FOLDER

Stages are `sample`, `gates`, `summary` and `profiles`.

FOLDER holds the day's Parquet files. DuckDB may use a gigabyte (`--memory`) and puts
the rest on disk beside them. `gates` and `summary` read what `sample` has left there.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import ibis
import pyarrow.parquet as pq

from benchmarks.growth.made_files import DAY, pieces
from benchmarks.growth.shape import CASES, Shape
from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.engine.relation import EngineRows, engine_rows
from monitoring_tasks.engine.sampling import sampled_rows
from monitoring_tasks.estimate.counting import learn_vocabulary
from monitoring_tasks.estimate.engine.counting import count_day
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.pushed.rows import PushedRows
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary import summarize_pushed

ENGINE_MEMORY, ENGINE_THREADS = ("1GB", "4GB"), 2
"""DuckDB may use the first; the second where a stage fails with that."""
SAMPLED, REFERENCE_ROWS, COARSE_BINS = 50_000, 33_600, 20
SAMPLE = "sample.parquet"


def profiles(rows: EngineRows, shape: Shape, _folder: Path) -> str:
    """Count the day, as a whole and by segment, in bins and categories of a reference.

    Args:
        rows: The rows.
        shape: What they look like.

    Returns:
        What was counted, in words.
    """
    contract = shape.contract
    reference = next(pieces(replace(shape, rows=REFERENCE_ROWS)))
    ends = {name: reference[name].to_numpy() for name in shape.continuous}
    bins = {
        name: Bins(low=float(x.min()), high=float(x.max()), coarse=COARSE_BINS)
        for name, x in ends.items()
    }
    vocabulary = learn_vocabulary(reference, contract=contract, version="1")
    counted = count_day(rows, day=DAY, version="1", bins=bins, vocabulary=vocabulary)
    return f"{len(counted)} profiles, {counted[0].rows} rows"


def sample(rows: EngineRows, shape: Shape, folder: Path) -> str:
    """Fetch the rows that the hash of their ids chooses, and leave them in the folder.

    Args:
        rows: The rows.
        shape: What they look like.
        folder: Takes them.

    Returns:
        How many, in words.
    """
    fetched = sampled_rows(
        rows.table, rows.names[shape.contract.columns.id], most=SAMPLED, of=shape.rows
    )
    own = fetched.rename_columns([rows.own_names[n] for n in fetched.column_names])
    pq.write_table(own, folder / SAMPLE)
    return f"{own.num_rows} rows fetched"


def gates(rows: EngineRows, shape: Shape, folder: Path) -> str:
    """Ask the built-in gates, without a user's suite.

    Args:
        rows: The rows.
        shape: What they look like.
        folder: Holds the sample.

    Returns:
        The verdict, in words.
    """
    contract = shape.contract
    verdict = check_predictions(
        PushedRows(rows=rows, contract=contract, sample=_sample(folder, shape)),
        contract=contract,
        suite=None,
        known_versions=frozenset({"1"}),
    )
    return f"{len(verdict.checks)} checks: {verdict.verdict}"


def summary(rows: EngineRows, shape: Shape, folder: Path) -> str:
    """Ask what the gate `reference` holds against other days.

    Args:
        rows: The rows.
        shape: What they look like.
        folder: Holds the sample.

    Returns:
        What was asked, in words.
    """
    contract = shape.contract
    answer = summarize_pushed(rows, DAY, contract, sample=_sample(folder, shape))
    return f"{len(answer.nulls)} columns, {answer.rows} rows"


STAGES = {"sample": sample, "gates": gates, "summary": summary, "profiles": profiles}
"""In this order: the second and third read what the first one leaves."""


def _sample(folder: Path, shape: Shape) -> Sample:
    return Sample(rows=pq.read_table(folder / SAMPLE), of=shape.rows)


def main() -> None:
    """Run the stage that is named; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", default=ENGINE_MEMORY[0], help="of DuckDB")
    options = parser.parse_args()
    case, folder = CASES[options.case], options.folder
    engine = ibis.duckdb.connect(
        memory_limit=options.memory,
        threads=ENGINE_THREADS,
        temp_directory=str(folder / "spilled"),
    )
    table = engine.read_parquet(str(folder / "part-*.parquet"))
    names = {name: name for name in table.columns}
    rows = engine_rows(table, case.contract, names)
    print(STAGES[options.stage](rows, case, folder))  # noqa: T201 (what was asked for)


if __name__ == "__main__":
    main()
