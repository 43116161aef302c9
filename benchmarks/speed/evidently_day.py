"""Evidently's drift and summary presets on a day; a script for its own environment.

python evidently_day.py FOLDER
"""

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import pandas as pd  # noqa: E402 (quiet first)
from evidently import (  # type: ignore[import-not-found]  # noqa: E402 (other environment)
    DataDefinition,
    Dataset,
    Report,
)
from evidently.presets import (  # type: ignore[import-not-found]  # noqa: E402
    DataDriftPreset,
    DataSummaryPreset,
)

folder = Path(sys.argv[1])
numbers = [*(f"number_{i}" for i in range(15)), "score"]
texts = [f"category_{i}" for i in range(5)]
definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
reference, day = (
    Dataset.from_pandas(
        pd.read_parquet(folder / f"{name}.parquet")[[*numbers, *texts]], definition
    )
    for name in ("reference", "day")
)
Report([DataDriftPreset(), DataSummaryPreset()]).run(day, reference)
