"""Which libraries a judgement was made with."""

import sys
from importlib import metadata

LIBRARIES = (
    "daywatch", "apache-airflow", "mlflow", "nannyml", "great-expectations",
    "scikit-learn", "numpy", "pandas", "pyarrow", "scipy", "duckdb", "sqlalchemy",
    "lightgbm", "xgboost", "skops",
)  # fmt: skip
"""Whose versions a pack records, where they are installed."""


def library_versions() -> dict[str, str]:
    """Return Python's and each installed library's version."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
