from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.learn.label_block import LabelBlock, label_block
from monitoring_tasks.report import figures
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.pages import render_day
from monitoring_tasks.statistics.arrival_curve import Arrived
from monitoring_tasks.statistics.daily_errors import DailyErrors
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_evaluation,
    make_measurement,
)
from tests.report.test_pages import Page

BAD_DAY = date(2013, 8, 20)
Gather = Callable[[date], Facts]
CONTRACT = make_contract(
    objectives=[
        {"metric": "roc_auc", "source": "realized", "min": 0.6},
        {"metric": "roc_auc", "source": "estimated", "min": 0.6},
        {"metric": "f1", "source": "realized", "min": 0.1, "segment": "sex=f"},
    ],
    columns=COLUMNS | {"protected": ["sex"]},
)
EXPECTED = make_measurement(
    kind=Kind.LABELS, metric="label_coverage_expected", value=0.9, lower=0.8, upper=0.97
)
EARLY = make_measurement(
    kind=Kind.LABELS, metric="provisional_roc_auc", value=0.71, lower=0.68, upper=0.74
)
SO_FAR = make_measurement(value=0.66, lower=0.6, upper=0.72)
CURVE = tuple(
    Arrived(age=age, share=share, lower=share - 0.05, upper=share + 0.02, days=30 - age)
    for age, share in enumerate((0.3, 0.7, 0.9))
)
ERRORS = {("1", "roc_auc"): DailyErrors(days=20, mean=-0.02, lower=-0.03, upper=-0.01)}


def block_of(
    *numbers: Measurement,
    labelled: int = 300,
    rows: int = 1000,
    contract: Contract = CONTRACT,
    **parts: Any,  # noqa: ANN401 (parts of a block)
) -> LabelBlock:
    """Return the labels of a day of version 1."""
    header = make_evaluation(rows=rows, labelled=labelled)
    return label_block(contract, numbers, evaluation=header, **parts)


def test_an_immature_day_shows_its_early_value_beside_the_one_so_far() -> None:
    """One line for the whole batch's realized promise; the estimate is no label."""
    block = block_of(EXPECTED, EARLY, SO_FAR, errors=ERRORS)
    (line,) = block.lines
    assert (line.metric, line.early, line.known) == ("roc_auc", EARLY, SO_FAR)
    assert (line.early_labelled, line.is_final) == (300, False)
    assert line.errors == ERRORS["1", "roc_auc"]
    assert (block.expected, block.share, block.is_mature) == (EXPECTED, 0.3, False)


def test_a_mature_day_shows_what_its_first_look_had_said() -> None:
    """The provisional value was written down weeks ago; the final one stands beside."""
    first = DatedNumber(day=DAY, measurement=EARLY, rows=1000, labelled=250)
    (line,) = block_of(SO_FAR, labelled=800, first_numbers=[first]).lines
    assert (line.early, line.early_labelled) == (EARLY, 250)
    assert (line.known, line.is_final) == (SO_FAR, True)


@pytest.mark.parametrize(("labelled", "is_mature"), [(799, False), (800, True)])
def test_a_day_is_mature_from_the_policys_share(
    labelled: int, *, is_mature: bool
) -> None:
    """At the limit and just below it."""
    assert block_of(labelled=labelled).is_mature is is_mature


def test_numbers_of_others_are_not_this_days() -> None:
    """Another version, a segment, a column or a pool of days does not count."""
    others = [
        replace(EARLY, version="2"),
        replace(EARLY, segment="sex=f"),
        replace(EARLY, column="sex"),
        replace(EARLY, horizon=7),
    ]
    assert block_of(*others).lines[0].early is None


def test_a_day_without_rows_has_no_share() -> None:
    """Nothing is not mature."""
    block = block_of(rows=0, labelled=0)
    assert (block.share, block.is_mature) == (None, False)


def test_a_model_that_is_not_binary_says_why_there_is_no_early_value() -> None:
    """The limit is stated where the value would be."""
    score = {"columns": make_contract().columns.model_dump() | {"score": None}}
    contract = make_contract(problem="regression", **score)
    assert "regression model are not weighted" in block_of(contract=contract).remark


@pytest.fixture
def page_with(facts_of: Gather) -> Callable[[LabelBlock | None], str]:
    """Render the labels of a page as a reader sees them."""

    def rendered(labels: LabelBlock | None) -> str:
        page = render_day(replace(facts_of(BAD_DAY), labels=labels))
        start = page.index('<h2 id="labels"')
        return Page(page[start : page.index('<h2 id="checks"')]).text

    return rendered


def test_page_of_an_immature_day(page_with: Callable[[LabelBlock | None], str]) -> None:
    """Known, expected, the curve, the early value and its usual error."""
    overdue = replace(EXPECTED, metric="label_overdue_days", value=8.0)
    block = block_of(EXPECTED, EARLY, SO_FAR, overdue, errors=ERRORS, arrival=CURVE)
    text = page_with(block)
    assert "Latest days that lack their labels 8 " in text
    assert "300 of 1,000 rows (30.0 %); not mature yet: that takes 80.0 %" in text
    assert "90.0 % 80.0 % to 97.0 %" in text
    assert "So far, not weighted" in text
    assert "0.710 0.680 to 0.740 300 0.660 0.600 to 0.720" in text
    assert "-0.020 -0.030 to -0.010 on 20 days" in text
    assert "days after the day" in text


def test_page_of_a_mature_day(page_with: Callable[[LabelBlock | None], str]) -> None:
    """The final value stands under its name; what was never measured says so."""
    text = page_with(block_of(SO_FAR, labelled=900))
    assert "; mature" in text
    assert "Final" in text
    assert "never measured on early labels" in text
    assert "too few days were judged again" in text


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        pytest.param(None, "how labels arrive was not measured", id="not measured"),
        pytest.param(block_of(rows=0, labelled=0), "the day has no rows", id="empty"),
    ],
)
def test_page_without_labels_says_why(
    page_with: Callable[[LabelBlock | None], str], labels: LabelBlock | None, says: str
) -> None:
    """Never an empty section."""
    assert f"no data: {says}" in page_with(labels)


def test_arrival_is_told_to_those_who_cannot_see_it(facts_of: Gather) -> None:
    """The label holds the first and the last point of the curve."""
    facts = replace(facts_of(BAD_DAY), labels=block_of(arrival=CURVE))
    assert figures.arrival_figure(facts).label.endswith(
        "; 30.0 % at once, 90.0 % after 2 days"
    )
    one = replace(facts, labels=block_of(arrival=CURVE[:1]))
    assert figures.arrival_figure(one).svg is None
