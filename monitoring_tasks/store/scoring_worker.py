"""The process that loads registered models and scores rows: `scoring.Scorer`'s child.

Reads one JSON request a line on stdin, answers one a line on the stdout it was
started with. Whatever a model prints goes to stderr. Ends when stdin does.
"""

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from monitoring_tasks.errors import DataError
from monitoring_tasks.settings import switch_off_telemetry
from monitoring_tasks.store.mlflow_connection import import_mlflow, without_secrets
from monitoring_tasks.store.registry import Registry

if TYPE_CHECKING:
    from mlflow.pyfunc import PyFuncModel

_KEPT_MODELS = 8


def main() -> None:
    """Serve requests until stdin ends."""
    switch_off_telemetry()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    hello = json.loads(sys.stdin.readline())
    registry = Registry(hello["registry_url"])
    load = lru_cache(_KEPT_MODELS)(registry.load_model)
    import_mlflow()
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            loaded = load(request["model"], request["version"])
            _score_file(loaded, request)
            answer = {"reason": ""}
        except Exception as error:  # noqa: BLE001 (a model may raise anything; recorded)
            text = without_secrets(f"{type(error).__name__}: {error}")
            answer = {"reason": " ".join(text.split())[:300]}
        print(json.dumps(answer), file=answers, flush=True)


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
        loaded: A model loaded by `Registry.load_model`.
        features: One row a prediction. Not modified.

    Returns:
        `score` (probability of the positive class, the last of two) or `score_<class>`
        for each of more than two classes, and `prediction`. Without probabilities
        only `prediction`.

    Raises:
        DataError: If the model needs columns that are not there, or does not answer
            with one value a row.
    """
    inputs = _fit_inputs(loaded, features)
    raw = _raw_model(loaded)
    if not hasattr(raw, "predict_proba"):
        return pd.DataFrame({"prediction": _one_each(loaded.predict(inputs), inputs)})
    chances = np.asarray(raw.predict_proba(inputs), dtype=float)
    prediction = _one_each(raw.predict(inputs), inputs)
    if chances.shape == (len(inputs), 2):
        return pd.DataFrame({"score": chances[:, 1], "prediction": prediction})
    names = [f"score_{one}" for one in raw.classes_]
    return pd.DataFrame(chances, columns=names).assign(prediction=prediction)


def _fit_inputs(loaded: "PyFuncModel", features: pd.DataFrame) -> pd.DataFrame:
    """Give the model its columns, in its order, numbers as the floats it learnt on.

    The raw model is asked for probabilities, so MLflow does not check the signature.
    """
    signature = loaded.metadata.signature
    if signature is None or not signature.inputs.has_input_names():
        return features
    needed = signature.inputs.input_names()
    absent = sorted(set(needed) - set(features.columns))
    if absent:
        msg = f"the version needs columns that are not there: {', '.join(absent)}"
        raise DataError(msg)
    floats = [one.name for one in signature.inputs.inputs if one.type.name == "double"]
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
    raise DataError(msg)


if __name__ == "__main__":
    main()
