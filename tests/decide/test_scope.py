"""What is broken: everything, a slice, or a gap between groups."""

from typing import Any

import pytest

from monitoring_tasks.decide.scope import is_below_chance, is_protected, scope_of
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incident_context import IncidentContext
from tests.builders import make_columns, make_contract, make_finding

ROWS = {"region=n": 30, "region=s": 70, "sex=f": 4, "sex=m": 96}
AROUND = IncidentContext(total=100, rows=ROWS)
GAP: dict[str, Any] = {
    "kind": Kind.FAIRNESS,
    "metric": "equal_opportunity_gap",
    "column": "sex",
}


def bad(**parts: Any) -> Finding:  # noqa: ANN401 (parts of a measurement)
    """Return a promise that is broken."""
    return make_finding(Verdict.BREACH, **parts)


@pytest.mark.parametrize(
    ("broken", "slices", "share", "says"),
    [
        pytest.param([], (), None, "all 100 rows", id="nothing"),
        pytest.param([bad()], (), 1.0, "all 100 rows", id="the whole"),
        pytest.param(
            [bad(), bad(segment="sex=f")], (), 1.0, "all 100 rows", id="and a part"
        ),
        pytest.param(
            [bad(segment="sex=f")], ("sex=f",), 0.04, "sex=f, 4% of", id="a part"
        ),
        pytest.param(
            [bad(segment="sex=f"), bad(segment="region=n")],
            ("region=n", "sex=f"),
            0.3,
            "region=n and sex=f, 30% of",
            id="parts that overlap count once",
        ),
        pytest.param(
            [bad(segment="region=n"), bad(segment="region=s")],
            (),
            1.0,
            "all 100 rows",
            id="every part is the whole",
        ),
        pytest.param(
            [bad(segment="region=x")],
            ("region=x",),
            None,
            "an unknown share",
            id="nobody counted it",
        ),
        pytest.param(
            [bad(**GAP)], ("groups of sex",), None, "groups of sex", id="a gap"
        ),
    ],
)
def test_scope(
    broken: list[Finding], slices: tuple[str, ...], share: float | None, says: str
) -> None:
    """A slice is only named when nothing about the whole is broken."""
    found = scope_of(broken, AROUND)
    assert (found.segments, found.share) == (slices, share)
    assert says in found.text


def test_what_is_not_in_breach_is_not_broken() -> None:
    """A warning about a part does not make a part of trouble."""
    found = scope_of([make_finding(Verdict.WARN), bad(segment="sex=f")], AROUND)
    assert found.segments == ("sex=f",)


def test_gaps_and_segments_of_protected_columns_are_protected() -> None:
    """So is every fairness number; other segments are not."""
    columns = make_columns(protected=["sex"], segments=["region"]).model_dump()
    contract = make_contract(columns=columns)
    found = [
        is_protected(finding, contract)
        for finding in (
            bad(**GAP), bad(segment="sex=f"), bad(segment="region=n"), bad(),
        )
    ]  # fmt: skip
    assert found == [True, True, False, False]


@pytest.mark.parametrize(
    ("parts", "below"),
    [
        ({"upper": 0.4999}, True),
        ({"upper": 0.5}, False),
        ({"upper": None}, False),
        ({"upper": 0.4, "metric": "f1"}, False),
    ],
)
def test_worse_than_chance(parts: dict[str, Any], *, below: bool) -> None:
    """Only the area under the curve has a chance level that everybody knows."""
    assert is_below_chance(bad(**parts)) is below
