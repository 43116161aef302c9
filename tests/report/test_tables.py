from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from monitoring_tasks.domain.findings import Check, DataVerdict, Verdict
from monitoring_tasks.report import tables
from monitoring_tasks.report.facts import Facts

BAD_DAY = date(2013, 8, 20)
Gather = Callable[[date], Facts]


def made(gate: str, status: str, severity: str = "warning") -> Check:
    """Make a check that is named after its status."""
    return Check(gate=gate, name=status, status=status, severity=severity)


def test_failed_checks_come_first_then_the_gates_in_order() -> None:
    """A reader sees what failed, the critical before the rest, before what passed."""
    checks = (
        made("presence", "passed"),
        made("values", "failed"),
        made("nulls", "failed", "critical"),
        made("keys", "errored"),
        made("rows", "passed"),
    )
    data = DataVerdict(verdict=Verdict.BREACH, reason="", checks=checks)
    assert [check.gate for check in tables.sorted_checks(data)] == [
        "nulls",
        "values",
        "keys",
        "presence",
        "rows",
    ]


def test_gates_without_checks_are_counted_as_well() -> None:
    """A gate nobody checked shows noughts; an unknown gate is not lost."""
    checks = (made("rows", "failed"), made("extra", "passed"))
    data = DataVerdict(verdict=Verdict.BREACH, reason="", checks=checks)
    counts = dict(tables.gate_counts(data))
    assert counts["rows"]["failed"] == 1
    assert counts["keys"] == dict.fromkeys(
        ("failed", "errored", "skipped", "passed"), 0
    )
    assert counts["extra"]["passed"] == 1


def test_findings_that_need_a_look_come_gravest_first(facts_of: Gather) -> None:
    """Breach before warning; nothing is in both lists or in none."""
    facts = facts_of(BAD_DAY)
    loud, quiet = tables.split_findings(facts)
    assert loud[0].verdict is Verdict.BREACH
    assert {finding.verdict for finding in loud[1:]} == {Verdict.WARN}
    assert {finding.verdict for finding in quiet} == {Verdict.OK}
    assert len(loud) + len(quiet) == len(facts.findings)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_ok_and_excluded_are_quiet(facts_of: Gather, verdict: Verdict) -> None:
    """Absent evidence is never folded away with what is fine."""
    facts = facts_of(BAD_DAY)
    finding = replace(facts.findings[0], verdict=verdict)
    _, quiet = tables.split_findings(replace(facts, findings=[finding]))
    assert bool(quiet) is (verdict in {Verdict.OK, Verdict.EXCLUDED})


def test_unjudged_numbers_are_counted_and_the_empty_ones_listed(
    facts_of: Gather,
) -> None:
    """A number without a value is not dropped because nobody judged it."""
    count, without_value = tables.unjudged(facts_of(BAD_DAY))
    assert count == 1
    assert [number.reason for number in without_value] == ["3 rows are fewer"]


def test_errors_start_with_the_primary_metric_and_skip_immature_days(
    facts_of: Gather,
) -> None:
    """Of 56 days with numbers up to 28 August four have too few labels to count."""
    lines = tables.error_lines(facts_of(date(2013, 8, 28)))
    assert [line.metric for line in lines] == ["roc_auc", "f1"]
    assert [line.error.days for line in lines] == [53, 53]
    assert lines[1].error.bias == pytest.approx(0.02, abs=0.002)


def test_error_lines_show_the_days_own_numbers(facts_of: Gather) -> None:
    """An empty day has no numbers of its own, and still the history's errors."""
    (line, _) = tables.error_lines(facts_of(date(2013, 8, 29)))
    assert line.estimated is line.realized is None
    assert line.error.days == 53
    (line, _) = tables.error_lines(facts_of(BAD_DAY))
    assert line.realized is not None
    assert line.realized.value == pytest.approx(0.623, abs=0.001)
