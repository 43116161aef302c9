"""What the peers do with the same day, each in a cold process, at their defaults.

    python -m benchmarks.speed.peers nannyml FOLDER     # or gx, or nannyml+gx

FOLDER holds `reference.parquet` and `day.parquet`. Imports, reads and fits are part of
what is measured, as they are part of what a scheduled job pays. `nannyml-kept` is
spared the fits: `nannyml-fit` has done and pickled them before.
"""

import os
import pickle
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
os.environ["GX_ANALYTICS_ENABLED"] = "False"
warnings.simplefilter("ignore")

import pandas as pd  # noqa: E402 (quiet first)

CONTINUOUS = [f"number_{i}" for i in range(15)]
CATEGORICAL = [f"category_{i}" for i in range(5)]
COLUMNS = [*CONTINUOUS, *CATEGORICAL]
METRICS = ["roc_auc", "average_precision", "f1", "precision", "recall", "accuracy"]
FITTED = "fitted.pickle"
ROLES = {"y_pred_proba": "score", "y_pred": "prediction", "y_true": "label"}


def nannyml(folder: Path) -> int:
    """Fit and run drift, CBPE, realized performance, missing and unseen values.

    Args:
        folder: Where the rows are.

    Returns:
        How many calculators ran.
    """
    return _run_nannyml(_fitted(pd.read_parquet(folder / "reference.parquet")), folder)


def fit_nannyml(folder: Path) -> int:
    """Fit what `nannyml` runs and keep it, pickled, as one who is in a hurry would.

    Args:
        folder: Where the reference is; takes the file.

    Returns:
        How many calculators were fitted.
    """
    fitted = _fitted(pd.read_parquet(folder / "reference.parquet"))
    (folder / FITTED).write_bytes(pickle.dumps(fitted))
    return len(fitted)


def kept_nannyml(folder: Path) -> int:
    """Run what `fit_nannyml` kept on the day: no reference is read, nothing fitted.

    Args:
        folder: Where the rows and the file are.

    Returns:
        How many calculators ran.
    """
    fitted = pickle.loads((folder / FITTED).read_bytes())  # noqa: S301 (ours)
    return _run_nannyml(fitted, folder)


def _fitted(reference: pd.DataFrame) -> list[Any]:
    """Return calculators that know the reference; the last one estimates."""
    import nannyml as nml

    problem = {"problem_type": "classification_binary", **ROLES}
    calculators = [
        nml.UnivariateDriftCalculator(
            column_names=[*COLUMNS, "score"],
            treat_as_categorical=CATEGORICAL,
            chunk_number=5,
        ),
        nml.PerformanceCalculator(metrics=METRICS, chunk_number=5, **problem),
        nml.MissingValuesCalculator(column_names=COLUMNS, chunk_number=5),
        nml.UnseenValuesCalculator(column_names=CATEGORICAL, chunk_number=5),
        nml.CBPE(metrics=METRICS, chunk_number=5, **problem),
    ]
    for calculator in calculators:
        calculator.fit(reference)
        calculator.chunker = nml.chunk.CountBasedChunker(chunk_number=1)
    return calculators


def _run_nannyml(fitted: list[Any], folder: Path) -> int:
    day = _day(folder)
    *calculators, estimator = fitted
    for calculator in calculators:
        calculator.calculate(day)
    estimator.estimate(day)
    return len(fitted)


def _day(folder: Path) -> pd.DataFrame:
    """Return the rows of the day: of a query, if there is one, else of a file."""
    query = folder / "day.sql"
    if not query.is_file():
        return pd.read_parquet(folder / "day.parquet")
    import sqlalchemy as sa

    engine = sa.create_engine(os.environ["DAYWATCH_CONN_BENCH"])
    with engine.connect() as connection:
        return pd.read_sql(sa.text(query.read_text()), connection)


def gx(folder: Path) -> int:
    """Run 41 expectations on the day in pandas.

    Args:
        folder: Where the rows are.

    Returns:
        How many expectations were evaluated.
    """
    import great_expectations as ge
    from great_expectations import expectations

    gxe: Any = expectations  # its names are made at import
    day = _day(folder)
    suite = ge.ExpectationSuite(
        name="day",
        expectations=[
            *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in COLUMNS),
            *(
                gxe.ExpectColumnValuesToBeBetween(
                    column=name, min_value=-1000, max_value=1000
                )
                for name in CONTINUOUS
            ),
            *(
                gxe.ExpectColumnUniqueValueCountToBeBetween(column=name, max_value=2000)
                for name in CATEGORICAL[:4]
            ),
            gxe.ExpectColumnValuesToBeUnique(column="id"),
            gxe.ExpectTableRowCountToBeBetween(min_value=1),
        ],
    )
    context = ge.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("day")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch(
        {"dataframe": day}
    )
    return len(batch.validate(suite).results)


PEERS = {
    "nannyml": (nannyml,),
    "nannyml-fit": (fit_nannyml,),
    "nannyml-kept": (kept_nannyml,),
    "gx": (gx,),
    "nannyml+gx": (nannyml, gx),
}


if __name__ == "__main__":
    for peer in PEERS[sys.argv[1]]:
        peer(Path(sys.argv[2]))
