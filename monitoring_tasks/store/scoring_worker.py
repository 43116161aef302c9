"""The process that loads registered models and scores rows: `scoring.Scorer`'s child.

Reads one JSON request a line on stdin, answers one a line on the stdout it was
started with. Whatever a model prints goes to stderr. Ends when stdin does. It is told
where files lie and nothing else: it knows no registry, store or password.

Run as a file, with any interpreter that has MLflow: it needs nothing of Daywatch.
"""

import ctypes
import json
import math
import os
import platform
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import distributions
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from mlflow.pyfunc import PyFuncModel

REASON_CHARACTERS = 300
PR_SET_CHILD_SUBREAPER = 36
"""From `linux/prctl.h`; the standard library does not name it."""
PROBABILITIES = frozenset(
    {"binary", "multiclass", "multiclassova", "binary:logistic", "multi:softprob"}
)
"""Objectives for which a native booster answers with probabilities."""
EVEN = 0.5
_KEPT_MODELS = 8
_GRACE_SECONDS = 10
_MOST_ORIGINS = 3
_MIB = 2**20
_LAST_MEMORY = 64 * _MIB
"""Kept back for saying that the memory is used up."""


class RowsError(ValueError):
    """The rows are not what the version takes, or its answer does not fit them."""


def main() -> None:
    """Serve requests until stdin ends."""
    adopt_orphans()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What models print must not mix with the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    hello = json.loads(sys.stdin.readline())
    limit_resources(hello["memory_limit_mb"] * _MIB)
    import mlflow.pyfunc  # noqa: F401, PLC0415 (takes seconds; before the first rows)

    load = lru_cache(_KEPT_MODELS)(load_folder)
    print(json.dumps({"ready": True, **installed()}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        # Should the parent be gone when a model hangs, nobody else would end this.
        signal.alarm(math.ceil(request["time_limit_seconds"]) + _GRACE_SECONDS)
        try:
            _score_file(load(request["folder"]), request)
            answer: dict[str, Any] = {"reason": ""}
        except Exception as error:  # noqa: BLE001 (a model may raise anything; recorded)
            with _last_memory():
                answer = {
                    "reason": _in_words(error),
                    "by_model": not isinstance(error, RowsError),
                }
        signal.alarm(0)
        print(json.dumps(answer), file=answers, flush=True)


def installed() -> dict[str, Any]:
    """The version of this Python, and those of its libraries by name."""
    libraries = {
        distribution.metadata["Name"]: distribution.version
        for distribution in distributions()
    }
    named = {name: version for name, version in libraries.items() if name and version}
    return {"python": platform.python_version(), "libraries": named}


def adopt_orphans() -> None:
    """Become the parent of whatever this process' children leave behind.

    So a grandchild in a session of its own is found below this process and ended with
    it. Linux only; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def limit_resources(memory_bytes: int) -> None:
    """Bound this process and each one it starts: memory, files, no core dump.

    `RLIMIT_DATA` counts what is really written to, other than `RLIMIT_AS`, of which
    libraries reserve gigabytes they never touch.
    """
    _lower(resource.RLIMIT_DATA, memory_bytes, memory_bytes + _LAST_MEMORY)
    _lower(resource.RLIMIT_FSIZE, memory_bytes, memory_bytes)
    _lower(resource.RLIMIT_CORE, 0, 0)


def load_folder(folder: str) -> "PyFuncModel":
    """Load a model from local files; runs whatever code they bring along."""
    from mlflow import pyfunc  # noqa: PLC0415 (seconds to import)

    loaded: PyFuncModel = pyfunc.load_model(folder, suppress_warnings=True)
    return loaded


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, never above the one that holds already."""
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))


@contextmanager
def _last_memory() -> Iterator[None]:
    """Allow the memory that was kept back, for a moment."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _in_words(error: Exception) -> str:
    """Name an error, and those it came from by their kind."""
    kinds = [type(origin).__name__ for origin in islice(_origins(error), _MOST_ORIGINS)]
    came_from = f" (from {', '.join(kinds)})" if kinds else ""
    text = " ".join(str(error).split())[:REASON_CHARACTERS]
    return f"{type(error).__name__}: {text}{came_from}"


def _origins(error: BaseException) -> Iterator[BaseException]:
    origin = error.__cause__ or error.__context__
    while origin is not None:
        yield origin
        origin = origin.__cause__ or origin.__context__


def _score_file(loaded: "PyFuncModel", request: dict[str, Any]) -> None:
    columns = [request["id_column"], *request["features"]]
    rows = pd.read_parquet(request["frame_path"], columns=list(dict.fromkeys(columns)))
    scored = score_rows(loaded, rows[request["features"]])
    scored.insert(0, "id", rows[request["id_column"]].to_numpy())
    target = Path(request["out"])
    partial = target.with_suffix(".partial")
    scored.to_parquet(partial, index=False)
    partial.replace(target)


def score_rows(loaded: "PyFuncModel", features: pd.DataFrame) -> pd.DataFrame:
    """Score rows with a loaded model, with probabilities where it can give them.

    Args:
        loaded: A model loaded by `load_folder`.
        features: One row a prediction. Not modified.

    Returns:
        `score` (probability of the positive class, the last of two) or `score_<class>`
        for each of more than two classes, and `prediction`. Without probabilities
        only `prediction`.

    Raises:
        RowsError: If the model needs columns that are not there, or does not answer
            with one value a row.
    """
    inputs = _fit_inputs(loaded, features)
    raw = _raw_model(loaded)
    if not hasattr(raw, "predict_proba"):
        answer = loaded.predict(inputs)
        if _objective(raw) in PROBABILITIES:
            return _from_booster(np.asarray(answer, dtype=float), inputs)
        return pd.DataFrame({"prediction": _one_each(answer, inputs)})
    probabilities = np.asarray(raw.predict_proba(inputs), dtype=float)
    prediction = _one_each(raw.predict(inputs), inputs)
    if probabilities.shape == (len(inputs), 2):
        return pd.DataFrame({"score": probabilities[:, 1], "prediction": prediction})
    names = [f"score_{class_name}" for class_name in raw.classes_]
    return pd.DataFrame(probabilities, columns=names).assign(prediction=prediction)


def _objective(raw: Any) -> str:  # noqa: ANN401 (whatever was logged)
    """What a native booster of LightGBM or XGBoost was trained for; else nothing."""
    library = type(raw).__module__.split(".")[0]
    if type(raw).__name__ != "Booster" or library not in {"lightgbm", "xgboost"}:
        return ""
    if library == "lightgbm":
        return (str(raw.dump_model(num_iteration=1).get("objective")).split() or [""])[
            0
        ]
    settings = json.loads(raw.save_config())
    return str(settings["learner"]["objective"]["name"])


def _from_booster(probabilities: np.ndarray, inputs: pd.DataFrame) -> pd.DataFrame:
    """Return probabilities as classifiers give them; a booster's classes are 0, 1, 2.

    Raises:
        RowsError: If they are not one a row (of class 1), or one a row and class.
    """
    if probabilities.ndim == 1:
        score = _one_each(probabilities, inputs)
        return pd.DataFrame({"score": score, "prediction": (score > EVEN).astype(int)})
    if probabilities.shape[:-1] != (len(inputs),):
        msg = f"the version answered {probabilities.shape} for {len(inputs)} rows"
        raise RowsError(msg)
    names = [f"score_{at}" for at in range(probabilities.shape[1])]
    prediction = probabilities.argmax(axis=1)
    return pd.DataFrame(probabilities, columns=names).assign(prediction=prediction)


def _fit_inputs(loaded: "PyFuncModel", features: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a model takes, in its order, floats as its signature has them.

    The raw model is asked for probabilities, so MLflow does not check the signature.
    """
    signature = loaded.metadata.signature
    if signature is None or not signature.inputs.has_input_names():
        return features
    needed = signature.inputs.input_names()
    absent = sorted(set(needed) - set(features.columns))
    if absent:
        msg = f"the version needs columns that are not there: {', '.join(absent)}"
        raise RowsError(msg)
    floats = [
        column.name
        for column in signature.inputs.inputs
        if column.type.name == "double"
    ]
    inputs: pd.DataFrame = features[needed]
    return inputs.astype(dict.fromkeys(floats, "float64"))


def _raw_model(loaded: "PyFuncModel") -> Any:  # noqa: ANN401 (whatever was logged)
    try:
        return loaded.get_raw_model()  # type: ignore[no-untyped-call]  # MLflow's
    except NotImplementedError:
        return None


def _one_each(answer: Any, inputs: pd.DataFrame) -> np.ndarray:  # noqa: ANN401
    values = np.asarray(answer)
    if values.shape in {(len(inputs), 1), (len(inputs),)}:
        return values.reshape(len(inputs))
    msg = f"the version answered {values.shape} for {len(inputs)} rows"
    raise RowsError(msg)


if __name__ == "__main__":
    main()
