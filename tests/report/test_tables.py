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


def test_trust_is_shown_of_the_days_version_primary_metric_first(
    facts_of: Gather,
) -> None:
    """What is known of another version's estimates says nothing about this one's."""
    lines = tables.trust_lines(facts_of(BAD_DAY))
    assert [(line.trust.version, line.trust.metric) for line in lines] == [
        ("4", "roc_auc"),
        ("4", "f1"),
    ]


def test_trust_shows_the_days_own_numbers(facts_of: Gather) -> None:
    """The estimate, the same without its bias, and what came true so far."""
    (auc, f1) = tables.trust_lines(facts_of(BAD_DAY))
    assert auc.estimated is not None
    assert auc.recalibrated is not None
    assert auc.realized is not None
    assert auc.realized.value == pytest.approx(0.623, abs=0.001)
    freed = (auc.estimated.value or 0.0) - 0.016
    assert auc.recalibrated.value == pytest.approx(freed)
    assert f1.recalibrated is not None
    assert f1.recalibrated.value is None


def test_trust_is_shown_when_the_day_has_no_rows(facts_of: Gather) -> None:
    """An empty day has no numbers of its own; the last version's trust stands."""
    (line,) = tables.trust_lines(facts_of(date(2013, 8, 29)))
    assert (line.trust.version, line.trust.days) == ("3", 40)
    assert line.estimated is line.recalibrated is line.realized is None


def test_whole_batch_comes_before_its_segments(facts_of: Gather) -> None:
    """Of one metric."""
    facts = facts_of(BAD_DAY)
    more = replace(facts.trust[1], segment="a=b")
    lines = tables.trust_lines(replace(facts, trust=[more, *facts.trust]))
    assert [line.trust.segment for line in lines] == ["all", "a=b", "all"]
