"""Which numbers a day has: as a whole, by segment and by protected group."""

from dataclasses import replace

import pytest

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    Bins,
    CategoricalCounts,
    ContinuousCounts,
    ServiceCounts,
)
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.version_measurements import measure_version
from tests.builders import make_columns, make_contract, make_profile, make_reference

CONTRACT = make_contract(
    columns=make_columns(
        continuous=["x"],
        categorical=["colour"],
        segments=["region"],
        protected=["sex"],
        latency="seconds",
        error="failed",
    ).model_dump(),
    objectives=[{"metric": "positive_rate", "source": "realized", "min": 0.1}],
)
BINS = {"x": Bins(low=0.0, high=1.0, coarse=2)}


def part(segment: str, *, nulls: int = 0, errors: int = 0) -> DayProfile:
    """Return 100 rows of a segment, 60 of them labelled: scores .2 and .8."""
    cells = {(2000, 0, 0): 25, (8000, 1, 1): 35, (8000, 1, -1): 40}
    sums = {cell: rows * (cell[0] + 0.5) / 10_000 for cell, rows in cells.items()}
    return make_profile(
        segment=segment,
        rows=100,
        labelled=60,
        outcome=BinaryOutcome(cells=cells, score_sums=sums),
        columns={
            "x": ContinuousCounts(rows=100, nulls=nulls, coarse={0: 100 - nulls}),
            "colour": CategoricalCounts(rows=100, counts={"red": 100}),
        },
        service=ServiceCounts(rows=100, latency={1: 100}, errors=errors),
    )


def known(*segments: str) -> ReferenceProfile:
    """Return a reference with these segments."""
    whole = part("all")
    return make_reference(
        profile=whole, bins=BINS, segments=dict.fromkeys(segments, whole.columns)
    )


def measured(
    profiles: list[DayProfile], reference: ReferenceProfile | None
) -> dict[tuple[str, str, str, str], Measurement]:
    """Measure a day, by kind, metric, column and segment."""
    return {m.key[:4]: m for m in measure_version(profiles, reference, CONTRACT)}


@pytest.mark.parametrize(
    ("kind", "metric", "column"),
    [
        pytest.param(Kind.REALIZED, "accuracy", "", id="realized"),
        pytest.param(Kind.ESTIMATED, "roc_auc", "", id="estimated"),
        pytest.param(Kind.DATA, "null_ratio", "x", id="nulls"),
        pytest.param(Kind.DATA, "unseen_ratio", "colour", id="unseen categories"),
        pytest.param(Kind.DRIFT, "jensen_shannon", "x", id="drift of a number"),
        pytest.param(Kind.DRIFT, "chi2", "colour", id="drift of a category"),
        pytest.param(Kind.SERVICE, "volume", "", id="volume"),
        pytest.param(Kind.SERVICE, "latency_p95_seconds", "", id="latency"),
        pytest.param(Kind.SERVICE, "error_ratio", "", id="failures"),
        pytest.param(Kind.LABELS, "provisional_positive_rate", "", id="early labels"),
    ],
)
def test_every_number_is_of_every_declared_segment(
    kind: Kind, metric: str, column: str
) -> None:
    """What the whole day has, a segment has, from its own rows."""
    day = [part("all"), part("region=north", nulls=40, errors=7)]
    found = measured(day, known("region=north"))
    for segment in ("all", "region=north"):
        assert found[kind, metric, column, segment].value is not None


def test_segment_has_its_own_nulls_and_failures() -> None:
    """The whole does not speak for it."""
    day = [part("all"), part("region=north", nulls=40, errors=7)]
    found = measured(day, known("region=north"))
    nulls = found[Kind.DATA, "null_ratio", "x", "region=north"]
    errors = found[Kind.SERVICE, "error_ratio", "", "region=north"]
    assert (nulls.value, errors.value) == (pytest.approx(0.4), pytest.approx(0.07))
    assert found[Kind.DATA, "null_ratio", "x", "all"].value == 0


def test_group_is_watched_for_fairness_and_not_for_its_inputs() -> None:
    """A protected column that is no segment has no drift and no latency by value."""
    found = measured([part("all"), part("sex=f", nulls=40)], known("sex=f"))
    kinds = {kind for kind, *_, segment in found if segment == "sex=f"}
    assert kinds == {Kind.REALIZED, Kind.ESTIMATED, Kind.FAIRNESS, Kind.OUTPUT}


def test_segment_without_a_row_has_no_volume() -> None:
    """Nothing is counted of it, so nothing but its absence can be told."""
    reference = known("region=north", "region=south", "old=gone")
    found = measured([part("all"), part("region=north")], reference)
    gone = {key: m for key, m in found.items() if key[3] == "region=south"}
    assert {key[1]: (m.value, m.rows) for key, m in gone.items()} == {"volume": (0, 0)}
    assert not [key for key in found if key[3] == "old=gone"]


def test_early_labels_of_a_segment_are_held_by_its_own_coverage() -> None:
    """Where a region's labels are all there, they are measured as they are."""
    mature = replace(part("region=north"), labelled=90)
    found = measured([part("all"), mature], known())
    told = {segment for kind, _, _, segment in found if kind is Kind.LABELS}
    assert told == {"all"}


def test_without_a_reference_what_needs_one_is_left_out() -> None:
    """Volume, latency and realized numbers need none."""
    found = measured([part("all"), part("region=north")], None)
    assert {kind for kind, *_ in found} == {
        Kind.REALIZED,
        Kind.FAIRNESS,
        Kind.SERVICE,
        Kind.LABELS,
        Kind.OUTPUT,
    }
