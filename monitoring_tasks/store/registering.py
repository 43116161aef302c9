"""Logging a fitted pipeline to MLflow as the next version of a registered model."""

from typing import TYPE_CHECKING, Protocol

from monitoring_tasks.store.mlflow_connection import Connection
from monitoring_tasks.store.versions import Training

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from mlflow.models import ModelSignature


class Predictor(Protocol):
    """A fitted scikit-learn estimator, as far as the registry cares."""

    def predict(self, rows: "pd.DataFrame", /) -> "np.ndarray": ...  # noqa: D102


def log_model(
    connection: Connection,
    model: str,
    pipeline: Predictor,
    *,
    example: "pd.DataFrame",
    training: Training,
) -> "tuple[str, ModelSignature]":
    """Log and register a fitted estimator; return its version and its signature.

    Args:
        connection: The MLflow address.
        model: Registered model name; made when it does not exist.
        pipeline: Fitted estimator with `predict`.
        example: Some rows of its input; integers become float64. Not modified.
        training: How it came to be.
    """
    import mlflow  # noqa: PLC0415 (seconds to import)
    from mlflow.models import infer_signature  # noqa: PLC0415

    experiment = _experiment(connection, model)
    integers = example.select_dtypes("integer").columns
    inputs = example.astype(dict.fromkeys(integers, "float64"))
    signature = infer_signature(inputs, pipeline.predict(inputs))
    # Within a run of the caller's MLflow starts another one only as its child.
    nested = mlflow.active_run() is not None
    with mlflow.start_run(experiment_id=experiment, nested=nested):
        mlflow.log_metrics(dict(training.metrics))
        logged = mlflow.sklearn.log_model(
            pipeline,
            name=model,
            signature=signature,
            registered_model_name=model,
            serialization_format=training.serialization_format,
            skops_trusted_types=list(training.trusted_types) or None,
            pip_requirements=list(training.requirements)
            or mlflow.sklearn.get_default_pip_requirements(include_skops=True),
        )
    return str(logged.registered_model_version), signature


def _experiment(connection: Connection, model: str) -> str:
    """Find or make the experiment; files lie beside a registry that is a file."""
    client = connection.client()
    experiment = client.get_experiment_by_name(model)
    if experiment is not None:
        return str(experiment.experiment_id)
    folder = connection.folder
    artifacts = (folder / "mlflow-artifacts").as_uri() if folder else None
    return str(client.create_experiment(model, artifact_location=artifacts))
