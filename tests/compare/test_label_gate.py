"""Labels held against those of the days before: what fails, and what never may."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from monitoring_tasks.compare.label_gate import judge_labels
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Check, Verdict
from monitoring_tasks.domain.label_summary import (
    QUANTILES,
    LabelSummary,
    NumberCurves,
)
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.statistics.share_curves import curve_of
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_evaluation,
    make_reference,
    make_unit,
)

CONTRACT = make_contract(columns=COLUMNS | {"segments": ["region"]})


def summary(rate: float, *, said: float = 0.3, rows: int = 1000) -> LabelSummary:
    """Return labels of a rate, on rows of which the model says another."""
    return LabelSummary(rows=rows, levels={"1": rate}, outputs={"1": said})


def labelled(ago: int, rate: float = 0.3, **parts: Any) -> Evaluation:  # noqa: ANN401 (facts)
    """Return a mature day so many days ago; days differ a little."""
    north = parts.pop("north", rate)
    said = parts.pop("said", 0.3)
    lean = 0.004 * (ago % 3 - 1) if ago else 0.0
    summaries = {
        "all": summary(rate + lean, said=said),
        "region=north": summary(north + lean, said=said, rows=500),
        "region=south": summary(rate - lean, said=said, rows=500),
    }
    known: dict[str, Any] = {
        "unit": make_unit(day=DAY - timedelta(days=ago)),
        "label_verdict": LabelVerdict(
            usable=True, verdict=Verdict.OK, reason="", failed=()
        ),
        "label_counts": LabelCounts(rows=1000, joined=1000, summaries=summaries),
    }
    return make_evaluation(**known | parts)


BEFORE = tuple(labelled(ago) for ago in range(28, 0, -1))


def failed(
    day: Evaluation, before: tuple[Evaluation, ...] = BEFORE
) -> list[tuple[str, str]]:
    """Return severity and segment of what fails."""
    found = judge_labels(day, before, CONTRACT, None)
    return [(check.severity, check.column) for check in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(labelled(0), [], id="as ever"),
        pytest.param(labelled(0, 0.4), [("warning", "")], id="moved"),
        pytest.param(labelled(0, 0.8), [("critical", "")], id="moved by half"),
        pytest.param(labelled(0, 0.0), [("critical", "")], id="one class is gone"),
        pytest.param(labelled(0, 0.4, said=0.4), [], id="the outputs moved along"),
        pytest.param(
            labelled(0, 0.4, labelled=500), [], id="early labels are not like the rest"
        ),
        pytest.param(
            labelled(0, north=0.5),
            [("critical", "region=north")],
            id="one segment alone, by a fifth",
        ),
    ],
)
def test_labels_fail_where_they_moved_and_the_outputs_did_not(
    day: Evaluation, expected: list[tuple[str, str]]
) -> None:
    """Beyond chance and large enough, by themselves and beside the outputs."""
    assert failed(day) == expected


def numbered(ago: int, share: float, *, kept: bool = True) -> Evaluation:
    """Return a day of a numeric label, so large a share of which is raised by 10."""
    random = np.random.default_rng(ago)
    said = random.normal(30, 5, 600)
    raised = np.where(random.random(600) < share, 10.0, 0.0)
    labels = np.round(said + random.normal(0, 5, 600)) + raised
    curves = NumberCurves(
        labels=curve_of(labels),
        outputs=curve_of(said),
        residuals=curve_of(labels - said),
    )
    levels = dict.fromkeys(QUANTILES, 30.0)
    number = LabelSummary(
        rows=600, levels=levels, outputs=levels, curves=curves if kept else None
    )
    return labelled(
        ago, label_counts=LabelCounts(rows=600, joined=600, summaries={"all": number})
    )


NUMBERS = make_contract(
    problem="regression", columns={k: v for k, v in COLUMNS.items() if k != "score"}
)


@pytest.mark.parametrize(
    ("share", "kept", "severities"),
    [
        pytest.param(0.0, True, [], id="as ever"),
        pytest.param(0.2, True, ["warning"], id="a fifth are raised"),
        pytest.param(0.3, True, ["critical"], id="three in ten are raised"),
        pytest.param(1.0, True, ["critical"], id="all are raised"),
        pytest.param(1.0, False, [], id="days that kept too little say nothing"),
    ],
)
def test_numbers_fail_where_they_lie_elsewhere(
    share: float, severities: list[str], *, kept: bool
) -> None:
    """By the share of them that is at most what was usual."""
    before = [numbered(ago, 0.0, kept=kept) for ago in range(28, 0, -1)]
    found = judge_labels(numbered(0, share, kept=kept), before, NUMBERS, None)
    assert [check.severity for check in found] == severities
    for check in found:
        assert check.name == "labels_lie_where_they_did_before"
        assert "of the labels are at most" in check.observed


def test_few_days_before_say_nothing() -> None:
    """No evidence is no fault, however far the labels lie."""
    assert failed(labelled(0, 0.8), BEFORE[-6:]) == []


def test_days_that_were_bad_do_not_teach_what_is_usual() -> None:
    """What failed goes on failing, as does what is in breach."""
    bad = [labelled(ago, 0.4) for ago in range(14, 0, -1)]
    before = BEFORE[:14]
    for day in bad:
        found = judge_labels(day, before, CONTRACT, None)
        assert found, day.day
        assert day.label_verdict is not None
        before += (replace(day, label_verdict=day.label_verdict.with_faults(found)),)
    assert failed(labelled(0, 0.4), before) == [("warning", "")]


def test_week_tells_what_a_day_cannot_and_one_day_is_no_week() -> None:
    """The farthest day of a week is left out of it."""
    noisy = [labelled(ago, 0.3 + 0.03 * (-1) ** ago) for ago in range(35, 6, -1)]
    week = [labelled(ago, 0.39) for ago in range(6, 0, -1)]
    strange = [labelled(ago, 0.6 if ago == 3 else 0.3) for ago in range(6, 0, -1)]
    assert failed(labelled(0, 0.39), (*noisy, *week)) == [("warning", "")]
    assert failed(labelled(0, 0.33), (*noisy, *strange)) == []


DAMAGE = Check(
    gate="nulls",
    name="no_more_nulls_than_usual",
    status="failed",
    severity="warning",
    column="income",
    observed="",
)


def related(ago: int, slope: float, **parts: Any) -> Evaluation:  # noqa: ANN401 (facts)
    """Return a mature day whose labels go so closely with the outputs."""
    of_day = replace(summary(0.3), slope=slope + 0.02 * (ago % 3), slope_error=0.03)
    counts = LabelCounts(rows=1000, joined=1000, summaries={"all": of_day})
    return labelled(ago, label_counts=counts, **parts)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(related(0, 0.98), [], id="as ever"),
        pytest.param(related(0, 0.4), [], id="a world that changed leaves a part"),
        pytest.param(related(0, 0.02), [("critical", "")], id="labels of other rows"),
        pytest.param(related(0, -0.9), [("critical", "")], id="turned round"),
        pytest.param(related(0, 0.02, version="2"), [], id="another version's outputs"),
        pytest.param(
            related(0, 0.02, check_rows=(asdict(DAMAGE),)),
            [],
            id="rows are damaged too",
        ),
    ],
)
def test_labels_that_lost_their_relation_overnight_are_of_other_rows(
    day: Evaluation, expected: list[tuple[str, str]]
) -> None:
    """One day is enough, where nothing but the labels can have lost it."""
    before = tuple(related(ago, 1.0) for ago in range(28, 0, -1))
    assert failed(day, before) == expected


CLASSES = make_contract(
    problem="multiclass",
    classes=["a", "b"],
    columns=COLUMNS | {"score": {"a": "score_a", "b": "score_b"}},
)


@pytest.mark.parametrize(
    ("contract", "level", "metric"),
    [
        pytest.param(CONTRACT, "1", "positive_rate", id="binary"),
        pytest.param(CLASSES, "a", "label_rate_a", id="many classes"),
    ],
)
def test_spread_between_days_of_the_reference_counts_where_it_is_larger(
    contract: Contract, level: str, metric: str
) -> None:
    """A few quiet weeks do not promise a quiet year, of any kind of class."""

    def of(ago: int, rate: float) -> Evaluation:
        levels = LabelSummary(rows=1000, levels={level: rate}, outputs={level: 0.3})
        counts = LabelCounts(rows=1000, joined=1000, summaries={"all": levels})
        return labelled(ago, label_counts=counts)

    before = [of(ago, 0.3 + 0.004 * (ago % 3 - 1)) for ago in range(28, 0, -1)]
    noise = DailyNoise(mean=0.3, spread=0.2, days=90)
    wide = make_reference(noise={f"realized/{metric}//all": noise})
    assert judge_labels(of(0, 0.4), before, contract, None)
    assert judge_labels(of(0, 0.4), before, contract, wide) == ()
