"""A tiny fit, copy and prediction with each library a model may come from.

Run as a program by `flavours.flavour_faults`, with any interpreter: it needs nothing of
Daywatch. Prints JSON by flavour: what was tried with what, and the fault, if any.
"""

import importlib
import importlib.util
import json
import pickle
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

FEW_TREES: dict[str, dict[str, Any]] = {
    "lightgbm": {"n_estimators": 2, "min_child_samples": 1, "verbose": -1, "n_jobs": 1},
    "xgboost": {"n_estimators": 2, "n_jobs": 1},
    "catboost": {
        "iterations": 2,
        "verbose": False,
        "allow_writing_files": False,
        "thread_count": 1,
    },
    "sklearn": {},
}
"""The flavours that are tried, each with the parameters of its estimator."""
CLASSES = {
    "lightgbm": "LGBMClassifier",
    "xgboost": "XGBClassifier",
    "catboost": "CatBoostClassifier",
    "sklearn": "LogisticRegression",
}
MODULES = {"sklearn": "sklearn.linear_model"}
ROWS = 40
FAULT_CHARACTERS = 200


def main() -> None:
    """Try the flavours named on the command line that are installed here."""
    tried = [name for name in sys.argv[1:] if is_installed(name)]
    answers = {
        name: {"libraries": libraries_of(name), "fault": fault_of(name)}
        for name in tried
    }
    sys.stdout.write(json.dumps(answers))


def is_installed(flavor: str) -> bool:
    """Whether the flavour is one that is tried, and its library is there."""
    return flavor in CLASSES and importlib.util.find_spec(flavor) is not None


def libraries_of(flavor: str) -> str:
    """The libraries a pipeline of this flavour needs, with their installed versions."""
    names = ["scikit-learn"] if flavor == "sklearn" else [flavor, "scikit-learn"]
    return " with ".join(_installed(name) for name in names)


def _installed(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:  # another distribution brings the module
        return library


def fault_of(flavor: str) -> str:
    """What broke when a pipeline of this flavour was tried; empty when nothing did."""
    try:
        try_flavor(flavor)
    except Exception as error:  # noqa: BLE001 (a library may raise anything; reported)
        return " ".join(f"{type(error).__name__}: {error}".split())[:FAULT_CHARACTERS]
    return ""


def try_flavor(flavor: str) -> None:
    """Fit a scikit-learn pipeline, copy it through a pickle, and predict with it.

    Raises:
        ValueError: If the copy does not answer with one probability a class and row.
    """
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 (its fault is reported)
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    module = importlib.import_module(MODULES.get(flavor, flavor))
    estimator = getattr(module, CLASSES[flavor])(**FEW_TREES[flavor])
    rows = np.random.default_rng(0).normal(size=(ROWS, 2))
    pipeline = make_pipeline(StandardScaler(), estimator)
    pipeline.fit(rows, (rows[:, 0] > 0).astype(int))
    copied = pickle.loads(pickle.dumps(pipeline))  # noqa: S301 (made two lines above)
    shape = copied.predict_proba(rows).shape
    if shape != (ROWS, 2):
        msg = f"{shape} probabilities for {ROWS} rows of two classes"
        raise ValueError(msg)


if __name__ == "__main__":
    main()
