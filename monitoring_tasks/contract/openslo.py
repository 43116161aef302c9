"""Objectives over many days as OpenSLO v1 documents, and back.

https://github.com/OpenSLO/OpenSLO. A day is a time slice, its one number a threshold
metric; a day of `data` or `freshness` is 1 when it was good. Names, descriptions and
labels of others are read and not kept; whatever else a contract cannot hold is refused.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.contract.slos import Indicator, Slo
from monitoring_tasks.errors import ConfigurationError

ANNOTATIONS = {
    "daywatch/min-valid-days": "min_valid_days",
    "daywatch/recent-days": "recent_days",
}
"""What OpenSLO has no key for."""
DAYS_IN = {"d": 1, "w": 7}
LIMITS = {"gte": "min", "lte": "max"}


class _Shape(ContractModel):
    """Part of a document: the spec's own key names, unknown ones refused."""

    model_config = ConfigDict(alias_generator=to_camel)


class _Metadata(_Shape):
    name: str
    display_name: str = ""
    labels: Mapping[str, Any] = {}
    annotations: Mapping[str, str] = {}

    @field_validator("annotations")
    @classmethod
    def _known(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        own_keys = {key for key in value if key.startswith("daywatch/")}
        unknown = sorted(own_keys - set(ANNOTATIONS))
        if unknown:
            msg = f"{', '.join(unknown)}: there are {', '.join(ANNOTATIONS)}"
            raise ValueError(msg)
        return value


class _MetricSource(_Shape):
    type: Literal["Daywatch"]
    spec: Indicator


class _Metric(_Shape):
    metric_source: _MetricSource


class _SliSpec(_Shape):
    description: str = ""
    threshold_metric: _Metric


class _Sli(_Shape):
    metadata: _Metadata
    spec: _SliSpec


class _TimeWindow(_Shape):
    duration: str = Field(pattern=r"^[1-9][0-9]{0,2}[dw]$")
    is_rolling: Literal[True]


class _Objective(_Shape):
    display_name: str = ""
    op: Literal["gte", "lte"]
    value: float
    target: float
    time_slice_target: float = Field(ge=1, le=1)
    time_slice_window: Literal["1d"]


class _Spec(_Shape):
    description: str = ""
    service: str
    indicator: _Sli
    time_window: tuple[_TimeWindow]
    budgeting_method: Literal["Timeslices"]
    objectives: tuple[_Objective]
    alert_policies: tuple[()] = ()


class _Document(_Shape):
    api_version: Literal["openslo/v1"]
    kind: Literal["SLO"]
    metadata: _Metadata
    spec: _Spec


def to_openslo(slo: Slo, *, service: str) -> dict[str, Any]:
    """Return an objective as an OpenSLO v1 document.

    Args:
        slo: The objective over many days.
        service: Whose it is: the model's name.
    """
    sli = {
        "metadata": {"name": slo.name},
        "spec": {
            "thresholdMetric": {
                "metricSource": {
                    "type": "Daywatch",
                    "spec": slo.indicator.model_dump(exclude_defaults=True),
                }
            }
        },
    }
    # An objective without a limit is about days that were good (1) or not (0).
    value = 1.0 if slo.min is None else slo.min
    objective = {
        "displayName": slo.name,
        "op": "gte" if slo.max is None else "lte",
        "value": value if slo.max is None else slo.max,
        "target": slo.target,
        # A slice is one day with one number: good or not as a whole.
        "timeSliceTarget": 1.0,
        "timeSliceWindow": "1d",
    }
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {
            "name": slo.name,
            "annotations": {
                key: str(getattr(slo, name)) for key, name in ANNOTATIONS.items()
            },
        },
        "spec": {
            "service": service,
            "indicator": sli,
            "timeWindow": [{"duration": f"{slo.window_days}d", "isRolling": True}],
            "budgetingMethod": "Timeslices",
            "objectives": [objective],
        },
    }


def from_openslo(raw: object, *, origin: str) -> tuple[str, Slo]:
    """Read one document: the service it is about, and the objective.

    Args:
        raw: The document as plain data.
        origin: File and document, for the error.

    Raises:
        ConfigurationError: If it is no SLO, or says what a contract cannot hold; one
            line a fault, `origin: key: what`.
    """
    try:
        document = _Document.model_validate(raw)
        return document.spec.service, Slo.model_validate(_plain(document))
    except ValidationError as error:
        raise ConfigurationError(_explain(origin, error)) from error


def _plain(document: _Document) -> dict[str, Any]:
    """Return the document as the keys of a contract."""
    spec, (objective,) = document.spec, document.spec.objectives
    indicator = spec.indicator.spec.threshold_metric.metric_source.spec
    (window,) = spec.time_window
    notes = document.metadata.annotations
    limit = {LIMITS[objective.op]: objective.value}
    # Such a day is written as 1 when it was good; a contract has no limit for it.
    if not indicator.is_measured and limit == {"min": 1.0}:
        limit = {}
    return {
        "name": document.metadata.name,
        "indicator": indicator,
        **limit,
        "target": objective.target,
        "window_days": int(window.duration[:-1]) * DAYS_IN[window.duration[-1]],
        **{name: notes[key] for key, name in ANNOTATIONS.items() if key in notes},
    }


def _explain(origin: str, error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        text = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            text = "a contract cannot hold this; remove it"
        elif fault["type"] == "model_type":
            text = "this has to be a mapping of keys"
        key = ".".join(map(str, fault["loc"])) or "document"
        lines.append(f"{origin}: {key}: {text}")
    return "\n".join(lines)
