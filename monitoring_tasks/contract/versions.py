"""The key `policy.versions`: how other registered versions are compared."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.contract.rescore import RescorePolicy
from monitoring_tasks.domain.metric_table import METRICS

ComparisonMetric = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "enum": sorted({m.name for m in METRICS if m.compares}),
        }
    ),
]
"""The name of a metric; the contract refuses one its problem is not compared by."""


class LoadingPolicy(ContractModel):
    """Which versions may be loaded, and how much memory they may use.

    Attributes:
        memory_limit_mb: Memory of the process that scores with other versions, in
            MiB, its libraries' 400 or so included.
        flavors: MLflow flavours that may be loaded; `python_function` allows loaders
            and code that come with the model.
    """

    memory_limit_mb: int = Field(default=4096, ge=1024)
    flavors: tuple[str, ...] = ("sklearn", "lightgbm", "xgboost", "catboost", "onnx")


class VersionPolicy(LoadingPolicy):
    """How other registered versions are held against the live one.

    Attributes:
        when: `breach`: on a day in breach; `release`: also while a release is young,
            against the version it replaced; `always`: every day, releases as well.
        candidates: How many earlier versions to score, those that served first; the
            contract's fallback comes on top.
        time_limit_seconds: After this a version that does not answer is given up.
        metric: The metric a version must be better by; left out, `roc_auc` for a
            binary model, `accuracy` for a multiclass one, `mae` for a regression.
        margin: The smallest gain anybody cares about, in units of the metric.
        pool_days: Most days of the same version pooled for the comparison of all
            candidates.
        release: When a release counts as worse than what it replaced.
        rescore: When rows are scored again with the version they state, and what
            counts then.
    """

    when: Literal["always", "release", "breach"] = "release"
    candidates: int = Field(default=2, ge=0)
    time_limit_seconds: float = Field(default=120, gt=0)
    metric: ComparisonMetric | None = None
    margin: float = Field(default=0.01, ge=0)
    pool_days: int = Field(default=3, ge=1)
    release: ReleasePolicy = ReleasePolicy()
    rescore: RescorePolicy = RescorePolicy()
