import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.pages import render_day
from monitoring_tasks.statistics.burn_rate import assess
from monitoring_tasks.statistics.day_grades import KnownDay

BAD_DAY = date(2013, 8, 20)
PROMISE = {
    "name": "auc-holds",
    "indicator": {"source": "realized", "metric": "roc_auc", "segment": "origin=<b>"},
    "min": 0.55,
    "target": 0.9,
}


def section(page: str) -> str:
    """Return the text of the section."""
    found = re.search(r'<h2 id="slos".*?(?=<h2 )', page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", found[0]) if found else ""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("bad", "parts", "said"),
    [
        pytest.param(0, {}, "Objectives over 28 days", id="title"),
        pytest.param(
            0, {}, "auc-holds ✓ met realized roc auc, origin=&lt;b&gt;", id="met"
        ),
        pytest.param(
            1,
            {},
            "at least 0.550 90.0 % of 28 19 1 8 1.8 of 2.8 0.5 1.4 1 bad of 20",
            id="numbers",
        ),
        pytest.param(2, {}, "▲ at risk", id="at risk"),
        pytest.param(3, {}, "✖ exhausted", id="exhausted"),
        pytest.param(3, {"min_valid_days": 21}, "? insufficient", id="insufficient"),
        pytest.param(0, {"target": 0.95}, "leaves 1.4 days of budget", id="note"),
        pytest.param(
            0, {"indicator": {"source": "data"}, "min": None}, "data 90.0 %", id="data"
        ),
    ],
)
def test_section_shows_how_a_promise_stands(
    facts_of: Callable[[date], Facts], bad: int, parts: dict[str, object], said: str
) -> None:
    """The state as word and sign, the days and the budget with one decimal."""
    slo = Slo.model_validate(PROMISE | parts)
    days = [
        KnownDay(
            day=BAD_DAY - timedelta(days=27 - n),
            verdict=None if n < 8 else Verdict.OK,
            data_verdict=Verdict.OK,
            value=0.5 if n >= 28 - bad else 0.7,
            is_mature=True,
        )
        for n in range(28)
    ]
    facts = replace(facts_of(BAD_DAY), slos=[assess(slo, days)])
    assert said in section(render_day(facts))


def test_section_is_left_out_when_nothing_is_promised(
    facts_of: Callable[[date], Facts],
) -> None:
    """A contract without such promises has no empty table."""
    assert section(render_day(facts_of(BAD_DAY))) == ""
