"""The data sets that come with NannyML, read from where it is installed."""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd


def shipped_rows(name: str) -> pd.DataFrame:
    """Read a data set by the name of its file.

    Raises:
        FileNotFoundError: If NannyML, or that file, is not installed.
    """
    spec = find_spec("nannyml")
    path = Path(str(spec and spec.origin)).parent / "datasets" / "data" / name
    return pd.read_parquet(path) if path.suffix == ".pq" else pd.read_csv(path)
