from collections.abc import Callable
from typing import Any

import pytest
import yaml

from monitoring_tasks.contract.openslo import from_openslo, to_openslo
from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.errors import ConfigurationError

AUC = {"source": "realized", "metric": "roc_auc"}
LEAST = {"name": "auc", "indicator": AUC, "min": 0.6, "target": 0.9}
Change = Callable[[dict[str, Any]], object]


def document(**parts: object) -> dict[str, Any]:
    """Return a promise as a document that went through YAML."""
    made = to_openslo(Slo.model_validate(LEAST | parts), service="flights")
    read: dict[str, Any] = yaml.safe_load(yaml.safe_dump(made))
    return read


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({}, id="least"),
        pytest.param({"min": None, "max": 0.0}, id="max of 0"),
        pytest.param({"min": 1.0}, id="min of 1"),
        pytest.param({"min": -3}, id="whole number below 0"),
        pytest.param({"window_days": 366, "min_valid_days": 1}, id="long window"),
        pytest.param({"recent_days": 3, "target": 0.955}, id="recent days"),
        pytest.param({"indicator": {"source": "data"}, "min": None}, id="data"),
        pytest.param(
            {"indicator": {"source": "freshness", "grace_hours": 0.5}, "min": None},
            id="freshness",
        ),
        pytest.param(
            {
                "indicator": {
                    "source": "fairness",
                    "metric": "tpr",
                    "column": "sex",
                    "segment": "sex=f: 'ü'",
                }
            },
            id="every key",
        ),
    ],
)
def test_round_trip_gives_the_same(parts: dict[str, Any]) -> None:
    """What is written as OpenSLO is read back as the same promise."""
    slo = Slo.model_validate(LEAST | parts)
    assert from_openslo(document(**parts), origin="f") == ("flights", slo)


def test_document_has_the_names_of_the_specification() -> None:
    """Every key is OpenSLO v1's own; a day is a slice, its number a threshold."""
    made = document()
    spec = made["spec"]
    assert (made["apiVersion"], made["kind"]) == ("openslo/v1", "SLO")
    assert spec["service"] == "flights"
    assert spec["timeWindow"] == [{"duration": "28d", "isRolling": True}]
    assert spec["budgetingMethod"] == "Timeslices"
    assert spec["objectives"] == [
        {
            "displayName": "auc",
            "op": "gte",
            "value": 0.6,
            "target": 0.9,
            "timeSliceTarget": 1.0,
            "timeSliceWindow": "1d",
        }
    ]
    source = spec["indicator"]["spec"]["thresholdMetric"]["metricSource"]
    assert source == {"type": "Daywatch", "spec": AUC}


def test_weeks_and_words_of_others_are_read() -> None:
    """Weeks are days, absent annotations the defaults; prose changes nothing."""
    made = document()
    made["metadata"] = {"name": "auc", "displayName": "AUC", "labels": {"team": ["a"]}}
    made["spec"] |= {"description": "what we promise", "alertPolicies": []}
    made["spec"]["timeWindow"][0]["duration"] = "4w"
    assert from_openslo(made, origin="f")[1] == Slo.model_validate(LEAST)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        pytest.param(lambda d: d.update(kind="SLI"), "kind", id="kind"),
        pytest.param(
            lambda d: d.update(apiVersion="openslo/v2alpha"), "apiVersion", id="version"
        ),
        pytest.param(
            lambda d: d["spec"].update(indicatorRef="x"), "spec.indicatorRef", id="ref"
        ),
        pytest.param(
            lambda d: d["spec"].update(alertPolicies=["x"]),
            "spec.alertPolicies",
            id="alerts",
        ),
        pytest.param(
            lambda d: d["spec"].update(budgetingMethod="Occurrences"),
            "spec.budgetingMethod",
            id="method",
        ),
        pytest.param(
            lambda d: d["spec"]["timeWindow"][0].update(duration="1M"),
            "spec.timeWindow.0.duration",
            id="months",
        ),
        pytest.param(
            lambda d: d["spec"]["timeWindow"][0].update(isRolling=False),
            "spec.timeWindow.0.isRolling",
            id="calendar",
        ),
        pytest.param(
            lambda d: d["spec"]["objectives"].append({"target": 0.5}),
            "spec.objectives",
            id="two objectives",
        ),
        pytest.param(
            lambda d: d["spec"]["objectives"][0].update(op="gt"),
            "spec.objectives.0.op",
            id="operator",
        ),
        pytest.param(
            lambda d: d["spec"]["objectives"][0].update(timeSliceWindow="1h"),
            "spec.objectives.0.timeSliceWindow",
            id="hours",
        ),
        pytest.param(
            lambda d: d["spec"]["objectives"][0].update(timeSliceTarget=0.9),
            "spec.objectives.0.timeSliceTarget",
            id="share of a day",
        ),
        pytest.param(
            lambda d: d["spec"]["objectives"][0].update(target=1.0),
            "target",
            id="no budget",
        ),
        pytest.param(
            lambda d: d["spec"]["indicator"]["spec"].update(ratioMetric={}),
            "spec.indicator.spec.ratioMetric",
            id="ratio",
        ),
        pytest.param(
            lambda d: d["metadata"]["annotations"].update({"daywatch/grace": "1"}),
            "metadata.annotations",
            id="annotation",
        ),
        pytest.param(
            lambda d: d["metadata"].update(name="Big_Name"), "name", id="name"
        ),
    ],
)
def test_what_a_contract_cannot_hold_is_refused(change: Change, key: str) -> None:
    """The error names the place and the key; nothing is dropped in silence."""
    made = document()
    change(made)
    with pytest.raises(ConfigurationError) as caught:
        from_openslo(made, origin="slos.yaml: document 2")
    assert str(caught.value).startswith(f"slos.yaml: document 2: {key}: ")


def test_metric_of_another_tool_is_refused() -> None:
    """A query for another system says nothing about a model's day."""
    made = document()
    source = made["spec"]["indicator"]["spec"]["thresholdMetric"]["metricSource"]
    source.update(type="Prometheus", spec={"query": "up"})
    with pytest.raises(ConfigurationError, match=r"metricSource\.type: Input"):
        from_openslo(made, origin="f")


@pytest.mark.parametrize(
    ("op", "value"),
    [("gte", 0.5), ("lte", 1.0)],
)
def test_limit_on_days_that_are_good_or_not_is_refused(op: str, value: float) -> None:
    """A day that is fit is 1; any other limit on it means nothing."""
    made = document(indicator={"source": "data"}, min=None)
    made["spec"]["objectives"][0].update(op=op, value=value)
    with pytest.raises(ConfigurationError, match="neither min nor max"):
        from_openslo(made, origin="f")


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_document_that_is_no_mapping_is_refused(raw: object) -> None:
    """What is no document at all is said to be none."""
    with pytest.raises(ConfigurationError, match="document: this has to be a mapping"):
        from_openslo(raw, origin="f")
