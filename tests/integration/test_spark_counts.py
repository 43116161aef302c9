"""A day counted by Spark: the profiles and the sample of memory, on a local master.

Skipped without PySpark: `pip install 'daywatch[spark]'` brings it; Java is needed too.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.engine.sampling import sampled_rows
from monitoring_tasks.estimate import counting
from monitoring_tasks.estimate.engine import counting as engine_counting
from tests.estimate.engine.test_counting import TODAY, contract_of
from tests.integration.test_postgres_counts import BINS, made_rows

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark() -> Iterator[BaseBackend]:
    """Return Ibis' connection to a Spark of our own; skip where there is none."""
    pyspark = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    session = (
        pyspark.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_spark_counts_as_memory_does(
    problem: str, spark: BaseBackend, tmp_path: Path
) -> None:
    """Every profile is the same."""
    contract, rows = contract_of(problem), made_rows(problem)
    pq.write_table(rows, tmp_path / "rows.parquet")
    table = spark.read_parquet(str(tmp_path / "rows.parquet"))
    names = {name: name for name in rows.column_names}
    there = engine_counting.count_day(
        engine_rows(table, contract, names), day=TODAY, version="1", bins=BINS
    )
    here = counting.count_day(
        rows, contract=contract, day=TODAY, version="1", bins=BINS
    )
    assert there == here


def test_spark_gives_the_sample_of_other_engines(
    spark: BaseBackend, tmp_path: Path
) -> None:
    """The same ids are chosen by Spark and by DuckDB."""
    rows = made_rows("binary").select(["x"])
    rows = rows.append_column("id", [[f"ä{number}" for number in range(len(rows))]])
    pq.write_table(rows.select(["id"]), tmp_path / "ids.parquet")
    there, here = (
        sampled_rows(
            backend.read_parquet(str(tmp_path / "ids.parquet")),
            "id",
            most=100,
            of=len(rows),
        )
        for backend in (spark, ibis.duckdb.connect())
    )
    assert there["id"].to_pylist() == here["id"].to_pylist()
